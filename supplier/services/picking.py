"""Pick and pack, and undo both. Every step is told to the shop in the transaction that makes it true."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, FulfilmentOrder
from supplier.services import fulfilment as fulfilments
from supplier.services import lot_picks, steps

State = FulfilmentOrder.State


@transaction.atomic
def start_picking(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Begin to pick a fulfilment order: from here on its shop can no longer cancel it.

    :raises StateRefused: it is not waiting to be picked.
    """
    order = steps.locked(number)
    if order.state == State.PICKING:
        return order
    if order.state != State.QUEUED:  # a packed box is opened by :func:`unpack` alone, not by a request that comes late
        fulfilments.refuse(order)
    steps.require_going(order)
    order.state, order.picking_at, order.assignee_id = State.PICKING, clock.now(), actor_id
    order.save(update_fields=["state", "picking_at", "assignee"])
    steps.note(order, "picking", actor_id)
    publisher.publish(
        events.PickingStarted(
            reseller_id=order.order.reseller_id, order_number=order.order.order_number, fulfilment_number=number
        )
    )
    return order


@transaction.atomic
def put_back(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Undo the start of picking: it waits again, and nothing counts as picked.

    :raises StateRefused: it is not being picked.
    """
    order = steps.locked(number)
    if order.state == State.QUEUED:
        return order
    if order.state != State.PICKING:
        fulfilments.refuse(order)
    order.lines.update(picked=F("shipped"))
    lot_picks.drop(list(order.lines.values_list("id", flat=True)))
    order.state, order.picking_at, order.assignee = State.QUEUED, None, None
    order.save(update_fields=["state", "picking_at", "assignee"])
    steps.note(order, "put_back", actor_id)
    publisher.publish(
        events.PickingStopped(
            reseller_id=order.order.reseller_id, order_number=order.order.order_number, fulfilment_number=number
        )
    )
    return order


@transaction.atomic
def unpack(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Undo packing: the box is open again, what was picked stays counted.

    :raises StateRefused: it is not packed, or has left.
    """
    order = steps.locked(number)
    if order.state == State.PICKING:
        return order
    if order.state != State.PACKED:
        fulfilments.refuse(order)
    order.state, order.packed_at = State.PICKING, None
    order.save(update_fields=["state", "packed_at"])
    steps.note(order, "unpacked", actor_id)
    return order


@transaction.atomic
def record_pick(
    *, number: str, line_id: int, picked: int, actor_id: int | None, lot_id: int | None = None
) -> FulfilmentLine:
    """Note how many pieces of a line lie in the tote; with ``lot_id`` those that are new are of that lot.

    :raises Refused: more than asked for, or fewer than none; or the lot is not free, or has not as many here.
    """
    order = steps.locked(number)
    fulfilments.require(order, State.PACKED)
    line = order.lines.select_for_update().filter(id=line_id).first()
    if line is None:
        raise NotFound()
    most = line.quantity - line.cancelled - line.waiting
    if not 0 <= picked <= most:
        raise Refused("picked", _("Between 0 and %(most)s pieces."), field="picked", most=most)
    lot_picks.record(line=line, warehouse_id=order.warehouse_id, picked=picked, lot_id=lot_id)
    line.picked = picked
    line.save(update_fields=["picked"])
    return line


@transaction.atomic
def pack(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Close the box: what was picked is packed; a line never touched counts as picked in full.

    :raises StateRefused: it is already on its way or cancelled.
    :raises Refused: pieces have serial numbers, and not each is told.
    """
    order = steps.locked(number)
    if order.state == State.PACKED:
        return order
    fulfilments.require(order, State.PACKED)
    steps.require_going(order)
    if not order.lines.filter(picked__gt=0).exists():
        order.lines.update(picked=F("quantity") - F("cancelled") - F("waiting"))
    in_box = order.lines.filter(picked__gt=F("shipped")).values_list("id", "variant_id", "picked", "shipped")
    lot_picks.require_serials([(id_, variant_id, picked - sent) for id_, variant_id, picked, sent in in_box])
    order.state, order.packed_at = State.PACKED, clock.now()
    order.save(update_fields=["state", "packed_at"])
    steps.note(order, "packed", actor_id)
    return order
