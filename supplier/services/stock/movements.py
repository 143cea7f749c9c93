"""Pieces that come in, are corrected or come back: free stock, with a movement each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import Movement, Stock, Variant
from supplier.selectors import lots
from supplier.services import published
from supplier.services.stock import buckets, lotted, quarantine, waiting
from supplier.services.stock.moves import ONCE as ONCE
from supplier.services.stock.moves import made_before, move, take_free


@transaction.atomic
def receive(
    *,
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    reason: str = "",
    cause: str = "",
    actor_id: int | None = None,
    aside: bool = False,
    told: bool = False,
) -> Movement:
    """Add pieces that arrived to free stock, or, ``aside``, to quarantine: they are of a lot that is not free.

    ``told``: whoever calls writes their serial numbers next, where they have such.

    :raises Refused: not a positive number of pieces; or they have serial numbers that nobody tells.
    """
    if quantity <= 0:
        raise Refused("quantity", _("Enter at least one piece."), field="quantity")
    if not told:
        require_no_serials([variant_id])
    if aside:
        return quarantine.bring(
            variant_id=variant_id, warehouse_id=warehouse_id, quantity=quantity, kind=Movement.Kind.RECEIPT,
            reason=reason, cause=cause, actor_id=actor_id,
        )  # fmt: skip
    return _change(variant_id, warehouse_id, quantity, Movement.Kind.RECEIPT, reason, cause, actor_id)


@transaction.atomic
def adjust(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, actor_id: int | None = None, cause: str = ""
) -> Movement:
    """Correct what is on hand by a signed number of pieces, with a reason.

    :raises Refused: zero, no reason, or more than is free to take away; or more of what has serial numbers.
    """
    if not quantity:
        raise Refused("quantity", _("Enter how many pieces more or fewer."), field="quantity")
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    if quantity > 0:
        require_no_serials([variant_id])
    return _change(variant_id, warehouse_id, quantity, Movement.Kind.ADJUSTMENT, reason, cause, actor_id)


def require_no_serials(variant_ids: Iterable[int]) -> None:
    """Check that pieces of these variants may be added without a number.

    :raises Refused: each piece of one has a serial number.
    """
    numbered = lots.numbered(variant_ids)
    if numbered:
        sku = Variant.objects.values_list("sku", flat=True).get(pk=min(numbered))
        text = _("%(sku)s has serial numbers: receive it with an order to its vendor, where each number is told.")
        raise Refused("serials_untold", text, field="quantity", sku=sku)


@transaction.atomic
def take_back(
    *,
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    reason: str,
    cause: str,
    actor_id: int | None = None,
    damaged: bool = False,
) -> Movement:
    """Put returned pieces back into free stock, or, ``damaged``, aside."""
    if not damaged:
        return _change(variant_id, warehouse_id, quantity, Movement.Kind.RETURN, reason, cause, actor_id)
    rows = buckets.locked(variant_id, warehouse_id)
    made = made_before(variant_id, warehouse_id, cause)
    if made is not None:
        return made
    Stock.objects.filter(id=rows[0].id).update(damaged=F("damaged") + quantity)
    facts: dict[str, Any] = {"reason": reason, "cause": cause, "actor_id": actor_id}
    return move(variant_id, warehouse_id, quantity, Movement.Kind.RETURN, damaged=True, **facts)


def _change(
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    kind: str,
    reason: str,
    cause: str,
    actor_id: int | None,
) -> Movement:
    """Change free stock and write the movement. Call inside a transaction.

    :raises StateRefused: it is a bundle, which has no stock of its own.
    """
    rows = buckets.locked(variant_id, warehouse_id)
    made = made_before(variant_id, warehouse_id, cause)
    if made is not None:
        return made
    if quantity > 0:
        Stock.objects.filter(id=rows[0].id).update(available=F("available") + quantity)
        waiting.serve(variant_id, warehouse_id)
    else:
        take_free(rows, -quantity)
        lotted.trim([(variant_id, warehouse_id)], kind="correction", cause=cause, actor_id=actor_id)
    published.touch()  # "sold out" ends, or begins, on every page at once; sales show within the pages' five seconds
    return move(variant_id, warehouse_id, quantity, kind, reason=reason, cause=cause, actor_id=actor_id)
