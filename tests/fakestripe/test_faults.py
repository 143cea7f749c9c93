"""Faults: how often, on what, until when, and what an idempotency key remembers of them."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted
from tests.fakestripe.faults import Faults


def test_fault_stays_until_it_is_switched_off() -> None:
    faults = Faults()
    fault = faults.add("drop", times=0)
    assert [faults.take("drop", "x") is not None for _ in range(5)] == [True] * 5
    faults.remove(fault.id)
    assert (faults.take("drop", "x"), faults.list()) == (None, [])


def test_fault_happens_n_times() -> None:
    faults = Faults()
    faults.add("drop", times=2)
    assert [faults.take("drop", "x") is not None for _ in range(3)] == [True, True, False]


def test_fault_of_a_percentage_happens_by_chance() -> None:
    faults = Faults(seed=1)
    faults.add("drop", times=0, percent=30)
    assert 250 < sum(faults.take("drop", "x") is not None for _ in range(1_000)) < 350


@pytest.mark.parametrize(
    ("only", "subject", "fits"),
    [
        ("", "/v1/refunds", True),
        ("/v1/re", "/v1/refunds", True),
        ("/v1/transfers/*/reversals", "/v1/transfers/tr_1/reversals", True),
        ("/v1/transfers/*/reversals", "/v1/transfers", False),
        ("charge.", "checkout.session.completed", False),
    ],
)
def test_fault_falls_on_what_it_names(only: str, subject: str, fits: bool) -> None:
    faults = Faults()
    faults.add("error", only=only)
    assert (faults.take("error", subject) is not None) is fits


def test_fault_may_name_the_method() -> None:
    faults = Faults()
    faults.add("error", only="POST /v1/transfers")
    assert faults.take("error", "/v1/transfers", "GET") is None
    assert faults.take("error", "/v1/transfers", "POST") is not None


@pytest.mark.parametrize("options", [{"percent": 0}, {"percent": 101}, {"times": -1}])
def test_senseless_fault_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Faults().add("drop", **options)


def test_error_outside_is_not_remembered_by_the_key(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.faults.add("error")
    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"})
    assert client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"}).status == "open"


def test_error_inside_is_replayed_by_the_key(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.faults.add("broken")
    params = wanted()
    for _ in range(2):
        with pytest.raises(stripe.APIError) as error:
            client.v1.checkout.sessions.create(params, {"idempotency_key": "k"})
        assert error.value.http_status == 500
    assert (error.value.headers or {})["Idempotent-Replayed"] == "true"
    assert client.v1.checkout.sessions.create(params, {"idempotency_key": "k2"}).status == "open"


def test_key_in_use_is_409_and_the_library_tries_again(fake: FakeStripe, client: stripe.StripeClient) -> None:
    fake.faults.add("busy", times=2)
    with pytest.raises(stripe.APIError) as busy:
        client.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"})
    assert busy.value.error is not None
    assert (busy.value.http_status, busy.value.error.code) == (409, "idempotency_key_in_use")
    patient = client_of(fake, retries=1)
    assert patient.v1.checkout.sessions.create(wanted(), {"idempotency_key": "k"}).status == "open"


def test_refusal_on_demand_has_the_code_one_asks_for(fake: FakeStripe, client: Any, paid: Any) -> None:
    fake.faults.add("refuse", only="/v1/refunds", code="charge_disputed")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": paid.payment_intent})
    assert (refusal.value.code, fake.all("refund")) == ("charge_disputed", [])
