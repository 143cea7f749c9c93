"""A sold-out thing says the day more of it is expected, and only the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from s2b2c.kernel import clock
from storefront import promise
from supplier.services import arrivals
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def announce(variant, days: int):
    day = clock.now().date() + timedelta(days=days)
    arrivals.announce(variant_id=variant.id, warehouse_id=factories.warehouse().id, quantity=977, arrives_on=day)
    return day


@pytest.mark.parametrize(("pieces", "shown"), [(0, True), (3, False)])
def test_day_of_arrival_is_shown_while_nothing_is_free(pieces, shown):
    reseller = factories.reseller("juniper-row")
    product = factories.product("Mug", stock=pieces)
    factories.listing(reseller, product)
    variant = factories.first_variant(product)
    announce(variant, -3)
    day = announce(variant, 5)
    announce(variant, 9)
    shop = Client(HTTP_HOST="juniper-row.localhost")
    page = shop.get(f"/p/{product.slug}/").content.decode()
    assert (f"Expected on {promise.day(day)}." in page, "977" in page) == (shown, False)
    answer = shop.get(f"/api/v1/products/{product.slug}/").json()["variants"][0]
    assert answer["expected_on"] == (day.isoformat() if shown else None)
