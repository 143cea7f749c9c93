"""A storefront of the reseller's own, built on the API."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Cart, Order
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.fakestripe import FakeStripe
from tests.storefront.conftest import CONTACT, variant

pytestmark = pytest.mark.django_db
API = "/api/v1"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def post(client: Client, path: str, data: Any, **headers: str) -> Any:
    return client.post(f"{API}{path}", data, content_type="application/json", headers=headers)


def cart_of(client: Client, shop: Reseller, quantity: int = 1) -> str:
    lines = [{"variant": variant(shop, "MUG-PINE-8").id, "quantity": quantity}]
    return str(post(client, "/carts/", {"lines": lines}).json()["token"])


def order(client: Client, cart: str, method: str = "cod", **headers: str) -> Any:
    return post(client, "/checkout/", {"cart": cart, "contact": CONTACT, "method": method}, **headers)


def test_categories(client: Client) -> None:
    assert client.get(f"{API}/categories/").json() == {
        "items": [
            {"slug": "kitchen", "name": "Kitchen", "parent": None, "products": 1},
            {"slug": "textiles", "name": "Textiles", "parent": None, "products": 1},
        ]
    }


def test_products_are_filtered_and_counted(client: Client) -> None:
    data = client.get(f"{API}/products/", {"o.colour": "oat", "price_max": "2100"}).json()
    assert ([item["slug"] for item in data["items"]], data["total"], data["next"]) == (["alder-mug"], 1, None)
    colours = next(facet for facet in data["facets"] if facet["code"] == "o.colour")
    assert [(value["value"], value["products"], value["chosen"]) for value in colours["values"]] == [
        ("oat", 1, True),
        ("pine", 1, False),
    ]


def test_search_over_the_api(client: Client) -> None:
    data = client.get(f"{API}/products/", {"q": "allder"}).json()
    assert ([item["slug"] for item in data["items"]], data["close"]) == (["alder-mug"], True)


def test_product_with_its_variants(client: Client) -> None:
    data = client.get(f"{API}/products/alder-mug/").json()
    assert [(v["sku"], v["price_minor"], v["stock"]) for v in data["variants"]] == [
        ("MUG-PINE-8", 2_000, "in_stock"), ("MUG-PINE-12", 2_400, "in_stock"), ("MUG-OAT-8", 2_000, "in_stock"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/categories/", "/products/", "/products/?o.colour=oat", "/products/alder-mug/"])
def test_reads_take_few_queries(client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{API}{path}").status_code == 200
    asked = [q["sql"][:60] for q in captured if "SAVEPOINT" not in q["sql"] and "tenancy_reseller" not in q["sql"]]
    assert len(asked) <= 8, asked


def test_cart_is_filled_changed_and_emptied(client: Client, shop: Reseller) -> None:
    mug = variant(shop, "MUG-PINE-8").id
    token = cart_of(client, shop, 2)
    path = f"{API}/carts/{token}/lines/{mug}/"
    assert client.get(f"{API}/carts/{token}/").json()["items_minor"] == 4_000
    assert client.put(path, {"quantity": 3}, content_type="application/json").json()["pieces"] == 3
    assert post(client, f"/carts/{token}/lines/", {"variant": mug}).json()["pieces"] == 4
    assert client.delete(path).json()["lines"] == []


def test_cart_is_filled_whole_or_not_at_all(client: Client, shop: Reseller) -> None:
    lines = [{"variant": variant(shop, "MUG-PINE-8").id}, {"variant": variant(shop, "MUG-OAT-8").id, "quantity": 99}]
    response = post(client, "/carts/", {"lines": lines})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "out_of_stock")
    with factories.inside(shop):
        assert Cart.objects.count() == 0


def test_checkout_gives_order_and_payment_page(client: Client, shop: Reseller, provider: FakeStripe) -> None:
    response = order(client, cart_of(client, shop), "card")
    data = response.json()
    assert (response.status_code, data["status"], data["total_minor"]) == (201, "pending", 2_750)
    assert data["payment_url"].startswith(provider.url)
    assert client.get(f"{API}/orders/{data['token']}/").json()["number"] == data["number"]


def test_checkout_repeated_is_answered_not_repeated(client: Client, shop: Reseller) -> None:
    cart, key = cart_of(client, shop), str(uuid.uuid4())
    first, second = order(client, cart, **{"idempotency-key": key}), order(client, cart, **{"idempotency-key": key})
    assert (first.json(), second.headers["Idempotency-Replayed"]) == (second.json(), "true")
    other = order(client, cart, "card", **{"idempotency-key": key})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_mismatch")
    with factories.inside(shop):
        assert Order.objects.count() == 1


def test_price_the_buyer_was_not_shown_is_refused(client: Client, shop: Reseller) -> None:
    data = {"cart": cart_of(client, shop), "contact": CONTACT, "method": "cod", "expected_total_minor": 1}
    response = post(client, "/checkout/", data)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "price_changed")


def test_buyer_cancels_over_the_api(client: Client, shop: Reseller) -> None:
    token = order(client, cart_of(client, shop)).json()["token"]
    assert post(client, f"/orders/{token}/cancel/", {}).json()["status"] == "cancelled"
    assert post(client, f"/orders/{token}/payment/", {}).status_code == 409


def test_cart_and_order_of_another_shop_are_not_found(
    client: Client, shop: Reseller, visitor: Callable[..., Client]
) -> None:
    cart = cart_of(client, shop)
    token = order(client, cart_of(client, shop)).json()["token"]
    other = factories.reseller("shanye")
    factories.listing(other, shop.mug)
    stranger = visitor(other)
    assert stranger.get(f"{API}/carts/{cart}/").status_code == 404
    assert post(stranger, f"/carts/{cart}/lines/", {"variant": variant(shop, "MUG-PINE-8").id}).status_code == 404
    assert order(stranger, cart).status_code == 404
    assert stranger.get(f"{API}/orders/{token}/").status_code == 404


BAD: list[tuple[str, Any]] = [
    ("/carts/", None), ("/carts/", []), ("/carts/", "x"), ("/carts/", {}), ("/carts/", {"lines": {}}), ("/carts/", {"lines": []}),
    ("/carts/", {"lines": [{"variant": 0}]}), ("/carts/", {"lines": [{"variant": 10**30}]}), ("/carts/", {"lines": [{"variant": 1.5}]}),
    ("/carts/", {"lines": [{"variant": 1, "quantity": -1}]}), ("/carts/", {"lines": [{"variant": True, "quantity": None}]}),
    ("/carts/", {"lines": [{"variant": 1}] * 101}), ("/checkout/", {}), ("/checkout/", {"cart": "x", "contact": {}, "method": "gold"}),
    ("/checkout/", {"cart": NOBODYS, "contact": CONTACT, "method": "cod"}),
    ("/checkout/", {"cart": NOBODYS, "contact": {**CONTACT, "email": "a\u0000@b.c"}, "method": "cod"}),
    ("/checkout/", {"cart": NOBODYS, "contact": {**CONTACT, "country": "usa"}, "method": "cod"}),
    ("/checkout/", {"cart": NOBODYS, "contact": {**CONTACT, "name": ["x"]}, "method": "cod", "expected_total_minor": "NaN"}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "data"), BAD)
def test_bad_input_is_told_in_the_envelope(client: Client, path: str, data: Any) -> None:
    response = post(client, path, data)
    assert 400 <= response.status_code < 500
    assert set(response.json()["error"]) == {"code", "message", "field", "params"}


@pytest.mark.parametrize(
    "query", ["price_min=x", "price_max=-1", "price_min=" + "9" * 40, "sort=nope", "category=nope"]
)
def test_bad_queries_are_told(client: Client, query: str) -> None:
    response = client.get(f"{API}/products/?{query}")
    assert 400 <= response.status_code < 500
    assert response.json()["error"]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("path", ["/products/nope/", f"/carts/{NOBODYS}/", "/orders/x/", "/nope/", "/carts/x/"])
def test_unknown_addresses_are_told(client: Client, path: str) -> None:
    response = client.get(f"{API}{path}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_no_answer_shows_what_the_goods_cost(client: Client, shop: Reseller) -> None:
    cart = cart_of(client, shop, 2)
    texts = [client.get(f"{API}/carts/{cart}/").content, order(client, cart).content]
    token = order(client, cart).json()["token"]
    texts += [client.get(f"{API}/orders/{token}/").content, client.get(f"{API}/products/alder-mug/").content]
    for text in texts:
        assert [word for word in (b"1317", b"2634", b"wholesale", b"margin", b"fee") if word in text] == []


def test_chinese_over_the_api(client: Client) -> None:
    data = client.get(f"{API}/products/alder-mug/", headers={"accept-language": "zh-CN"}).json()
    assert data["title"] == "桤木杯"


def test_schema_describes_all_of_it(client: Client) -> None:
    text = client.get(f"{API}/schema/").content.decode()
    for path in ("/categories/", "/products/", "/carts/", "/checkout/", "/orders/{token}/"):
        assert f"{API}{path}:" in text
