"""Money sent to resellers and taken back, once per key, over HTTP against the fake."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from s2b2c.kernel.errors import GatewayError, GatewayUnavailable, NotFound, Refused
from supplier.gateways import stripe
from supplier.gateways.facts import BalanceFact
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted
from tests.supplier.gateways.paying import charged, opened, sent

TWO_DAYS = 2 * 24 * 3600 + 1


def test_transfer_is_a_fact(rich: FakeStripe, lin: str) -> None:
    made = sent(lin, metadata={"payout": "7"}, description="November")
    assert (made.account_id, made.amount_minor, made.currency, made.reversed_minor) == (lin, 3_000, "USD", 0)
    assert (made.group, made.source_charge, made.idempotency_key) == ("run-7", "", "payout:7")
    assert made.metadata == {"payout": "7", "idempotency_key": "payout:7"}
    assert stripe.retrieve_transfer(made.transfer_id) == made
    assert stripe.balance(account_id=lin) == (BalanceFact("USD", 3_000, 0),)


def test_transfer_of_a_key_happens_once_though_answers_are_lost(rich: FakeStripe, lin: str) -> None:
    rich.faults.add("timeout", only="POST /v1/transfers", times=3)
    with pytest.raises(GatewayUnavailable):
        sent(lin)
    made = [sent(lin) for _ in range(2)]
    assert made[0] == made[1]
    assert [item["id"] for item in rich.all("transfer")] == [made[0].transfer_id]


def test_lost_transfer_is_found_by_its_key(rich: FakeStripe, lin: str) -> None:
    sent(lin, idempotency_key="other")
    with pytest.raises(NotFound):
        stripe.find_transfer(account_id=lin, group="run-7", idempotency_key="payout:7")
    made = sent(lin)
    assert stripe.find_transfer(account_id=lin, group="run-7", idempotency_key="payout:7") == made


def test_transfer_of_a_key_happens_once_though_stripe_forgot_the_key(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    rich.world.clock = lambda: time.time() + 25 * 3600
    assert sent(lin) == made
    assert len(rich.all("transfer")) == 1


def test_key_with_other_content_is_a_bug(rich: FakeStripe, lin: str) -> None:
    sent(lin)
    with pytest.raises(GatewayError):
        sent(lin, amount_minor=3_001)
    assert len(rich.all("transfer")) == 1


def test_transfer_above_the_balance_is_refused_until_money_comes_and_the_attempt_is_counted(
    fake: FakeStripe, lin: str
) -> None:
    with pytest.raises(Refused) as refusal:
        sent(lin)
    assert (refusal.value.code, refusal.value.status) == ("balance_insufficient", 409)
    fake.add_funds(3_000)
    with pytest.raises(Refused):  # the key still says what it said first
        sent(lin)
    assert sent(lin, attempt=2).amount_minor == 3_000
    assert sent(lin, attempt=3).amount_minor == 3_000
    assert len(fake.all("transfer")) == 1


def test_error_stripe_remembers_is_passed_by_the_next_attempt(rich: FakeStripe, lin: str) -> None:
    rich.faults.add("broken", only="POST /v1/transfers")
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            sent(lin)
    assert rich.all("transfer") == []
    assert sent(lin, attempt=2).amount_minor == 3_000


def test_account_that_is_not_ready_gets_nothing(rich: FakeStripe) -> None:
    with pytest.raises(Refused) as refusal:
        sent(opened().account_id)
    assert refusal.value.code == "account_not_ready"


def test_transfer_of_a_payment_may_be_pending(fake: FakeStripe, lin: str) -> None:
    charge = stripe.charge_of(payment_intent=charged(fake))
    made = sent(lin, amount_minor=1_500, source_charge=charge)
    assert made.source_charge == charge
    assert (stripe.balance(), stripe.balance(account_id=lin)) == (
        (BalanceFact("USD", 0, 897),),
        (BalanceFact("USD", 0, 1_500),),
    )
    with pytest.raises(Refused) as refusal:
        sent(lin, amount_minor=1_001, source_charge=charge, idempotency_key="b")
    assert refusal.value.code == "source_exceeded"
    fake.world.clock = lambda: time.time() + TWO_DAYS
    assert stripe.balance(account_id=lin) == (BalanceFact("USD", 1_500, 0),)


def test_payment_that_was_not_made_has_no_charge(fake: FakeStripe) -> None:
    fake.decline(client_of(fake).v1.checkout.sessions.create(wanted()).id)
    with pytest.raises(NotFound):
        stripe.charge_of(payment_intent=fake.all("payment_intent")[0]["id"])


def test_amounts_of_a_currency_stripe_counts_otherwise_are_ours(fake: FakeStripe, lin: str) -> None:
    fake.add_funds(50_000, "isk")  # 500 krónur, which Stripe sends with two decimals and we have none of
    made = sent(lin, amount_minor=200, currency="ISK")
    assert (made.amount_minor, fake.all("transfer")[0]["amount"]) == (200, 20_000)
    assert stripe.balance(account_id=lin) == (BalanceFact("ISK", 200, 0),)


# reversals


def test_transfer_is_reversed_in_parts(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    part = stripe.reverse(transfer_id=made.transfer_id, amount_minor=1_000, idempotency_key="r1")
    assert (part.amount_minor, part.transfer_id, part.idempotency_key) == (1_000, made.transfer_id, "r1")
    assert stripe.retrieve_transfer(made.transfer_id) == replace(made, reversed_minor=1_000)
    with pytest.raises(Refused) as refusal:
        stripe.reverse(transfer_id=made.transfer_id, amount_minor=2_001, idempotency_key="r2")
    assert refusal.value.code == "reversal_too_large"
    stripe.reverse(transfer_id=made.transfer_id, amount_minor=2_000, idempotency_key="r3")
    assert stripe.find_reversal(transfer_id=made.transfer_id, idempotency_key="r1") == part


def test_reversal_of_a_key_happens_once_whatever_is_lost_or_forgotten(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    again = {"transfer_id": made.transfer_id, "amount_minor": 3_000, "idempotency_key": "r"}
    rich.faults.add("timeout", only="POST /v1/transfers/*/reversals", times=3)
    with pytest.raises(GatewayUnavailable):
        stripe.reverse(**again)
    first = stripe.reverse(**again)
    rich.world.clock = lambda: time.time() + 25 * 3600
    assert stripe.reverse(**again) == first
    assert len(rich.all("transfer_reversal")) == 1
    with pytest.raises(GatewayError):
        stripe.reverse(**again | {"amount_minor": 2_999})


def test_reversal_of_money_that_left_is_refused(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    rich.pay_out(lin)
    with pytest.raises(Refused) as refusal:
        stripe.reverse(transfer_id=made.transfer_id, amount_minor=1, idempotency_key="r")
    assert refusal.value.code == "balance_insufficient"
    assert stripe.retrieve_transfer(made.transfer_id).reversed_minor == 0


def test_refused_reversal_can_be_tried_again_as_another_attempt(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    again: dict[str, Any] = {"transfer_id": made.transfer_id, "amount_minor": 3_000, "idempotency_key": "r"}
    rich.faults.add("refuse", only="POST /v1/transfers/*/reversals")
    for _ in range(2):  # Stripe remembers
        with pytest.raises(Refused) as refusal:
            stripe.reverse(**again)
        assert refusal.value.code == "balance_insufficient"
    assert stripe.reverse(**again, attempt=2).amount_minor == 3_000
