"""Orders that wait for stock: what comes is kept for them first, the oldest order first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Sum

from s2b2c.kernel import clock, events
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, OrderNote, Reservation, ReservationLine, Stock


def serve(variant_id: int, warehouse_id: int) -> int:
    """Keep free pieces for the orders that wait for them in this warehouse; give how many.

    Call inside a transaction. Orders somebody is at this moment at are left for :func:`serve_all`: waiting for them
    with stock locked would be a deadlock.
    """
    served = 0
    rows = FulfilmentLine.objects.filter(
        variant_id=variant_id,
        waiting__gt=0,
        fulfilment__warehouse_id=warehouse_id,
        fulfilment__order__reservation__state=Reservation.State.PAID,
    ).select_related("fulfilment__order", "line")
    locked = rows.select_for_update(skip_locked=True, of=("self", "fulfilment__order"))
    for line in locked.order_by("fulfilment__order_id", "id"):
        before = _units(line)
        kept = _keep(line, warehouse_id)
        if kept:
            line.waiting -= kept
            _note(line, kept, before - _units(line))
        served += kept
    return served


def serve_places(places: Iterable[tuple[int, int]]) -> None:
    """Do as :func:`serve` at places ``(variant_id, warehouse_id)`` where an order waits; one statement if none does."""
    asked = sorted(set(places))
    rows = FulfilmentLine.objects.filter(
        waiting__gt=0, variant_id__in={variant_id for variant_id, _warehouse_id in asked}
    )
    wanted = set(rows.values_list("variant_id", "fulfilment__warehouse_id"))
    for variant_id, warehouse_id in asked:
        if (variant_id, warehouse_id) in wanted:
            serve(variant_id, warehouse_id)


def serve_all() -> int:
    """Keep what is free for all orders that wait, each variant in a transaction of its own; give how many pieces."""
    places = FulfilmentLine.objects.filter(waiting__gt=0).values_list("variant_id", "fulfilment__warehouse_id")
    served = 0
    for variant_id, warehouse_id in sorted(set(places)):
        with transaction.atomic():
            free = Stock.objects.filter(variant_id=variant_id, warehouse_id=warehouse_id)
            if free.aggregate(sum=Sum("available"))["sum"]:
                served += serve(variant_id, warehouse_id)
    return served


def _keep(line: FulfilmentLine, warehouse_id: int) -> int:
    """Move free pieces to the reservation of a locked line's order; give how many."""
    left = line.waiting
    rows = Stock.objects.filter(variant_id=line.variant_id, warehouse_id=warehouse_id, available__gt=0)
    for row in rows.select_for_update().order_by("id"):
        take = min(left, row.available)
        if not take:
            break
        Stock.objects.filter(id=row.id).update(available=F("available") - take, held=F("held") + take)
        ReservationLine.objects.create(
            reservation_id=line.fulfilment.order.reservation_id,
            variant_id=line.variant_id,
            warehouse_id=warehouse_id,
            stock_id=row.id,
            quantity=take,
        )
        left -= take
    kept = line.waiting - left
    FulfilmentLine.objects.filter(id=line.id).update(waiting=F("waiting") - kept)
    return kept


def _units(line: FulfilmentLine) -> int:
    """Give how many of a line as sold wait: a bundle does while any piece of it does."""
    kit = [line]
    if line.bundle_id is not None:
        others = FulfilmentLine.objects.filter(fulfilment=line.fulfilment_id, line=line.line_id)
        kit += others.exclude(id=line.id)
    return max(-(-each.waiting // each.per) for each in kit)


def _note(line: FulfilmentLine, kept: int, units: int) -> None:
    order, fulfilment = line.fulfilment.order, line.fulfilment
    data = {"fulfilment": fulfilment.number, "warehouse": fulfilment.warehouse_id, "pieces": kept}
    OrderNote.objects.create(order=order, kind="came", at=clock.now(), data=data)
    if units:
        publisher.publish(
            events.PiecesCame(
                reseller_id=order.reseller_id,
                order_number=order.order_number,
                lines=[{"line_id": line.line.line_id, "quantity": units}],
            )
        )
