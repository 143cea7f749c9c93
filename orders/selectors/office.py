"""Orders as the shop's office shows them: what was bought, who gets which part, what b earned. Minor units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject, TruncDate
from django.utils import timezone

from orders.models import Order, OrderLine, Refund
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound

NOT_SOLD = (Order.Status.PENDING, Order.Status.EXPIRED)
WAITING = (Order.Status.PLACED, Order.Status.PROCESSING)
LATE_AFTER = timedelta(hours=48)

_BACK = """(
    SELECT COALESCE(SUM((piece ->> 'margin')::bigint), 0)
    FROM orders_refund r, jsonb_array_elements(r.lines) piece WHERE r.order_id = orders_order.id
)"""


def orders() -> QuerySet[Order]:
    """Give all orders with ``keep``: what b keeps of each now, after what went back. Not sold: 0."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    margin = Coalesce(Subquery(lines.annotate(sum=Sum("margin_minor")).values("sum")), 0)
    return Order.objects.annotate(
        keep=Case(
            When(status__in=NOT_SOLD, then=Value(0)),
            default=margin - RawSQL(_BACK, [], output_field=BigIntegerField()),
            output_field=BigIntegerField(),
        )
    )


def by_number(number: str) -> Order:
    """Give one order with lines, events and refunds.

    :raises NotFound: this shop has none of this number.
    """
    found = orders().filter(number=number.upper()).prefetch_related("lines__product", "events", "refunds").first()
    if found is None:
        raise NotFound()
    return found


def latest(count: int) -> list[Order]:
    """Give the newest orders that were sold. Two queries and one for the products."""
    found = orders().exclude(status__in=NOT_SOLD).order_by("-placed_at", "-id")
    return list(found.prefetch_related("lines__product")[:count])


def bought(lines: Iterable[OrderLine]) -> str:
    """Say what an order holds: ``Drift throw, 2 × Tidewater mug``."""
    return ", ".join(f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title for line in lines)


def waiting(limit: int) -> list[tuple[Order, dict[str, int]]]:
    """Give the newest orders not sent whole, each with its split. One query."""
    sums = {name: Sum(f"{name}_minor", default=0) for name in ("margin", "wholesale", "fee", "funded")}
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    rows = orders().filter(status__in=(*WAITING, Order.Status.PART_SHIPPED))
    found = rows.annotate(sums=Subquery(lines.annotate(sums=JSONObject(**sums)).values("sums")))
    return [(order, _split(order, order.sums or {})) for order in found.order_by("-placed_at", "-id")[:limit]]  # type: ignore[attr-defined]


def split(order: Order) -> dict[str, int]:
    """Give who got which part of what c paid, at sale; ``funded`` is below zero: S adds it. They sum to the total."""
    lines = list(order.lines.all())
    names = ("margin", "wholesale", "fee", "funded")
    return _split(order, {name: sum(getattr(line, f"{name}_minor") or 0 for line in lines) for name in names})


def _split(order: Order, sums: Mapping[str, int]) -> dict[str, int]:
    delivery = order.shipping_minor - (order.shipping_tax_minor if order.tax_included else 0)
    parts = {name: sums.get(name, 0) for name in ("margin", "wholesale", "fee")}
    return {**parts, "shipping": delivery, "tax": order.tax_minor, "funded": -sums.get("funded", 0)}


def given_back(refunds: Iterable[Refund]) -> dict[str, int]:
    """Give who gave up which part of what went back to c."""
    total = dict.fromkeys(("margin", "wholesale", "fee", "shipping", "tax", "funded"), 0)
    for refund in refunds:
        for row in refund.lines:
            for part in ("margin", "wholesale", "fee", "tax"):
                total[part] += row[part]
            total["funded"] -= row.get("funded", 0)
        total["shipping"] += refund.shipping_minor
        total["tax"] += refund.shipping_tax_minor
    return total


@dataclass(frozen=True, slots=True)
class Day:
    """One day's sales: what b keeps of them now, how many orders, what c paid."""

    day: date
    keep: int
    orders: int
    paid: int


def days(count: int) -> list[Day]:
    """Give the last days (in the active time zone) up to today, empty ones too. One query."""
    today = timezone.localdate()
    first = today - timedelta(days=count - 1)
    since = timezone.make_aware(datetime.combine(first, time.min))
    rows = (
        orders()
        .exclude(status__in=NOT_SOLD)
        .filter(placed_at__gte=since)
        .annotate(day=TruncDate("placed_at"))
        .values_list("day")
        .annotate(kept=Sum("keep"), n=Count("id"), paid=Sum("total_minor"))
        .order_by("day")
    )
    found = {day: Day(day, kept, n, paid) for day, kept, n, paid in rows}
    span = [first + timedelta(days=step) for step in range(count)]
    return [found.get(day, Day(day, 0, 0, 0)) for day in span]


@dataclass(frozen=True, slots=True)
class Attention:
    """An order that needs its shop: a refund that ``failed``, or one S has not sent for long (``late``)."""

    order: Order
    why: str


def attention(limit: int = 5) -> list[Attention]:
    """Give the orders that need b, failed refunds first, then the oldest."""
    failed = Q(refunds__state=Refund.State.FAILED)
    late = Q(status__in=WAITING, placed_at__lt=clock.now() - LATE_AFTER)
    rows = (
        Order.objects.filter(failed | late)
        .annotate(failures=Count("refunds", filter=failed, distinct=True))
        .order_by(F("failures").desc(), "placed_at", "id")[:limit]
    )
    return [Attention(order, "failed" if order.failures else "late") for order in rows]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Buyer:
    """How often and for how much somebody bought here."""

    orders: int
    spent: int


def customer_sums(customer_ids: Iterable[int]) -> dict[int, Buyer]:
    """Give orders and money by customer id. One query."""
    rows = (
        Order.objects.filter(customer_id__in=list(customer_ids))
        .exclude(status__in=NOT_SOLD)
        .values_list("customer_id")
        .annotate(n=Count("id"), spent=Sum(F("total_minor") - F("refunded_minor")))
        .order_by()
    )
    return {customer: Buyer(n, spent) for customer, n, spent in rows}
