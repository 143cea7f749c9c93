"""Payouts to banks, and Stripe's own books, over HTTP against the fake."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import Any

import pytest

from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayError, GatewayUnavailable, Refused
from supplier.gateways import stripe
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of
from tests.supplier.gateways.paying import charged, sent


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
