"""Payments of the demo's past can be refunded, once, and up to their amount."""

from __future__ import annotations

import time

import pytest

from orders.gateways import stripe as gateway
from s2b2c.kernel.errors import Refused
from supplier.gateways import disputes
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


def test_open_dispute_of_the_demos_past_can_be_answered_once(settings):
    due = int(time.time()) + 86_400
    known = f"dp_demo_abcd1234_2500_usd_{due}_product_unacceptable_juniper-row"
    with FakeStripe.start() as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
        said = disputes.Evidence(uncategorized_text="It left as ordered.")
        fact = disputes.submit_evidence(dispute_id=known, evidence=said, final=True)
        assert (fact.state, fact.order_number, fact.reseller_slug) == ("under_review", "ABCD1234", "juniper-row")
        assert (fact.amount_minor, fact.reason, int(fact.due_at.timestamp())) == (2_500, "product_unacceptable", due)
        with pytest.raises(Refused):
            disputes.submit_evidence(dispute_id=known, evidence=disputes.Evidence(customer_name="M"), final=True)


def test_dispute_of_the_demos_past_is_of_a_payment_that_was_refunded_before(settings):
    known = f"dp_demo_abcd1234_2500_usd_{int(time.time()) + 86_400}_fraudulent_larder"
    with FakeStripe.start() as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
        gateway.refund(
            payment_intent="pi_demo_abcd1234_2500_usd", currency="USD", amount_minor=500, idempotency_key="a"
        )
        assert disputes.accept_dispute(known).state == "lost"
        assert [item["metadata"]["reseller"] for item in fake.all("charge")] == ["larder"]
