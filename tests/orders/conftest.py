"""A shop with stock behind it, and a payment provider that is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import factories
from tests.fakestripe import FakeStripe


@pytest.fixture
def provider(settings) -> Iterator[FakeStripe]:
    """The fake Stripe, used by the gateway of this test."""
    fake = FakeStripe.start()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
    settings.STRIPE_WEBHOOK_SECRET = fake.secret
    yield fake
    fake.stop()


@pytest.fixture
def shop():
    """A shop selling one product at 20.00 with 10 % tax on top, delivery 5.00, fee 3 %."""
    factories.company()
    factories.terms(300)
    reseller = factories.reseller(tax_bps=1000, shipping={"price_minor": 500, "free_over_minor": None})
    product = factories.product(stock=10, wholesale=1_000, suggested=2_000)
    factories.listing(reseller, product)
    reseller.variant = factories.first_variant(product)
    return reseller
