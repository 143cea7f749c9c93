"""Disputes: money leaves at once, evidence goes in once, the bank decides."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe


@pytest.fixture
def dispute(fake: FakeStripe, paid: Any) -> str:
    """A dispute of the whole 25.00 USD."""
    return fake.dispute(fake.all("charge")[0]["id"], "product_not_received")


def booked(client: stripe.StripeClient, dispute: str) -> list[tuple[str, str, int, int]]:
    found = client.v1.balance_transactions.list({"source": dispute}).data
    return [(item.type, item.reporting_category, item.amount, item.fee) for item in reversed(found)]


def types(fake: FakeStripe) -> list[str]:
    return [event["type"] for event in fake.all("event") if "dispute" in event["type"]]


def answer(client: stripe.StripeClient, dispute: str, **params: Any) -> stripe.Dispute:
    return client.v1.disputes.update(dispute, params)  # type: ignore[arg-type]


def test_dispute_takes_the_money_and_a_fee(fake: FakeStripe, client: stripe.StripeClient, dispute: str) -> None:
    found = client.v1.disputes.retrieve(dispute)
    assert (found.status, found.reason, found.amount) == ("needs_response", "product_not_received", 2_500)
    assert [item.net for item in found.balance_transactions] == [-4_000]
    assert booked(client, dispute) == [("adjustment", "dispute", -2_500, 1_500)]
    assert types(fake) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert fake.all("charge")[0]["disputed"]


def test_evidence_is_staged_then_handed_in_once(fake: FakeStripe, client: stripe.StripeClient, dispute: str) -> None:
    staged = answer(client, dispute, evidence={"shipping_tracking_number": "1Z"}, submit=False)
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    sent = answer(client, dispute, evidence={"uncategorized_text": "Delivered."})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (sent.evidence.shipping_tracking_number, sent.evidence.uncategorized_text) == ("1Z", "Delivered.")
    with pytest.raises(stripe.InvalidRequestError):
        answer(client, dispute, evidence={"uncategorized_text": "More."})
    assert types(fake)[2:] == ["charge.dispute.updated"] * 2


def test_won_dispute_returns_the_money_not_the_fee(
    fake: FakeStripe, client: stripe.StripeClient, dispute: str
) -> None:
    fake.decide(dispute, won=True)
    assert client.v1.disputes.retrieve(dispute).status == "won"
    assert booked(client, dispute)[1:] == [("adjustment", "dispute_reversal", 2_500, 0)]
    assert types(fake)[2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
    assert client.v1.refunds.create({"charge": fake.all("charge")[0]["id"]}).amount == 2_500


def test_lost_dispute_is_closed(fake: FakeStripe, client: stripe.StripeClient, dispute: str) -> None:
    fake.decide(dispute, won=False)
    assert client.v1.disputes.retrieve(dispute).status == "lost"
    assert len(booked(client, dispute)) == 1
    for call in (lambda: client.v1.disputes.close(dispute), lambda: answer(client, dispute, evidence={})):
        with pytest.raises(stripe.InvalidRequestError, match="already closed"):
            call()


def test_merchant_may_give_in(client: stripe.StripeClient, dispute: str) -> None:
    assert client.v1.disputes.close(dispute).status == "lost"


def test_dispute_nobody_answers_is_lost(fake: FakeStripe, client: stripe.StripeClient, dispute: str) -> None:
    fake.world.clock = lambda: time.time() + 9 * 24 * 3600 + 1
    assert [(item.status, item.evidence_details.past_due) for item in client.v1.disputes.list().data] == [
        ("lost", True)
    ]


def test_disputed_payment_cannot_be_refunded(fake: FakeStripe, client: stripe.StripeClient, dispute: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": fake.all("charge")[0]["id"]})
    assert refusal.value.code == "charge_disputed"


def test_part_of_a_payment_is_disputed(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    id_ = fake.dispute(fake.all("charge")[0]["id"], amount=900)
    assert client.v1.disputes.retrieve(id_).amount == 900
    assert [item.id for item in client.v1.disputes.list({"payment_intent": paid.payment_intent}).data] == [id_]


def test_payment_without_card_cannot_be_disputed(fake: FakeStripe, open_session: Any) -> None:
    fake.pay(open_session().id, "alipay")
    with pytest.raises(Exception, match="Only a paid card payment"):
        fake.dispute(fake.all("charge")[0]["id"])


def test_evidence_in_files_or_too_long_is_refused(client: stripe.StripeClient, dispute: str) -> None:
    for evidence in ({"receipt": "file_1"}, {"uncategorized_text": "x" * 150_001}, {"colour": "red"}):
        with pytest.raises(stripe.InvalidRequestError):
            answer(client, dispute, evidence=evidence)
    assert client.v1.disputes.retrieve(dispute).status == "needs_response"
