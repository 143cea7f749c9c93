"""Orders of all shops, as S sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import (
    FulfilmentLine,
    FulfilmentOrder,
    Journal,
    OrderNote,
    SalesLine,
    SalesOrder,
    Shipment,
    Transfer,
    Variant,
    Warehouse,
)

SHORT_DAYS = 7
WORKING = (FulfilmentOrder.State.QUEUED, FulfilmentOrder.State.PICKING, FulfilmentOrder.State.PACKED)


def listed() -> QuerySet[SalesOrder]:
    """Give all orders with shop and fulfilment orders loaded."""
    fulfilments = FulfilmentOrder.objects.select_related("warehouse").order_by("id")
    return SalesOrder.objects.select_related("reseller").prefetch_related(Prefetch("fulfilments", fulfilments))


def find(*, slug: str, number: str) -> SalesOrder:
    """Give an order by its shop and number.

    :raises NotFound: there is none.
    """
    found = listed().filter(reseller__slug=slug, order_number=number.upper()).first()
    if found is None:
        raise NotFound()
    return found


def matching(rows: QuerySet[SalesOrder], text: str) -> QuerySet[SalesOrder]:
    """Narrow to orders whose number begins so, whose recipient is called so, or that hold this SKU."""
    wanted = Q(order_number__startswith=text.upper()) | Q(recipient_name__icontains=text)
    variants = list(Variant.objects.filter(sku__in={text, text.upper()}).values_list("pk", flat=True))
    if variants:  # looked up first: asking each order for its lines would cost more than all the rest
        wanted |= Q(Exists(SalesLine.objects.filter(order=OuterRef("pk"), variant__in=variants)))
    return rows.filter(wanted)


def in_step(rows: QuerySet[SalesOrder], steps: Iterable[str]) -> QuerySet[SalesOrder]:
    """Narrow to orders with a fulfilment order in one of these states, or of one of these statuses."""
    asked = set(steps)
    wanted = Q(status__in=asked & {"part_shipped", "shipped", "cancelled"})
    if working := asked & set(WORKING):
        open_now = Q(status__in=("open", "part_shipped"))
        wanted |= open_now & Q(Exists(FulfilmentOrder.objects.filter(order=OuterRef("pk"), state__in=working)))
    return rows.filter(wanted)


def sent_from(rows: QuerySet[SalesOrder], codes: Iterable[str]) -> QuerySet[SalesOrder]:
    """Narrow to orders served, at least in part, from these warehouses."""
    ids = list(Warehouse.objects.filter(code__in=list(codes)).values_list("id", flat=True))
    return rows.filter(Exists(FulfilmentOrder.objects.filter(order=OuterRef("pk"), warehouse_id__in=ids)))


def short(rows: QuerySet[SalesOrder]) -> QuerySet[SalesOrder]:
    """Narrow to orders of the last days of which the warehouse could not send everything."""
    since = clock.now() - timedelta(days=SHORT_DAYS)
    reported = OrderNote.objects.filter(order=OuterRef("pk"), kind="short", at__gte=since)
    return rows.filter(Exists(reported), placed_at__gte=since - timedelta(days=SHORT_DAYS))


def step(order: SalesOrder) -> str:
    """Give how far an order is: its status, or, while it is open, the step of its slowest fulfilment order."""
    if order.status != SalesOrder.Status.OPEN:
        return order.status
    states = {each.state for each in order.fulfilments.all()}
    return next((state for state in WORKING if state in states), str(FulfilmentOrder.State.QUEUED))


def neighbours(order: SalesOrder) -> tuple[SalesOrder | None, SalesOrder | None]:
    """Give the order placed next after and next before this one."""
    rows = SalesOrder.objects.select_related("reseller")
    newer = rows.filter(placed_at__gte=order.placed_at).filter(Q(placed_at__gt=order.placed_at) | Q(id__gt=order.id))
    older = rows.filter(placed_at__lte=order.placed_at).filter(Q(placed_at__lt=order.placed_at) | Q(id__lt=order.id))
    return newer.order_by("placed_at", "id").first(), older.order_by("-placed_at", "-id").first()


@dataclass(frozen=True, slots=True)
class Piece:
    """What one fulfilment order sends of a line, with its share of the line's money; a bundle's is with its lead."""

    row: FulfilmentLine
    wholesale_minor: int
    retail_minor: int


def fulfilments(order: SalesOrder) -> list[tuple[FulfilmentOrder, list[Piece]]]:
    """Give an order's fulfilment orders with what each sends; shares of a line sum to the line."""
    lines = FulfilmentLine.objects.select_related("line__variant__product", "variant__product__category").order_by(
        "id"
    )
    rows = (
        FulfilmentOrder.objects.filter(order=order)
        .select_related("warehouse", "assignee")
        .prefetch_related(
            Prefetch("lines", lines.prefetch_related("variant__product__media")),
            Prefetch("shipments", Shipment.objects.order_by("id")),
        )
        .order_by("id")
    )
    sent: dict[int, int] = {}
    return [(each, [_piece(row, sent) for row in each.lines.all()]) for each in rows]


def _piece(row: FulfilmentLine, sent: dict[int, int]) -> Piece:
    if not row.lead:
        return Piece(row, 0, 0)
    before = sent.get(row.line_id, 0)
    after = sent[row.line_id] = before + row.quantity // row.per
    line = row.line

    def share(minor: int) -> int:
        return minor * after // line.quantity - minor * before // line.quantity

    return Piece(row, share(line.wholesale_minor), share(line.retail_minor))


def journals(order: SalesOrder) -> list[Journal]:
    """Give what the books say of an order, oldest first, with transfers and accounts loaded."""
    transfers = Transfer.objects.select_related("debit", "credit").order_by("id")
    rows = Journal.objects.filter(reseller_id=order.reseller_id, order_number=order.order_number)
    return list(rows.prefetch_related(Prefetch("transfers", transfers)).order_by("at", "id"))


def history(order: SalesOrder) -> list[OrderNote]:
    """Give an order's steps and comments, newest first."""
    return list(OrderNote.objects.filter(order=order).select_related("actor").order_by("-at", "-id")[:200])


def taxes(order: SalesOrder) -> list[tuple[str, int]]:
    """Give the order's tax by the rates frozen on its lines, in words, with what delivery was taxed."""
    sums: dict[int | None, int] = {}
    for line in order.lines.all():
        sums[line.tax_bps] = sums.get(line.tax_bps, 0) + line.tax_minor
    for service in order.services or ():
        sums[service["tax_bps"]] = sums.get(service["tax_bps"], 0) + service["tax_minor"]
    delivery = order.tax_minor - sum(sums.values())
    by_rate = sorted(((rate, tax) for rate, tax in sums.items() if tax), key=lambda pair: pair[0] or 0)
    found = [(f"{_('Tax')} {rate / 100:g} %" if rate is not None else str(_("Tax")), tax) for rate, tax in by_rate]
    return [*found, *([(str(_("Tax on shipping")), delivery)] if delivery else [])]
