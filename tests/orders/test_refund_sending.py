"""Refunds on their way out: refused at once, refused days later, sent again."""

from __future__ import annotations

import pytest
from django.test import Client

from orders.models import Order, Refund
from orders.services import cancellation, sending
from s2b2c.kernel.errors import StateRefused
from tests import factories
from tests.fakestripe import FakeStripe
from tests.orders.buying import clean, drain, paid_order

pytestmark = pytest.mark.django_db(transaction=True)


def receive(body: bytes, signature: str) -> int:
    return (
        Client(HTTP_HOST="localhost")
        .post("/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature})
        .status_code
    )


def bank_refuses(provider: FakeStripe, number: int = -1) -> None:
    """Let a refund come back from the bank, as Stripe tells it days later."""
    with provider.world.lock:
        made = provider.world.get(provider.all("refund")[number]["id"], "refund")
        made |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
        charge = provider.world.get(made["charge"], "charge")
        charge |= {"amount_refunded": charge["amount_refunded"] - made["amount"], "refunded": False}
        provider.world.store.put(made)
        provider.world.store.put(charge)
        provider.world.emit("refund.failed", made)
        provider.world.commit()


def cancelled(shop, provider: FakeStripe) -> Order:
    order = paid_order(shop, provider)
    drain()
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="customer")
    drain()
    provider.deliver(receive)
    return order


def only(shop) -> Refund:
    with factories.inside(shop):
        return Refund.objects.get()


def test_refund_the_bank_refuses_days_later_is_failed(shop, provider):
    cancelled(shop, provider)
    assert only(shop).state == Refund.State.DONE
    bank_refuses(provider)
    provider.faults.add("duplicate")
    provider.deliver(receive)
    drain()
    assert only(shop).state == Refund.State.FAILED
    with factories.inside(shop):
        assert only(shop).order.events.filter(kind="refund_failed").count() == 1
    assert clean()


def test_failed_refund_is_sent_again_once(shop, provider):
    order = cancelled(shop, provider)
    bank_refuses(provider)
    provider.deliver(receive)
    drain()
    with factories.context.entered(shop):
        sending.send_again(refund_id=only(shop).id, actor="clerk")
        with pytest.raises(StateRefused):
            sending.send_again(refund_id=only(shop).id, actor="clerk")
    drain()
    with factories.context.entered(shop):
        sending.send(refund_id=only(shop).id)
    assert only(shop).state == Refund.State.DONE
    sent = [made["amount"] for made in provider.all("refund") if made["status"] == "succeeded"]
    assert sent == [order.total_minor]


def test_refund_that_was_sent_is_not_sent_again(shop, provider):
    cancelled(shop, provider)
    with factories.context.entered(shop), pytest.raises(StateRefused):
        sending.send_again(refund_id=only(shop).id, actor="clerk")
    assert len(provider.all("refund")) == 1


def test_refund_refused_for_lack_of_balance_is_sent_again_with_a_new_key(shop, provider):
    order = paid_order(shop, provider)
    drain()
    provider.faults.add("refuse", only="POST /v1/refunds")
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="customer")
    drain()
    assert only(shop).state == Refund.State.FAILED
    provider.faults.clear()
    with factories.context.entered(shop):
        sending.send_again(refund_id=only(shop).id, actor="clerk")
    drain()
    assert only(shop).state == Refund.State.DONE
    assert [made["amount"] for made in provider.all("refund")] == [order.total_minor]
    assert clean()
