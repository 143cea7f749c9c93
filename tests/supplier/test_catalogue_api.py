"""The supplier's API for the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from supplier.models import Product, Variant
from supplier.services import catalogue
from tests.api.conftest import ApiClient, make_key
from tests.supplier import catalogue_world as world

pytestmark = pytest.mark.django_db

HOST = "supply.localhost"
PRICES = {"wholesale_minor": 960, "floor_minor": 1300, "suggested_minor": 1550, "ceiling_minor": 2100}


@pytest.fixture
def client() -> ApiClient:
    world.category("Mugs")
    return ApiClient(HOST, make_key(None, "catalogue:read", "catalogue:write"))


def told(**more: Any) -> dict[str, Any]:
    colour = {"code": "colour", "en": "Colour", "values": [{"value": "kelp", "en": "Kelp"}]}
    variant = {"sku": "N-1", "options": {"colour": "kelp"}, "currency": "USD", **PRICES}
    return {"code": "N", "category": "mugs", "name_en": "Ebb Bowl", "options": [colour], "variants": [variant], **more}


def test_a_product_is_added_read_changed_and_put_on_sale(client: ApiClient) -> None:
    made = client.send("post", "/api/v1/products/", told())
    assert (made.status_code, made.json()["status"], made.json()["variants"][0]["sku"]) == (201, "draft", "N-1")

    changed = client.send("patch", "/api/v1/products/N/", {"name_zh": "退潮碗", "status": "active"}).json()
    assert (changed["name_en"], changed["name_zh"], changed["status"]) == ("Ebb Bowl", "退潮碗", "active")
    assert client.get("/api/v1/products/N/").json() == changed
    assert client.get("/api/v1/products/?q=退潮").json() == {"items": [changed], "next": None}
    assert client.get("/api/v1/categories/").json()["items"] == [
        {"slug": "mugs", "name_en": "Mugs", "name_zh": "", "parent": None, "products": 1}
    ]


def test_a_variant_is_changed_by_its_sku(client: ApiClient) -> None:
    world.product("HL", skus=("HL-1", "HL-2"))
    answer = client.send("patch", "/api/v1/variants/HL-1/", {"wholesale_minor": 990, "status": "withdrawn"})
    assert (answer.status_code, answer.json()["wholesale_minor"], answer.json()["status"]) == (200, 990, "withdrawn")
    assert [each["sku"] for each in client.get("/api/v1/variants/?status=active").json()["items"]] == ["HL-2"]
    assert world.variant("HL-2").wholesale_minor == 960


def test_prices_out_of_order_are_told_by_field_and_change_nothing(client: ApiClient) -> None:
    world.product("HL", skus=("HL-1",))
    answer = client.send("patch", "/api/v1/variants/HL-1/", {"floor_minor": 2600, "weight_g": 5})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, "variants", "/floor_minor")
    assert error["params"]["fields"][0]["message"] == "The floor 26.00 is above the ceiling 21.00."
    assert world.variant("HL-1").weight_g == 0


def test_adding_variants_is_all_or_none(client: ApiClient) -> None:
    world.product("HL", skus=("HL-1",))
    lines = [{"sku": "HL-2", **PRICES}, {"sku": "HL-1", **PRICES}]
    assert client.send("post", "/api/v1/products/HL/variants/", {"variants": lines}).status_code == 422
    assert Variant.objects.count() == 1
    made = client.send("post", "/api/v1/products/HL/variants/", {"variants": lines[:1]})
    assert (made.status_code, made.json()["items"][0]["sku"]) == (201, "HL-2")


def test_the_same_write_with_the_same_key_is_answered_once_done(client: ApiClient) -> None:
    headers = {"Idempotency-Key": "0123456789abcdef0123"}
    first = client.send("post", "/api/v1/products/", told(), **headers)
    again = client.send("post", "/api/v1/products/", told(), **headers)
    assert (first.status_code, again.status_code, again.json() == first.json()) == (201, 201, True)
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "a b"}, "/code"),
        ({"category": "nowhere"}, "/category"),
        ({"name_en": ""}, "/name_en"),
        ({"options": "x"}, "/options"),
        ({"options": [{"code": "X Y", "en": "x", "values": []}]}, "/options/0/code"),
        ({"variants": [{"sku": "N-1", **PRICES, "wholesale_minor": -1}]}, "/variants/0/wholesale_minor"),
        ({"variants": [{"sku": "N-1", **PRICES, "ceiling_minor": 10**18}]}, "/variants/0/ceiling_minor"),
        ({"variants": [{"sku": "N-1", "options": {"colour": "rust"}, **PRICES}]}, "/variants/options"),
        ({"status": "withdrawn"}, "/status"),
    ],
)
def test_what_can_not_be_is_refused_by_field(client: ApiClient, change: dict[str, Any], field: str) -> None:
    answer = client.send("post", "/api/v1/products/", told(**change))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert not Product.objects.exists()


def test_a_draft_without_variants_can_not_be_put_on_sale(client: ApiClient) -> None:
    world.product("HL", skus=())
    answer = client.send("patch", "/api/v1/products/HL/", {"status": "active", "brand": "x"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (409, "/status")
    assert Product.objects.get().brand == ""


@pytest.mark.parametrize("path", ["products/NONE/", "variants/NONE/", "variants/NONE%20x/"])
def test_what_is_not_there_is_not_found(client: ApiClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 404


def test_reading_needs_its_scope_and_writing_another() -> None:
    world.product("HL", skus=("HL-1",))
    reader = ApiClient(HOST, make_key(None, "catalogue:read"))
    assert reader.get("/api/v1/products/").status_code == 200
    assert reader.send("patch", "/api/v1/variants/HL-1/", {"weight_g": 1}).status_code == 403
    assert ApiClient(HOST).get("/api/v1/products/").status_code == 401
    assert ApiClient(HOST, make_key(None, "stock:read")).get("/api/v1/variants/").status_code == 403


def test_lists_come_in_pages_with_a_fixed_number_of_queries(
    client: ApiClient, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        world.product(f"P{number}", skus=(f"P{number}-1", f"P{number}-2"))
    with django_assert_max_num_queries(10):
        page = client.get("/api/v1/products/?limit=4").json()
    assert [each["code"] for each in page["items"]] == ["P0", "P1", "P2", "P3"]
    rest = client.get(page["next"].replace(f"http://{HOST}", "")).json()
    assert ([each["code"] for each in rest["items"]], rest["next"]) == (["P4", "P5"], None)


def test_a_change_over_the_api_shows_at_once(client: ApiClient) -> None:
    made = world.product("HL", skus=("HL-1",), on_sale=True)
    catalogue.withdraw(product_id=made.id)
    assert client.get("/api/v1/products/HL/").json()["status"] == "withdrawn"
