"""Webhooks of the payment provider: signed, stored once, and the truth fetched."""

from __future__ import annotations

import pytest
from django.test import Client

from orders.models import Order, Payment
from orders.services import payment
from s2b2c import wiring
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent, WebhookReceipt
from tests import factories
from tests.orders.buying import buy, reread

pytestmark = pytest.mark.django_db(transaction=True)


def receive(body: bytes, signature: str) -> int:
    return (
        Client(HTTP_HOST="localhost")
        .post("/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature})
        .status_code
    )


def paid_session(shop, provider) -> Order:
    order = buy(shop, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
    with factories.inside(shop):
        session = Payment.objects.get().session_id
    provider.pay(session)
    return order


def test_paid_webhook_places_the_order(shop, provider):
    order = paid_session(shop, provider)
    provider.deliver(receive)
    dispatcher.drain(wiring.HANDLERS)
    assert reread(shop, order).paid == Order.Paid.PAID


def test_webhooks_delivered_twice_place_the_order_once(shop, provider):
    order = paid_session(shop, provider)
    provider.faults.add("duplicate")
    provider.deliver(receive)
    dispatcher.drain(wiring.HANDLERS)
    assert reread(shop, order).paid == Order.Paid.PAID
    assert OutboxEvent.objects.filter(topic="OrderPlaced").count() == 1


def test_unsigned_webhook_is_refused_and_not_stored():
    assert receive(b'{"id": "evt_1"}', "t=1,v1=abc") == 400
    assert WebhookReceipt.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"\x00", b"[]", b"null", b"{", "é".encode("latin-1")])
def test_garbage_is_refused_without_an_error(body):
    assert receive(body, "") == 400
