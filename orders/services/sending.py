"""Send granted refunds through the payment provider, and hear what became of them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.gateways import stripe as gateway
from orders.models import Order, OrderEvent, Payment, Refund
from orders.services import disputed, mail
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context


def send(*, refund_id: int) -> None:
    """Send a granted refund through the provider, idempotent by its key; the decision stays if it fails.

    After a refusal each try has a key of its own, for the provider answers an old one with the old refusal; what
    was sent under an older key after all is looked for first.

    :raises Unavailable: the provider did not answer; the caller tries again.
    """
    found = _to_send(refund_id)
    if found is None:
        return
    refund, payment, failures = found
    reseller = context.current()
    assert reseller is not None
    keys = [f"refund:{reseller.id}:{refund.id}" + (f":{tried}" if tried else "") for tried in range(failures + 1)]
    try:
        fact = gateway.refund(
            payment_intent=payment.payment_intent,
            amount_minor=refund.amount_minor,
            currency=refund.order.currency,
            idempotency_key=keys[-1],
            earlier_keys=keys[:-1],
            reason=refund.reason,
            metadata={"reseller": reseller.slug, "order_number": refund.order.number, "refund": str(refund.id)},
        )
    except gateway.GatewayUnavailable:
        raise
    except Refused as refused:
        _note_failed(refund, str(refused))
        return
    if fact.state in ("failed", "canceled"):
        _note_failed(refund, fact.state)
        return
    note_sent(refund_id=refund.id, provider_id=fact.refund_id)


@transaction.atomic
def _to_send(refund_id: int) -> tuple[Refund, Payment, int] | None:
    """Give a refund that is to be sent, with its payment and how often it failed; a dispute may keep it back.

    That it is asked for now is written first: what the provider may have already is not changed by a dispute.
    """
    order = Order.objects.select_for_update().get(refunds__id=refund_id)
    refund = Refund.objects.select_for_update().get(id=refund_id)
    refund.order = order
    if refund.state == Refund.State.REQUESTED and refund.error != disputed.ASKED:
        disputed.settle(order, refund)
    if refund.state != Refund.State.REQUESTED:
        return None
    if refund.error != disputed.ASKED:
        refund.error = disputed.ASKED
        refund.save(update_fields=["error"])
    return refund, _payment_for(refund), _failures(refund)


@transaction.atomic
def send_again(*, refund_id: int, actor: str) -> Refund:
    """Send a refund again that the provider or a bank refused.

    :raises NotFound: no such refund.
    :raises StateRefused: it did not fail, or is being sent again already.
    """
    refund = Refund.objects.select_for_update(of=("self",)).select_related("order").filter(id=refund_id).first()
    if refund is None:
        raise NotFound()
    if refund.state != Refund.State.FAILED:
        raise StateRefused("refund_state", _("This refund is on its way already."))
    refund.state, refund.error = Refund.State.REQUESTED, ""
    refund.save(update_fields=["state", "error"])
    OrderEvent.objects.create(
        order=refund.order,
        kind="refund_granted",
        public=False,
        at=clock.now(),
        actor=actor,
        data={"amount": refund.amount_minor, "reason": refund.reason},
    )
    reseller = context.current()
    assert reseller is not None
    publisher.publish(
        events.RefundRequested(reseller_id=reseller.id, order_number=refund.order.number, refund_id=refund.id)
    )
    return refund


def check(*, refund_id: int) -> None:
    """Ask the provider what became of a refund that was sent, and make it ours: a bank may refuse it days later.

    :raises Unavailable: the provider did not answer; nothing changed.
    """
    with context.reading():
        refund = Refund.objects.select_related("order").filter(id=refund_id, state=Refund.State.DONE).first()
    if refund is None or not refund.provider_id:
        return
    fact = gateway.retrieve_refund(refund.provider_id)
    if fact.state in ("failed", "canceled"):
        _note_failed(refund, fact.state)


def _failures(refund: Refund) -> int:
    """Give how often a refund failed: each further try needs a key the provider doesn't know."""
    return OrderEvent.objects.filter(order_id=refund.order_id, kind="refund_failed", data__refund=refund.id).count()


@transaction.atomic
def note_sent(*, refund_id: int, provider_id: str) -> None:
    """Note that the money of a granted refund was sent; a second time changes nothing."""
    refund = Refund.objects.select_for_update().get(id=refund_id)
    if refund.state != Refund.State.REQUESTED:
        return
    now = clock.now()
    refund.state, refund.provider_id, refund.done_at, refund.error = Refund.State.DONE, provider_id, now, ""
    refund.save(update_fields=["state", "provider_id", "done_at", "error"])
    OrderEvent.objects.create(order_id=refund.order_id, kind="refunded", at=now, data={"amount": refund.amount_minor})


def note_returned(event: events.BankRefundReturned) -> None:
    """A transfer came back: the shop sees it, c is asked for another account. Call inside a transaction."""
    refund = Refund.objects.select_related("order").get(id=event.refund_id)
    data = {"amount": refund.amount_minor, "error": event.reason, "refund": refund.id}
    OrderEvent.objects.create(
        order=refund.order, kind="refund_returned", public=False, at=clock.now(), actor="supplier", data=data
    )
    told = {"amount_minor": refund.amount_minor, "again": True}
    publisher.publish(*mail.requests(refund.order, "refunded", reseller_id=event.reseller_id, **told))


def _payment_for(refund: Refund) -> Payment:
    if refund.key.startswith("unused:"):
        return Payment.objects.get(id=int(refund.note))
    return refund.order.payments.get(state=Payment.State.PAID)


@transaction.atomic
def _note_failed(refund: Refund, error: str) -> None:
    """Note, once, that the money of a refund did not go: the office shows it, and may send it again.

    Where c's bank took the payment back it never will, or not yet: it ends or waits with the dispute.
    """
    order = Order.objects.select_for_update().get(id=refund.order_id)
    if not Refund.objects.filter(id=refund.id, state=refund.state).update(state=Refund.State.FAILED, error=error):
        return
    OrderEvent.objects.create(
        order=refund.order,
        kind="refund_failed",
        public=False,
        at=clock.now(),
        data={"error": error, "refund": refund.id},
    )
    disputed.settle(order, Refund.objects.get(id=refund.id))
