"""What S tells about an order, brought into the shop. Call each inside a transaction of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orders.models import Order, OrderEvent, OrderLine
from orders.services import mail, refund
from s2b2c.kernel import clock, deltas, events
from s2b2c.outbox import publisher

Status = Order.Status
TRANSITIONS: dict[str, set[str]] = {
    Status.PENDING: {Status.PLACED, Status.CANCELLED, Status.EXPIRED},
    Status.PLACED: {Status.PROCESSING, Status.PART_SHIPPED, Status.SHIPPED, Status.CANCELLED},
    Status.PROCESSING: {Status.PART_SHIPPED, Status.SHIPPED, Status.CANCELLED},
    Status.PART_SHIPPED: {Status.PART_SHIPPED, Status.SHIPPED},
    Status.SHIPPED: set(),
    Status.CANCELLED: {Status.PART_SHIPPED, Status.SHIPPED},  # refunded whole while a parcel was leaving
    Status.EXPIRED: {Status.PLACED},
}


def _locked(event: events.Event) -> Order:
    return Order.objects.select_for_update().get(number=event.order_number)


def _step(order: Order, status: str) -> bool:
    """Take a step if it is declared; a step that is not (the order was cancelled meanwhile) is no error."""
    if status not in TRANSITIONS[order.status]:
        return False
    order.status = status
    order.save(update_fields=["status"])
    return True


def mark_processing(event: events.FulfilmentOpened) -> None:
    """S has taken the order over."""
    order = _locked(event)
    if _step(order, Status.PROCESSING):
        OrderEvent.objects.create(
            order=order, kind="processing", at=clock.now(), data={"parcels": len(event.fulfilments)}
        )


def mark_processing_many(several: Sequence[events.FulfilmentOpened]) -> None:
    """S has taken several orders over: what :func:`mark_processing` does for each, in three statements."""
    parcels = {event.order_number: len(event.fulfilments) for event in several}
    taken = [
        order
        for order in Order.objects.select_for_update().filter(number__in=parcels).order_by("id")
        if Status.PROCESSING in TRANSITIONS[order.status]
    ]
    Order.objects.filter(id__in=[order.id for order in taken]).update(status=Status.PROCESSING)
    now = clock.now()
    OrderEvent.objects.bulk_create(
        OrderEvent(order=order, kind="processing", at=now, data={"parcels": parcels[order.number]}) for order in taken
    )


def mark_picking(event: events.PickingStarted) -> None:
    """The warehouse has begun: from here on the order can't be cancelled."""
    order = _locked(event)
    OrderEvent.objects.create(
        order=order, kind="picking", at=clock.now(), data={"fulfilment": event.fulfilment_number}
    )


def mark_put_back(event: events.PickingStopped) -> None:
    """The warehouse put it back: it waits again, as if nobody had begun."""
    order = _locked(event)
    data = {"fulfilment": event.fulfilment_number}
    OrderEvent.objects.create(order=order, kind="put_back", at=clock.now(), data=data)


def mark_shipped(event: events.ShipmentSent) -> None:
    """A parcel left: its pieces are on their way, and c gets a mail with the tracking number.

    Nothing is left to send either where the rest was refunded and S hadn't heard of it yet.
    """
    order = _locked(event)
    sent: dict[int, dict[str, int]] = {}
    for row in event.lines:
        sent.setdefault(row["line_id"], {"shipped": 0})["shipped"] += row["quantity"]
    deltas.add(OrderLine, sent)
    data = {
        "shipment": event.shipment_number,
        "carrier": event.carrier,
        "tracking": event.tracking,
        "tracking_url": event.tracking_url,
        "lines": [{"line": row["line_id"], "quantity": row["quantity"]} for row in event.lines],
        "complete": event.complete or not _left(order),
    }
    OrderEvent.objects.create(order=order, kind="shipped", at=datetime.fromisoformat(event.shipped_at), data=data)
    _step(order, Status.SHIPPED if data["complete"] else Status.PART_SHIPPED)
    publisher.publish(*mail.requests(order, "shipped", reseller_id=event.reseller_id, **data))


def refund_unserved(event: events.FulfilmentCancelled) -> None:
    """S can't send some pieces: their money goes back; an order with nothing left is cancelled.

    Pieces the shop refunded before it heard of this don't go back twice; gifts have nothing to go back.
    """
    order = _locked(event)
    lines = {line.id: line for line in order.lines.all()}
    pieces = {row["line_id"]: min(row["quantity"], lines[row["line_id"]].unsent) for row in event.lines}
    everything = all(line.refunded + pieces.get(line.id, 0) == line.quantity for line in lines.values())
    gifts = {id_: {"refunded": n} for id_, n in pieces.items() if n and not lines[id_].paid_minor}
    deltas.add(OrderLine, gifts)
    pieces = {id_: n for id_, n in pieces.items() if id_ not in gifts}
    if any(pieces.values()):
        refund.grant(
            order_number=order.number,
            pieces=pieces,
            shipping=everything,
            reason="not_available",
            key=f"unserved:{order.number}:{order.refunds.count()}",
            actor="supplier",
            stop_sending=False,
            note=event.reason,
        )
    order.refresh_from_db()
    if everything and not any(line.shipped for line in lines.values()) and _step(order, Status.CANCELLED):
        OrderEvent.objects.create(
            order=order, kind="cancelled", at=clock.now(), actor="supplier", data={"reason": "not_available"}
        )
    elif order.status == Status.PART_SHIPPED and not _left(order):
        _step(order, Status.SHIPPED)


def settle_cash(event: events.CashSettled) -> None:
    """The carrier brought the cash: the order is paid. Or it was refused at the door: nothing is due any more."""
    order = _locked(event)
    at = datetime.fromisoformat(event.at)
    OrderEvent.objects.create(order=order, kind=f"cash_{event.outcome}", public=False, at=at, actor="supplier")
    if event.outcome == "collected":
        everything_back = order.refunded_minor == order.total_minor
        order.paid, order.paid_at = Order.Paid.REFUNDED if everything_back else Order.Paid.PAID, at
        order.save(update_fields=["paid", "paid_at"])
    elif order.paid == Order.Paid.DUE:
        _give_up(order)


def _give_up(order: Order) -> None:
    lines = list(order.lines.all())
    refund.grant(
        order_number=order.number,
        pieces={line.id: line.unsent for line in lines},
        received={line.id: line.received for line in lines},
        shipping=True,
        reason="refused",
        key=f"refused:{order.number}",
        actor="supplier",
    )


def _left(order: Order) -> bool:
    return any(line.unsent for line in order.lines.all())
