"""Transfers, reversals, payouts, and the balances on both sides."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import express

TWO_DAYS = 2 * 24 * 3600 + 1


def money_of(client: stripe.StripeClient, account: str = "") -> tuple[int, int]:
    """(available, pending) in US dollars"""
    balance = client.v1.balance.retrieve({}, {"stripe_account": account} if account else {})
    return balance.available[0].amount, balance.pending[0].amount


def send(client: stripe.StripeClient, seller: str, **params: Any) -> stripe.Transfer:
    return client.v1.transfers.create(
        {"currency": "usd", "destination": seller, **params}  # type: ignore[typeddict-item]
    )


@pytest.fixture
def charge(fake: FakeStripe, paid: Any) -> str:
    """A paid charge of 25.00 USD."""
    return fake.all("charge")[0]["id"]


def test_transfer_moves_what_is_available(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(10_000)
    made = send(client, seller, amount=3_000, transfer_group="run-1", metadata={"key": "p1"})
    assert (made.amount, made.reversed, made.source_transaction, made.metadata.to_dict()) == (
        3_000,
        False,
        None,
        {"key": "p1"},
    )
    assert (money_of(client), money_of(client, seller)) == ((7_000, 0), (3_000, 0))
    assert [item.id for item in client.v1.transfers.list({"transfer_group": "run-1"}).data] == [made.id]
    assert client.v1.transfers.list({"destination": "acct_none"}).data == []


def test_transfer_above_what_is_available_is_refused(
    fake: FakeStripe, client: stripe.StripeClient, seller: str, paid: Any
) -> None:
    assert money_of(client) == (0, 2_397)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        send(client, seller, amount=100)
    assert (refusal.value.code, refusal.value.http_status, refusal.value.param) == ("balance_insufficient", 400, None)
    fake.world.clock = lambda: time.time() + TWO_DAYS
    assert send(client, seller, amount=100).amount == 100


def test_transfer_of_a_charge_waits_for_its_money(
    fake: FakeStripe, client: stripe.StripeClient, seller: str, charge: str
) -> None:
    made = send(client, seller, amount=1_500, source_transaction=charge)
    assert (made.source_transaction, made.destination_payment is not None) == (charge, True)
    assert (money_of(client), money_of(client, seller)) == ((0, 897), (0, 1_500))
    fake.world.clock = lambda: time.time() + TWO_DAYS
    assert (money_of(client), money_of(client, seller)) == ((897, 0), (1_500, 0))


def test_transfers_of_a_charge_stay_within_it(client: stripe.StripeClient, seller: str, charge: str) -> None:
    first = send(client, seller, amount=1_500, source_transaction=charge)
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed the source amount"):
        send(client, seller, amount=1_001, source_transaction=charge)
    client.v1.transfers.reversals.create(first.id, {"amount": 500})
    assert send(client, seller, source_transaction=charge).amount == 1_500


def test_transfer_takes_the_group_of_its_charge(fake: FakeStripe, client: Any, seller: str, open_session: Any) -> None:
    fake.pay(open_session(payment_intent_data={"transfer_group": "lin/7X"}).id)
    made = send(client, seller, source_transaction=fake.all("charge")[0]["id"])
    assert (made.amount, made.transfer_group) == (2_500, "lin/7X")


@pytest.mark.parametrize(
    ("params", "param", "code"),
    [
        ({"amount": 0}, "amount", "parameter_invalid_integer"),
        ({}, "amount", "parameter_missing"),
        ({"amount": 5, "destination": "acct_none"}, "destination", "resource_missing"),
        ({"amount": 5, "source_transaction": "ch_none"}, "source_transaction", "resource_missing"),
        ({"amount": 5, "source_type": "card"}, "source_type", "fake_not_served"),
        ({"amount": 5, "currency": "eur"}, None, "balance_insufficient"),
    ],
)
def test_impossible_transfer_is_refused(
    fake: FakeStripe, client: Any, seller: str, params: dict[str, Any], param: str | None, code: str
) -> None:
    fake.add_funds(100)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        send(client, seller, **params)
    assert (refusal.value.param, refusal.value.code) == (param, code)
    assert money_of(client) == (100, 0)


def test_transfer_in_another_currency_than_its_charge_is_refused(client: Any, seller: str, charge: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="must be the same"):
        send(client, seller, amount=5, currency="eur", source_transaction=charge)


def test_account_that_is_not_ready_gets_nothing(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.add_funds(100)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        send(client, express(client).id, amount=5)
    assert refusal.value.code == "insufficient_capabilities_for_transfer"


def test_reversal_brings_money_back(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    made = send(client, seller, amount=1_000)
    back = client.v1.transfers.reversals.create(made.id, {"amount": 400, "metadata": {"key": "r1"}})
    made = client.v1.transfers.retrieve(made.id)
    assert (made.amount_reversed, made.reversed, [item.id for item in made.reversals.data]) == (400, False, [back.id])
    assert (money_of(client), money_of(client, seller)) == ((400, 0), (600, 0))
    client.v1.transfers.reversals.create(made.id)
    assert client.v1.transfers.retrieve(made.id).reversed
    assert client.v1.transfers.reversals.retrieve(made.id, back.id).metadata["key"] == "r1"  # type: ignore[index]
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        client.v1.transfers.reversals.create(made.id)


def test_reversal_above_the_transfer_is_refused(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    made = send(client, seller, amount=500)
    send(client, seller, amount=500)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(made.id, {"amount": 501})
    assert (refusal.value.param, refusal.value.code) == ("amount", None)


def test_reversal_of_money_that_was_paid_out_is_refused(
    fake: FakeStripe, client: stripe.StripeClient, seller: str
) -> None:
    fake.add_funds(1_000)
    made = send(client, seller, amount=1_000)
    fake.pay_out(seller)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(made.id, {"amount": 1})
    assert refusal.value.code == "balance_insufficient"
    assert (money_of(client), client.v1.transfers.retrieve(made.id).amount_reversed) == ((0, 0), 0)


def test_reversal_of_pending_money_is_pending(client: stripe.StripeClient, seller: str, charge: str) -> None:
    made = send(client, seller, source_transaction=charge)
    client.v1.transfers.reversals.create(made.id)
    assert (money_of(client), money_of(client, seller)) == ((0, 2_397), (0, 0))


def test_reversal_can_be_refused_on_demand(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    made = send(client, seller, amount=1_000)
    fake.faults.add("refuse", only="/v1/transfers/*/reversals")
    for _ in range(2):  # the key remembers the refusal
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.transfers.reversals.create(made.id, {"amount": 1}, {"idempotency_key": "k"})
        assert refusal.value.code == "balance_insufficient"
    assert client.v1.transfers.reversals.create(made.id, {"amount": 1}, {"idempotency_key": "k2"}).amount == 1


def test_each_side_lists_its_own_transactions(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    made = send(client, seller, amount=800)
    client.v1.transfers.reversals.create(made.id, {"amount": 300})
    fake.take_fee(50)
    ours = client.v1.balance_transactions.list().data
    assert [(item.type, item.reporting_category, item.net) for item in reversed(ours)] == [
        ("topup", "topup", 1_000),
        ("transfer", "transfer", -800),
        ("transfer_refund", "transfer_reversal", 300),
        ("stripe_fee", "fee", -50),
    ]
    theirs = client.v1.balance_transactions.list({}, {"stripe_account": seller}).data
    assert [(item.type, item.net) for item in reversed(theirs)] == [("payment", 800), ("payment_refund", -300)]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.retrieve(theirs[0].id)


def test_transactions_are_listed_by_time_type_and_source_over_pages(
    fake: FakeStripe, client: stripe.StripeClient, seller: str
) -> None:
    fake.add_funds(10_000)
    fake.world.clock = lambda: time.time() + 60
    made = [send(client, seller, amount=10) for _ in range(7)]
    since = {"created": {"gte": int(time.time()) + 59}, "limit": 3}
    found = list(client.v1.balance_transactions.list(since).auto_paging_iter())  # type: ignore[arg-type]
    assert [item.source for item in found] == [item.id for item in reversed(made)]
    [one] = client.v1.balance_transactions.list({"source": made[3].id}).data
    assert one.id == made[3].balance_transaction
    assert len(client.v1.balance_transactions.list({"type": "topup"}).data) == 1


def payouts_of(client: stripe.StripeClient, seller: str) -> list[stripe.Payout]:
    return client.v1.payouts.list({}, {"stripe_account": seller}).data


def test_payout_is_created_and_paid(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    send(client, seller, amount=1_000)
    made = client.v1.payouts.create({"amount": 700, "currency": "usd"}, {"stripe_account": seller})
    assert (made.status, made.automatic, money_of(client, seller)) == ("pending", False, (300, 0))
    fake.world.clock = lambda: time.time() + 24 * 3600 + 1
    assert [item.status for item in payouts_of(client, seller)] == ["paid"]
    events = client.v1.events.list({"types": ["payout.created", "payout.paid"]}, {"stripe_account": seller}).data
    assert [(event.type, event.account) for event in events] == [("payout.paid", seller), ("payout.created", seller)]
    assert client.v1.events.list({"type": "payout.paid"}).data == []  # not the platform's


def test_automatic_payout_lists_what_it_carries(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    send(client, seller, amount=600)
    [id_] = fake.pay_out(seller)
    listed = client.v1.balance_transactions.list({"payout": id_}, {"stripe_account": seller}).data
    assert [(item.type, item.net) for item in listed] == [("payout", -600), ("payment", 600)]


def test_failed_payout_comes_back_and_wants_another_bank(
    fake: FakeStripe, client: stripe.StripeClient, seller: str
) -> None:
    fake.add_funds(1_000)
    send(client, seller, amount=1_000)
    [id_] = fake.pay_out(seller)
    fake.end_payout(id_)
    fake.end_payout(id_, "account_closed")  # Stripe may take back what it called paid
    failed = client.v1.payouts.retrieve(id_, {}, {"stripe_account": seller})
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert money_of(client, seller) == (1_000, 0)
    account = client.v1.accounts.retrieve(seller)
    assert account.requirements is not None
    assert (account.payouts_enabled, account.requirements.currently_due) == (False, ["external_account"])
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 1, "currency": "usd"}, {"stripe_account": seller})
    assert refusal.value.code == "payouts_not_allowed"
    fake.onboard(seller)
    assert client.v1.payouts.create({"amount": 1, "currency": "usd"}, {"stripe_account": seller}).status == "pending"


def test_payout_above_what_is_available_is_refused(fake: FakeStripe, client: Any, seller: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 1, "currency": "usd"}, {"stripe_account": seller})
    assert refusal.value.code == "balance_insufficient"


def test_pending_payout_is_cancelled_once(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.add_funds(1_000)
    made = client.v1.payouts.create({"amount": 400, "currency": "usd"})
    assert client.v1.payouts.cancel(made.id).status == "canceled"
    assert money_of(client) == (1_000, 0)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.cancel(made.id)


def test_keys_belong_to_an_account(fake: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    fake.add_funds(1_000)
    send(client, seller, amount=500)
    params: Any = {"amount": 100, "currency": "usd"}
    ours = client.v1.payouts.create(params, {"idempotency_key": "k"})
    theirs = client.v1.payouts.create(params, {"idempotency_key": "k", "stripe_account": seller})
    assert ours.id != theirs.id
    assert client.v1.payouts.create(params, {"idempotency_key": "k", "stripe_account": seller}).id == theirs.id
