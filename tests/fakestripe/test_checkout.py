"""A checkout session's life, and its money."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import wanted


def line(amount: int, currency: str = "usd") -> list[dict[str, Any]]:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Thing"}}
    return [{"quantity": 1, "price_data": price}]


def test_new_session_is_open_and_unpaid(fake: FakeStripe, open_session: Callable[..., Any]) -> None:
    session = open_session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (2500, "usd")
    assert session.url == f"{fake.url}/c/pay/{session.id}"


def test_payment_completes_the_session(client: stripe.StripeClient, paid: Any) -> None:
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = client.v1.payment_intents.retrieve(paid.payment_intent, {"expand": ["latest_charge"]})
    assert (intent.status, intent.amount_received) == ("succeeded", 2500)
    charge: Any = intent.latest_charge
    assert (charge.paid, charge.payment_method_details.type, charge.id[:3]) == (True, "card", "ch_")


def test_alipay_is_a_payment_without_card(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    session = open_session()
    fake.pay(session.id, "alipay")
    [charge] = client.v1.charges.list().data
    assert (charge.id[:3], charge.payment_method_details.type) == ("py_", "alipay")


def test_metadata_reaches_intent_and_charge(fake: FakeStripe, open_session: Any) -> None:
    session = open_session(metadata={"o": "1"}, payment_intent_data={"metadata": {"o": "2"}, "transfer_group": "g"})
    fake.pay(session.id)
    [intent], [charge] = fake.all("payment_intent"), fake.all("charge")
    assert [session.metadata["o"], intent["metadata"], charge["metadata"]] == ["1", {"o": "2"}, {"o": "2"}]
    assert (intent["transfer_group"], charge["transfer_group"]) == ("g", "g")


def test_declined_card_leaves_the_session_open_for_another_try(
    fake: FakeStripe, client: Any, open_session: Any
) -> None:
    session = open_session()
    fake.decline(session.id)
    declined = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (declined.status, declined.payment_intent.last_payment_error.code) == ("open", "card_declined")
    fake.pay(session.id)
    assert [charge["status"] for charge in fake.all("charge")] == ["failed", "succeeded"]
    assert len(fake.all("payment_intent")) == 1


def test_payment_twice_charges_once(fake: FakeStripe, paid: Any) -> None:
    fake.pay(paid.id)
    assert len(fake.all("charge")) == 1


def test_expired_session_cannot_be_paid(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    session = client.v1.checkout.sessions.expire(open_session().id)
    assert (session.status, session.url) == ("expired", None)
    fake.pay(session.id)
    assert fake.all("charge") == []


def test_paid_session_cannot_be_expired(client: stripe.StripeClient, paid: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r'status in \["open"\] can be expired.*`complete`'):
        client.v1.checkout.sessions.expire(paid.id)


def test_session_ends_by_itself(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    session = open_session()
    fake.world.clock = lambda: time.time() + 3601
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event["type"] for event in fake.all("event")] == ["checkout.session.expired"]


def test_either_payment_or_expiry_wins(fake: FakeStripe, client: stripe.StripeClient, open_session: Any) -> None:
    session = open_session()
    payers = [threading.Thread(target=fake.pay, args=(session.id,)) for _ in range(8)]
    for payer in payers:
        payer.start()
    try:
        client.v1.checkout.sessions.expire(session.id)
        ended = "expired"
    except stripe.InvalidRequestError:
        ended = "complete"
    for payer in payers:
        payer.join()
    assert client.v1.checkout.sessions.retrieve(session.id).status == ended
    assert len(fake.all("charge")) == (1 if ended == "complete" else 0)


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url", "url_invalid"),
        ({"customer_email": "lin"}, "customer_email", "email_invalid"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]", "resource_missing"),
        ({"line_items": line(49)}, None, "amount_too_small"),
        ({"line_items": line(399, "hkd")}, None, "amount_too_small"),
        ({"line_items": line(100_000_000)}, None, "amount_too_large"),
        ({"line_items": line(550, "isk")}, "line_items", None),
        ({"line_items": line(100, "usd") + line(100, "eur")}, "line_items", None),
        ({"line_items": line(100) * 101}, "line_items", None),
        ({"expires_at": 1}, "expires_at", None),
        ({"expires_at": 9_999_999_999}, "expires_at", None),
        ({"allowed_payment_method_types": ["ideal"]}, "allowed_payment_method_types", None),
        ({"mode": "subscription"}, "mode", "fake_not_served"),
    ],
)
def test_impossible_session_is_refused(
    client: stripe.StripeClient, changes: dict[str, Any], param: str | None, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(wanted(**changes))
    assert (refusal.value.param, refusal.value.code) == (param, code)


@pytest.mark.parametrize(
    ("currency", "allowed", "offered"),
    [
        ("usd", None, ["card", "alipay", "wechat_pay"]),
        ("myr", None, ["card", "alipay"]),
        ("brl", None, ["card"]),
        ("cny", ["wechat_pay", "card"], ["wechat_pay", "card"]),
    ],
)
def test_methods_follow_currency_and_permission(
    open_session: Any, currency: str, allowed: list[str] | None, offered: list[str]
) -> None:
    session = open_session(line_items=line(5000, currency), allowed_payment_method_types=allowed)
    assert session.payment_method_types == offered


def test_charge_is_booked_less_its_fee_and_available_later(
    fake: FakeStripe, client: stripe.StripeClient, paid: Any
) -> None:
    [booked] = client.v1.balance_transactions.list().data
    assert (booked.amount, booked.fee, booked.net, booked.status, booked.type) == (
        2500,
        103,
        2397,
        "pending",
        "charge",
    )
    fake.world.clock = lambda: time.time() + 2 * 24 * 3600 + 1
    assert client.v1.balance_transactions.retrieve(booked.id).status == "available"


def test_line_items_are_listed(client: stripe.StripeClient, open_session: Any) -> None:
    items = client.v1.checkout.sessions.line_items.list(open_session().id).data
    assert [(item.description, item.quantity, item.amount_total) for item in items] == [("Tea pot <b>", 2, 2500)]
