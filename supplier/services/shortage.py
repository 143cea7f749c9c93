"""Pieces that will not be sent: reported short by S, or refunded before they left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, FulfilmentOrder, SalesLine, SalesOrder
from supplier.services import lot_picks, steps, stock

State = FulfilmentOrder.State


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
    order = steps.locked(number)
    if request_key and order.order.notes.filter(kind="short", data__request_key=request_key).exists():
        return order
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = steps.choose(lines, pieces)
    told, kept = _cancel_short(lines, {line.id: quantity for line, quantity in chosen})
    count = sum(quantity for _line, quantity in chosen)
    steps.note(order, "short", actor_id, {"reason": reason, "pieces": count, "request_key": request_key})
    _settle_states(order.order_id)
    publisher.publish(
        events.FulfilmentCancelled(
            reseller_id=order.order.reseller_id,
            order_number=order.order.order_number,
            lines=[{"line_id": line_id, "quantity": units} for line_id, units in told],
            reason=reason,
        )
    )
    missing = [(line.variant_id, quantity) for line, quantity in chosen] if write_off else []
    free(order, kept, missing, reason, actor_id)
    order.refresh_from_db()
    return order


_Pieces = list[tuple[int, int]]  # variant, pieces; or line as its shop knows it, number


def _cancel_short(lines: list[FulfilmentLine], short: Mapping[int, int]) -> tuple[_Pieces, _Pieces]:
    """Cancel what lacks pieces, bundles whole; give what its shop hears, and what is kept no longer.

    What is reported is not there, so it is never counted among the pieces that wait.
    """
    told, kept = [], []
    for kit in steps.by_sold(lines).values():
        units = max(-(-short.get(line.id, 0) // line.per) for line in kit)
        for line in kit if units else ():
            waiting = min(line.waiting, units * line.per - short.get(line.id, 0))
            kept.append((line.variant_id, _cancel(line, units * line.per, waiting)))
        if units:
            told.append((kit[0].line.line_id, units))
    return told, kept


def _cancel(line: FulfilmentLine, pieces: int, waiting: int) -> int:
    """Cancel pieces of a line, some of which wait for stock; give how many were kept for it."""
    rest = F("quantity") - F("cancelled") - pieces
    FulfilmentLine.objects.filter(id=line.id).update(
        cancelled=F("cancelled") + pieces, waiting=F("waiting") - waiting, picked=Least(F("picked"), rest)
    )
    if line.picked > line.quantity - line.cancelled - pieces:
        lot_picks.keep_to(line.id)
    return pieces - waiting


def free(order: FulfilmentOrder, pieces: _Pieces, missing: _Pieces, reason: str, actor_id: int | None) -> None:
    """Keep pieces no longer; take those that are missing out of stock as well. Call inside a transaction."""
    if order.order.reservation_id is None:
        return
    stock.release_pieces(
        reservation_id=order.order.reservation_id, pieces=_summed(pieces), warehouse_id=order.warehouse_id
    )
    for variant_id, quantity in sorted(_summed(missing)):
        stock.adjust(
            variant_id=variant_id,
            warehouse_id=order.warehouse_id,
            quantity=-quantity,
            reason=reason[:160],
            cause=f"short:{order.number}",
            actor_id=actor_id,
        )


def _summed(pieces: _Pieces) -> _Pieces:
    total: dict[int, int] = defaultdict(int)
    for variant_id, quantity in pieces:
        total[variant_id] += quantity
    return [(variant_id, quantity) for variant_id, quantity in total.items() if quantity]


def drop_refunded(event: events.RefundMade) -> None:
    """Stop sending pieces that were refunded before they left, and free their stock.

    Call inside a transaction. Pieces already sent, or already cancelled by S, are left alone.
    """
    stop = {line.line_id: line.stop for line in event.lines if line.stop}
    if not stop:
        return
    order = (
        SalesOrder.objects.select_for_update()
        .filter(reseller_id=event.reseller_id, order_number=event.order_number)
        .first()
    )
    if order is not None:
        drop(order, stop)


def drop(order: SalesOrder, pieces: Mapping[int, int]) -> None:
    """Send pieces no more, by the line as its shop knows it: first those that wait for stock, then those kept.

    Call inside a transaction that locked the order.
    """
    freed: dict[tuple[int, int], int] = defaultdict(int)
    sold = dict(SalesLine.objects.filter(order=order, line_id__in=pieces).values_list("line_id", "id"))
    for line_id in sorted(pieces):
        _drop_of_line(sold[line_id], pieces[line_id], freed)
    if order.reservation_id is not None:
        for (warehouse_id, variant_id), quantity in sorted((place, n) for place, n in freed.items() if n):
            stock.release_pieces(
                reservation_id=order.reservation_id, pieces=[(variant_id, quantity)], warehouse_id=warehouse_id
            )
    _settle_states(order.id)


def _drop_of_line(sold_id: int, drop: int, freed: dict[tuple[int, int], int]) -> None:
    rows = FulfilmentLine.objects.select_for_update(of=("self",)).filter(line=sold_id).select_related("fulfilment")
    for kit in sorted(steps.by_sold(rows).values(), key=lambda kit: (-steps.units_waiting(kit), kit[0].id)):
        lead = kit[0]
        units = min(drop, (lead.quantity - lead.shipped - lead.cancelled) // lead.per)
        for row in kit if units else ():
            kept = _cancel(row, units * row.per, min(row.waiting, units * row.per))
            freed[row.fulfilment.warehouse_id, row.variant_id] += kept
        drop -= units


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
