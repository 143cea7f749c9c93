"""Pieces of a replacement that c does not have after all: it gave the first ones back, so their money goes back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F
from django.db.models.functions import Coalesce

from orders.models import Order, OrderLine, Refund, ReturnRequest
from orders.services import refund
from orders.services.returns.pieces import Pieces, still_there
from s2b2c.kernel.errors import Refused


def never_sent(order: Order, pieces: Mapping[int, int], *, reason: str, actor: str) -> Refund | None:
    """Give back what was paid for pieces of a replacement (by its line id) that are not sent. Another order: no change.

    They count as replaced no more. Call inside a transaction, the replacement locked, once for each piece.
    """
    if not order.terms.get("replaces"):
        return None
    own = dict(order.lines.values_list("id", "variant_id"))
    return _give_back(order, {(id_, own[id_]): n for id_, n in pieces.items() if n}, reason=reason, actor=actor)


def came_back(back: ReturnRequest, accepted: Pieces, *, reason: str, actor: str) -> Refund | None:
    """Give back what was paid for pieces of a replacement that came back and can't be replaced again.

    Call inside a transaction, the replacement locked.
    """
    own = dict(back.order.lines.values_list("id", "variant_id"))
    for (line_id, variant_id), n in accepted.items():
        if variant_id == own[line_id]:
            returned = Coalesce(F("returned"), 0) + n
            OrderLine.objects.filter(id=line_id).update(refunded=F("refunded") + n, returned=returned)
    return _give_back(back.order, accepted, reason=reason, actor=actor)


def _give_back(order: Order, unsent: Pieces, *, reason: str, actor: str) -> Refund | None:
    """Follow pieces back to the order that was paid, through all replacements of replacements."""
    back: ReturnRequest | None = None
    while unsent and order.terms.get("replaces"):
        back = _return_of(order)
        unsent = _taken_off(back, order, unsent)
        order = back.order
    if back is None or not unsent:
        return None
    whole, single = still_there(back, unsent)
    return _grant(back, whole, single, reason=reason, actor=actor) if any(whole.values()) or single else None


def _return_of(order: Order) -> ReturnRequest:
    """Lock the order that was replaced, then give the return it was replaced for, locked too."""
    first = Order.objects.select_for_update().get(number=order.terms["replaces"])
    rows = ReturnRequest.objects.select_for_update(of=("self",)).select_related("order")
    return rows.get(order=first, outcome__exchange=order.number)


def _taken_off(back: ReturnRequest, order: Order, unsent: Pieces) -> Pieces:
    """Note what was not replaced; give the pieces by the line and variant they were sold as.

    The lines of a replacement were made in the order of what they replace (``exchanging``).
    """
    rows = sorted(back.outcome["replaced"], key=lambda row: (row["line"], row["variant"]))
    lines = order.lines.order_by("id").values_list("id", "variant_id")
    sold = {id_: (row, variant_id) for (id_, variant_id), row in zip(lines, rows, strict=True)}
    first: Pieces = {}
    for (line_id, variant_id), pieces in unsent.items():
        row, own = sold[line_id]
        name = (row["line"], row["variant"] if variant_id == own else variant_id)
        first[name] = first.get(name, 0) + pieces
        if variant_id == own:
            row["quantity"] = max(0, row["quantity"] - pieces)
    back.outcome = {**back.outcome, "replaced": rows}
    back.save(update_fields=["outcome"])
    return first


def _grant(back: ReturnRequest, whole: dict[int, int], single: Pieces, *, reason: str, actor: str) -> Refund | None:
    made = back.order.refunds.filter(key__startswith=f"unreplaced:{back.number}:").count()
    try:
        return refund.undo(
            order_number=back.order.number, pieces={}, received=whole, parts=single, shipping=False, reason=reason,
            key=f"unreplaced:{back.number}:{made}", actor=actor, note=back.number,
        )  # fmt: skip
    except Refused as refused:
        if refused.code != "nothing":
            raise
        return None
