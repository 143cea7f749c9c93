"""Orders to vendors: what was ordered, what came, what a piece costs since."""

from __future__ import annotations

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from enablement.models import PurchaseLine, PurchaseNote, PurchaseOrder, Receipt, ReceiptLine, VariantCost
from s2b2c.kernel.errors import NotFound

OPEN = (PurchaseOrder.State.SENT, PurchaseOrder.State.PART)
_LEFT = Greatest(F("lines__quantity") - F("lines__received") - F("lines__cancelled"), Value(0))
_COMING = Q(lines__quantity__gt=F("lines__received") + F("lines__cancelled"))


def listed() -> QuerySet[PurchaseOrder]:
    """Give orders with their sums: pieces, those still to come, goods in minor units, the next day expected."""
    return PurchaseOrder.objects.select_related("vendor", "warehouse", "actor").annotate(
        pieces=Coalesce(Sum("lines__quantity"), 0),
        due=Coalesce(Sum(_LEFT), 0),
        goods_minor=Coalesce(Sum(F("lines__quantity") * F("lines__unit_minor")), 0),
        next_on=Min("lines__expected_on", filter=_COMING),
    )


def find(number: str) -> PurchaseOrder:
    """Give an order. :raises NotFound: there is none."""
    found = listed().filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def lines(order: PurchaseOrder) -> list[PurchaseLine]:
    """Give an order's lines with what they are about."""
    rows = order.lines.select_related("variant__product").prefetch_related("variant__product__media", "variant__media")
    return list(rows.order_by("variant__sku"))


def notes(order: PurchaseOrder) -> list[PurchaseNote]:
    """Give an order's history, the newest first."""
    return list(order.notes.select_related("actor").order_by("-id"))


def receipts(order: PurchaseOrder) -> list[Receipt]:
    """Give what came for an order, the newest first."""
    rows = order.receipts.select_related("actor").prefetch_related("lines__variant")
    return list(rows.order_by("-id"))


def states() -> dict[str, int]:
    """Give how many orders are in each state."""
    return dict(PurchaseOrder.objects.values_list("state").annotate(Count("id")))


def drafted(variant_ids: list[int]) -> dict[int, int]:
    """Give how many pieces of variants stand in drafts."""
    rows = PurchaseLine.objects.filter(variant_id__in=variant_ids, order__state=PurchaseOrder.State.DRAFT)
    return dict(rows.values_list("variant_id").annotate(Sum("quantity")))


def costs() -> QuerySet[VariantCost]:
    """Give what pieces cost, with what they are sold for and from whom the last ones came."""
    last = ReceiptLine.objects.filter(variant_id=OuterRef("variant_id")).order_by("-id")
    return VariantCost.objects.select_related("variant__product").annotate(
        number=Subquery(last.values("receipt__order__number")[:1]),
        vendor=Subquery(last.values("receipt__order__vendor__name")[:1]),
        margin_minor=F("variant__wholesale_minor") - F("average_minor"),
    )


def matching(rows: QuerySet[PurchaseOrder], text: str) -> QuerySet[PurchaseOrder]:
    """Narrow to a number that begins so, a vendor called so, or a SKU that is ordered."""
    asked = PurchaseLine.objects.filter(variant__sku__iexact=text).values("order_id")
    return rows.filter(Q(number__istartswith=text) | Q(vendor__name__icontains=text) | Q(pk__in=asked))
