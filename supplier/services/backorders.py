"""Pieces S has not got and will get: the order waits for them, unless its shop gives their money back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, FulfilmentOrder
from supplier.services import lot_picks, lots, shortage, steps


@transaction.atomic
def delay(
    *,
    number: str,
    pieces: Mapping[int, int],
    reason: str,
    actor_id: int | None,
    expected_on: date | None = None,
    request_key: str = "",
    quarantined: bool = False,
) -> FulfilmentOrder:
    """Say that pieces (by fulfilment line id) are not there and will come: they leave stock, the order waits for them.

    As soon as pieces come to this warehouse they are kept for it. The rest of the order can be sent meanwhile; the
    shop may give the money of those that wait back instead. ``request_key`` makes it once. ``quarantined``: the pieces
    are there, of a lot that is not free: they go into quarantine, and stay in stock.

    :raises Refused: more than is left to send, no reason, or fewer are free to write off.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    order = steps.locked(number)
    if request_key and order.order.notes.filter(kind="delayed", data__request_key=request_key).exists():
        return order
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = steps.choose(lines, pieces)
    before = {sold: steps.units_waiting(kit) for sold, kit in steps.by_sold(lines).items()}
    for line, quantity in chosen:
        line.waiting += quantity
        rest = F("quantity") - F("cancelled") - F("waiting") - quantity
        FulfilmentLine.objects.filter(id=line.id).update(
            waiting=F("waiting") + quantity, picked=Least(F("picked"), rest)
        )
        if line.picked > line.quantity - line.cancelled - line.waiting:
            lot_picks.keep_to(line.id)
    count = sum(quantity for _line, quantity in chosen)
    steps.note(order, "delayed", actor_id, {"reason": reason, "pieces": count, "request_key": request_key})
    told = [
        {"line_id": kit[0].line.line_id, "quantity": steps.units_waiting(kit) - before[sold]}
        for sold, kit in steps.by_sold(lines).items()
        if steps.units_waiting(kit) > before[sold]
    ]
    if told:  # a bundle that lacked another part already has waited since then
        publisher.publish(
            events.PiecesDelayed(
                reseller_id=order.order.reseller_id,
                order_number=order.order.order_number,
                lines=told,
                reason=reason,
                expected_on=expected_on.isoformat() if expected_on else "",
            )
        )
    gone = [(line.variant_id, quantity) for line, quantity in chosen]
    shortage.free(order, gone, [] if quarantined else gone, reason, actor_id)
    if quarantined:
        lots.settle(variant_ids={variant_id for variant_id, _quantity in gone})
    order.refresh_from_db()
    return order
