"""A bank that takes days: the order waits with its stock, and ends by itself either way."""

from __future__ import annotations

import pytest
from django.test import Client

from orders import tasks
from orders.models import Order, Payment
from orders.services import payment
from supplier.models import Reservation
from tests import factories
from tests.orders.buying import buy, clean, drain, free, later, payment_session, reread

pytestmark = pytest.mark.django_db(transaction=True)


def receive(body: bytes, signature: str) -> int:
    asked = Client(HTTP_HOST="localhost").post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return asked.status_code


def told(provider) -> None:
    provider.faults.add("duplicate")
    provider.deliver(receive)
    drain()


@pytest.fixture
def order(shop, provider) -> Order:
    """An order whose customer is done, and whose bank is not."""
    made = buy(shop, 3, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=made.token)
    provider.pay(payment_session(shop), later=True)
    told(provider)
    return made


def test_order_whose_bank_takes_days_keeps_its_stock(shop, order):
    with later(minutes=60 * 24 * 2):
        tasks.expire_holds()
    order = reread(shop, order)
    assert (order.status, free(shop)) == (Order.Status.PENDING, 7)
    assert Reservation.objects.get().expires_at == order.expires_at
    with factories.inside(shop):
        assert order.events.filter(kind="payment_processing").count() == 1


def test_order_is_placed_when_the_bank_pays_at_last(shop, provider, order):
    provider.end_payment(payment_session(shop))
    told(provider)
    order = reread(shop, order)
    assert (order.status, order.paid) == (Order.Status.PROCESSING, Order.Paid.PAID)
    assert clean()


def test_order_ends_at_once_when_the_bank_refuses(shop, provider, order):
    provider.end_payment(payment_session(shop), failed=True)
    told(provider)
    with factories.inside(shop):
        assert Payment.objects.get().state == Payment.State.EXPIRED
    assert (reread(shop, order).status, free(shop)) == (Order.Status.EXPIRED, 10)
    assert clean()


def test_bank_that_never_answers_frees_the_stock_by_rule(shop, order):
    with later(minutes=60 * 97):
        tasks.expire_holds()
    assert (reread(shop, order).status, free(shop)) == (Order.Status.EXPIRED, 10)
