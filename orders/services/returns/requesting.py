"""Ask for a return: which pieces, why, with photos, and what is wished for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderLine, ReturnRequest
from orders.selectors import returns as selectors
from orders.services.returns import states
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.services import media

CUSTOMER, SUPPLIER, RULE = "customer", "supplier", "rule"
MOST_PHOTOS = 4


def store_photos(uploads: Iterable[IO[bytes]]) -> list[str]:
    """Keep c's photos, each decoded and written anew; give their names. Outside a transaction.

    :raises Refused: more than ``MOST_PHOTOS``, or one that is no readable picture; none is kept.
    """
    files = list(uploads)
    if len(files) > MOST_PHOTOS:
        raise Refused("too_many", _("At most %(most)s photos."), field="photos", most=MOST_PHOTOS)
    return media.store_photos(files, folder="returns")


@transaction.atomic
def request(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    wish: str,
    reason: str,
    actor: str,
    parts: Mapping[tuple[int, int], int] | None = None,
    note: str = "",
    photos: Iterable[str] = (),
    swaps: Mapping[int, int] | None = None,
    key: str = "",
    id_: int | None = None,
) -> ReturnRequest:
    """Ask to return pieces by line id, or ``parts`` of bundles by line and variant; S hears of it. Once per ``key``.

    ``actor`` is ``customer``, ``supplier`` or who of b does it: those two may after the window too. ``swaps``: the
    variant wanted instead, by line id. Where the terms say so, the rule
    approves c's request at once.

    :raises NotFound: no such order or line.
    :raises StateRefused: ``window`` (too late), ``not_sent`` (nothing was sent or paid yet).
    :raises Refused: more pieces than were sent and are not on their way back already; nothing chosen; ``parts``: who
        changed their mind gives bundles back whole, by the terms of the sale.
    """
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    made = _made(order, key, id_)
    if made is not None:
        return made
    _check(order, wish, reason, actor)
    single = {name: quantity for name, quantity in (parts or {}).items() if quantity}
    if single and actor != SUPPLIER and not selectors.policy(order).allows_part(reason):
        raise Refused(
            "parts",
            _("Who changed their mind sends a set back whole. Single parts can come back where something is wrong."),
            field="reason",
        )
    lines = _chosen(order, pieces, single, swaps or {}, wish)
    now = clock.now()
    back = ReturnRequest(
        order=order, wish=wish, reason=reason, note=note[:500], lines=lines, photos=list(photos)[:MOST_PHOTOS],
        actor=actor[:80], key=key[:80], opened_at=now, changed_at=now,
    )  # fmt: skip
    if id_ is not None:
        back.id = id_
    back.save(force_insert=True)
    states.tell(back, actor=actor)
    publisher.publish(_requested(back))
    if actor == CUSTOMER and selectors.policy(order).approves(selectors.worth(back)):
        states.step(back, states.State.APPROVED, actor=RULE)
        publisher.publish(states.approved_event(back))
    return back


def _made(order: Order, key: str, id_: int | None) -> ReturnRequest | None:
    if id_ is not None:
        return order.returns.filter(id=id_).first()
    return order.returns.filter(key=key).first() if key else None


def _check(order: Order, wish: str, reason: str, actor: str) -> None:
    if wish not in ReturnRequest.Wish.values:
        raise Refused("wish", _("Choose money back or an exchange."), field="wish")
    if reason not in ReturnRequest.Reason.values:
        raise Refused("reason", _("Say why."), field="reason")
    if wish == ReturnRequest.Wish.REFUND and not order.total_minor:
        raise Refused("wish", _("A replacement can only be exchanged again."), field="wish")
    if order.status not in selectors.RETURNABLE or order.paid in (Order.Paid.UNPAID, Order.Paid.DUE):
        raise StateRefused("not_sent", _("Only what was sent and paid can be returned."))
    until = selectors.until(order)
    if actor == CUSTOMER and (until is None or clock.now() > until):
        raise StateRefused("window", _("The time to return this order is over. Please ask the shop."))


def _chosen(
    order: Order,
    pieces: Mapping[int, int],
    single: Mapping[tuple[int, int], int],
    swaps: Mapping[int, int],
    wish: str,
) -> list[dict[str, Any]]:
    list(order.lines.select_for_update().order_by("id"))
    there = {each.line.id: each for each in selectors.left(order)}
    wanted: dict[int, dict[int, int]] = {line_id: {} for line_id in pieces}
    for (line_id, variant_id), quantity in single.items():
        wanted.setdefault(line_id, {})[variant_id] = quantity
    if not set(wanted) <= set(there):
        raise NotFound()
    chosen = []
    for line_id, parts in sorted(wanted.items()):
        quantity, each = pieces.get(line_id, 0), there[line_id]
        line = each.line
        if any(each.content is None or each.content.part(variant_id) is None for variant_id in parts):
            raise NotFound()
        if not each.fits(quantity, parts):
            raise _too_many(each, quantity, parts)
        if quantity:
            swap = _swap(line, swaps.get(line_id)) if wish == "exchange" else line.variant_id
            chosen.append({"line": line_id, "variant": line.variant_id, "quantity": quantity, "swap": swap})
        chosen += [{"line": line_id, "variant": id_, "quantity": n, "swap": id_} for id_, n in sorted(parts.items())]
    if not chosen:
        raise Refused("pieces", _("Choose what comes back."), field="pieces")
    return chosen


def _too_many(each: selectors.Left, quantity: int, parts: Mapping[int, int]) -> Refused:
    """Say which number is too high: the whole pieces, one part, or both together."""
    line = each.line
    message = _("At most %(left)s pieces can be returned.")
    if not 0 <= quantity <= each.pieces:
        return Refused("pieces", message, field=f"p{line.id}", left=each.pieces)
    left = {part.variant.id: part.pieces for part in each.parts}
    for variant_id, pieces in parts.items():
        if not 0 <= pieces <= left.get(variant_id, 0):
            return Refused("pieces", message, field=f"p{line.id}_{variant_id}", left=left.get(variant_id, 0))
    together = _("Whole sets and single parts are more than there is. Parts of a set that comes back whole are in it.")
    return Refused("pieces", together, field=f"p{line.id}")


def _swap(line: OrderLine, variant_id: int | None) -> int:
    """Give the variant wanted instead: the same one, or another of the product that costs b the same."""
    if variant_id in (None, line.variant_id):
        return line.variant_id
    if variant_id not in selectors.swaps(line):
        raise Refused("swap", _("This can't be had in exchange."), field=f"s{line.id}")
    return variant_id


def _requested(back: ReturnRequest) -> events.ReturnRequested:
    return events.ReturnRequested(
        reseller_id=states.shop_id(),
        order_number=back.order.number,
        number=back.number,
        wish=back.wish,
        reason=back.reason,
        note=back.note,
        lines=[
            {"line_id": row["line"], "variant_id": row["variant"], "quantity": row["quantity"]} for row in back.lines
        ],
        photos=back.photos,
        opened_by=CUSTOMER if back.actor == CUSTOMER else "shop" if back.actor != SUPPLIER else SUPPLIER,
    )


def apart(event: events.ReturnAsked) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """Divide what S wants back into whole pieces by line, and parts of bundles by line and variant."""
    rows = OrderLine.objects.filter(id__in=[row["line_id"] for row in event.lines])
    own = dict(rows.values_list("id", "variant_id"))
    whole: dict[int, int] = {}
    single: dict[tuple[int, int], int] = {}
    for row in event.lines:
        line_id, variant_id = row["line_id"], row.get("variant_id")
        if variant_id is None or variant_id == own.get(line_id):
            whole[line_id] = row["quantity"]
        else:
            single[line_id, variant_id] = row["quantity"]
    return whole, single


@transaction.atomic
def note_sent(*, number: str, tracking: str, actor: str) -> ReturnRequest:
    """Note that c put the parcel on its way; said again, a new tracking number replaces the old.

    :raises NotFound: no such return.
    :raises StateRefused: it is not expected.
    """
    back = states.locked(number)
    if back.state == states.State.SHIPPED:
        back.tracking = tracking[:80]
        back.save(update_fields=["tracking"])
    else:
        states.step(back, states.State.SHIPPED, actor=actor, tracking=tracking[:80])
    publisher.publish(
        events.ReturnSent(
            reseller_id=states.shop_id(), order_number=back.order.number, number=back.number, tracking=back.tracking
        )
    )
    return back
