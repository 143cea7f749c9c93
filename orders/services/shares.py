"""What goes back for pieces of an order, by who gives it up: the proportional reversal of the frozen split, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from enablement.selectors import bookings
from orders.models import Order, OrderLine, Refund
from s2b2c.kernel.errors import NotFound, Refused

# Each with its sign in what c paid: what S funds of a discount is not c's to get back.
PARTS = {"wholesale": 1, "margin": 1, "fee": 1, "tax": 1, "funded": -1}


@dataclass(frozen=True, slots=True)
class Share:
    """What goes back for some pieces of a line, by who gives it up, in minor units.

    ``received`` of the pieces had been sent; ``stop``: those S shall no longer send.
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

    @property
    def amount(self) -> int:
        return self.wholesale + self.margin + self.fee + self.tax - self.funded


def chosen(order: Order, unsent: Mapping[int, int], received: Mapping[int, int], *, stop_sending: bool) -> list[Share]:
    """Split what goes back for pieces by line id, of either kind; the lines are locked. Call inside a transaction.

    :raises NotFound: no such line. :raises Refused: more pieces than are left.
    """
    lines = {line.id: line for line in order.lines.select_for_update().order_by("id")}
    wanted = {line_id: (unsent.get(line_id, 0), received.get(line_id, 0)) for line_id in {**unsent, **received}}
    if not set(wanted) <= set(lines):
        raise NotFound()
    back = given_back(order)
    shares = []
    for line_id, (kept, gone) in wanted.items():
        line = lines[line_id]
        _check(line, kept, gone)
        if kept + gone:
            before = back.get(line_id, dict.fromkeys(PARTS, 0))
            stop = kept if stop_sending and line.service is None else 0
            shares.append(share_of(line, kept + gone, before, stop=stop, received=gone))
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
    """Split what goes back for ``quantity`` pieces, by largest remainder on what remains of each part.

    ``back``: what already went back of each part. The last pieces take all that is left, so refunds of a
    line always sum to the line. No part changes its sign, and a part that is the same for each piece, as
    the wholesale price is, goes back to the cent: what is sent of the line earns just the rest.
    """
    left = line.quantity - line.refunded
    rest = {part: sign * ((getattr(line, f"{part}_minor") or 0) - back[part]) for part, sign in PARTS.items()}
    exact = {part: divmod(rest[part] * quantity, left) for part in PARTS}
    missing = sum(rest.values()) * quantity // left - sum(whole for whole, _ in exact.values())
    rounded_up = sorted(PARTS, key=lambda part: -exact[part][1])[:missing]
    split = {part: sign * (exact[part][0] + (part in rounded_up)) for part, sign in PARTS.items()}
    return Share(line, quantity, stop=stop, received=received, **split)


def given_back(order: Order) -> dict[int, dict[str, int]]:
    """Give what went back of each part already, by line id."""
    total: dict[int, dict[str, int]] = {}
    for rows in order.refunds.values_list("lines", flat=True):
        for row in rows:
            sums = total.setdefault(row["line"], dict.fromkeys(PARTS, 0))
            for part in PARTS:
                sums[part] += row.get(part, 0)
    return total


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
