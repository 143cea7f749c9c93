"""The catalogue's pages in the supplier's office."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from supplier.models import Category, Media, Product
from supplier.services import stock
from tests import factories
from tests.supplier import catalogue_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False


def signed_in(role: str = "catalogue") -> Client:
    client = Client(HTTP_HOST="supply.localhost", raise_request_exception=False)
    client.force_login(factories.staff(role))
    return client


@pytest.fixture
def client() -> Client:
    return signed_in()


def names(response: Any) -> list[str]:
    return [row.code for row in response.context["table"].page.rows]


def test_the_list_is_narrowed_by_category_status_stock_and_text(client: Client) -> None:
    home = world.category("Home")
    mugs = world.category("Mugs", parent_id=home.id)
    world.product("MUG", skus=("MUG-1",), category_id=mugs.id, on_sale=True, name_zh="马克杯")
    world.product("LAMP", skus=("LAMP-1",), category_id=world.category("Lamps").id, name_en="Lamp")
    stock.receive(variant_id=world.variant("MUG-1").id, warehouse_id=world.warehouse().id, quantity=5)
    for query, found in {
        "": ["LAMP", "MUG"], "?category=home": ["MUG"], "?status=draft": ["LAMP"], "?stock=low": ["MUG"], "?stock=out": ["LAMP"],
        "?q=马克": ["MUG"], "?q=lamp-1": ["LAMP"], "?q=nothing": [], "?category=home&status=draft": [],
    }.items():  # fmt: skip
        assert names(client.get(f"/catalogue/{query}")) == found, query


def test_the_list_needs_the_same_number_of_queries_for_one_and_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        world.product(f"P{number}", skus=(f"P{number}-1",))
    with django_assert_max_num_queries(16):
        client.get("/catalogue/")


def test_many_are_withdrawn_at_once_and_put_back_by_undo(client: Client) -> None:
    made = [world.product(code, skus=(f"{code}-1",), on_sale=True) for code in ("A", "B")]
    draft = world.product("C", skus=("C-1",))
    answer = client.post(
        "/jobs/start/",
        {"action": "supply.products.withdrawn", "row": [p.pk for p in (*made, draft)], "back": "/catalogue/?q="},
        follow=True,
    )
    assert b"2 products withdrawn" in answer.content
    assert dict(Product.objects.values_list("code", "status")) == {"A": "withdrawn", "B": "withdrawn", "C": "draft"}
    undo = next(
        tag[5:]
        for message in answer.context["messages"]
        for tag in message.extra_tags.split()
        if tag.startswith("undo:")
    )
    client.post(undo)
    assert dict(Product.objects.values_list("code", "status")) == {"A": "active", "B": "active", "C": "draft"}


def test_all_matching_are_put_on_sale(client: Client) -> None:
    for number in range(60):
        world.product(f"P{number}", skus=(f"P{number}-1",), name_en="Bowl" if number % 2 else "Mug")
    client.post("/jobs/start/", {"action": "supply.products.active", "all": "1", "query": "q=bowl"})
    assert Product.objects.filter(status="active").count() == 30


def test_many_are_put_into_a_category(client: Client) -> None:
    made = world.product()
    other = world.category("Other")
    asked = client.post("/catalogue/category/", {"row": [made.pk]})
    assert b"Put 1 product into a category" in asked.content
    client.post("/jobs/start/", {"action": "supply.products.category", "row": [made.pk], "category": other.pk})
    assert Product.objects.get().category_id == other.pk


def test_a_product_is_made_by_hand_from_text_to_variants(client: Client) -> None:
    mugs = world.category("Mugs")
    answer = client.post("/catalogue/new/", {"code": "N", "category": mugs.pk, "name_en": "Ebb Bowl", "name_zh": "碗"})
    made = Product.objects.get()
    assert answer.headers["Location"] == f"/catalogue/{made.pk}/variants/new/"
    client.post(
        f"/catalogue/{made.pk}/options/",
        {"opt--en": "Colour", "opt--zh": "颜色", "opt--0-en": "Kelp", "opt--0-tint": "#3d6b57", "opt--1-en": "Rust"},
    )
    page = client.get(f"/catalogue/{made.pk}/variants/new/")
    assert [row["cells"]["sku"]["value"] for row in page.context["new"].rows] == ["N-KELP", "N-RUST"]
    cells = {
        "sku": "N-KELP",
        "barcode": "",
        "wholesale": "9.60",
        "floor": "13",
        "suggested": "15.50",
        "ceiling": "21",
        "weight_g": "340",
    }
    client.post(
        f"/catalogue/{made.pk}/variants/new/",
        {"n-0-on": "on", **{f"n-0-{name}": value for name, value in cells.items()}},
    )
    variant = world.variant("N-KELP")
    assert (variant.wholesale_minor, variant.options, variant.tint, variant.label_en) == (
        960,
        {"colour": "Kelp"},
        "#3d6b57",
        "Kelp",
    )


def test_a_new_product_that_is_refused_keeps_what_was_typed(client: Client) -> None:
    world.product("TAKEN", skus=("T-1",))
    typed = {"code": "TAKEN", "category": Category.objects.get().pk, "name_en": "Ebb Bowl"}
    answer = client.post("/catalogue/new/", typed)
    assert answer.status_code == 422
    assert b"Another product has this code." in answer.content
    assert b"Ebb Bowl" in answer.content


def texts(product: Product, **more: Any) -> dict[str, Any]:
    return {"code": product.code, "category": product.category_id, "name_en": product.name_en, **more}


def test_texts_and_attributes_are_saved_in_both_languages(client: Client) -> None:
    made = world.product(attributes={"care": {"en": "Care", "zh": "", "value_en": "By hand", "value_zh": ""}})
    client.post(
        f"/catalogue/{made.pk}/texts/",
        texts(made, name_zh="杯", **{"attr-care-value_en": "", "attr--en": "Material", "attr--value_en": "Clay"}),
    )
    made.refresh_from_db()
    assert made.name_zh == "杯"
    assert made.attributes == {"material": {"en": "Material", "zh": "", "value_en": "Clay", "value_zh": ""}}


def cells(sku: str, **typed: str) -> dict[str, str]:
    variant = world.variant(sku)
    return {f"v-{variant.pk}-{name}": value for name, value in {"sku": sku, "on": "on", **typed}.items()}


def test_the_grid_saves_all_rows_and_withdraws_what_is_unticked(client: Client) -> None:
    made = world.product(skus=("HL-1", "HL-2"))
    typed = {**cells("HL-1", wholesale="9,90", barcode="123"), **cells("HL-2", suggested="16.00")}
    del typed[f"v-{world.variant('HL-2').pk}-on"]
    assert client.post(f"/catalogue/{made.pk}/variants/", typed).status_code == 302
    first, second = world.variant("HL-1"), world.variant("HL-2")
    assert (first.wholesale_minor, first.barcode, first.status) == (990, "123", "active")
    assert (second.suggested_minor, second.status) == (1600, "withdrawn")


def test_a_wrong_cell_saves_nothing_and_is_marked_with_what_was_typed(client: Client) -> None:
    made = world.product(skus=("HL-1", "HL-2"))
    answer = client.post(
        f"/catalogue/{made.pk}/variants/", {**cells("HL-1", wholesale="9.90"), **cells("HL-2", floor="26.00")}
    )
    assert answer.status_code == 422
    assert "The floor 26.00 is above the ceiling 21.00." in answer.content.decode()
    assert answer.context["grid"].rows[0]["cells"]["wholesale"] == {
        "value": "9.90",
        "stored": "9.60",
        "fault": "",
        "css": "chg",
    }
    assert answer.context["grid"].rows[1]["cells"]["floor"]["css"] == "bad"
    assert world.variant("HL-1").wholesale_minor == 960


@pytest.mark.parametrize("typed", ["abc", "-1", "1.999", "9" * 30, "", "\x00"])
def test_a_price_that_is_none_is_refused_in_words(client: Client, typed: str) -> None:
    made = world.product(skus=("HL-1",))
    answer = client.post(f"/catalogue/{made.pk}/variants/", cells("HL-1", wholesale=typed))
    assert answer.status_code in (400, 422)
    assert world.variant("HL-1").wholesale_minor == 960


def test_a_picture_is_added_described_and_removed(client: Client) -> None:
    made = world.product()
    buffer = BytesIO()
    Image.new("RGB", (300, 300), "#3d6b57").save(buffer, "PNG")
    client.post(
        f"/catalogue/{made.pk}/pictures/", {"file": SimpleUploadedFile("mug.png", buffer.getvalue()), "alt_en": "Mug"}
    )
    medium = Media.objects.get()
    served = client.get(f"/media/{medium.file}")
    assert (served.status_code, served.headers["Content-Type"], served.headers["Cache-Control"]) == (
        200,
        "image/webp",
        "public, max-age=31536000, immutable",
    )
    assert client.get(f"/media/{medium.file}", headers={"if-none-match": served.headers["ETag"]}).status_code == 304
    client.post(f"/catalogue/{made.pk}/pictures/{medium.pk}/", {"action": "save", "alt_en": "Mug", "alt_zh": "杯"})
    assert Media.objects.get().alt_zh == "杯"
    client.post(f"/catalogue/{made.pk}/pictures/{medium.pk}/", {"action": "remove"})
    assert not Media.objects.exists()


def test_what_is_no_picture_is_refused_on_the_form(client: Client) -> None:
    made = world.product()
    answer = client.post(
        f"/catalogue/{made.pk}/pictures/", {"file": SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>")}
    )
    assert answer.status_code == 422
    assert b"Choose a JPEG, PNG or WebP picture." in answer.content


@pytest.mark.parametrize(
    "path",
    ["/media/products/../../settings.py", "/media/products/aa/x.webp", "/media/products/aa/" + "a" * 26 + ".webp"],
)
def test_only_pictures_are_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_tree_is_grown_moved_and_cut(client: Client) -> None:
    client.post("/catalogue/categories/", {"name_en": "Home", "name_zh": "家"})
    client.post("/catalogue/categories/", {"name_en": "Garden"})
    home, garden = Category.objects.order_by("path")
    client.post(f"/catalogue/categories/{garden.pk}/move/", {"to": "up"})
    assert list(Category.objects.order_by("path").values_list("name_en", flat=True)) == ["Garden", "Home"]
    client.post(f"/catalogue/categories/{home.pk}/", {"name_en": "House", "parent": garden.pk})
    assert Category.objects.get(pk=home.pk).depth == 2
    answer = client.post(f"/catalogue/categories/{garden.pk}/", {"name_en": "Garden", "parent": home.pk})
    assert b"put below itself" in answer.content
    client.post(f"/catalogue/categories/{home.pk}/delete/")
    assert list(Category.objects.values_list("name_en", flat=True)) == ["Garden"]


def test_other_staff_read_and_may_not_write() -> None:
    made = world.product()
    reader = signed_in("support")
    page = reader.get(f"/catalogue/{made.pk}/")
    assert page.status_code == 200
    assert b"Save texts" not in page.content
    assert reader.post(f"/catalogue/{made.pk}/texts/", texts(made)).status_code == 403


@pytest.mark.parametrize(
    "path", ["/catalogue/99999/", "/catalogue/99999/variants/new/", "/catalogue/categories/99999/"]
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_product_whose_combinations_are_all_there_asks_for_another_option(client: Client) -> None:
    options = {"colour": {"en": "Colour", "values": {"kelp": {"en": "Kelp"}}}}
    made = world.product(options=options, specs=[world.spec("HL-1", options={"colour": "kelp"})])
    assert b"Every combination has its variant" in client.get(f"/catalogue/{made.pk}/variants/new/").content
