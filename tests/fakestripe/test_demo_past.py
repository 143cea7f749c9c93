"""Payments of the demo's past can be refunded, once, and up to their amount."""

from __future__ import annotations

import pytest

from orders.gateways import stripe as gateway
from s2b2c.kernel.errors import Refused
from supplier.gateways import stripe as payouts
from tests.fakestripe import FakeStripe


def test_payment_of_the_demos_past_is_refunded_once(settings):
    with FakeStripe.start() as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
        what = {"payment_intent": "pi_demo_abcd1234_2500_usd", "currency": "USD"}
        assert gateway.refund(**what, amount_minor=2_000, idempotency_key="a").state == "succeeded"
        with pytest.raises(Refused):
            gateway.refund(**what, amount_minor=600, idempotency_key="b")


def test_payment_of_the_demos_past_has_a_charge_to_pay_margins_from(settings):
    with FakeStripe.start() as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
        charge = payouts.charge_of(payment_intent="pi_demo_abcd1234_2500_usd")
        assert [(item["id"], item["amount"]) for item in fake.all("charge")] == [(charge, 2_500)]
