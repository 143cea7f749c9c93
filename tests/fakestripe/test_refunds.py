"""Refunds: whole, in parts, never too much."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe


def test_refund_without_amount_is_whole(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent})
    [charge] = fake.all("charge")
    assert (refund.amount, refund.status, charge["amount_refunded"], charge["refunded"]) == (
        2500,
        "succeeded",
        2500,
        True,
    )


def test_refunds_in_parts_add_up(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    [charge] = fake.all("charge")
    client.v1.refunds.create({"charge": charge["id"], "amount": 1000})
    rest = client.v1.refunds.create({"payment_intent": paid.payment_intent})
    assert rest.amount == 1500
    assert [refund.amount for refund in client.v1.refunds.list({"charge": charge["id"]}).data] == [1500, 1000]


def test_refund_is_booked_without_the_fee(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 1000})
    booked: Any = client.v1.refunds.retrieve(refund.id, {"expand": ["balance_transaction"]}).balance_transaction
    assert (booked.amount, booked.fee, booked.net, booked.type, booked.source) == (
        -1000,
        0,
        -1000,
        "refund",
        refund.id,
    )
    assert [event["type"] for event in fake.all("event")][-2:] == ["refund.created", "charge.refunded"]


def test_refund_above_what_is_left_is_refused(client: stripe.StripeClient, paid: Any) -> None:
    client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 2000})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 501})
    assert (refusal.value.param, refusal.value.code) == ("amount", None)
    assert refusal.value.user_message == "Refund amount ($5.01) is greater than unrefunded amount on charge ($5.00)"


def test_refund_after_whole_refund_is_refused(client: stripe.StripeClient, paid: Any) -> None:
    client.v1.refunds.create({"payment_intent": paid.payment_intent})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"


@pytest.mark.parametrize("amount", [0, -5])
def test_refund_of_nothing_is_refused(client: stripe.StripeClient, paid: Any, amount: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": amount})
    assert refusal.value.code == "parameter_invalid_integer"


def test_unpaid_intent_cannot_be_refunded(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    fake.decline(open_session().id)
    [intent] = fake.all("payment_intent")
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent["id"]})


def test_refund_for_a_reason_stripe_does_not_know_is_refused(client: stripe.StripeClient, paid: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": paid.payment_intent, "reason": "broken"})
    assert refusal.value.param == "reason"
