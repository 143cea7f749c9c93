"""What goes back for pieces of an order, by who gives it up: the proportional reversal of the frozen split, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from enablement.selectors import bookings
from orders.models import Order, OrderLine, Refund
from orders.selectors import parts as contents
from orders.selectors.parts import Content
from s2b2c.kernel.errors import NotFound, Refused

# Each with its sign in what c paid: what S funds of a discount is not c's to get back.
PARTS = {"wholesale": 1, "margin": 1, "fee": 1, "tax": 1, "funded": -1}


@dataclass(frozen=True, slots=True)
class Share:
    """What goes back for some pieces of a line, by who gives it up, in minor units.

    ``received`` of the pieces had been sent; ``stop``: those S shall no longer send. ``parts``: pieces by variant that
    go back of bundles taken apart, ``quantity`` is then how many are gone whole by that, ``aside`` what was set aside
    of the line for those newly taken apart, and ``content`` what is left of them.
    """

    line: OrderLine
    quantity: int
    wholesale: int
    margin: int
    fee: int
    tax: int
    funded: int
    stop: int
    received: int
    parts: Mapping[int, int] = field(default_factory=dict)
    aside: Mapping[str, int] = field(default_factory=dict)
    content: Content | None = None

    @property
    def amount(self) -> int:
        return self.wholesale + self.margin + self.fee + self.tax - self.funded


Parts = Mapping[tuple[int, int], int]  # pieces by line and variant


def chosen(
    order: Order, unsent: Mapping[int, int], received: Mapping[int, int], parts: Parts, *, stop_sending: bool
) -> list[Share]:
    """Split what goes back for pieces by line id, of either kind, and for ``parts`` of bundles that were sent.

    The lines are locked. Call inside a transaction.

    :raises NotFound: no such line, or part of it. :raises Refused: more pieces than are left.
    """
    lines = {line.id: line for line in order.lines.select_for_update().order_by("id")}
    single = _by_line(parts)
    wanted = {id_: (unsent.get(id_, 0), received.get(id_, 0)) for id_ in {**unsent, **received, **single}}
    if not set(wanted) <= set(lines):
        raise NotFound()
    gone, loose = _sums(order)
    made_of = contents.of(lines[line_id] for line_id in single)
    shares = []
    for line_id, (kept, whole) in wanted.items():
        line, before = lines[line_id], gone.get(line_id, dict.fromkeys(PARTS, 0))
        _check(line, kept, whole)
        if kept + whole:
            share = share_of(
                line, kept + whole, before, stop=kept if stop_sending and line.service is None else 0, received=whole
            )
            before = {part: before[part] + getattr(share, part) for part in PARTS}
            shares.append(share)
        if line_id in single:
            rest = loose.get(line_id, dict.fromkeys(PARTS, 0))
            shares.append(_single(line, (kept, whole), before, rest, made_of.get(line_id), single[line_id]))
    return shares


def with_services(
    order: Order, unsent: Mapping[int, int], received: Mapping[int, int], *, reseller_id: int
) -> dict[int, int]:
    """Give pieces not sent yet with the services added whose goods all go back with them: nobody needs to come then.

    What was done stays paid for. Nothing is asked where nothing was booked.
    """
    if not order.terms.get("services"):
        return dict(unsent)
    lines = list(order.lines.all())
    going = {line.id: line.refunded + unsent.get(line.id, 0) + received.get(line.id, 0) for line in lines}
    kept = {line.variant_id for line in lines if line.service is None and going[line.id] < line.quantity}
    alone = [
        line.id
        for line in lines
        if line.service is not None and line.service["goods"] not in kept and going[line.id] < line.quantity
    ]
    live = bookings.live(reseller_id=reseller_id, order_number=order.number, line_ids=alone) if alone else set()
    return {**unsent, **dict.fromkeys(live, 1)}


def _by_line(parts: Parts) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for (line_id, variant_id), quantity in parts.items():
        if quantity:
            found.setdefault(line_id, {})[variant_id] = quantity
    return found


def _check(line: OrderLine, unsent: int, received: int) -> None:
    left = line.quantity - line.refunded
    if line.service is not None:  # nothing of it is sent: all that is not given back is still there to be
        if not 0 <= unsent + received <= left:
            raise Refused("pieces", _("This was given back already."), field=f"unsent_{line.id}")
        return
    if not 0 <= unsent <= line.unsent:
        message = _("At most %(left)s pieces have not been sent yet.")
        raise Refused("pieces", message, field=f"unsent_{line.id}", left=line.unsent)
    if not 0 <= received <= line.received:
        message = _("At most %(left)s pieces were sent and not given back yet.")
        raise Refused("pieces", message, field=f"received_{line.id}", left=line.received)
    if unsent + received > left:
        message = _("At most %(left)s pieces are left to give back.")
        raise Refused("pieces", message, field=f"received_{line.id}", left=left)


def share_of(line: OrderLine, quantity: int, back: Mapping[str, int], *, stop: int = 0, received: int = 0) -> Share:
    """Split what goes back for ``quantity`` whole pieces, by largest remainder on what remains of each part.

    ``back``: what already went back of each part, or was set aside for bundles taken apart. The last pieces take all
    that is left, so refunds of a line always sum to the line. No part changes its sign, and a part that is the same for
    each piece, as the wholesale price is, goes back to the cent: what is sent of the line earns just the rest.
    """
    left = line.quantity - line.refunded - (line.apart or 0)
    split = _divided(_rest(line, back), quantity, left)
    return _share(line, quantity, split, stop=stop, received=received)


def _single(
    line: OrderLine,
    taken: tuple[int, int],
    back: Mapping[str, int],
    rest: Mapping[str, int],
    content: Content | None,
    pieces: Mapping[int, int],
) -> Share:
    """Split what goes back for single parts: their weight's share of what is left of the bundles taken apart.

    What a bundle is worth is set aside when the first of its parts goes back, exactly as if it went back whole; the
    last part takes what is left of it. ``taken``: whole pieces of the line, not sent and sent, that go back with them.
    """
    if content is None or any(content.part(variant_id) is None for variant_id in pieces):
        raise NotFound()
    opened = content.opened(pieces)
    most = line.with_customer - taken[1]
    if min(pieces.values()) < 0 or opened > most:
        message = _("At most %(left)s pieces were sent and not given back yet.")
        raise Refused("pieces", message, field=f"received_{line.id}", left=most - content.apart)
    fresh = opened - content.apart
    aside = dict.fromkeys(PARTS, 0)
    if fresh:
        # of the whole pieces there are, those that go back at the same time are no more
        there = line.quantity - line.refunded - content.apart - sum(taken)
        aside = _divided(_rest(line, back), fresh, there)
    pot = {part: sign * (rest[part] + aside[part]) for part, sign in PARTS.items()}
    left = Content(content.parts, opened).left
    split = _divided(pot, content.weighs(pieces), left) if left else {part: PARTS[part] * pot[part] for part in PARTS}
    after, gone = content.after(pieces)
    return replace(_share(line, gone, split, stop=0, received=gone), parts=pieces, aside=aside, content=after)


def _share(line: OrderLine, quantity: int, split: Mapping[str, int], *, stop: int, received: int) -> Share:
    parts = (split["wholesale"], split["margin"], split["fee"], split["tax"], split["funded"])
    return Share(line, quantity, *parts, stop=stop, received=received)


def _rest(line: OrderLine, back: Mapping[str, int]) -> dict[str, int]:
    return {part: sign * ((getattr(line, f"{part}_minor") or 0) - back[part]) for part, sign in PARTS.items()}


def _divided(rest: Mapping[str, int], share: int, of: int) -> dict[str, int]:
    """Take ``share`` of ``of`` of each part, with its sign in ``rest``, so that all together is rounded down once."""
    exact = {part: divmod(rest[part] * share, of) for part in PARTS}
    missing = sum(rest.values()) * share // of - sum(whole for whole, _ in exact.values())
    rounded_up = sorted(PARTS, key=lambda part: -exact[part][1])[:missing]
    return {part: sign * (exact[part][0] + (part in rounded_up)) for part, sign in PARTS.items()}


def _sums(order: Order) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """Give by line id what is no more of its whole pieces, and what was set aside and did not go back yet."""
    gone: dict[int, dict[str, int]] = {}
    loose: dict[int, dict[str, int]] = {}
    for rows in order.refunds.values_list("lines", flat=True):
        for row in rows:
            taken = row.get("aside", row)
            for part in PARTS:
                sums = gone.setdefault(row["line"], dict.fromkeys(PARTS, 0))
                sums[part] += taken.get(part, 0)
                if "aside" in row:
                    sums = loose.setdefault(row["line"], dict.fromkeys(PARTS, 0))
                    sums[part] += taken.get(part, 0) - row.get(part, 0)
    return gone, loose


def delivery_left(order: Order) -> tuple[int, int]:
    """Give what is left of the delivery price and its tax: all or nothing goes back."""
    if order.refunds.filter(shipping_minor__gt=0).exists():
        return 0, 0
    tax = order.shipping_tax_minor
    return order.shipping_minor - (tax if order.tax_included else 0), tax


def withheld(refund: Refund) -> int:
    """Give what was taken off a refund for the cost of a return."""
    parts = sum(sign * row.get(part, 0) for row in refund.lines for part, sign in PARTS.items())
    return parts + refund.shipping_minor + refund.shipping_tax_minor - refund.amount_minor
