"""Orders changed over the API: by the shop with its key, stopped by the supplier with its own."""

from __future__ import annotations

import uuid

import pytest

from orders.models import Order
from supplier.models import FulfilmentOrder, SalesOrder
from tests import factories
from tests.api.conftest import ApiClient, make_key

pytestmark = pytest.mark.django_db


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


@pytest.fixture
def shop():
    factories.company()
    factories.terms(300)
    return factories.reseller("juniper-row")


@pytest.fixture
def order(shop) -> Order:
    return factories.buy(shop, factories.first_variant(factories.listing(shop).product), 3)


def test_shop_weighs_then_takes_pieces_off_once(shop, order):
    api = ApiClient(f"{shop.slug}.localhost", make_key(shop, "orders:read", "orders:write"))
    with factories.inside(shop):
        body = {"lines": [{"line": order.lines.get().pk, "quantity": 1}]}
    url = f"/api/v1/shop/orders/{order.number}/take-off/"
    said = api.send("post", f"{url}preview/", body).json()
    once = key()
    answers = [api.send("post", url, body | {"expected_minor": said["back_minor"]}, **once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["refunded_minor"] == said["back_minor"] == 2_000


def test_key_that_only_reads_changes_nothing(shop, order):
    api = ApiClient(f"{shop.slug}.localhost", make_key(shop, "orders:read"))
    refused = api.send("post", f"/api/v1/shop/orders/{order.number}/hold/", {"reason": "x"}, **key())
    assert refused.status_code == 403


def test_supplier_stops_an_order_over_the_api(shop, order):
    api = ApiClient("supply.localhost", make_key(None, "fulfilment:read", "fulfilment:write"))
    url = f"/api/v1/fulfilment-orders/{FulfilmentOrder.objects.get().number}/hold/"
    stopped = api.send("post", url, {"reason": "export papers"}, **key())
    assert (stopped.status_code, stopped.json()["held_by"]) == (200, "supplier")
    assert SalesOrder.objects.get().held_reason == "export papers"
