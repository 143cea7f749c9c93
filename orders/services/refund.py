"""Grant refunds; ``sending`` sends them. A grant is the proportional reversal of the frozen split, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent, OrderLine, Refund
from orders.services import mail, reversal
from s2b2c.kernel import clock, events, money
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.selectors import disputes

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


@transaction.atomic
def grant(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    shipping: bool,
    reason: str,
    key: str,
    actor: str,
    received: Mapping[int, int] | None = None,
    stop_sending: bool = True,
    stopped: bool = False,
    note: str = "",
    withhold_minor: int = 0,
) -> Refund:
    """Grant a refund for pieces by line id, with or without what delivery cost. Once per ``key``.

    ``pieces`` are not sent yet, and will not be (S itself reported them missing: ``stop_sending=False``);
    ``received`` were sent, and what is still to be sent of their line is sent. The books hear of it at once,
    the money is sent by a worker. ``stopped``: S has been told already, in this transaction. ``withhold_minor``: what c
    bears of a return's cost, taken off; of a smaller refund the least there is still goes back.

    :raises NotFound: no such order or line.
    :raises StateRefused: the order was never placed.
    :raises Refused: more pieces than are left of either kind, or nothing at all to give back; ``disputed``: c's bank
        took so much of the payment back that less is left.
    """
    asked = _Asked(pieces, received or {}, shipping, reason, key, actor, note, stop_sending, stopped, withhold_minor)
    return _grant(order_number, asked, as_far=False)


@transaction.atomic
def undo(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    shipping: bool,
    reason: str,
    key: str,
    actor: str,
    received: Mapping[int, int] | None = None,
    stop_sending: bool = False,
    note: str = "",
    withhold_minor: int = 0,
) -> Refund:
    """Do as :func:`grant` does for what has happened and can't be refused: S can't send pieces, they came back.

    Of what c's bank gave back already nothing is sent: the split is undone all the same, and what that frees makes
    good who bore the lost dispute. A refund of nothing is kept where all of it was given back there.
    """
    asked = _Asked(pieces, received or {}, shipping, reason, key, actor, note, stop_sending, False, withhold_minor)
    return _grant(order_number, asked, as_far=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    pieces: Mapping[int, int]
    received: Mapping[int, int]
    shipping: bool
    reason: str
    key: str
    actor: str
    note: str
    stop_sending: bool
    stopped: bool
    withhold_minor: int


def _grant(order_number: str, asked: _Asked, *, as_far: bool) -> Refund:
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    made = order.refunds.filter(key=asked.key).first()
    if made is not None:
        return made
    if order.status in (Order.Status.PENDING, Order.Status.EXPIRED) or order.paid == Order.Paid.UNPAID:
        raise StateRefused("not_placed", _("This order was not paid; there is nothing to give back."))
    stop = asked.stop_sending and not asked.stopped
    shares = _shares(order, asked.pieces, asked.received, stop_sending=stop)
    delivery, delivery_tax = _delivery_left(order) if asked.shipping else (0, 0)
    whole = sum(share.amount for share in shares) + delivery + delivery_tax
    if whole <= 0:
        raise Refused("nothing", _("Choose what to give back."), field="pieces")
    amount, bearer = _there(order, whole, min(asked.withhold_minor, whole - 1), as_far=as_far)
    refund = _write(order, shares, delivery, delivery_tax, amount, asked)
    _apply(order, shares, amount)
    _tell(order, refund, shares, reversal.waived_delivery(order) if asked.shipping else 0, bearer)
    if asked.stop_sending:
        _close_if_nothing_is_left(order, asked.actor)
    return refund


def _there(order: Order, whole: int, withheld: int, *, as_far: bool) -> tuple[int, str]:
    """Give what of a refund can be sent, and who bore the dispute that took the rest, where one did.

    :raises Refused: less than that is there, and ``as_far`` is not enough.
    """
    amount = whole - withheld
    if order.method != Order.Method.CARD:
        return amount, ""
    taken = disputes.taken(reseller_id=_shop().id, order_number=order.number)
    left = order.total_minor - order.refunded_minor - taken.lost_minor - (0 if as_far else taken.held_minor)
    if amount <= left:
        return amount, ""
    if not as_far:
        message = _("The customer’s bank took this payment back. %(left)s is left to give back.")
        shown = money.format_minor(max(0, left), order.currency)
        raise Refused("disputed", message, field="pieces", left=shown)
    return max(0, left), taken.bearer


@dataclass(frozen=True, slots=True)
class Weighed:
    """What would go back: of each part, of delivery with its tax, and altogether. Minor units."""

    parts: dict[str, int]
    delivery_minor: int
    amount_minor: int


@transaction.atomic
def weigh(*, order_number: str, pieces: Mapping[int, int], shipping: bool) -> Weighed:
    """Say what a grant for pieces not sent yet would give back; nothing is written.

    :raises NotFound: no such order or line. :raises Refused: more pieces than are still to be sent.
    """
    order = Order.objects.filter(number=order_number).first()
    if order is None:
        raise NotFound()
    shares = _shares(order, pieces, {}, stop_sending=True)
    delivery = sum(_delivery_left(order)) if shipping else 0
    parts = {part: sum(getattr(share, part) for share in shares) for part in PARTS}
    return Weighed(parts, delivery, sum(share.amount for share in shares) + delivery)


def _shares(
    order: Order, unsent: Mapping[int, int], received: Mapping[int, int], *, stop_sending: bool
) -> list[Share]:
    lines = {line.id: line for line in order.lines.select_for_update().order_by("id")}
    chosen = {line_id: (unsent.get(line_id, 0), received.get(line_id, 0)) for line_id in {**unsent, **received}}
    if not set(chosen) <= set(lines):
        raise NotFound()
    back = _given_back(order)
    shares = []
    for line_id, (kept, gone) in chosen.items():
        line = lines[line_id]
        _check(line, kept, gone)
        if kept + gone:
            before = back.get(line_id, dict.fromkeys(PARTS, 0))
            shares.append(share_of(line, kept + gone, before, stop=kept if stop_sending else 0, received=gone))
    return shares


def _check(line: OrderLine, unsent: int, received: int) -> None:
    left = line.quantity - line.refunded
    if not 0 <= unsent <= line.unsent:
        message = _("At most %(left)s pieces have not been sent yet.")
        raise Refused("pieces", message, field=f"unsent_{line.id}", left=line.unsent)
    if not 0 <= received <= line.received:
        message = _("At most %(left)s pieces were sent and not given back yet.")
        raise Refused("pieces", message, field=f"received_{line.id}", left=line.received)
    if unsent + received > left:
        message = _("At most %(left)s pieces are left to give back.")
        raise Refused("pieces", message, field=f"received_{line.id}", left=left)


def unsent_first(*, order_number: str, pieces: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Divide pieces by line id into those not sent yet, which come first, and those received: for who can't ask.

    Call inside a transaction.
    """
    unsent = {
        line.id: min(pieces[line.id], line.unsent)
        for line in OrderLine.objects.filter(order__number=order_number, id__in=pieces)
    }
    return unsent, {line_id: quantity - unsent.get(line_id, 0) for line_id, quantity in pieces.items()}


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


def _given_back(order: Order) -> dict[int, dict[str, int]]:
    total: dict[int, dict[str, int]] = {}
    for rows in order.refunds.values_list("lines", flat=True):
        for row in rows:
            sums = total.setdefault(row["line"], dict.fromkeys(PARTS, 0))
            for part in PARTS:
                sums[part] += row.get(part, 0)
    return total


def _delivery_left(order: Order) -> tuple[int, int]:
    """Give what is left of the delivery price and its tax: all or nothing goes back."""
    if order.refunds.filter(shipping_minor__gt=0).exists():
        return 0, 0
    tax = order.shipping_tax_minor
    return order.shipping_minor - (tax if order.tax_included else 0), tax


def _write(order: Order, shares: list[Share], delivery: int, delivery_tax: int, amount: int, asked: _Asked) -> Refund:
    # cash that came goes back by bank transfer: S's finance says when
    cash = order.method == Order.Method.COD and order.paid in (Order.Paid.PAID, Order.Paid.PART_REFUNDED)
    waits = bool(amount) and (order.method == Order.Method.CARD or cash)
    now = clock.now()
    return Refund.objects.create(
        order=order,
        key=asked.key,
        state=Refund.State.REQUESTED if waits else Refund.State.DONE,
        amount_minor=amount,
        shipping_minor=delivery,
        shipping_tax_minor=delivery_tax,
        lines=[
            {"line": share.line.id, "quantity": share.quantity, **{part: getattr(share, part) for part in PARTS}}
            for share in shares
        ],
        reason=asked.reason,
        note=asked.note[:200],
        actor=asked.actor,
        created_at=now,
        done_at=None if waits else now,
    )


def _apply(order: Order, shares: list[Share], amount: int) -> None:
    for share in shares:
        changes: dict[str, Any] = {"refunded": F("refunded") + share.quantity}
        if share.received:
            changes["returned"] = (share.line.returned or 0) + share.received
        OrderLine.objects.filter(id=share.line.id).update(**changes)
    if not amount:  # c has it from its bank
        return
    order.refunded_minor += amount
    everything = order.refunded_minor == order.total_minor
    if order.paid == Order.Paid.DUE:  # nothing was paid yet: there is less to pay, or nothing
        order.paid = Order.Paid.UNPAID if everything else Order.Paid.DUE
    else:
        order.paid = Order.Paid.REFUNDED if everything else Order.Paid.PART_REFUNDED
    order.save(update_fields=["refunded_minor", "paid"])


def _close_if_nothing_is_left(order: Order, actor: str) -> None:
    """End an order all of whose unsent pieces were refunded: S stops sending them."""
    lines = list(order.lines.all())
    if any(line.unsent for line in lines):
        return
    if order.status == Order.Status.PART_SHIPPED:
        order.status = Order.Status.SHIPPED
    elif order.status in (Order.Status.PLACED, Order.Status.PROCESSING) and not any(line.shipped for line in lines):
        order.status, order.closed_at = Order.Status.CANCELLED, clock.now()
        data = {"reason": "refunded"}
        OrderEvent.objects.create(order=order, kind="cancelled", at=order.closed_at, actor=actor, data=data)
    order.save(update_fields=["status", "closed_at"])


def withheld(refund: Refund) -> int:
    """Give what was taken off a refund for the cost of a return."""
    parts = sum(sign * row.get(part, 0) for row in refund.lines for part, sign in PARTS.items())
    return parts + refund.shipping_minor + refund.shipping_tax_minor - refund.amount_minor


def _shop() -> Reseller:
    reseller = context.current()
    assert reseller is not None
    return reseller


def _tell(order: Order, refund: Refund, shares: list[Share], waived: int, bearer: str) -> None:
    shop_id, was_paid = _shop().id, order.paid != Order.Paid.DUE and order.paid != Order.Paid.UNPAID
    by_card, sent = order.method == Order.Method.CARD, bool(refund.amount_minor)
    OrderEvent.objects.create(
        order=order,
        kind=("refund_granted" if was_paid else "due_reduced") if sent else "undone",
        public=sent,
        at=refund.created_at,
        actor=refund.actor,
        data={"amount": refund.amount_minor, "reason": refund.reason} if sent else {"reason": refund.reason},
    )
    publisher.publish(_made(order, refund, shares, waived, bearer))
    if by_card and sent:
        publisher.publish(events.RefundRequested(reseller_id=shop_id, order_number=order.number, refund_id=refund.id))
    if was_paid and sent:
        publisher.publish(*mail.requests(order, "refunded", reseller_id=shop_id, amount_minor=refund.amount_minor))


def _made(order: Order, refund: Refund, shares: list[Share], waived: int, bearer: str) -> events.RefundMade:
    return events.RefundMade(
        reseller_id=_shop().id,
        order_number=order.number,
        refund_id=refund.id,
        refund_key=refund.key,
        currency=order.currency,
        amount_minor=refund.amount_minor,
        shipping_minor=refund.shipping_minor,
        shipping_tax_minor=refund.shipping_tax_minor,
        lines=[_refunded_line(share) for share in shares],
        reason=refund.reason,
        method=order.method,
        fee_tax_minor=reversal.fee_tax(order, sum(share.fee for share in shares)),
        shipping_funded_minor=waived,
        shipping_funder=order.terms.get("shipping_funder", ""),
        withheld_minor=withheld(refund),
        withheld_by=bearer,
    )


def _refunded_line(share: Share) -> events.RefundedLine:
    return events.RefundedLine(
        line_id=share.line.id,
        variant_id=share.line.variant_id,
        quantity=share.quantity,
        wholesale_minor=share.wholesale,
        margin_minor=share.margin,
        fee_minor=share.fee,
        tax_minor=share.tax,
        stop=share.stop,
        received=share.received,
        funded_minor=share.funded,
    )
