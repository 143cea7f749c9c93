"""What S does when an order changes after it was placed: its address, pieces taken off it, a halt.

The shop's side locks S's order in the transaction of its own change (:func:`lock`), so of a change and the start of
picking exactly one wins. The events that follow say the same again, for orders S had not taken over yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import FulfilmentOrder, OrderNote, SalesOrder
from supplier.services import shortage

State, HeldBy = FulfilmentOrder.State, SalesOrder.HeldBy
_OVER = (SalesOrder.Status.SHIPPED, SalesOrder.Status.CANCELLED)


def lock(*, reseller_id: int, order_number: str) -> SalesOrder | None:
    """Lock S's side of an order, None where S has not taken it over yet. Call inside a transaction."""
    mine = SalesOrder.objects.select_for_update().filter(reseller_id=reseller_id, order_number=order_number)
    return mine.first()


def require_untouched(order: SalesOrder | None) -> None:
    """Check that nobody has begun to pick a locked order.

    :raises StateRefused: somebody has.
    """
    if order is not None and order.fulfilments.exclude(state__in=(State.QUEUED, State.CANCELLED)).exists():
        raise StateRefused("too_late", _("The warehouse is packing this order already."))


def readdress(order: SalesOrder | None, recipient: Mapping[str, Any]) -> None:
    """Send a locked order elsewhere; the same address again changes nothing."""
    if order is None or order.recipient == dict(recipient):
        return
    order.recipient, order.recipient_name = dict(recipient), str(recipient.get("name", ""))[:120]
    order.save(update_fields=["recipient", "recipient_name"])
    _note(order, "readdressed", None, "")


def take_off(order: SalesOrder, pieces: Mapping[int, int]) -> None:
    """Stop sending pieces, by the line as its shop knows it, and free their stock; the order is locked."""
    shortage.drop(order, pieces)
    _note(order, "taken_off", None, "", pieces=sum(pieces.values()))


def hold(order: SalesOrder, *, by: str, reason: str, actor_id: int | None = None) -> None:
    """Let a locked order stand still. Held already: nothing changes.

    :raises StateRefused: everything was sent, or it was cancelled.
    """
    if order.held_by:
        return
    if order.status in _OVER:
        raise StateRefused("order_over", _("Nothing of this order is left to send."))
    order.held_by, order.held_reason, order.held_at = by, reason[:160], clock.now()
    order.save(update_fields=["held_by", "held_reason", "held_at"])
    _note(order, "held", actor_id, reason)


def resume(order: SalesOrder, *, by: str, actor_id: int | None = None) -> None:
    """Let a locked order go on. Not held: nothing changes.

    :raises StateRefused: the other side asked for the halt.
    """
    if not order.held_by:
        return
    if order.held_by != by:
        raise StateRefused("held_by_other", _("The other side stopped this order; only it can let it go on."))
    order.held_by, order.held_reason, order.held_at = "", "", None
    order.save(update_fields=["held_by", "held_reason", "held_at"])
    _note(order, "resumed", actor_id, "")


@transaction.atomic
def hold_at_supplier(*, slug: str, number: str, reason: str, actor_id: int | None) -> SalesOrder:
    """Let an order stand still on behalf of S; its shop hears of it.

    :raises NotFound: no such order. :raises StateRefused: nothing is left to send. :raises Refused: no reason.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    order = _find(slug, number)
    if not order.held_by:
        hold(order, by=HeldBy.SUPPLIER, reason=reason.strip(), actor_id=actor_id)
        publisher.publish(_changed(order, reason.strip()))
    return order


@transaction.atomic
def resume_at_supplier(*, slug: str, number: str, actor_id: int | None) -> SalesOrder:
    """Let an order S stopped go on; its shop hears of it.

    :raises NotFound: no such order. :raises StateRefused: its shop stopped it.
    """
    order = _find(slug, number)
    if order.held_by:
        resume(order, by=HeldBy.SUPPLIER, actor_id=actor_id)
        publisher.publish(_changed(order, ""))
    return order


def hear_of_address(event: events.AddressChanged) -> None:
    """Send an order elsewhere, as its shop asked before S had it. Call inside a transaction."""
    readdress(lock(reseller_id=event.reseller_id, order_number=event.order_number), event.recipient)


def hear_of_hold(event: events.HoldAsked) -> None:
    """Stop an order or let it go on, as its shop asked before S had it. Call inside a transaction."""
    order = lock(reseller_id=event.reseller_id, order_number=event.order_number)
    if order is None or order.status in _OVER:
        return
    if event.held:
        hold(order, by=HeldBy.SHOP, reason=event.reason)
    elif order.held_by == HeldBy.SHOP:
        resume(order, by=HeldBy.SHOP)


def _find(slug: str, number: str) -> SalesOrder:
    found = SalesOrder.objects.select_for_update(of=("self",)).filter(reseller__slug=slug, order_number=number.upper())
    order = found.first()
    if order is None:
        raise NotFound()
    return order


def _changed(order: SalesOrder, reason: str) -> events.HoldChanged:
    return events.HoldChanged(
        reseller_id=order.reseller_id, order_number=order.order_number, held=bool(order.held_by), reason=reason
    )


def _note(order: SalesOrder, kind: str, actor_id: int | None, reason: str, **data: Any) -> None:
    told = {"reason": reason, **data} if reason else data
    OrderNote.objects.create(order=order, kind=kind, actor_id=actor_id, at=clock.now(), data=told)
