"""Payments that are not finished when the customer is: WeChat's code, debits from a bank account."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted

DEBIT = ["us_bank_account"]


def types(fake: FakeStripe) -> list[str]:
    return [event["type"] for event in fake.all("event")]


@pytest.fixture
def begun(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> Any:
    """A session whose debit was begun and not answered by the bank."""
    session = open_session(allowed_payment_method_types=DEBIT)
    fake.pay(session.id, "us_bank_account")
    return client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})


def test_debit_is_complete_but_unpaid(fake: FakeStripe, begun: Any) -> None:
    assert (begun.status, begun.payment_status) == ("complete", "unpaid")
    assert (begun.payment_intent.status, begun.payment_intent.latest_charge.status) == ("processing", "pending")
    assert types(fake)[-1] == "checkout.session.completed"
    assert fake.all("balance_transaction") == []


def test_debit_succeeds_days_later(fake: FakeStripe, client: stripe.StripeClient, begun: Any) -> None:
    fake.end_payment(begun.id)
    assert client.v1.checkout.sessions.retrieve(begun.id).payment_status == "paid"
    assert types(fake)[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    assert [item["amount"] for item in fake.all("balance_transaction")] == [2_500]
    assert client.v1.refunds.create({"payment_intent": begun.payment_intent.id}).amount == 2_500


def test_debit_fails_days_later(fake: FakeStripe, client: stripe.StripeClient, begun: Any) -> None:
    fake.end_payment(begun.id, failed=True)
    session: Any = client.v1.checkout.sessions.retrieve(begun.id, {"expand": ["payment_intent"]})
    assert (session.payment_status, session.payment_intent.status) == ("unpaid", "requires_payment_method")
    assert types(fake)[-1] == "checkout.session.async_payment_failed"
    assert fake.all("balance_transaction") == []
    with pytest.raises(Exception, match="not processing"):
        fake.end_payment(begun.id)


def test_any_method_can_be_late(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    session = open_session()
    fake.pay(session.id, "alipay", later=True)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


def test_bank_debit_is_offered_where_it_is_switched_on() -> None:
    with FakeStripe.start(bank_debit=True) as fake:
        session = client_of(fake).v1.checkout.sessions.create(wanted())
        assert session.payment_method_types == ["card", "alipay", "wechat_pay", "us_bank_account"]


def test_paid_page_says_that_the_bank_is_not_done(begun: Any, fake: FakeStripe) -> None:
    assert "the bank answers in a few days" in requests.get(f"{fake.url}/c/pay/{begun.id}", timeout=5).text


def test_wechat_shows_a_code_and_goes_on_by_itself(fake: FakeStripe, open_session: Any) -> None:
    session = open_session()
    answer = requests.post(session.url, data={"outcome": "wechat_pay"}, timeout=5)
    assert answer.url == f"{session.url}?scan=1"
    assert 'src="data:image/svg+xml' in answer.text
    assert '<meta http-equiv="refresh" content="3">' in answer.text
    assert fake.all("charge") == []
    fake.pay(session.id, "wechat_pay")  # by the phone
    again = requests.get(answer.url, allow_redirects=False, timeout=5)
    assert again.headers["Location"] == f"http://shop.example/done?session={session.id}"


def test_wechat_code_can_be_confirmed_at_the_page(fake: FakeStripe, open_session: Any) -> None:
    requests.post(open_session().url, data={"outcome": "scanned"}, allow_redirects=False, timeout=5)
    assert [charge["payment_method_details"]["type"] for charge in fake.all("charge")] == ["wechat_pay"]


def test_one_order_can_be_paid_on_two_pages(fake: FakeStripe, open_session: Any) -> None:
    for session in [open_session(client_reference_id="7XK3M2QA") for _ in range(2)]:
        fake.pay(session.id)
    assert [charge["amount"] for charge in fake.all("charge")] == [2_500, 2_500]
