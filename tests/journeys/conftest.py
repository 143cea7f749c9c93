"""A shop with stock behind it, and a payment provider that is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakestripe import FakeStripe


@pytest.fixture
def provider(settings) -> Iterator[FakeStripe]:
    """The fake Stripe, used by the gateway of this test."""
    fake = FakeStripe.start()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
    settings.STRIPE_WEBHOOK_SECRET = fake.secret
    yield fake
    fake.stop()
