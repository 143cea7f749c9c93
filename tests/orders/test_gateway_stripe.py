"""The gateway speaks to the fake over HTTP as it would to Stripe."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe as library
from pytest_django import Settings

from orders.gateways import stripe
from orders.gateways.stripe import CheckoutLine
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.gateways import amounts, connection
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, express


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY = running.api_key
        settings.STRIPE_API_BASE = running.url
        settings.STRIPE_WEBHOOK_SECRET = running.secret
        yield running


def wanted(**changes: Any) -> dict[str, Any]:
    """The arguments of a checkout over 25.00 USD."""
    return {
        "order_number": "7XK3M2QA",
        "reseller_slug": "lin",
        "amount_minor": 2500,
        "currency": "USD",
        "lines": [CheckoutLine("Tea pot", 2, 2000), CheckoutLine("Delivery", 1, 500)],
        "success_url": "http://lin.localhost/order/7XK3M2QA",
        "cancel_url": "http://lin.localhost/cart",
        "expires_at": clock.now() + dt.timedelta(minutes=15),
        "idempotency_key": "checkout-7XK3M2QA",
        **changes,
    }


def only_session(fake: FakeStripe) -> dict[str, Any]:
    [session] = fake.all("checkout.session")
    return session


@pytest.fixture
def paid(fake: FakeStripe) -> stripe.PaymentFact:
    page = stripe.create_checkout(**wanted())
    fake.pay(page.session_id)
    return stripe.retrieve_checkout(page.session_id)


def test_checkout_opens_a_page_that_says_whose_it_is(fake: FakeStripe) -> None:
    page = stripe.create_checkout(**wanted(shop_name="Lin’s Tea", email="c@shop.example", locale="zh-hans"))
    session = only_session(fake)
    assert (page.session_id, page.url) == (session["id"], session["url"])
    assert session["metadata"] == {"order_number": "7XK3M2QA", "reseller": "lin"}
    assert (session["client_reference_id"], session["amount_total"], session["currency"]) == ("7XK3M2QA", 2500, "usd")
    assert (session["locale"], session["customer_email"]) == ("zh", "c@shop.example")
    assert session["branding_settings"]["display_name"] == "Lin’s Tea"


def test_same_checkout_again_is_the_same_page(fake: FakeStripe) -> None:
    """Also later: nothing that is sent depends on the time of the call."""
    arguments = wanted()
    first = stripe.create_checkout(**arguments)
    time.sleep(1.1)
    assert stripe.create_checkout(**arguments) == first
    assert len(fake.all("checkout.session")) == 1


def test_page_outlives_the_hold_by_stripes_shortest_life(fake: FakeStripe) -> None:
    hold = clock.now() + dt.timedelta(minutes=15)
    stripe.create_checkout(**wanted(expires_at=hold))
    assert only_session(fake)["expires_at"] == int((hold + dt.timedelta(minutes=30)).timestamp()) + 1


def test_page_for_a_very_long_hold_gets_stripes_longest_life(fake: FakeStripe) -> None:
    stripe.create_checkout(**wanted(expires_at=clock.now() + dt.timedelta(days=3)))
    assert abs(only_session(fake)["expires_at"] - time.time() - 24 * 3600) < 5


def test_checkout_for_a_hold_that_is_over_is_refused(fake: FakeStripe) -> None:
    with pytest.raises(Refused) as refusal:
        stripe.create_checkout(**wanted(expires_at=clock.now()))
    assert (refusal.value.code, refusal.value.status) == ("hold_over", 409)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ([CheckoutLine("Pot", 2, 2500)], [("Pot", 2, 2500)]),
        ([CheckoutLine("Pot", 3, 2500)], [("3 × Pot", 1, 2500)]),
        ([CheckoutLine("Pot", 1, 3000), CheckoutLine("Voucher", 1, -500)], [("7XK3M2QA", 1, 2500)]),
        ([CheckoutLine(f"Pot {n}", 1, 5) for n in range(500)], [("7XK3M2QA", 1, 2500)]),
        ([CheckoutLine("x" * 300, 1, 2500)], [("x" * 250, 1, 2500)]),
    ],
)
def test_lines_are_shown_as_stripe_can(
    fake: FakeStripe, lines: list[CheckoutLine], shown: list[tuple[str, int, int]]
) -> None:
    stripe.create_checkout(**wanted(lines=lines))
    items = fake.world.store.objects[only_session(fake)["id"]]["_line_items"]["data"]
    assert [(item["description"], item["quantity"], item["amount_total"]) for item in items] == shown


@pytest.mark.parametrize("lines", [[], [CheckoutLine("Pot", 1, 2499)]])
def test_lines_that_do_not_sum_are_a_bug(lines: list[CheckoutLine]) -> None:
    with pytest.raises(ValueError):
        stripe.create_checkout(**wanted(lines=lines))


@pytest.mark.parametrize(
    ("amount", "email", "code", "status"),
    [
        (49, "", "amount_too_small", 409),
        (100_000_000, "", "amount_too_large", 409),
        (2500, "c@shop", "email", 422),
    ],
)
def test_what_a_person_can_change_is_refused(
    fake: FakeStripe, amount: int, email: str, code: str, status: int
) -> None:
    arguments = wanted(amount_minor=amount, lines=[CheckoutLine("Pot", 1, amount)], email=email)
    with pytest.raises(Refused) as refusal:
        stripe.create_checkout(**arguments)
    assert (refusal.value.code, refusal.value.status) == (code, status)


def test_methods_are_limited(fake: FakeStripe) -> None:
    stripe.create_checkout(**wanted(methods=("alipay", "card")))
    assert only_session(fake)["payment_method_types"] == ["alipay", "card"]


def test_open_checkout_is_a_fact_without_payment(fake: FakeStripe) -> None:
    page = stripe.create_checkout(**wanted())
    fact = stripe.retrieve_checkout(page.session_id)
    assert (fact.state, fact.order_number, fact.reseller_slug) == ("open", "7XK3M2QA", "lin")
    assert (fact.amount_minor, fact.currency, fact.payment_intent, fact.fee_minor) == (2500, "USD", "", None)


def test_declined_checkout_is_still_open(fake: FakeStripe) -> None:
    page = stripe.create_checkout(**wanted())
    fake.decline(page.session_id)
    fact = stripe.retrieve_checkout(page.session_id)
    assert (fact.state, fact.method, fact.fee_minor) == ("open", "card", None)


def test_paid_checkout_has_method_and_fee(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    [intent], [charge] = fake.all("payment_intent"), fake.all("charge")
    assert (paid.state, paid.amount_minor, paid.method) == ("paid", 2500, "card")
    assert (paid.fee_minor, paid.fee_currency) == (103, "USD")
    assert (paid.payment_intent, paid.charge) == (intent["id"], charge["id"])
    assert (intent["metadata"], intent["transfer_group"]) == (dict(paid.metadata), "lin/7XK3M2QA")


def test_customer_done_but_money_not_there_is_processing(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    fake.world.store.objects[paid.session_id]["payment_status"] = "unpaid"
    assert stripe.retrieve_checkout(paid.session_id).state == "processing"


def test_debit_is_processing_until_the_bank_answers(fake: FakeStripe) -> None:
    page, refused = (
        stripe.create_checkout(**wanted(idempotency_key=key, methods=["us_bank_account"])) for key in "ab"
    )
    for each in (page, refused):
        fake.pay(each.session_id, "us_bank_account")
        assert stripe.retrieve_checkout(each.session_id).state == "processing"
    fake.end_payment(page.session_id)
    fake.end_payment(refused.session_id, failed=True)
    assert stripe.retrieve_checkout(page.session_id).state == "paid"
    assert stripe.retrieve_checkout(refused.session_id).state == "expired"


def test_event_of_a_connected_account_names_it(fake: FakeStripe) -> None:
    account = express(client_of(fake)).id
    fake.onboard(account)
    taken: list[stripe.EventFact] = []
    fake.deliver(lambda body, signature: taken.append(stripe.parse_event(body, signature)) or 200)
    assert [(fact.type, fact.account, fact.object_id) for fact in taken] == [("account.updated", account, account)]


def test_unknown_checkout_is_not_found(fake: FakeStripe) -> None:
    with pytest.raises(NotFound):
        stripe.retrieve_checkout("cs_test_none")


def test_expiry_ends_an_open_page(fake: FakeStripe) -> None:
    page = stripe.create_checkout(**wanted())
    assert stripe.expire_checkout(page.session_id).state == "expired"
    assert stripe.expire_checkout(page.session_id).state == "expired"
    fake.pay(page.session_id)
    assert fake.all("charge") == []


def test_expiry_after_payment_tells_of_the_payment(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    assert stripe.expire_checkout(paid.session_id) == paid


def test_refunds_in_parts_up_to_the_whole(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    common = {"payment_intent": paid.payment_intent, "currency": "USD"}
    part = stripe.refund(**common, amount_minor=1000, idempotency_key="r1", reason="requested_by_customer")
    assert (part.state, part.amount_minor, part.currency, part.payment_intent) == (
        "succeeded",
        1000,
        "USD",
        paid.payment_intent,
    )
    with pytest.raises(Refused) as too_much:
        stripe.refund(**common, amount_minor=1501, idempotency_key="r2")
    stripe.refund(**common, amount_minor=1500, idempotency_key="r3")
    with pytest.raises(Refused) as again:
        stripe.refund(**common, amount_minor=1, idempotency_key="r4")
    assert [too_much.value.code, again.value.code] == ["refund_too_large", "already_refunded"]
    assert stripe.retrieve_checkout(paid.session_id).refunded_minor == 2500
    assert stripe.retrieve_refund(part.refund_id) == part


def test_refund_keeps_our_own_reason_and_marks(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    made = stripe.refund(
        payment_intent=paid.payment_intent,
        amount_minor=1,
        currency="USD",
        idempotency_key="r",
        reason="arrived broken",
        metadata={"return": "R-1"},
    )
    assert made.metadata == {"return": "R-1", "reason": "arrived broken", "idempotency_key": "r"}


def test_refund_of_a_key_happens_once_though_answers_are_lost(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    fake.faults.add("timeout", only="/v1/refunds", times=3)
    arguments = {"payment_intent": paid.payment_intent, "amount_minor": 1000, "currency": "USD"}
    with pytest.raises(stripe.GatewayUnavailable):
        stripe.refund(**arguments, idempotency_key="r")
    made = stripe.refund(**arguments, idempotency_key="r")
    assert [refund["id"] for refund in fake.all("refund")] == [made.refund_id]


def test_refund_of_a_key_happens_once_though_stripe_forgot_the_key(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    arguments = {"payment_intent": paid.payment_intent, "amount_minor": 1000, "currency": "USD"}
    made = stripe.refund(**arguments, idempotency_key="r")
    fake.world.clock = lambda: time.time() + 25 * 3600
    assert stripe.refund(**arguments, idempotency_key="r") == made
    assert stripe.refund(**arguments, idempotency_key="s") != made
    assert len(fake.all("refund")) == 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_trouble_at_stripe_is_unavailable(fake: FakeStripe, status: int) -> None:
    fake.faults.add("error", status=status, times=3)
    with pytest.raises(stripe.GatewayUnavailable) as trouble:
        stripe.create_checkout(**wanted())
    assert trouble.value.status == 503


def test_slow_stripe_is_unavailable(fake: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
    monkeypatch.setattr(connection, "RETRIES", 0)
    fake.faults.add("timeout", seconds=1)
    with pytest.raises(stripe.GatewayUnavailable):
        stripe.create_checkout(**wanted())


def test_stripe_that_is_away_is_unavailable(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "RETRIES", 0)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_away", "http://127.0.0.1:9"
    with pytest.raises(stripe.GatewayUnavailable):
        stripe.retrieve_checkout("cs_test_1")


def test_wrong_key_is_our_mistake(fake: FakeStripe, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"
    with pytest.raises(stripe.GatewayError):
        stripe.create_checkout(**wanted())


def test_key_used_for_another_order_is_our_mistake(fake: FakeStripe) -> None:
    stripe.create_checkout(**wanted())
    with pytest.raises(stripe.GatewayError, match="IdempotencyError"):
        stripe.create_checkout(**wanted(order_number="OTHER"))


def test_without_api_base_the_calls_would_go_to_stripe() -> None:
    client = connection._client_of("sk_test_x", "", 1.0, 0)
    assert client._requestor._options.base_addresses["api"] == "https://api.stripe.com"


@pytest.mark.parametrize(
    ("currency", "minor", "sent"),
    [("USD", 2500, 2500), ("JPY", 2500, 2500), ("KWD", 2500, 2500), ("ISK", 25, 2500), ("RSD", 25, 2500)],
)
def test_amounts_are_in_stripes_units(currency: str, minor: int, sent: int) -> None:
    assert amounts.to_stripe(minor, currency) == sent
    assert amounts.from_stripe(sent, currency) == minor


def test_amount_finer_than_our_unit_is_a_bug() -> None:
    with pytest.raises(ValueError):
        amounts.from_stripe(2550, "ISK")


def test_yen_are_paid_as_yen(fake: FakeStripe) -> None:
    page = stripe.create_checkout(**wanted(currency="JPY", amount_minor=900, lines=[CheckoutLine("Pot", 1, 900)]))
    fake.pay(page.session_id)
    fact = stripe.retrieve_checkout(page.session_id)
    assert (fact.amount_minor, fact.currency, fact.fee_minor) == (900, "JPY", 26)


def test_signed_event_is_read(fake: FakeStripe, paid: stripe.PaymentFact) -> None:
    events: list[stripe.EventFact] = []
    fake.deliver(lambda body, signature: events.append(stripe.parse_event(body, signature)) or 200)
    done = events[-1]
    assert (done.type, done.object_id) == ("checkout.session.completed", paid.session_id)
    assert done.metadata == {"order_number": "7XK3M2QA", "reseller": "lin"}
    assert done.id == fake.all("event")[-1]["id"]
    assert abs((clock.now() - done.created_at).total_seconds()) < 10


def signed(body: bytes, secret: str, *, seconds_ago: int = 0) -> str:
    timestamp = int(time.time()) - seconds_ago
    return library.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp)


BODY = json.dumps({"id": "evt_1", "type": "x", "created": 1, "data": {"object": {"object": "balance"}}}).encode()


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY, ""),
        (BODY, "nonsense"),
        (BODY, "t=1,v1=00"),
        (BODY, signed(BODY, "whsec_other")),
        (BODY, signed(BODY, "whsec_a", seconds_ago=600)),
        (BODY + b" ", signed(BODY, "whsec_a")),
        (b"\xff\xfe", signed(b"x", "whsec_a")),
    ],
    ids=["none", "nonsense", "made up", "other secret", "old", "other body", "no text"],
)
def test_unsigned_event_is_refused(settings: Settings, body: bytes, signature: str) -> None:
    settings.STRIPE_WEBHOOK_SECRET = "whsec_a"
    with pytest.raises(Refused) as refusal:
        stripe.parse_event(body, signature)
    assert (refusal.value.code, refusal.value.status) == ("signature", 400)


def test_without_secret_no_event_is_believed(settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRET = ""
    with pytest.raises(Refused):
        stripe.parse_event(BODY, signed(BODY, ""))


@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_both_secrets_hold_while_one_replaces_the_other(settings: Settings, secret: str) -> None:
    settings.STRIPE_WEBHOOK_SECRET = "whsec_new, whsec_old"
    fact = stripe.parse_event(BODY, signed(BODY, secret))
    assert (fact.id, fact.object_id, fact.metadata) == ("evt_1", "", {})


def test_platform_without_a_key_says_that_paying_is_away(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(stripe.GatewayUnavailable):
        stripe.retrieve_checkout("cs_test_1")
