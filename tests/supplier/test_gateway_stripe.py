"""The payout gateway speaks to the fake over HTTP as it would to Stripe, also when all goes wrong."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayError, GatewayUnavailable, NotFound, Refused
from supplier.gateways import stripe
from supplier.gateways.facts import BalanceFact
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted

BACK = {"return_url": "http://office.example/back", "refresh_url": "http://office.example/again"}
TWO_DAYS = 2 * 24 * 3600 + 1


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
        yield running


def opened(**changes: str) -> stripe.AccountFact:
    """Open Lin's account."""
    arguments = {
        "reseller_slug": "lin",
        "country": "US",
        "currency": "USD",
        "email": "lin@shop.example",
        "name": "Lin's Tea",
        "url": "https://lin.example.com",
        "idempotency_key": "account:7",
    }
    return stripe.create_account(**arguments | changes)


@pytest.fixture
def lin(fake: FakeStripe) -> str:
    """The id of an account that can be paid."""
    account = opened()
    fake.onboard(account.account_id)
    return account.account_id


@pytest.fixture
def rich(fake: FakeStripe) -> FakeStripe:
    """A fake where S has 1,000.00 USD available."""
    fake.add_funds(100_000)
    return fake


def sent(lin: str, **changes: Any) -> stripe.TransferFact:
    """Send 30.00 USD to Lin."""
    arguments = {
        "account_id": lin,
        "amount_minor": 3_000,
        "currency": "USD",
        "group": "run-7",
        "idempotency_key": "payout:7",
    }
    return stripe.transfer(**arguments | changes)


def charged(fake: FakeStripe, currency: str = "usd", amount: int = 2_500) -> str:
    """Let a customer pay; give the payment intent."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Thing"}}
    session = client_of(fake).v1.checkout.sessions.create(wanted(line_items=[{"quantity": 1, "price_data": price}]))
    fake.pay(session.id)
    return fake.all("payment_intent")[-1]["id"]


# accounts


def test_new_account_is_not_ready_and_says_what_is_due(fake: FakeStripe) -> None:
    account = opened()
    assert (account.ready, account.details_submitted, account.reseller_slug) == (False, False, "lin")
    assert (account.country, account.currency, account.email) == ("US", "USD", "lin@shop.example")
    assert "external_account" in account.due
    assert (account.disabled_reason, account.bank) == ("requirements.past_due", "")


@pytest.mark.usefixtures("fake")
def test_same_account_again_is_the_same_account() -> None:
    assert opened() == opened()


def test_account_whose_answer_was_lost_is_found(fake: FakeStripe) -> None:
    began = clock.now() - dt.timedelta(seconds=5)
    fake.faults.add("timeout", only="/v1/accounts", times=3)
    with pytest.raises(GatewayUnavailable):
        opened()
    found = stripe.find_account(reseller_slug="lin", since=began)
    assert [account["id"] for account in fake.all("account")] == [found.account_id]
    with pytest.raises(NotFound):
        stripe.find_account(reseller_slug="ann", since=began)


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("changes", "code"), [({"country": "CN"}, "country")])
def test_account_stripe_does_not_open_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        opened(**changes)
    assert (refusal.value.code, refusal.value.field, refusal.value.status) == (code, "country", 422)


def test_onboarded_account_is_ready(fake: FakeStripe, lin: str) -> None:
    account = stripe.retrieve_account(lin)
    assert (account.ready, account.due, account.disabled_reason) == (True, (), "")
    assert account.bank == "STRIPE TEST BANK ···· 6789"


def test_account_asked_for_more_is_not_ready(fake: FakeStripe, lin: str) -> None:
    fake.require(lin, "individual.id_number")
    account = stripe.retrieve_account(lin)
    assert (account.ready, account.details_submitted, account.due) == (False, True, ("individual.id_number",))


def test_onboarding_link_is_a_page_for_some_minutes(fake: FakeStripe) -> None:
    link = stripe.onboarding_link(account_id=opened().account_id, **BACK)
    assert link.url.startswith(f"{fake.url}/setup/e/acct_")
    assert 0 < (link.expires_at - clock.now()).total_seconds() <= 300


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    "call",
    [
        lambda: stripe.retrieve_account("acct_none"),
        lambda: stripe.onboarding_link(account_id="acct_none", **BACK),
        lambda: sent("acct_none"),
        lambda: stripe.retrieve_transfer("tr_none"),
        lambda: stripe.reverse(transfer_id="tr_none", amount_minor=1, idempotency_key="r"),
        lambda: stripe.retrieve_payout(account_id="acct_none", payout_id="po_none"),
        lambda: stripe.balance(account_id="acct_none"),
        lambda: stripe.charge_of(payment_intent="pi_none"),
        lambda: list(stripe.balance_transactions(since=clock.now(), account_id="acct_none")),
    ],
)
def test_what_is_not_there_is_not_found(call: Callable[[], Any]) -> None:
    with pytest.raises(NotFound):
        call()


# transfers


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


# payouts to a bank, and the books


def test_payout_to_the_bank_is_followed(rich: FakeStripe, lin: str) -> None:
    sent(lin)
    arguments: dict[str, Any] = {"account_id": lin, "amount_minor": 2_000, "currency": "USD", "idempotency_key": "p"}
    made = stripe.create_payout(**arguments)
    assert (made.state, made.amount_minor, made.automatic) == ("pending", 2_000, False)
    rich.world.clock = lambda: time.time() + 25 * 3600
    paid = stripe.retrieve_payout(account_id=lin, payout_id=made.payout_id)
    assert paid == replace(made, state="paid")
    assert stripe.create_payout(**arguments) == paid
    with pytest.raises(GatewayError):
        stripe.create_payout(**arguments | {"amount_minor": 1})
    with pytest.raises(Refused) as refusal:
        stripe.create_payout(**arguments | {"idempotency_key": "q"})
    assert refusal.value.code == "balance_insufficient"


def test_failed_payout_says_why_and_stops_the_next(rich: FakeStripe, lin: str) -> None:
    sent(lin)
    [id_] = rich.pay_out(lin)
    rich.end_payout(id_, "account_closed")
    [made] = stripe.payouts(account_id=lin)
    assert (made.state, made.failure_code, made.automatic) == ("failed", "account_closed", True)
    assert stripe.retrieve_account(lin).ready is False
    with pytest.raises(Refused) as refusal:
        stripe.create_payout(account_id=lin, amount_minor=1, currency="USD", idempotency_key="p")
    assert refusal.value.code == "payouts_not_allowed"


def test_books_tell_each_kind_once_over_pages(fake: FakeStripe, lin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "PAGE", 2)
    began = clock.now() - dt.timedelta(seconds=2)
    intent = charged(fake)
    charge = stripe.charge_of(payment_intent=intent)
    made = sent(lin, amount_minor=1_000, source_charge=charge)
    stripe.reverse(transfer_id=made.transfer_id, amount_minor=400, idempotency_key="r")
    client_of(fake).v1.refunds.create({"payment_intent": intent, "amount": 100})
    fake.decide(fake.dispute(charge), won=True)
    fake.add_funds(5_000)
    fake.take_fee(200)
    [out] = fake.pay_out()
    fake.end_payout(out, "no_account")
    booked = list(stripe.balance_transactions(since=began))
    assert [(item.kind, item.net_minor) for item in reversed(booked)] == [
        ("charge", 2_397),
        ("transfer", -1_000),
        ("transfer_reversal", 400),
        ("refund", -100),
        ("dispute", -3_900),
        ("dispute_reversal", 2_400),
        ("topup", 5_000),
        ("fee", -200),
        ("payout", -3_200),
        ("payout_reversal", 3_200),
    ]
    assert len({item.id for item in booked}) == 10
    assert [item.source for item in booked if item.kind == "transfer"] == [made.transfer_id]
    assert sum(item.net_minor for item in booked) == sum(
        side.available_minor + side.pending_minor for side in stripe.balance()
    )


def test_books_are_read_from_a_time_for_a_source_and_for_an_account(rich: FakeStripe, lin: str) -> None:
    made = sent(lin)
    began = clock.now() - dt.timedelta(minutes=1)
    [one] = stripe.balance_transactions(since=began, source=made.transfer_id)
    assert (one.id, one.amount_minor, one.available) == (made.balance_transaction, -3_000, True)
    assert [item.type for item in stripe.balance_transactions(since=began, type_="topup")] == ["topup"]
    assert list(stripe.balance_transactions(since=clock.now() + dt.timedelta(minutes=1))) == []
    assert list(stripe.balance_transactions(since=began, until=began)) == []
    assert [item.net_minor for item in stripe.balance_transactions(since=began, account_id=lin)] == [3_000]


def test_line_that_breaks_between_pages_rises(rich: FakeStripe, lin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "PAGE", 1)
    sent(lin)
    books = stripe.balance_transactions(since=clock.now() - dt.timedelta(minutes=1))
    next(books)
    rich.faults.add("error", times=0)
    with pytest.raises(GatewayUnavailable):
        next(books)


# trouble


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "status": 500},
        {"kind": "error", "status": 503},
        {"kind": "error", "status": 429},
        {"kind": "timeout"},
    ],
)
def test_short_trouble_is_passed_by_the_library(rich: FakeStripe, lin: str, fault: dict[str, Any]) -> None:
    rich.faults.add(**fault, only="POST /v1/transfers")
    if fault.get("status") == 429:  # the library gives up on too many calls at once
        with pytest.raises(GatewayUnavailable):
            sent(lin)
    assert sent(lin).amount_minor == 3_000
    assert len(rich.all("transfer")) == 1


@pytest.mark.parametrize("kind", ["error", "broken", "busy", "timeout"])
def test_lasting_trouble_is_unavailable_and_moves_nothing_twice(rich: FakeStripe, lin: str, kind: str) -> None:
    rich.faults.add(kind, times=0)
    with pytest.raises(GatewayUnavailable):
        sent(lin)
    rich.faults.clear()
    assert sent(lin, attempt=2).amount_minor == 3_000
    assert len(rich.all("transfer")) == 1


def test_one_call_in_three_failing_moves_everything_once(rich: FakeStripe, lin: str) -> None:
    for kind in ("error", "timeout"):
        rich.faults.add(kind, times=0, percent=15, only="/v1/transfers")
    for number in range(10):
        for _ in range(10):
            try:
                sent(lin, idempotency_key=f"payout:{number}", amount_minor=100 + number)
                break
            except GatewayUnavailable:
                continue
    rich.faults.clear()
    assert sorted(item["amount"] for item in rich.all("transfer")) == [100 + number for number in range(10)]


def test_refusal_nobody_expects_is_a_bug(rich: FakeStripe, lin: str) -> None:
    rich.faults.add("refuse", only="POST /v1/transfers", code="account_unexplained")
    with pytest.raises(GatewayError):
        sent(lin)


def test_wrong_key_is_a_setting(rich: FakeStripe, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    with pytest.raises(GatewayError):
        stripe.balance()


def test_without_a_key_nothing_is_sent(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(GatewayUnavailable):
        stripe.balance()
