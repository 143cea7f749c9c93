"""Keys, errors, idempotency, lists, expansion."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, express, wanted


def test_call_without_key_is_refused(fake: FakeStripe) -> None:
    answer = requests.get(f"{fake.url}/v1/events", timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


def test_call_with_other_key_is_refused_and_the_key_not_repeated(fake: FakeStripe) -> None:
    client = stripe.StripeClient("sk_live_0123456789abcdef", base_addresses={"api": fake.url})
    with pytest.raises(stripe.AuthenticationError) as refusal:
        client.v1.events.list()
    assert refusal.value.user_message == "Invalid API Key provided: sk_live_********cdef"


def test_key_may_come_as_basic_user(fake: FakeStripe) -> None:
    answer = requests.get(f"{fake.url}/v1/events", auth=(fake.api_key, ""), timeout=5)
    assert (answer.status_code, answer.json()["data"]) == (200, [])


def test_unknown_url_is_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.create({"name": "Lin"})
    assert refusal.value.user_message == "Unrecognized request URL (POST: /v1/customers)."


@pytest.mark.parametrize("id_", ["cs_test_none", "pi_none"])
def test_unknown_session_is_404(client: stripe.StripeClient, id_: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.retrieve(id_)
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    assert refusal.value.user_message == f"No such checkout.session: '{id_}'"


def test_call_for_connected_account_is_refused_loudly(client: stripe.StripeClient) -> None:
    account = express(client)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.list({}, {"stripe_account": account.id})
    assert refusal.value.code == "fake_not_served"
    with pytest.raises(stripe.PermissionError) as forbidden:
        client.v1.events.list({}, {"stripe_account": "acct_1"})
    assert forbidden.value.error is not None
    assert (forbidden.value.http_status, forbidden.value.error.code) == (403, "account_invalid")


def test_same_key_same_parameters_replays_the_answer(fake: FakeStripe, client: stripe.StripeClient) -> None:
    params = wanted()
    first = client.v1.checkout.sessions.create(params, {"idempotency_key": "k"})
    again = client.v1.checkout.sessions.create(params, {"idempotency_key": "k"})
    assert again.to_dict() == first.to_dict()
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(fake.all("checkout.session")) == 1


def test_same_key_other_parameters_is_refused(fake: FakeStripe, client: stripe.StripeClient) -> None:
    client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError) as refusal:
        client.v1.checkout.sessions.create(wanted(locale="zh"), {"idempotency_key": "k"})
    assert refusal.value.http_status == 400
    assert len(fake.all("checkout.session")) == 1


def test_same_key_at_another_endpoint_is_refused(client: stripe.StripeClient, paid: Any) -> None:
    client.v1.refunds.create({"payment_intent": paid.payment_intent}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"})


def test_refusal_by_the_endpoint_is_replayed_too(client: stripe.StripeClient, paid: Any) -> None:
    too_much = {"payment_intent": paid.payment_intent, "amount": 9999}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create(too_much, {"idempotency_key": "k"})
    assert (refusal.value.headers or {})["Idempotent-Replayed"] == "true"


def test_refusal_of_parameters_does_not_use_up_the_key(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(wanted(colour="red"), {"idempotency_key": "k"})
    assert client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"}).status == "open"


def test_key_is_free_again_after_a_day(fake: FakeStripe, client: stripe.StripeClient) -> None:
    first = client.v1.checkout.sessions.create(wanted(expires_at=None), {"idempotency_key": "k"})
    fake.world.clock = lambda: time.time() + 25 * 3600
    again = client.v1.checkout.sessions.create(wanted(expires_at=None), {"idempotency_key": "k"})
    assert again.id != first.id


def test_list_is_paged_newest_first(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    newest_first = [event["id"] for event in reversed(fake.all("event"))]
    pages = client.v1.events.list({"limit": 2})
    assert [event.id for event in pages.auto_paging_iter()] == newest_first
    assert len(newest_first) == 4


def test_list_is_filtered(client: stripe.StripeClient, paid: Any, open_session: Callable[..., Any]) -> None:
    open_session()
    assert [item.id for item in client.v1.checkout.sessions.list({"status": "complete"}).data] == [paid.id]
    assert client.v1.events.list({"created": {"gt": int(time.time()) + 5}}).data == []
    types = ["charge.succeeded", "no.such"]
    assert [event.type for event in client.v1.events.list({"types": types}).data] == ["charge.succeeded"]


def test_expand_follows_a_path(client: stripe.StripeClient, paid: Any) -> None:
    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    session = client.v1.checkout.sessions.retrieve(paid.id, {"expand": expand}).to_dict(recursive=True)
    assert session["payment_intent"]["latest_charge"]["balance_transaction"]["net"] == 2500 - 103
    assert [item["description"] for item in session["line_items"]["data"]] == ["Tea pot <b>"]


def test_expand_of_nothing_is_refused(client: stripe.StripeClient, paid: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(paid.id, {"expand": ["colour"]})


def test_error_fault_does_nothing_and_passes(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.faults.add("error", status=503, only="/v1/checkout")
    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.create(wanted())
    assert fake.all("checkout.session") == []
    assert client.v1.checkout.sessions.create(wanted()).status == "open"


def test_timeout_fault_happens_after_the_work_is_done(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.faults.add("timeout", only="/v1/checkout")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(wanted())
    assert len(fake.all("checkout.session")) == 1


def test_library_retries_a_timeout_into_the_same_refund(fake: FakeStripe, paid: Any) -> None:
    fake.faults.add("timeout", only="/v1/refunds", times=2)
    made = client_of(fake, retries=2).v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 100})
    assert [refund["id"] for refund in fake.all("refund")] == [made.id]


def test_slow_answer_times_out_at_the_client(fake: FakeStripe, paid: Any) -> None:
    fake.faults.add("timeout", only="/v1/refunds", seconds=1.0)
    with pytest.raises(stripe.APIConnectionError, match="Read timed out"):
        client_of(fake, seconds=0.2).v1.refunds.create({"payment_intent": paid.payment_intent})
    assert len(fake.all("refund")) == 1
