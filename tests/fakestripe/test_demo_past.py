"""Payments of the demo's past can be refunded, once, and up to their amount."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from urllib.request import Request, urlopen

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


def test_demos_past_is_in_the_providers_books_at_its_own_time_and_once(settings):
    paid = {"kind": "payment", "at": 1_700_000_000, "id": "pi_demo_x", "amount": 2_500, "currency": "usd"}
    told = [
        {"kind": "dispute_end", "at": 1_700_300_000, "id": "dp_demo_x", "won": True},
        {"kind": "dispute", "at": 1_700_200_000, "id": "dp_demo_x", "payment": "pi_demo_x", "amount": 2_000,
         "reason": "fraudulent", "due": 1_700_900_000},
        {"kind": "refund", "at": 1_700_100_000, "id": "re_demo_x", "payment": "pi_demo_x", "amount": 500, "metadata": {"refund": "7"}},
        paid | {"metadata": {"order_number": "ABCD1234", "reseller": "larder"}, "description": "Larder ABCD1234"},
    ]  # fmt: skip
    with FakeStripe.start() as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
        for _ in range(2):
            body = json.dumps({"told": told}).encode()
            urlopen(Request(f"{fake.url}/_control/past", body, {"Content-Type": "application/json"})).close()
        booked = list(payouts.balance_transactions(since=datetime(2023, 1, 1, tzinfo=UTC)))
        assert [(each.amount_minor, each.reseller_slug or each.order_number) for each in booked][-1] == (
            2_500,
            "larder",
        )
        assert sorted(each.amount_minor for each in booked) == [-2_000, -500, 2_000, 2_500]
        assert disputes.retrieve_dispute("dp_demo_x").state == "won"
        assert fake.deliver(lambda body, signature: 200) == []
