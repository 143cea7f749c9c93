"""Disputes over HTTP against the fake, by the official library."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from s2b2c.kernel.errors import GatewayUnavailable, NotFound, StateRefused
from supplier.gateways import disputes
from supplier.gateways.disputes import Evidence
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
        yield running


@pytest.fixture
def dispute(fake: FakeStripe) -> str:
    """A dispute of an order of 25.00 USD."""
    marks = {"order_number": "7XK3M2QA", "reseller": "lin"}
    session = client_of(fake).v1.checkout.sessions.create(wanted(payment_intent_data={"metadata": marks}))
    fake.pay(session.id)
    return fake.dispute(fake.all("charge")[0]["id"], "product_not_received")


def test_new_dispute_tells_the_order_and_what_it_took(fake: FakeStripe, dispute: str) -> None:
    fact = disputes.retrieve_dispute(dispute)
    assert (fact.state, fact.reason, fact.amount_minor, fact.currency) == (
        "needs_response",
        "product_not_received",
        2_500,
        "USD",
    )
    assert (fact.order_number, fact.reseller_slug, fact.can_answer) == ("7XK3M2QA", "lin", True)
    assert (fact.taken_minor, fact.fee_minor, fact.taken_currency) == (4_000, 1_500, "USD")
    assert fact.due_at is not None
    assert round((fact.due_at - fact.created_at).total_seconds()) == 9 * 24 * 3600


def test_disputes_of_a_payment_are_found(fake: FakeStripe, dispute: str) -> None:
    fact = disputes.retrieve_dispute(dispute)
    assert disputes.disputes_of(payment_intent=fact.payment_intent) == (fact,)


def test_evidence_is_kept_then_handed_in(fake: FakeStripe, dispute: str) -> None:
    kept = disputes.submit_evidence(dispute_id=dispute, evidence=Evidence(shipping_tracking_number="1Z"))
    assert (kept.state, kept.submissions) == ("needs_response", 0)
    sent = disputes.submit_evidence(dispute_id=dispute, evidence=Evidence(shipping_carrier="DHL"), final=True)
    assert (sent.state, sent.submissions) == ("under_review", 1)
    assert sent.evidence == {"shipping_tracking_number": "1Z", "shipping_carrier": "DHL"}
    with pytest.raises(StateRefused):
        disputes.submit_evidence(dispute_id=dispute, evidence=Evidence(shipping_carrier="UPS"), final=True)


def test_evidence_whose_answer_was_lost_is_handed_in_once(fake: FakeStripe, dispute: str) -> None:
    fake.faults.add("timeout", only="POST /v1/disputes", times=3)
    evidence = Evidence(uncategorized_text="Delivered.")
    with pytest.raises(GatewayUnavailable):
        disputes.submit_evidence(dispute_id=dispute, evidence=evidence, final=True)
    sent = disputes.submit_evidence(dispute_id=dispute, evidence=evidence, final=True)
    assert (sent.state, sent.submissions) == ("under_review", 1)
    assert disputes.submit_evidence(dispute_id=dispute, evidence=evidence, final=True) == sent


def test_won_dispute_gave_back_all_but_the_fee(fake: FakeStripe, dispute: str) -> None:
    fake.decide(dispute, won=True)
    fact = disputes.retrieve_dispute(dispute)
    assert (fact.state, fact.over, fact.taken_minor, fact.fee_minor) == ("won", True, 1_500, 1_500)
    with pytest.raises(StateRefused):
        disputes.accept_dispute(dispute)


def test_dispute_is_accepted_once(fake: FakeStripe, dispute: str) -> None:
    assert disputes.accept_dispute(dispute).state == "lost"
    assert disputes.accept_dispute(dispute).state == "lost"
    assert [event["type"] for event in fake.all("event")].count("charge.dispute.closed") == 1


def test_dispute_nobody_answered_is_lost(fake: FakeStripe, dispute: str) -> None:
    fake.world.clock = lambda: time.time() + 10 * 24 * 3600
    assert disputes.retrieve_dispute(dispute).state == "lost"


@pytest.mark.usefixtures("fake")
def test_unknown_dispute_is_not_found() -> None:
    with pytest.raises(NotFound):
        disputes.retrieve_dispute("dp_none")
