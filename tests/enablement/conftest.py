"""What each test of this folder begins with."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def shop():
    """A shop selling one product at 20.00 with 10 % tax on top, delivery 5.00, fee 3 %."""
    factories.company()
    factories.terms(300)
    return _selling("Juniper Row")


@pytest.fixture
def other(shop):
    """Another one."""
    return _selling("Salt & Pine")


def _selling(name: str):
    reseller = factories.reseller(name=name, tax_bps=1000, shipping={"price_minor": 500, "free_over_minor": None})
    product = factories.product(f"Thing of {name}", stock=50, wholesale=1_000, suggested=2_000)
    factories.listing(reseller, product)
    reseller.variant = factories.first_variant(product)
    return reseller
