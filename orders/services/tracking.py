"""What S tells about an order, brought into the shop. Call each inside a transaction of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from orders.models import Order, OrderEvent, OrderLine
from orders.services import disputed, mail, refund
from orders.services.returns import unreplaced
from s2b2c.kernel import bulk, clock, deltas, events
from s2b2c.kernel.bulk import Insert
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


_EVENTS = Insert(OrderEvent, "order_id", "kind", "data", "at")
_STEP = """
    WITH locked AS (SELECT id FROM orders_order WHERE number = ANY(%s::text[]) AND status = ANY(%s::text[])
                    ORDER BY id FOR UPDATE)
    UPDATE orders_order o SET status = %s FROM locked WHERE o.id = locked.id RETURNING o.id, o.number
"""


def _locked(event: events.Event) -> Order:
    return Order.objects.select_for_update().get(number=event.order_number)


def _locked_several(several: Sequence[events.Event]) -> dict[str, Order]:
    """Lock orders in the order of their ids; give them by number.

    :raises Order.DoesNotExist: one of them is not there.
    """
    numbers = {event.order_number for event in several}
    rows = Order.objects.select_for_update().filter(number__in=numbers).order_by("id")
    orders = {order.number: order for order in rows}
    if missing := numbers - set(orders):
        raise Order.DoesNotExist(f"no order {sorted(missing)}")
    return orders


def _may(order: Order, status: str) -> bool:
    return status in TRANSITIONS[order.status]


def _step(order: Order, status: str) -> bool:
    """Take a step if it is declared; a step that is not (the order was cancelled meanwhile) is no error."""
    if not _may(order, status):
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
    """S has taken several orders over: what :func:`mark_processing` does for each, in two statements."""
    parcels = {event.order_number: len(event.fulfilments) for event in several}
    from_states = [status for status, after in TRANSITIONS.items() if Status.PROCESSING in after]
    with connection.cursor() as cursor:
        cursor.execute(_STEP, [bulk.texts(parcels), bulk.texts(from_states), Status.PROCESSING])
        taken = cursor.fetchall()
    now = clock.now()
    _EVENTS.rows([(id_, "processing", {"parcels": parcels[number]}, now) for id_, number in sorted(taken)])


def mark_picking(event: events.PickingStarted) -> None:
    """The warehouse has begun: from here on the order can't be cancelled."""
    mark_picking_many([event])


def mark_picking_many(several: Sequence[events.PickingStarted]) -> None:
    """The warehouse has begun with several orders of one shop."""
    orders, now = _locked_several(several), clock.now()
    _EVENTS.rows(
        [(orders[event.order_number].id, "picking", {"fulfilment": event.fulfilment_number}, now) for event in several]
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
    mark_shipped_many([event])


def mark_shipped_many(several: Sequence[events.ShipmentSent]) -> None:
    """Do for parcels of different orders of one shop what :func:`mark_shipped` does, in as many statements."""
    orders = _locked_several(several)
    sent: dict[int, dict[str, int]] = {}
    for row in (row for event in several for row in event.lines):
        sent.setdefault(row["line_id"], {"shipped": 0})["shipped"] += row["quantity"]
    deltas.add(OrderLine, sent)
    lines = OrderLine.objects.filter(order__in=orders.values())
    waiting = {line.order_id for line in lines if line.unsent}
    told = []
    for event in several:
        order = orders[event.order_number]
        told.append((event, order, _shipped_data(event, complete=event.complete or order.id not in waiting)))
    _EVENTS.rows(
        [(order.id, "shipped", data, datetime.fromisoformat(event.shipped_at)) for event, order, data in told]
    )
    for complete, status in ((True, Status.SHIPPED), (False, Status.PART_SHIPPED)):
        reached = [order.id for _, order, data in told if data["complete"] == complete and _may(order, status)]
        Order.objects.filter(id__in=reached).update(status=status)
    publisher.publish(
        *(
            request
            for event, order, data in told
            for request in mail.requests(order, "shipped", reseller_id=event.reseller_id, **data)
        )
    )


def _shipped_data(event: events.ShipmentSent, *, complete: bool) -> dict[str, Any]:
    return {
        "shipment": event.shipment_number,
        "carrier": event.carrier,
        "tracking": event.tracking,
        "tracking_url": event.tracking_url,
        "lines": [{"line": row["line_id"], "quantity": row["quantity"]} for row in event.lines],
        "complete": complete,
    }


def refund_unserved(event: events.FulfilmentCancelled) -> None:
    """S can't send some pieces: their money goes back; an order with nothing left is cancelled.

    Pieces the shop refunded before it heard of this don't go back twice; gifts have nothing to go back, and of a
    replacement goes back what was paid for the pieces it replaces.
    """
    order = _locked(event)
    lines = {line.id: line for line in order.lines.all() if line.service is None}
    pieces = {row["line_id"]: min(row["quantity"], lines[row["line_id"]].unsent) for row in event.lines}
    everything = all(line.refunded + pieces.get(line.id, 0) == line.quantity for line in lines.values())
    gifts = {id_: {"refunded": n} for id_, n in pieces.items() if n and not lines[id_].paid_minor}
    deltas.add(OrderLine, gifts)
    unreplaced.never_sent(
        order, {id_: row["refunded"] for id_, row in gifts.items()}, reason="not_available", actor="supplier"
    )
    pieces = {id_: n for id_, n in pieces.items() if id_ not in gifts}
    if any(pieces.values()):
        refund.undo(
            order_number=order.number,
            pieces=pieces,
            shipping=everything,
            reason="not_available",
            key=f"unserved:{order.number}:{order.refunds.count()}",
            actor="supplier",
            note=event.reason,
        )
    order.refresh_from_db()
    if everything and not any(line.shipped for line in lines.values()) and _step(order, Status.CANCELLED):
        OrderEvent.objects.create(
            order=order, kind="cancelled", at=clock.now(), actor="supplier", data={"reason": "not_available"}
        )
    elif order.status == Status.PART_SHIPPED and not _left(order):
        _step(order, Status.SHIPPED)


def note_hold(event: events.HoldChanged) -> None:
    """S stopped the order, or lets it go on: its shop sees it, c does not."""
    order = _locked(event)
    OrderEvent.objects.create(
        order=order,
        kind="held" if event.held else "resumed",
        public=False,
        at=clock.now(),
        actor="supplier",
        data={"why": event.reason} if event.reason else {},
    )


def note_delay(event: events.PiecesDelayed) -> None:
    """Pieces wait for stock: the shop sees it, c gets a mail in the shop's name."""
    order = _locked(event)
    data = {
        "pieces": sum(row["quantity"] for row in event.lines),
        "lines": [{"line": row["line_id"], "quantity": row["quantity"]} for row in event.lines],
        "why": event.reason,
        "expected_on": event.expected_on,
    }
    OrderEvent.objects.create(order=order, kind="delayed", public=False, at=clock.now(), actor="supplier", data=data)
    told = {"what": "later", "expected_on": event.expected_on}
    publisher.publish(*mail.requests(order, "changed", reseller_id=event.reseller_id, **told))


def note_arrival(event: events.PiecesCame) -> None:
    """What the order waited for is there, and kept for it."""
    pieces = sum(row["quantity"] for row in event.lines)
    OrderEvent.objects.create(
        order=_locked(event), kind="came", public=False, at=clock.now(), actor="supplier", data={"pieces": pieces}
    )


def note_dispute(event: events.DisputeChanged) -> None:
    """A customer's bank takes a payment back, or has said who is right: the shop sees it, its refunds wait or end."""
    order = _locked(event)
    OrderEvent.objects.create(
        order=order,
        kind="dispute",
        public=False,
        at=clock.now(),
        actor="system",
        data={"amount": event.amount_minor, "state": event.state, "why": event.reason, "unused": event.unused},
    )
    disputed.after(order)


def settle_cash(event: events.CashSettled) -> None:
    """The carrier brought the cash: the order is paid. Or it was refused at the door: nothing is due any more.
    ``undone``: it was said by mistake that it was collected; it is due again.
    """
    order = _locked(event)
    at = datetime.fromisoformat(event.at)
    OrderEvent.objects.create(order=order, kind=f"cash_{event.outcome}", public=False, at=at, actor="supplier")
    if event.outcome == "collected":
        everything_back = order.refunded_minor == order.total_minor
        order.paid, order.paid_at = Order.Paid.REFUNDED if everything_back else Order.Paid.PAID, at
        order.save(update_fields=["paid", "paid_at"])
    elif event.outcome == "undone":
        everything_back = order.refunded_minor == order.total_minor
        order.paid, order.paid_at = Order.Paid.UNPAID if everything_back else Order.Paid.DUE, None
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
