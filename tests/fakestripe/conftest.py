"""A fake per test, and the official library talking to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with FakeStripe.start(business_name="Supplier Ltd") as running:
        yield running


def client_of(fake: FakeStripe, *, retries: int = 0, seconds: float = 5) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        fake.api_key,
        base_addresses={"api": fake.url},
        http_client=stripe.RequestsClient(timeout=seconds),
        max_network_retries=retries,
    )


@pytest.fixture
def client(fake: FakeStripe) -> stripe.StripeClient:
    return client_of(fake)


def wanted(**changes: Any) -> dict[str, Any]:
    """The parameters of a checkout; ``name=None`` leaves one out."""
    item = {"currency": "usd", "unit_amount": 1250, "product_data": {"name": "Tea pot <b>"}}
    params = {
        "mode": "payment",
        "line_items": [{"quantity": 2, "price_data": item}],
        "success_url": "http://shop.example/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/cart",
        "expires_at": int(time.time()) + 3600,
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def express(client: stripe.StripeClient, **changes: Any) -> stripe.Account:
    """Make a connected account of the kind the platform uses: Express, whose losses the platform bears."""
    return client.v1.accounts.create(
        {
            "country": "US",
            "email": "lin@shop.example",
            "capabilities": {"transfers": {"requested": True}},
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "requirement_collection": "stripe",
                "stripe_dashboard": {"type": "express"},
            },
            **changes,  # type: ignore[typeddict-item]
        }
    )


@pytest.fixture
def seller(fake: FakeStripe, client: stripe.StripeClient) -> str:
    """The id of a connected account that handed in its details and can be paid."""
    id_ = express(client).id
    fake.onboard(id_)
    return id_


@pytest.fixture
def open_session(client: stripe.StripeClient) -> Callable[..., Any]:
    return lambda **changes: client.v1.checkout.sessions.create(wanted(**changes))


@pytest.fixture
def paid(fake: FakeStripe, client: stripe.StripeClient, open_session: Callable[..., Any]) -> Any:
    """A session of 25.00 USD that was paid by card."""
    session = open_session()
    fake.pay(session.id)
    return client.v1.checkout.sessions.retrieve(session.id)
