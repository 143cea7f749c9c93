"""Pieces that cannot be sold: broken on the shelf, made good again, or thrown away. A state of their own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import Movement, Stock
from supplier.services import published
from supplier.services.stock import buckets, lotted, moves, waiting

Kind = Movement.Kind


@transaction.atomic
def damage(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, actor_id: int | None = None, cause: str = ""
) -> Movement:
    """Set free pieces aside as damaged: still on hand, no longer for sale.

    :raises Refused: no positive number, no reason, or more than is free.
    """
    return _move(variant_id, warehouse_id, quantity, Kind.DAMAGE, reason, cause, actor_id)


@transaction.atomic
def repair(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, actor_id: int | None = None, cause: str = ""
) -> Movement:
    """Put damaged pieces back for sale.

    :raises Refused: no positive number, no reason, or more than is damaged.
    """
    return _move(variant_id, warehouse_id, quantity, Kind.REPAIR, reason, cause, actor_id)


@transaction.atomic
def scrap(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, actor_id: int | None = None, cause: str = ""
) -> Movement:
    """Throw damaged pieces away: they leave the warehouse.

    :raises Refused: no positive number, no reason, or more than is damaged.
    """
    return _move(variant_id, warehouse_id, quantity, Kind.SCRAP, reason, cause, actor_id)


_BROKEN = {Kind.DAMAGE: 1, Kind.REPAIR: -1, Kind.SCRAP: -1}  # what a piece does to the number damaged
_FREE = {Kind.DAMAGE: -1, Kind.REPAIR: 1, Kind.SCRAP: 0}  # and to the number for sale


def _move(
    variant_id: int, warehouse_id: int, quantity: int, kind: Kind, reason: str, cause: str, actor_id: int | None
) -> Movement:
    _check(quantity, reason)
    rows = buckets.locked(variant_id, warehouse_id)
    made = moves.made_before(variant_id, warehouse_id, cause)
    if made is not None:
        return made
    if _BROKEN[kind] < 0 and rows[0].damaged < quantity:
        raise Refused(
            "not_damaged", _("Only %(there)s pieces are damaged here."), field="quantity", there=rows[0].damaged
        )
    if _FREE[kind] < 0:
        moves.take_free(rows, quantity)
    Stock.objects.filter(id=rows[0].id).update(
        damaged=F("damaged") + _BROKEN[kind] * quantity, available=F("available") + max(_FREE[kind], 0) * quantity
    )
    if kind == Kind.SCRAP:
        lotted.trim([(variant_id, warehouse_id)], kind="scrap", cause=cause, actor_id=actor_id)
    if kind == Kind.REPAIR:
        waiting.serve(variant_id, warehouse_id)
    published.touch()
    facts: dict[str, Any] = {"reason": reason.strip(), "cause": cause, "actor_id": actor_id}
    if _FREE[kind]:
        moves.move(variant_id, warehouse_id, _FREE[kind] * quantity, kind, **facts)
    return moves.move(variant_id, warehouse_id, _BROKEN[kind] * quantity, kind, damaged=True, **facts)


def _check(quantity: int, reason: str) -> None:
    if quantity <= 0:
        raise Refused("quantity", _("Enter at least one piece."), field="quantity")
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
