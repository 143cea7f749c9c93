"""The factories make what the tests rely on."""

from __future__ import annotations

import pytest

from reseller.selectors import offers
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_listing_is_on_sale_in_its_shop_alone() -> None:
    one, other = factories.reseller(), factories.reseller()
    variant = factories.first_variant(factories.listing(one).product)

    with factories.inside(one):
        assert list(offers.sellable([variant.id], currency="USD")) == [variant.id]
    with factories.inside(other):
        assert offers.sellable([variant.id], currency="USD") == {}


def test_an_order_adds_up() -> None:
    made = factories.order(factories.reseller(), tax_minor=140, shipping_minor=690)

    assert made.total_minor == 2_000 + 140 + 690
