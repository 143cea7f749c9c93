"""Take orders over from shops, and stop serving them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NoReturn

from django.db.models import F
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

State = FulfilmentOrder.State
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
    order = SalesOrder.objects.filter(reseller_id=event.reseller_id, order_number=event.order_number).first()
    if order is not None:
        return order
    reservation = Reservation.objects.filter(reseller_id=event.reseller_id, order_number=event.order_number).first()
    order = _create_order(event, reservation)
    fulfilments = _create_fulfilments(order, event)
    OrderNote.objects.create(order=order, kind="placed", at=order.placed_at)
    publisher.publish(
        events.FulfilmentOpened(
            reseller_id=event.reseller_id,
            order_number=event.order_number,
            fulfilments=[{"number": each.number, "warehouse": each.warehouse_id} for each in fulfilments],
        )
    )
    return order


def _create_order(event: events.OrderPlaced, reservation: Reservation | None) -> SalesOrder:
    order = SalesOrder.objects.create(
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
    SalesLine.objects.bulk_create(
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
        for line in event.lines
    )
    return order


def _create_fulfilments(order: SalesOrder, event: events.OrderPlaced) -> list[FulfilmentOrder]:
    """Follow the reservation: what is held where is sent from there. Call inside a transaction."""
    held: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for kept in ReservationLine.objects.filter(reservation_id=order.reservation_id).order_by("id"):
        held[kept.warehouse_id][kept.variant_id] += kept.quantity - kept.released
    lines = list(SalesLine.objects.filter(order=order).order_by("id"))
    left = {line.id: line.quantity for line in lines}
    fulfilments = FulfilmentOrder.objects.bulk_create(
        FulfilmentOrder(number=ids.order_number(), order=order, warehouse_id=warehouse_id, created_at=clock.now())
        for warehouse_id in sorted(held)
    )
    rows = []
    for fulfilment in fulfilments:
        pieces = held[fulfilment.warehouse_id]
        for line in lines:
            take = min(left[line.id], pieces[line.variant_id])
            if take:
                left[line.id] -= take
                pieces[line.variant_id] -= take
                rows.append(
                    FulfilmentLine(fulfilment=fulfilment, line=line, variant_id=line.variant_id, quantity=take)
                )
    FulfilmentLine.objects.bulk_create(rows)
    return fulfilments


def cancel_order(event: events.OrderCancelled) -> None:
    """Cancel what has not left and free its stock. Call inside a transaction."""
    order = (
        SalesOrder.objects.select_for_update()
        .filter(reseller_id=event.reseller_id, order_number=event.order_number)
        .first()
    )
    if order is None or order.status == SalesOrder.Status.CANCELLED:
        return
    open_states = (State.QUEUED, State.PICKING, State.PACKED)
    waiting = FulfilmentOrder.objects.filter(order=order, state__in=open_states)
    FulfilmentLine.objects.filter(fulfilment__in=waiting).update(cancelled=F("quantity") - F("shipped"))
    waiting.update(state=State.CANCELLED)
    if not order.fulfilments.exclude(state=State.CANCELLED).exists():
        SalesOrder.objects.filter(id=order.id).update(status=SalesOrder.Status.CANCELLED)
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
