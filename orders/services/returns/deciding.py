"""Decide on a return: b within its rights, S as it likes, c may think better of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from orders.models import ReturnRequest
from orders.selectors import returns as selectors
from orders.services.returns import closing, requesting, states
from s2b2c.kernel import events, ids
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.outbox import publisher

SUPPLIER = "supplier"
State = ReturnRequest.State
# Who answers for pieces b lets c keep. Up to its limit S stands for its own goods without seeing them.
_KEPT_FAULT = {"mind": "reseller", "defect": "supplier", "wrong": "supplier", "lost": "carrier"}


@transaction.atomic
def approve(
    *, number: str, actor: str, answer: str = "", keep: bool = False, shipping: bool = False, fault: str = ""
) -> ReturnRequest:
    """Let a return come; with ``keep`` c keeps the pieces and is served at once. Again changes nothing.

    ``shipping``: what delivery cost goes back too. ``fault`` of kept pieces is S's to say.

    :raises NotFound: no such return.
    :raises StateRefused: decided otherwise before, or it is S who decides.
    :raises Refused: ``limit``: b gives money back without the pieces for small amounts only.
    """
    back = states.locked(number)
    if back.state == State.APPROVED and back.keep == keep:
        return back
    if actor != SUPPLIER:
        _check_rights(back, keep=keep)
    states.step(back, State.APPROVED, actor=actor, answer=answer[:300], keep=keep, shipping=shipping)
    publisher.publish(states.approved_event(back))
    if keep:
        closing.close(back, fault=fault or _KEPT_FAULT[back.reason], actor=actor)
    return back


def _check_rights(back: ReturnRequest, *, keep: bool) -> None:
    policy = selectors.policy(back.order)
    if policy.approval == "supplier":
        raise StateRefused("not_yours", _("The supplier decides on returns; it has been told."))
    if keep and selectors.worth(back) > policy.keep_below_minor:
        raise Refused("limit", _("Above your limit the pieces have to come back, or the supplier decides."))


@transaction.atomic
def refuse(*, number: str, actor: str, answer: str) -> ReturnRequest:
    """Turn a return down, with a reason c reads. Again changes nothing.

    :raises NotFound: no such return.
    :raises StateRefused: it was decided otherwise, or it is S who decides.
    :raises Refused: no reason.
    """
    back = states.locked(number)
    if back.state == State.REFUSED:
        return back
    if actor != SUPPLIER and selectors.policy(back.order).approval == "supplier":
        raise StateRefused("not_yours", _("The supplier decides on returns; it has been told."))
    if not answer.strip():
        raise Refused("answer", _("Say why, in a few words."), field="answer")
    return _end(back, State.REFUSED, actor, answer)


@transaction.atomic
def withdraw(*, number: str, actor: str, answer: str = "") -> ReturnRequest:
    """Give a return up before anything was sent. Again changes nothing.

    :raises NotFound: no such return.
    :raises StateRefused: it is on its way, or over.
    """
    back = states.locked(number)
    if back.state == State.WITHDRAWN:
        return back
    return _end(back, State.WITHDRAWN, actor, answer)


def _end(back: ReturnRequest, state: str, actor: str, answer: str) -> ReturnRequest:
    states.step(back, state, actor=actor, answer=answer[:300])
    publisher.publish(
        events.ReturnRefused(
            reseller_id=states.shop_id(),
            order_number=back.order.number,
            number=back.number,
            outcome=state,
            answer=back.answer,
        )
    )
    return back


def take_asked(event: events.ReturnAsked) -> None:
    """Do what S decided. Where b or c was faster, what they did stands. Call inside a transaction."""
    try:
        if event.action == "open":
            whole, single = requesting.apart(event)
            requesting.request(
                order_number=event.order_number, pieces=whole, parts=single,
                wish=event.wish, reason=event.reason, actor=SUPPLIER, note=event.answer,
                id_=ids.return_id_of(event.number),
            )  # fmt: skip
            approve(number=event.number, actor=SUPPLIER)
        elif event.action == "approve":
            approve(number=event.number, actor=SUPPLIER, answer=event.answer, keep=event.keep, fault=event.fault)
        elif event.action == "refuse":
            refuse(number=event.number, actor=SUPPLIER, answer=event.answer)
        elif event.action == "withdraw":
            withdraw(number=event.number, actor=SUPPLIER, answer=event.answer)
        elif event.action == "lapse":
            _lapse(event.number)
    except Refused:
        return


def _lapse(number: str) -> None:
    """End a return nobody sent. One that is decided anew, or on its way, goes on."""
    back = states.locked(number)
    if back.state != State.APPROVED or back.tracking:
        return
    with translation.override(back.order.language):
        answer = _("It was not sent for a long time. If it is on its way all the same, please write to us.")
        withdraw(number=number, actor=requesting.RULE, answer=str(answer))
