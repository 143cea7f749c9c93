"""Pick, pack and ship. Every step is told to the shop in the transaction that makes it true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, deltas, events, ids
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    SalesLine,
    SalesOrder,
    Shipment,
    ShipmentLine,
)
from supplier.services import fulfilment as fulfilments
from supplier.services import stock

State = FulfilmentOrder.State


def _locked(number: str) -> FulfilmentOrder:
    """Lock the order, then the fulfilment order: the fixed order of locks. Call inside a transaction."""
    found = FulfilmentOrder.objects.filter(number=number).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound()
    SalesOrder.objects.select_for_update().get(id=found)
    return FulfilmentOrder.objects.select_for_update(of=("self",)).select_related("order").get(number=number)


@transaction.atomic
def start_picking(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Begin to pick a fulfilment order: from here on its shop can no longer cancel it.

    :raises StateRefused: it is not waiting to be picked.
    """
    order = _locked(number)
    if order.state == State.PICKING:
        return order
    fulfilments.require(order, State.PICKING)
    order.state, order.picking_at, order.assignee_id = State.PICKING, clock.now(), actor_id
    order.save(update_fields=["state", "picking_at", "assignee"])
    _note(order, "picking", actor_id)
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
    order = _locked(number)
    if order.state == State.QUEUED:
        return order
    if order.state != State.PICKING:
        fulfilments.refuse(order)
    order.lines.update(picked=F("shipped"))
    order.state, order.picking_at, order.assignee = State.QUEUED, None, None
    order.save(update_fields=["state", "picking_at", "assignee"])
    _note(order, "put_back", actor_id)
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
    order = _locked(number)
    if order.state == State.PICKING:
        return order
    if order.state != State.PACKED:
        fulfilments.refuse(order)
    order.state, order.packed_at = State.PICKING, None
    order.save(update_fields=["state", "packed_at"])
    _note(order, "unpacked", actor_id)
    return order


@transaction.atomic
def record_pick(*, number: str, line_id: int, picked: int, actor_id: int | None) -> FulfilmentLine:
    """Note how many pieces of a line lie in the tote.

    :raises Refused: more than asked for, or fewer than none.
    """
    order = _locked(number)
    fulfilments.require(order, State.PACKED)
    line = order.lines.select_for_update().filter(id=line_id).first()
    if line is None:
        raise NotFound()
    if not 0 <= picked <= line.quantity - line.cancelled:
        raise Refused(
            "picked", _("Between 0 and %(most)s pieces."), field="picked", most=line.quantity - line.cancelled
        )
    line.picked = picked
    line.save(update_fields=["picked"])
    return line


@transaction.atomic
def pack(*, number: str, actor_id: int | None) -> FulfilmentOrder:
    """Close the box: what was picked is packed; a line never touched counts as picked in full.

    :raises StateRefused: it is already on its way or cancelled.
    """
    order = _locked(number)
    if order.state == State.PACKED:
        return order
    fulfilments.require(order, State.PACKED)
    if not order.lines.filter(picked__gt=0).exists():
        order.lines.update(picked=F("quantity") - F("cancelled"))
    order.state, order.packed_at = State.PACKED, clock.now()
    order.save(update_fields=["state", "packed_at"])
    _note(order, "packed", actor_id)
    return order


@transaction.atomic
def ship(
    *,
    number: str,
    carrier: str,
    tracking: str,
    request_key: str,
    pieces: Mapping[int, int] | None = None,
    tracking_url: str = "",
    actor_id: int | None = None,
) -> Shipment:
    """Send a parcel: pieces by fulfilment line id, or everything that is left.

    Stock leaves the warehouse, the order and the shop hear of it, all in one transaction.
    ``request_key`` makes it once: the same key gives the shipment already made.

    :raises Refused: nothing to send, more than is left, or no carrier.
    :raises StateRefused: nothing is left to send.
    """
    if not carrier.strip():
        raise Refused("carrier", _("Name the carrier."), field="carrier")
    order = _locked(number)
    made = Shipment.objects.filter(request_key=request_key).first()
    if made is not None:
        return made
    fulfilments.require(order, State.SHIPPED)
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = _choose(lines, pieces)
    shipment = Shipment.objects.create(
        number=ids.order_number(),
        fulfilment=order,
        carrier=carrier.strip(),
        tracking=tracking.strip(),
        tracking_url=tracking_url,
        request_key=request_key,
        shipped_at=clock.now(),
        actor_id=actor_id,
    )
    _send(order, shipment, chosen, actor_id)
    _publish_sent(order, shipment, chosen, complete=_close(order, shipment))
    return shipment


def _choose(lines: list[FulfilmentLine], pieces: Mapping[int, int] | None) -> list[tuple[FulfilmentLine, int]]:
    left = {line.id: line.quantity - line.shipped - line.cancelled for line in lines}
    wanted = left if pieces is None else pieces
    if not set(wanted) <= set(left):
        raise NotFound()
    for line_id, quantity in wanted.items():
        if not 0 <= quantity <= left[line_id]:
            raise Refused("pieces", _("At most %(most)s pieces are left to send."), field="pieces", most=left[line_id])
    chosen = [(line, wanted[line.id]) for line in lines if wanted.get(line.id)]
    if not chosen:
        raise Refused("pieces", _("Choose at least one piece to send."), field="pieces")
    return chosen


def _send(
    order: FulfilmentOrder, shipment: Shipment, chosen: list[tuple[FulfilmentLine, int]], actor_id: int | None
) -> None:
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, fulfilment_line=line, quantity=quantity) for line, quantity in chosen
    )
    by_variant: dict[int, int] = defaultdict(int)
    for line, quantity in chosen:
        by_variant[line.variant_id] += quantity
    deltas.add(FulfilmentLine, {line.id: {"shipped": quantity} for line, quantity in chosen})
    if order.order.reservation_id:
        stock.ship_pieces(
            reservation_id=order.order.reservation_id,
            warehouse_id=order.warehouse_id,
            pieces=by_variant.items(),
            cause=f"shipment:{shipment.number}",
            actor_id=actor_id,
        )
    _note(
        order,
        "shipped",
        actor_id,
        {"shipment": shipment.number, "carrier": shipment.carrier, "tracking": shipment.tracking},
    )


def _close(order: FulfilmentOrder, shipment: Shipment) -> bool:
    """Set the states of the fulfilment order and the order; give whether nothing of the order is left."""
    rest_here = order.lines.filter(quantity__gt=F("shipped") + F("cancelled")).exists()
    order.state = State.PART_SHIPPED if rest_here else State.SHIPPED
    order.shipped_at = shipment.shipped_at
    order.save(update_fields=["state", "shipped_at"])
    rest = FulfilmentLine.objects.filter(
        fulfilment__order=order.order_id, quantity__gt=F("shipped") + F("cancelled")
    ).exists()
    status = SalesOrder.Status.PART_SHIPPED if rest else SalesOrder.Status.SHIPPED
    SalesOrder.objects.filter(id=order.order_id).update(status=status)
    return not rest


def _publish_sent(
    order: FulfilmentOrder, shipment: Shipment, chosen: list[tuple[FulfilmentLine, int]], *, complete: bool
) -> None:
    publisher.publish(
        events.ShipmentSent(
            reseller_id=order.order.reseller_id,
            order_number=order.order.order_number,
            shipment_number=shipment.number,
            fulfilment_number=order.number,
            carrier=shipment.carrier,
            tracking=shipment.tracking,
            tracking_url=shipment.tracking_url,
            shipped_at=shipment.shipped_at.isoformat(),
            lines=[
                {"line_id": line.line.line_id, "variant_id": line.variant_id, "quantity": quantity}
                for line, quantity in chosen
            ],
            complete=complete,
        )
    )


@transaction.atomic
def report_short(
    *,
    number: str,
    pieces: Mapping[int, int],
    reason: str,
    actor_id: int | None,
    write_off: bool = False,
    request_key: str = "",
) -> FulfilmentOrder:
    """Say that pieces (by fulfilment line id) cannot be sent: they are cancelled and the shop refunds them.

    They are no longer kept for the order. ``write_off``: they are not there, so they leave free stock too;
    without it they can be sold again. ``request_key`` makes it once.

    :raises Refused: more than is left to send, or no reason.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    order = _locked(number)
    if request_key and order.order.notes.filter(kind="short", data__request_key=request_key).exists():
        return order
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = _choose(lines, pieces)
    for line, quantity in chosen:
        rest = F("quantity") - F("cancelled") - quantity
        FulfilmentLine.objects.filter(id=line.id).update(
            cancelled=F("cancelled") + quantity, picked=Least(F("picked"), rest)
        )
    count = sum(quantity for _line, quantity in chosen)
    _note(order, "short", actor_id, {"reason": reason, "pieces": count, "request_key": request_key})
    _settle_states(order.order_id)
    publisher.publish(
        events.FulfilmentCancelled(
            reseller_id=order.order.reseller_id,
            order_number=order.order.order_number,
            lines=[{"line_id": line.line.line_id, "quantity": quantity} for line, quantity in chosen],
            reason=reason,
        )
    )
    _free(order, [(line.variant_id, quantity) for line, quantity in chosen], reason if write_off else "", actor_id)
    order.refresh_from_db()
    return order


def _free(order: FulfilmentOrder, pieces: list[tuple[int, int]], missing: str, actor_id: int | None) -> None:
    """Keep pieces no longer; with ``missing`` (a reason) take them out of stock as well."""
    if order.order.reservation_id is None:
        return
    by_variant: dict[int, int] = defaultdict(int)
    for variant_id, quantity in pieces:
        by_variant[variant_id] += quantity
    stock.release_pieces(
        reservation_id=order.order.reservation_id, pieces=by_variant.items(), warehouse_id=order.warehouse_id
    )
    for variant_id, quantity in sorted(by_variant.items()) if missing else ():
        stock.adjust(
            variant_id=variant_id,
            warehouse_id=order.warehouse_id,
            quantity=-quantity,
            reason=missing[:160],
            cause=f"short:{order.number}",
            actor_id=actor_id,
        )


def drop_refunded(event: events.RefundMade) -> None:
    """Stop sending pieces that were refunded before they left, and free their stock.

    Call inside a transaction. Pieces already sent, or already cancelled by S, are left alone.
    """
    order = (
        SalesOrder.objects.select_for_update()
        .filter(reseller_id=event.reseller_id, order_number=event.order_number)
        .first()
    )
    if order is None:
        return
    freed: dict[tuple[int, int], int] = defaultdict(int)
    for refunded in (line for line in event.lines if line.stop):
        sold = SalesLine.objects.get(order=order, line_id=refunded.line_id)
        rows = list(
            FulfilmentLine.objects.select_for_update(of=("self",))
            .filter(line=sold)
            .select_related("fulfilment")
            .order_by("id")
        )
        drop = refunded.stop
        for row in rows:
            take = min(drop, row.quantity - row.shipped - row.cancelled)
            if take:
                rest = F("quantity") - F("cancelled") - take
                FulfilmentLine.objects.filter(id=row.id).update(
                    cancelled=F("cancelled") + take, picked=Least(F("picked"), rest)
                )
                freed[row.fulfilment.warehouse_id, row.variant_id] += take
                drop -= take
    if order.reservation_id is not None:
        for (warehouse_id, variant_id), quantity in sorted(freed.items()):
            stock.release_pieces(
                reservation_id=order.reservation_id, pieces=[(variant_id, quantity)], warehouse_id=warehouse_id
            )
    _settle_states(order.id)


def _settle_states(order_id: int) -> None:
    """Bring states in line with what is left to send. Call inside a transaction."""
    for each in FulfilmentOrder.objects.filter(order_id=order_id).prefetch_related("lines"):
        lines = list(each.lines.all())
        shipped = sum(line.shipped for line in lines)
        left = sum(line.quantity - line.shipped - line.cancelled for line in lines)
        if not left and each.state not in (State.SHIPPED, State.CANCELLED):
            FulfilmentOrder.objects.filter(id=each.id).update(state=State.SHIPPED if shipped else State.CANCELLED)
    rows = FulfilmentLine.objects.filter(fulfilment__order=order_id)
    if not rows.filter(quantity__gt=F("shipped") + F("cancelled")).exists():
        sent = rows.filter(shipped__gt=0).exists()
        status = SalesOrder.Status.SHIPPED if sent else SalesOrder.Status.CANCELLED
        SalesOrder.objects.filter(id=order_id).update(status=status)


def _note(order: FulfilmentOrder, kind: str, actor_id: int | None, data: dict[str, object] | None = None) -> None:
    OrderNote.objects.create(
        order_id=order.order_id,
        kind=kind,
        actor_id=actor_id,
        at=clock.now(),
        data={"fulfilment": order.number, "warehouse": order.warehouse_id, **(data or {})},
    )
