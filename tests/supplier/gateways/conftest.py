"""A fake Stripe that the gateways speak to, with a reseller's account and money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.fakestripe import FakeStripe
from tests.supplier.gateways.paying import opened


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
        yield running


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
