"""Refunds of a payment that c's bank takes back, or may yet: they wait for it, and end with it.

Of what the bank gave back nothing is sent again. What it may still give back waits until it has said who is right:
won, and the refund goes; lost, and c has that money from its bank (``covered``), which makes good who bore the dispute.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent, Refund
from orders.services import mail
from s2b2c.kernel import clock, events, money
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from supplier.selectors import disputes
from supplier.selectors.disputes import Taken

State = Refund.State
OPEN = (State.REQUESTED, State.HELD, State.FAILED)
ASKED = "asked"  # what stands as a refund's error while the provider may have it already


@dataclass(frozen=True, slots=True)
class There:
    """What of a refund can be sent, minor units. ``way_back_minor``: what c really bears of a return, for without it
    more would go; ``bearer``: who bore the lost dispute that took the rest; ``waits``: a dispute is open that may."""

    amount_minor: int
    way_back_minor: int = 0
    bearer: str = ""
    waits: bool = False


def there(order: Order, whole: int, withheld: int, *, as_far: bool) -> There:
    """Say what of a refund can be sent now. Call inside a transaction, the order locked.

    :raises Refused: less than that is there, and ``as_far`` is not enough.
    """
    wanted = whole - withheld
    if order.method != Order.Method.CARD:
        return There(wanted, withheld)
    taken = _taken(order)
    left = order.total_minor - order.refunded_minor - taken.lost_minor
    if not as_far and wanted > left - taken.held_minor:
        message = _("The customer’s bank took this payment back. %(left)s is left to give back.")
        shown = money.format_minor(max(0, left - taken.held_minor), order.currency)
        raise Refused("disputed", message, field="pieces", left=shown)
    amount = max(0, min(wanted, left))
    way_back = max(0, min(whole, left)) - amount
    bearer = taken.bearer if whole > amount + way_back else ""
    return There(amount, way_back, bearer, waits=amount > 0 and amount > left - taken.held_minor)


def after(order: Order) -> None:
    """Bring an order's refunds in line with how its disputes stand now. Call inside a transaction, the order locked.

    One that the provider may have been asked for is left alone: what it answers comes first.
    """
    for refund in order.refunds.select_for_update().filter(state__in=OPEN).order_by("id"):
        if refund.state != State.REQUESTED:
            settle(order, refund)


def settle(order: Order, refund: Refund) -> None:
    """Let a refund that is not done wait, end or go on, as the order's disputes stand. Call so as ``after``."""
    if order.method != Order.Method.CARD:
        return
    if refund.key.startswith("unused:"):
        _settle_unused(order, refund)
        return
    taken = _taken(order)
    too_much = order.refunded_minor + taken.lost_minor - order.total_minor
    if too_much > 0:
        _cover(order, refund, min(too_much, refund.amount_minor), taken.bearer)
    if refund.state == State.COVERED:
        return
    waits = order.refunded_minor + taken.lost_minor + taken.held_minor > order.total_minor
    if waits and refund.state != State.HELD:
        _change(order, refund, State.HELD, "refund_held")
    elif not waits and refund.state == State.HELD:
        _go_on(order, refund)


def _settle_unused(order: Order, refund: Refund) -> None:
    """Do so with the money of a payment no order used: it is nothing of the order's own, and no sale was ever booked."""
    intent = order.payments.get(id=int(refund.note)).payment_intent
    taken = disputes.taken_of_unused(reseller_id=_shop_id(), payment_intent=intent)
    if taken.lost_minor:
        _note(order, refund, "refund_covered", refund.amount_minor)
        refund.amount_minor, refund.done_at = 0, clock.now()
        _change(order, refund, State.COVERED, "")
    elif taken.held_minor and refund.state != State.HELD:
        _change(order, refund, State.HELD, "refund_held")
    elif not taken.held_minor and refund.state == State.HELD:
        _go_on(order, refund, told=True)


def _taken(order: Order) -> Taken:
    return disputes.taken(reseller_id=_shop_id(), order_number=order.number)


def _shop_id() -> int:
    reseller = context.current()
    assert reseller is not None
    return reseller.id


def _cover(order: Order, refund: Refund, minor: int, bearer: str) -> None:
    """Send that much less: c has it from its bank."""
    if minor <= 0:
        return
    refund.amount_minor -= minor
    order.refunded_minor -= minor
    order.paid = Order.Paid.PART_REFUNDED if order.refunded_minor else Order.Paid.PAID
    order.save(update_fields=["refunded_minor", "paid"])
    if refund.amount_minor:
        refund.save(update_fields=["amount_minor"])
    else:
        refund.done_at = clock.now()
        _change(order, refund, State.COVERED, "")
    _note(order, refund, "refund_covered", minor)
    publisher.publish(
        events.RefundCovered(
            reseller_id=_shop_id(),
            order_number=order.number,
            cover_key=f"{refund.key}:bank:{refund.amount_minor}",
            currency=order.currency,
            amount_minor=minor,
            bearer=bearer,
        )
    )


def _go_on(order: Order, refund: Refund, *, told: bool = False) -> None:
    """Have it sent after all; ``told``: c was written to when it was granted."""
    _change(order, refund, State.REQUESTED, "")
    _note(order, refund, "refund_granted", refund.amount_minor, public=True)
    asked = events.RefundRequested(reseller_id=_shop_id(), order_number=order.number, refund_id=refund.id)
    mails = [] if told else mail.requests(order, "refunded", reseller_id=_shop_id(), amount_minor=refund.amount_minor)
    publisher.publish(asked, *mails)


def _change(order: Order, refund: Refund, state: str, kind: str) -> None:
    refund.state, refund.error = state, ""
    refund.save(update_fields=["state", "error", "amount_minor", "done_at"])
    if kind:
        _note(order, refund, kind, refund.amount_minor)


def _note(order: Order, refund: Refund, kind: str, minor: int, *, public: bool = False) -> None:
    data = {"amount": minor, "reason": refund.reason, "refund": refund.id}
    OrderEvent.objects.create(order=order, kind=kind, public=public, at=clock.now(), actor="system", data=data)
