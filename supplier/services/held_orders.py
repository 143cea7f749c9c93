"""What is done for orders that a held lot keeps waiting: other pieces picked, the order told to wait, or money back.

In each the pieces that were kept go into quarantine in the same transaction, so that nobody can buy them meanwhile.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import StateRefused
from supplier.models import FulfilmentLine, FulfilmentOrder, Lot, LotPick
from supplier.selectors import held_orders
from supplier.services import backorders, lots, picking, shortage, steps

State = FulfilmentOrder.State


@transaction.atomic
def take_out(*, number: str, actor_id: int | None) -> int:
    """Take pieces of lots that are not free out of totes and boxes of a fulfilment order; give how many.

    A box is open again; the pieces count as picked no more, so that the picker takes others.

    :raises NotFound: there is no such fulfilment order.
    """
    order = steps.locked(number)
    picks = LotPick.objects.select_for_update(of=("self",)).filter(line__fulfilment=order, shipment=None)
    bad = list(picks.exclude(lot__state=Lot.State.FREE).select_related("line"))
    if not bad:
        return 0
    if order.state == State.PACKED:
        picking.unpack(number=number, actor_id=actor_id)
    for pick in bad:
        rest = Greatest(F("picked") - pick.quantity, F("shipped"))
        FulfilmentLine.objects.filter(pk=pick.line_id).update(picked=rest)
        pick.delete()
    taken = sum(pick.quantity for pick in bad)
    steps.note(order, "lot_out", actor_id, {"pieces": taken, "lots": sorted({pick.lot.code for pick in bad})})
    lots.settle(variant_ids={pick.line.variant_id for pick in bad})
    return taken


@transaction.atomic
def let_wait(
    *, number: str, reason: str, actor_id: int | None, expected_on: date | None = None, request_key: str = ""
) -> FulfilmentOrder:
    """Say that an order waits for what a held lot keeps from it: the shop and the consumer are told, and served first.

    :raises Refused: no reason. :raises StateRefused: it lacks nothing (any more); it is picked as it is.
    """
    steps.locked(number)
    pieces = _lacking(number)
    take_out(number=number, actor_id=actor_id)
    return backorders.delay(
        number=number, pieces=pieces, reason=reason, actor_id=actor_id, expected_on=expected_on,
        request_key=request_key, quarantined=True,
    )  # fmt: skip


@transaction.atomic
def give_up(*, number: str, reason: str, actor_id: int | None, request_key: str = "") -> FulfilmentOrder:
    """Cancel what a held lot keeps from an order: the shop gives the money back, by itself.

    :raises Refused: no reason. :raises StateRefused: it lacks nothing (any more); it is picked as it is.
    """
    steps.locked(number)
    pieces = _lacking(number)
    take_out(number=number, actor_id=actor_id)
    made = shortage.report_short(
        number=number, pieces=pieces, reason=reason, actor_id=actor_id, request_key=request_key
    )
    lots.settle(variant_ids=set(made.lines.values_list("variant_id", flat=True)))
    return made


def _lacking(number: str) -> dict[int, int]:
    found = {each.line.pk: each.lacks for each in held_orders.stuck(number=number, most=1_000_000) if each.lacks}
    if not found:
        raise StateRefused("lacks_nothing", _("Nothing is kept from this order any more: pick it as it is."))
    return found
