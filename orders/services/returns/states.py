"""The steps a return can take, and what each tells: the timeline, c by mail, S by an event."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent, ReturnRequest
from orders.services import mail
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context

State = ReturnRequest.State
TRANSITIONS: dict[str, set[str]] = {
    State.REQUESTED: {State.APPROVED, State.REFUSED, State.WITHDRAWN},
    State.APPROVED: {State.SHIPPED, State.RECEIVED, State.INSPECTED, State.WITHDRAWN, State.CLOSED},
    State.SHIPPED: {State.RECEIVED, State.INSPECTED},
    State.RECEIVED: {State.INSPECTED},
    State.INSPECTED: {State.CLOSED},
    State.CLOSED: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}
OPEN = (State.REQUESTED, State.APPROVED, State.SHIPPED, State.RECEIVED, State.INSPECTED)


def locked(number: str) -> ReturnRequest:
    """Lock the order of a return, then the return. Call inside a transaction.

    :raises NotFound: this shop has none of this number.
    """
    id_ = ids.return_id_of(number)
    order_id = ReturnRequest.objects.filter(id=id_).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound()
    Order.objects.select_for_update().get(id=order_id)
    return ReturnRequest.objects.select_for_update(of=("self",)).select_related("order").get(id=id_)


def step(back: ReturnRequest, state: str, *, actor: str, **changes: Any) -> None:
    """Take a declared step: the row, the timeline, a mail to c. Call inside a transaction.

    :raises StateRefused: it can't be taken from here; nothing is changed.
    """
    if state not in TRANSITIONS[back.state]:
        raise StateRefused("return_state", _("This return is past that step."))
    back.state, back.changed_at = state, clock.now()
    for name, value in changes.items():
        setattr(back, name, value)
    back.save(update_fields=["state", "changed_at", *changes])
    tell(back, actor=actor)


def tell(back: ReturnRequest, *, actor: str, **data: Any) -> None:
    """Note the state a return is in on its order's timeline, and write to c."""
    told = {"return": back.number, "wish": back.wish, "why": back.reason, "answer": back.answer, **data}
    OrderEvent.objects.create(
        order=back.order, kind=f"return_{back.state}", at=back.changed_at, actor=actor[:80], data=told
    )
    if back.state == State.INSPECTED:  # closed follows at once, and says it all
        return
    publisher.publish(
        *mail.requests(back.order, "return", reseller_id=shop_id(), step=back.state, keep=back.keep, **told)
    )


def shop_id() -> int:
    """Give the shop we are in."""
    reseller = context.current()
    assert reseller is not None
    return reseller.id


def approved_event(back: ReturnRequest) -> events.ReturnApproved:
    """Say that it may come."""
    return events.ReturnApproved(
        reseller_id=shop_id(),
        order_number=back.order.number,
        number=back.number,
        keep=back.keep,
        answer=back.answer,
    )
