"""Change an order after it was placed, while nobody has begun to pick it; stop it, and let it go on.

Each use case locks the shop's order and then S's, so of a change and the start of picking exactly one wins. What a
change costs is said before by ``weigh``; where it costs something else by then, it is refused and said again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.services import bookings
from orders.models import Order, OrderEvent, Refund
from orders.services import closing, mail, refund
from orders.services.writing import Contact
from reseller.models import Shop
from s2b2c.kernel import clock, events, postcodes
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from supplier.models import SalesOrder
from supplier.services import changes as supplier_changes

Status = Order.Status
_BEFORE_PICKING = (Status.PLACED, Status.PROCESSING)
_BEFORE_THE_END = (*_BEFORE_PICKING, Status.PART_SHIPPED)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change means for the money: minor units. ``back``: to the customer, or less to collect from them."""

    total_minor: int
    back_minor: int
    delivery_minor: int
    margin_minor: int
    everything: bool

    @property
    def left_minor(self) -> int:
        """What the order costs the customer afterwards."""
        return self.total_minor - self.back_minor


@transaction.atomic
def weigh(*, order_number: str, pieces: Mapping[int, int]) -> Difference:
    """Say what taking pieces (by line id) off an order means for the money; nothing is written.

    Delivery goes back too where nothing at all is sent.

    :raises NotFound: no such order or line. :raises Refused: no pieces, or more than are still to be sent.
    """
    order = Order.objects.filter(number=order_number).first()
    if order is None:
        raise NotFound()
    everything = _everything(order, pieces)
    weighed = refund.weigh(order_number=order_number, pieces=pieces, shipping=everything)
    if not any(pieces.values()):
        raise Refused("pieces", _("Choose what to take off."), field="pieces")
    return Difference(
        total_minor=order.total_minor - order.refunded_minor,
        back_minor=weighed.amount_minor,
        delivery_minor=weighed.delivery_minor,
        margin_minor=weighed.parts["margin"],
        everything=everything,
    )


def _everything(order: Order, pieces: Mapping[int, int]) -> bool:
    return all(not line.shipped and pieces.get(line.id, 0) == line.unsent for line in order.lines.all())


@transaction.atomic
def cancel_pieces(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    reason: str,
    key: str,
    actor: str,
    expected_minor: int | None = None,
) -> Refund:
    """Take pieces (by line id) off an order before picking: stock free, their money back. Once per ``key``.

    ``expected_minor``: what was said to go back.

    :raises NotFound: no such order or line.
    :raises StateRefused: picking has begun, or it would cost something else than was said.
    :raises Refused: no pieces, or more than are still to be sent.
    """
    order = _locked(order_number)
    made = order.refunds.filter(key=key).first()
    if made is not None:
        return made
    sales = _untouched(order)
    difference = weigh(order_number=order.number, pieces=pieces)
    if expected_minor is not None and difference.back_minor != expected_minor:
        raise StateRefused("changed_meanwhile", _("The order changed meanwhile. Please look at it again."))
    if sales is not None:
        supplier_changes.take_off(sales, {line_id: n for line_id, n in pieces.items() if n})
    _note(order, "taken_off", actor, pieces=sum(pieces.values()), reason=reason)
    granted = refund.grant(
        order_number=order.number,
        pieces=pieces,
        shipping=difference.everything,
        reason=reason,
        key=key,
        actor=actor,
        stopped=sales is not None,
    )
    if order.method != Order.Method.CARD:  # paid by card, the mail about the money says it
        _tell(order, "pieces", left_minor=difference.left_minor)
    return granted


@transaction.atomic
def change_address(*, order_number: str, contact: Contact, actor: str) -> Order:
    """Send an order elsewhere, before picking; its price stays. The same address again changes nothing.

    :raises NotFound: no such order. :raises StateRefused: picking has begun.
    :raises Refused: the shop does not deliver there, or the postcode is none of that country.
    """
    order = _locked(order_number)
    sales = _untouched(order)
    address = {**contact.address(), "phone": contact.phone}
    if order.name == contact.name and order.address == address:
        return order
    if order.terms.get("services"):
        bookings.readdress(reseller_id=_reseller_id(), order_number=order.number)
    shop = Shop.objects.get()
    if shop.countries and contact.country not in shop.countries:
        raise Refused("country", _("This shop does not deliver to this country."), field="country")
    if not postcodes.fits(contact.country, contact.postcode):
        raise Refused("postcode", _("Please check the postcode."), field="postcode")
    order.name, order.address = contact.name, address
    order.save(update_fields=["name", "address"])
    _note(order, "address_changed", actor)
    recipient = {**address, "name": order.name, "email": order.email}
    supplier_changes.readdress(sales, recipient)
    publisher.publish(
        events.AddressChanged(reseller_id=_reseller_id(), order_number=order.number, recipient=recipient)
    )
    _tell(order, "address")
    return order


@transaction.atomic
def hold(*, order_number: str, reason: str, actor: str) -> Order:
    """Let an order stand still: nothing more of it is picked or sent until it goes on. Held already: no change.

    :raises NotFound: no such order. :raises StateRefused: nothing is left to send. :raises Refused: no reason.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    order, sales = _going(order_number)
    if sales is not None and sales.held_by:
        return order
    if sales is not None:
        supplier_changes.hold(sales, by=SalesOrder.HeldBy.SHOP, reason=reason.strip())
    _note(order, "held", actor, public=False, why=reason.strip()[:160])
    _ask(order, held=True, reason=reason.strip()[:160])
    return order


@transaction.atomic
def resume(*, order_number: str, actor: str) -> Order:
    """Let an order go on that the shop stopped. Not held: no change.

    :raises NotFound: no such order. :raises StateRefused: S stopped it.
    """
    order, sales = _going(order_number)
    if sales is not None and not sales.held_by:
        return order
    if sales is not None:
        supplier_changes.resume(sales, by=SalesOrder.HeldBy.SHOP)
    _note(order, "resumed", actor, public=False)
    _ask(order, held=False)
    return order


def _locked(order_number: str) -> Order:
    order = closing.locked(order_number=order_number)
    if order is None:
        raise NotFound()
    return order


def _untouched(order: Order) -> SalesOrder | None:
    """Lock S's side of an order nobody has begun to pick."""
    if order.status not in _BEFORE_PICKING:
        raise StateRefused("too_late", _("This order can no longer be changed."))
    sales = supplier_changes.lock(reseller_id=_reseller_id(), order_number=order.number)
    supplier_changes.require_untouched(sales)
    return sales


def _going(order_number: str) -> tuple[Order, SalesOrder | None]:
    order = _locked(order_number)
    if order.status not in _BEFORE_THE_END:
        raise StateRefused("order_over", _("Nothing of this order is left to send."))
    return order, supplier_changes.lock(reseller_id=_reseller_id(), order_number=order.number)


def _ask(order: Order, *, held: bool, reason: str = "") -> None:
    publisher.publish(
        events.HoldAsked(reseller_id=_reseller_id(), order_number=order.number, held=held, reason=reason)
    )


def _note(order: Order, kind: str, actor: str, *, public: bool = True, **data: object) -> None:
    OrderEvent.objects.create(order=order, kind=kind, at=clock.now(), actor=actor, public=public, data=data)


def _tell(order: Order, what: str, **data: object) -> None:
    publisher.publish(*mail.requests(order, "changed", reseller_id=_reseller_id(), what=what, **data))


def _reseller_id() -> int:
    reseller = context.current()
    if reseller is None:
        raise RuntimeError("orders belong to a shop")
    return reseller.id
