"""Parcels on the page of an order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from orders.models import Order, OrderEvent
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.storefront.conftest import variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "arrived"), [(1, False), (9, False), (11, True)])
def test_parcel_that_left_long_ago_is_presumed_to_have_arrived_and_told_so(
    visitor: Callable[..., Client], shop: Reseller, days: int, arrived: bool
) -> None:
    order = factories.order(shop, [(variant(shop, "MUG-PINE-8"), 1, 2_000)], status="shipped")
    with factories.inside(shop):
        line = order.lines.get()
        order.lines.update(shipped=1)
        left = {"carrier": "UPS", "lines": [{"line": line.id, "quantity": 1}]}
        at = clock.now() - timedelta(days=days)
        OrderEvent.objects.create(order=order, kind="shipped", at=at, data=left)
        Order.objects.filter(pk=order.pk).update(placed_at=at)
    page = visitor(shop).get(f"/order/{order.token}/").content.decode()
    assert ("Your parcel should have arrived" in page, "Presumed delivered" in page) == (arrived, arrived)
    assert ("Your parcel is on its way" in page) != arrived
