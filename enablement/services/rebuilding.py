"""Make the facts again from what S itself keeps: its orders as sold, and refunds as granted. No shop is asked."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet

from enablement.models import MartState
from enablement.services import facts, sums
from s2b2c.kernel import events
from supplier.models import SalesLine, SalesOrder, SalesRefund

CHUNK = 1_000


def rebuild(say: Callable[[int, int], None] = lambda orders, refunds: None) -> tuple[int, int]:
    """Empty the mart and fill it; give how many orders and refunds there were in this run.

    A run that was broken off is carried on. Events go on being heard meanwhile: each fact is written once, whoever is first.
    """
    _begin()
    orders = refunds = 0
    while done := _orders():
        orders += done
        say(orders, refunds)
    while done := _refunds():
        refunds += done
        say(orders, refunds)
    MartState.objects.update(rebuilding=False)
    sums.refresh()
    return orders, refunds


@transaction.atomic
def _begin() -> None:
    state = sums.lock()
    if state.rebuilding:
        return
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE enablement_salesfact")
    sums.clear()
    MartState.objects.update(rebuilding=True, rebuilt_order=0, rebuilt_refund=0)


@transaction.atomic
def _orders() -> int:
    state = sums.lock()
    lines = Prefetch("lines", SalesLine.objects.order_by("id"))
    rows = list(SalesOrder.objects.filter(id__gt=state.rebuilt_order).order_by("id").prefetch_related(lines)[:CHUNK])
    facts.record_sales([_placed(order) for order in rows])
    if rows:
        MartState.objects.update(rebuilt_order=rows[-1].pk)
    return len(rows)


@transaction.atomic
def _refunds() -> int:
    state = sums.lock()
    found: QuerySet[SalesRefund] = SalesRefund.objects.filter(id__gt=state.rebuilt_refund).order_by("id")
    rows = list(found[:CHUNK])
    facts.record_refunds([events.from_payload("RefundMade", row.granted) for row in rows])  # type: ignore[misc]
    if rows:
        MartState.objects.update(rebuilt_refund=rows[-1].pk)
    return len(rows)


def _placed(order: SalesOrder) -> events.OrderPlaced:
    """Give the event as far as facts need it."""
    lines = [_sold(line) for line in order.lines.all()]
    services = [events.SoldService(**row) for row in order.services or ()]
    return events.OrderPlaced(
        reseller_id=order.reseller_id,
        order_number=order.order_number,
        currency=order.currency,
        method=order.method,
        captured_minor=order.captured_minor,
        shipping_minor=order.shipping_minor,
        shipping_tax_minor=order.tax_minor
        - sum([each.tax_minor for each in lines] + [each.tax_minor for each in services]),
        lines=lines,
        recipient={},
        language="",
        placed_at=order.placed_at.isoformat(),
        shipping_funded_minor=order.shipping_funded_minor,
        shipping_funder=order.shipping_funder,
        services=services,
    )


def _sold(line: SalesLine) -> events.SoldLine:
    return events.SoldLine(
        line_id=line.line_id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        wholesale_minor=line.wholesale_minor,
        margin_minor=line.margin_minor,
        fee_minor=line.fee_minor,
        tax_minor=line.tax_minor,
        retail_minor=line.retail_minor,
        funded_minor=line.funded_minor,
        discount_minor=line.discount_minor,
    )
