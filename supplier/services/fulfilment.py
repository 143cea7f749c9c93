"""Take orders over from shops, and stop serving them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import StateRefused
from s2b2c.outbox import publisher
from supplier.models import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    Reservation,
    ReservationLine,
    SalesLine,
    SalesOrder,
)
from supplier.services import stock

Row = TypeVar("Row")
State = FulfilmentOrder.State
_WHOLE = (State.QUEUED, State.PICKING, State.PACKED)  # nothing of it has left
TRANSITIONS: dict[str, set[str]] = {
    State.QUEUED: {State.PICKING, State.PACKED, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PICKING: {State.QUEUED, State.PACKED, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PACKED: {State.PICKING, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PART_SHIPPED: {State.SHIPPED},
    State.SHIPPED: set(),
    State.CANCELLED: set(),
}


def open_order(event: events.OrderPlaced) -> SalesOrder:
    """Open S's side of an order: lines as sold and one fulfilment order per warehouse holding its stock.

    Call inside a transaction. The same order again gives what is there. Publishes ``FulfilmentOpened``.
    """
    return open_orders([event])[0]


def open_orders(several: Sequence[events.OrderPlaced]) -> list[SalesOrder]:
    """Do for several orders what :func:`open_order` does for one, in as many statements."""
    there = _by_order(SalesOrder, several)
    fresh = [event for event in several if _named(event) not in there]
    reservations = _by_order(Reservation, fresh)
    orders = SalesOrder.objects.bulk_create(_order(event, reservations.get(_named(event))) for event in fresh)
    lines = _create_lines(orders, fresh)
    fulfilments = _create_fulfilments(orders, lines)
    OrderNote.objects.bulk_create(OrderNote(order=order, kind="placed", at=order.placed_at) for order in orders)
    publisher.publish(
        *(
            events.FulfilmentOpened(
                reseller_id=order.reseller_id,
                order_number=order.order_number,
                fulfilments=[
                    {"number": each.number, "warehouse": each.warehouse_id} for each in fulfilments[order.id]
                ],
            )
            for order in orders
        )
    )
    there |= {(order.reseller_id, order.order_number): order for order in orders}
    return [there[_named(event)] for event in several]


def _named(event: events.Event) -> tuple[int, str]:
    return event.reseller_id, event.order_number


def _by_order(model: type[Any], several: Sequence[events.Event]) -> dict[tuple[int, str], Any]:
    """Give the rows of some orders by (reseller, order number)."""
    wanted = {_named(event) for event in several}
    rows = model.objects.filter(
        reseller_id__in={reseller for reseller, _ in wanted}, order_number__in={number for _, number in wanted}
    )
    found = {(row.reseller_id, row.order_number): row for row in rows}
    return {named: row for named, row in found.items() if named in wanted}


def _order(event: events.OrderPlaced, reservation: Reservation | None) -> SalesOrder:
    return SalesOrder(
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        method=event.method,
        currency=event.currency,
        captured_minor=event.captured_minor,
        wholesale_minor=sum(line.wholesale_minor for line in event.lines),
        margin_minor=sum(line.margin_minor for line in event.lines),
        fee_minor=sum(line.fee_minor for line in event.lines),
        tax_minor=sum(line.tax_minor for line in event.lines) + event.shipping_tax_minor,
        shipping_minor=event.shipping_minor,
        units=sum(line.quantity for line in event.lines),
        recipient=event.recipient,
        recipient_name=event.recipient.get("name", "")[:120],
        language=event.language,
        reservation=reservation,
        placed_at=datetime.fromisoformat(event.placed_at),
    )


def _create_lines(orders: Sequence[SalesOrder], several: Sequence[events.OrderPlaced]) -> dict[int, list[SalesLine]]:
    rows = SalesLine.objects.bulk_create(
        SalesLine(
            order=order,
            line_id=line.line_id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            wholesale_minor=line.wholesale_minor,
            margin_minor=line.margin_minor,
            fee_minor=line.fee_minor,
            tax_minor=line.tax_minor,
            retail_minor=line.retail_minor,
        )
        for order, event in zip(orders, several, strict=True)
        for line in event.lines
    )
    return _grouped(rows, lambda row: row.order_id)


def _grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _create_fulfilments(
    orders: Sequence[SalesOrder], lines: dict[int, list[SalesLine]]
) -> dict[int, list[FulfilmentOrder]]:
    """Follow the reservations: what is held where is sent from there. Call inside a transaction."""
    held: dict[int | None, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    reserved = [order.reservation_id for order in orders if order.reservation_id is not None]
    for kept in ReservationLine.objects.filter(reservation_id__in=reserved).order_by("id"):
        held[kept.reservation_id][kept.warehouse_id][kept.variant_id] += kept.quantity - kept.released
    now = clock.now()
    made = FulfilmentOrder.objects.bulk_create(
        FulfilmentOrder(number=ids.order_number(), order=order, warehouse_id=warehouse_id, created_at=now)
        for order in orders
        for warehouse_id in sorted(held[order.reservation_id])
    )
    fulfilments = _grouped(made, lambda row: row.order_id)
    FulfilmentLine.objects.bulk_create(
        row
        for order in orders
        for row in _lines_of(fulfilments[order.id], lines[order.id], held[order.reservation_id])
    )
    return fulfilments


def _lines_of(
    fulfilments: list[FulfilmentOrder], lines: list[SalesLine], held: dict[int, dict[int, int]]
) -> Iterator[FulfilmentLine]:
    left = {line.id: line.quantity for line in lines}
    for fulfilment in fulfilments:
        pieces = held[fulfilment.warehouse_id]
        for line in lines:
            take = min(left[line.id], pieces[line.variant_id])
            if take:
                left[line.id] -= take
                pieces[line.variant_id] -= take
                yield FulfilmentLine(fulfilment=fulfilment, line=line, variant_id=line.variant_id, quantity=take)
    if any(left.values()):  # at the desk of failed events it is seen; an order without parcels would wait for ever
        raise RuntimeError(f"nothing is kept for {left}")


def cancel_order(event: events.OrderCancelled) -> None:
    """Cancel what has not left and free its stock; parcels that left stay sent. Call inside a transaction."""
    order = (
        SalesOrder.objects.select_for_update()
        .filter(reseller_id=event.reseller_id, order_number=event.order_number)
        .first()
    )
    if order is None or order.status == SalesOrder.Status.CANCELLED:
        return
    lines = FulfilmentLine.objects.filter(fulfilment__order=order)
    lines.update(cancelled=F("quantity") - F("shipped"), picked=Least(F("picked"), F("shipped")))
    order.fulfilments.filter(state__in=_WHOLE).update(state=State.CANCELLED)
    order.fulfilments.filter(state=State.PART_SHIPPED).update(state=State.SHIPPED)
    sent = lines.filter(shipped__gt=0).exists()
    status = SalesOrder.Status.SHIPPED if sent else SalesOrder.Status.CANCELLED
    SalesOrder.objects.filter(id=order.id).update(status=status)
    stock.release(reseller_id=event.reseller_id, order_number=event.order_number)
    OrderNote.objects.create(order=order, kind="cancelled", data={"reason": event.reason}, at=clock.now())


def require(fulfilment: FulfilmentOrder, state: str) -> None:
    """Check a step against the declared transitions.

    :raises StateRefused: the step is not among them.
    """
    if state not in TRANSITIONS[fulfilment.state]:
        refuse(fulfilment)


def refuse(fulfilment: FulfilmentOrder) -> NoReturn:
    """Say that a step is not possible in the state it is in.

    :raises StateRefused: always.
    """
    raise StateRefused(
        "fulfilment_state",
        _("This fulfilment order is “%(state)s”; that step is no longer possible."),
        state=fulfilment.get_state_display(),
    )
