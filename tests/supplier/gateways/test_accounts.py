"""Accounts of resellers, over HTTP against the fake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayUnavailable, NotFound, Refused
from supplier.gateways import stripe
from tests.fakestripe import FakeStripe
from tests.supplier.gateways.paying import opened, sent

BACK = {"return_url": "http://office.example/back", "refresh_url": "http://office.example/again"}


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
