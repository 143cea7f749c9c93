"""The owner's pages answer, keep what was typed, and let nobody else in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from reseller.models import Listing, Offer, Shop
from reseller.services import listing as service
from s2b2c.accounts.models import Membership, User
from s2b2c.tenancy.models import Reseller
from supplier.models import Product, Variant
from tests import factories

PAGES = [
    "", "add/", "products/", "products/rule/", "design/", "settings/", "customers/", "share/", "live/", "orders/",
    "money/", "money/lines/", "money/lines/?waiting=1",
]  # fmt: skip


def office(user: User | None) -> Client:
    client = Client(HTTP_HOST="office.localhost")
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def owner(shop: Reseller) -> Client:
    return office(factories.member(shop, "owner"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_empty_and_full(shop: Reseller, owner: Client, page: str, language: str) -> None:
    owner.cookies["language"] = language
    assert owner.get(f"/juniper-row/{page}").status_code == 200

    made = factories.listing(shop, factories.product("Drift throw", variants=2), title_en="The sofa one")
    factories.product("Mug")
    factories.customer(shop)
    factories.buy(shop, factories.first_variant(made.product))
    assert owner.get(f"/juniper-row/{page}").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "products/?sort=name", "products/?sort=-name&after=bad", "products/?csv=1", "products/?look=dearer", "products/?look=gone",
        "products/?status=hidden&q=x", "orders/?csv=1", "orders/?q=mar&status=placed&paid=due&placed_from=2026-01-01",
        "orders/?sort=total_minor", "customers/?q=keller&csv=1", "add/?q=mug&keep=9.00&stock=1&order=price", "add/?keep=abc",
        "add/?category=999&mine=1", "add/?category=x&shown=-5", "add/?order=nope&q=x", "products/rule/?base=cost&percent=80&ending=90",
    ],
)  # fmt: skip
def test_lists_can_be_searched_sorted_and_saved(shop: Reseller, owner: Client, page: str) -> None:
    made = factories.listing(shop, factories.product("Drift throw"))
    factories.product("Mug")
    factories.buy(shop, factories.first_variant(made.product))
    answer = owner.get(f"/juniper-row/{page}")
    assert answer.status_code == 200
    assert b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_and_the_anonymous_stay_outside(shop: Reseller, page: str) -> None:
    stranger = office(factories.member(factories.reseller(), "owner"))
    assert stranger.get(f"/juniper-row/{page}").status_code == 404
    assert office(None).get(f"/juniper-row/{page}").status_code == 302


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("", 200),
        ("orders/", 200),
        ("products/", 200),
        ("add/", 200),
        ("money/", 403),
        ("settings/", 403),
        ("design/", 403),
    ],
)
def test_a_clerk_reads_orders_and_products_only(shop: Reseller, page: str, status: int) -> None:
    clerk = office(factories.member(shop, "clerk"))
    assert clerk.get(f"/juniper-row/{page}").status_code == status


@pytest.mark.parametrize("path", ["add/publish/", "add/undo/", "products/restore/", "jobs/start/"])
def test_a_clerk_changes_nothing(shop: Reseller, path: str) -> None:
    clerk = office(factories.member(shop, "clerk"))
    answer = clerk.post(f"/juniper-row/{path}", {"action": "office.products.hide", "all": "1"})
    assert answer.status_code == 403


def test_picked_products_are_published_and_taken_back(shop: Reseller, owner: Client) -> None:
    ids = [factories.product().id for _ in range(3)]
    answer = owner.post("/juniper-row/add/publish/", {"product": ids[:2], "rule": "cost60"}, follow=True)
    with factories.inside(shop):
        assert Listing.objects.count() == 2
        assert set(Offer.objects.values_list("price_minor", flat=True)) == {1_590}
    undo = next(str(m.extra_tags) for m in answer.context["messages"]).removeprefix("undo:")

    owner.post(undo)
    with factories.inside(shop):
        assert Listing.objects.count() == 0


def test_publishing_nothing_says_what_to_do(owner: Client) -> None:
    answer = owner.post("/juniper-row/add/publish/", follow=True)
    assert "Pick at least one product" in answer.content.decode()


def test_a_broken_undo_does_nothing(owner: Client) -> None:
    for batch in ("", "x", "2026-01-01T00:00:00"):
        assert owner.post(f"/juniper-row/add/undo/?batch={batch}").status_code == 302


def test_a_price_outside_the_band_keeps_what_was_typed(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop)
    name = f"price_{factories.first_variant(made.product).id}"
    answer = owner.post(f"/juniper-row/products/{made.id}/price/", {name: "9.90"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="9.90"' in page
    assert "protects the price for all shops" in page
    assert 'value="15.00"' in page


@pytest.mark.parametrize("typed", ["", "abc", "-4", "1.234", "9" * 30, "NaN"])
def test_a_price_that_is_none_is_refused(shop: Reseller, owner: Client, typed: str) -> None:
    made = factories.listing(shop)
    name = f"price_{factories.first_variant(made.product).id}"
    assert owner.post(f"/juniper-row/products/{made.id}/price/", {name: typed}).status_code == 422


def test_variants_that_cost_alike_have_one_price_until_told_apart(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop, factories.product("Drift throw", variants=3))
    path = f"/juniper-row/products/{made.id}/"
    panels = [owner.get(where).content.count(b"data-price ") for where in (path, f"{path}?apart=1")]
    wrong = owner.post(f"{path}price/", {"price_all": "9999"})
    assert (panels, wrong.status_code, wrong.content.count(b'value="9999"')) == ([1, 3], 422, 1)
    owner.post(f"{path}price/", {"price_all": "24.90"})
    with factories.inside(shop):
        assert list(Offer.objects.values_list("price_minor", flat=True)) == [2_490] * 3
        one = Offer.objects.values_list("variant_id", flat=True)[0]
    owner.post(f"{path}price/", {f"price_{one}": "25.90"})
    assert owner.get(path).content.count(b"data-price ") == 3


def test_a_price_in_the_band_is_set(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop)
    name = f"price_{factories.first_variant(made.product).id}"
    assert owner.post(f"/juniper-row/products/{made.id}/price/", {name: "24,90"}).status_code == 302
    with factories.inside(shop):
        assert Offer.objects.get().price_minor == 2_490


def test_another_shops_product_is_not_found(owner: Client) -> None:
    foreign = factories.listing(factories.reseller())
    for path in ("", "price/", "words/", "variants/", "change/"):
        answer = owner.post if path else owner.get
        data = {"price_1": "20.00", "variant": "1", "title_en": "x", "do": "feature"}
        assert answer(f"/juniper-row/products/{foreign.id}/{path}", data).status_code == 404


def test_words_are_written_and_taken_back(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop, factories.product("Throw"))
    url = f"/juniper-row/products/{made.id}/words/"
    owner.post(url, {"title_en": "The sofa one", "text_en": "Ours"})
    Product.objects.update(text_en="New at S")
    page = owner.get(f"/juniper-row/products/{made.id}/").content.decode()
    assert "changed this" in page
    assert "New at S" in page.replace("<ins>", "").replace("</ins>", "")

    owner.post(url, {"back": "title_en"})
    owner.post(url, {"seen": "text_en"})
    with factories.inside(shop):
        row = Listing.objects.get()
        assert (row.title_en, row.text_en, row.seen["text_en"]) == ("", "Ours", "New at S")


def test_a_title_too_long_is_said_and_kept(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop)
    answer = owner.post(f"/juniper-row/products/{made.id}/words/", {"title_en": "x" * 161})
    assert answer.status_code == 422
    assert "x" * 161 in answer.content.decode()


def test_removed_products_come_back(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop, title_en="Ours")
    owner.post(f"/juniper-row/products/{made.id}/change/", {"do": "remove"})
    with factories.inside(shop):
        assert Listing.objects.count() == 0
    owner.post("/juniper-row/products/restore/")
    with factories.inside(shop):
        assert Listing.objects.get().title_en == "Ours"


@pytest.mark.parametrize(
    "data",
    [
        {"base": "free", "percent": "10"},
        {"base": "cost", "percent": "abc"},
        {"base": "cost", "percent": "nan"},
        {"base": "cost", "percent": "-5"},
    ],
)
def test_a_rule_that_is_none_is_refused(owner: Client, data: dict[str, str]) -> None:
    assert owner.post("/juniper-row/products/rule/", data).status_code == 422


def test_a_rule_is_tried_then_used(shop: Reseller, owner: Client) -> None:
    factories.listing(shop)
    rule = {"base": "cost", "percent": "60", "ending": "90"}
    assert "$15.90" in owner.get("/juniper-row/products/rule/", rule).content.decode()
    assert owner.post("/juniper-row/products/rule/", rule).status_code == 302
    with factories.inside(shop):
        assert Offer.objects.get().price_minor == 1_590
        assert Shop.objects.get().pricing["markup_bps"] == 6_000


def test_a_look_is_tried_before_it_is_published(shop: Reseller, owner: Client) -> None:
    assert "Draft" in owner.post("/juniper-row/design/", {"look": "dusk", "do": "try"}).content.decode()
    with factories.inside(shop):
        assert Shop.objects.get().look == "hearth"
    owner.post("/juniper-row/design/", {"look": "dusk", "accent": "#ffd000", "do": "publish"})
    with factories.inside(shop):
        row = Shop.objects.get()
        assert (row.look, row.look_overrides) == ("dusk", {"accent": "#ffd000"})


def test_a_colour_that_reads_badly_is_shown_beside_the_corrected_one(owner: Client) -> None:
    page = owner.post("/juniper-row/design/", {"look": "hearth", "accent": "#c86a42", "do": "try"}).content.decode()
    assert "Hard to read" in page


@pytest.mark.parametrize("data", [{"look": "nope"}, {"look": "hearth", "accent": "red;}"}])
def test_a_look_or_colour_that_is_none_is_refused(owner: Client, data: dict[str, str]) -> None:
    assert owner.post("/juniper-row/design/", {**data, "do": "publish"}).status_code == 422


def test_settings_are_saved_section_by_section(shop: Reseller, owner: Client) -> None:
    url = "/juniper-row/settings/"
    assert owner.post(url, {"section": "profile", "name": "Juniper & Co", "email": "n@example.com"}).status_code == 302
    assert (
        owner.post(
            url, {"section": "delivery", "price": "6.90", "free_over": "", "countries": ["US", "CA"]}
        ).status_code
        == 302
    )
    assert owner.post(url, {"section": "tax", "rate": "7.25", "included": "on"}).status_code == 302
    assert owner.post(url, {"section": "payment", "cod_enabled": "on"}).status_code == 302
    assert owner.post(url, {"section": "policies", "returns_en": "30 days"}).status_code == 302
    with factories.inside(shop):
        row = Shop.objects.get()
    assert (row.name, row.tax_bps, row.tax_included) == ("Juniper & Co", 725, True)
    assert row.shipping == {"price_minor": 690, "free_over_minor": None}
    assert (row.countries, row.card_enabled, row.cod_enabled) == (["CA", "US"], False, True)
    assert row.policies == {"returns": {"en": "30 days", "zh": ""}}


@pytest.mark.parametrize(
    "data",
    [
        {"section": "profile", "name": ""},
        {"section": "profile", "name": "x", "email": "no"},
        {"section": "delivery", "price": "abc", "countries": ["US"]},
        {"section": "delivery", "price": "5", "countries": ["XX"]},
        {"section": "tax", "rate": "99"},
        {"section": "payment"},
    ],
)
def test_settings_that_will_not_do_are_said(owner: Client, data: dict[str, str]) -> None:
    assert owner.post("/juniper-row/settings/", data).status_code == 422


def test_home_tells_what_needs_the_owner(shop: Reseller, owner: Client) -> None:
    product = factories.product("Storm lantern", wholesale=1_690, suggested=3_400, floor=3_000, ceiling=4_000)
    with factories.inside(shop):
        service.list_products(product_ids=[product.id])
    Variant.objects.update(wholesale_minor=1_780)

    page = owner.get("/juniper-row/").content.decode()
    assert "Storm lantern" in page
    assert "$16.90 became $17.80. At your price of $34.00 you keep $15.18, not $16.08" in page


def test_a_bare_shop_is_furnished_first(db: None) -> None:
    bare = factories.reseller("bare-shop")
    with factories.inside(bare):
        Shop.objects.all().delete()
    client = office(factories.member(bare, "owner"))
    assert client.get("/bare-shop/").headers["Location"] == "/bare-shop/begin/"
    assert client.get("/bare-shop/begin/").status_code == 200
    assert client.post("/bare-shop/begin/", {"look": "kiln"}).headers["Location"] == "/bare-shop/live/"
    assert client.get("/bare-shop/live/").status_code == 200


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("", 24),
        ("add/", 14),
        ("products/", 11),
        ("orders/", 9),
        ("money/", 10),
        ("money/lines/", 10),
        ("customers/", 8),
    ],
)
def test_pages_ask_no_more_when_there_is_more(
    shop: Reseller, owner: Client, page: str, queries: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        factories.order(shop, [(factories.first_variant(factories.listing(shop).product), 1, 2_000)])
        factories.product()
    owner.get(f"/juniper-row/{page}")
    with django_assert_max_num_queries(queries):
        owner.get(f"/juniper-row/{page}")


def test_membership_of_one_shop_opens_no_other(shop: Reseller, owner: Client) -> None:
    other = factories.reseller("other-shop")
    assert Membership.objects.count() == 1
    assert owner.get(f"/{other.slug}/orders/").status_code == 404


NUL = chr(0)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("words/", {"title_en": f"a{NUL}b", "text_zh": NUL}),
        ("price/", {"price_1": NUL}),
        ("variants/", {"variant": [NUL, "999999999999999999999"]}),
        ("change/", {"do": NUL}),
        ("words/", {"back": f"title{NUL}"}),
        ("words/", {"seen": "nonsense"}),
        ("words/", {"back": "seen"}),
    ],
)
def test_nonsense_is_never_a_fault(shop: Reseller, owner: Client, path: str, data: dict[str, Any]) -> None:
    made = factories.listing(shop)
    assert owner.post(f"/juniper-row/products/{made.id}/{path}", data).status_code < 500


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("settings/", {"section": "profile", "name": f"a{NUL}"}),
        ("settings/", {"section": "delivery", "price": NUL, "countries": NUL}),
        ("settings/", {"section": "tax", "rate": "NaN"}),
        ("settings/", {"section": "tax", "rate": "1e400"}),
        ("settings/", {"section": NUL}),
        ("design/", {"look": NUL}),
        ("design/", {"look": "hearth", "accent": NUL, "type": NUL}),
        ("products/rule/", {"base": NUL, "percent": "1e999", "ending": "99999"}),
        ("add/publish/", {"product": [NUL, "9" * 30], "rule": NUL, "next": "//evil.example/"}),
        ("add/publish/", {"category": "9" * 17}),
        ("jobs/start/", {"action": "office.products.hide", "row": [NUL, "9" * 30], "key": NUL, "back": NUL}),
        (
            "jobs/start/",
            {"action": "office.products.hide", "all": "1", "query": "q=%00&status=x", "back": "//evil.example/"},
        ),
        ("jobs/start/", {"action": NUL}),
        ("lists/products/views/", {"name": NUL, "query": NUL}),
        ("lists/products/keep/", {"columns": "1", "col": [NUL], "rows": NUL, "back": "//evil.example/"}),
    ],
)
def test_nonsense_in_other_forms_is_never_a_fault(
    shop: Reseller, owner: Client, path: str, data: dict[str, Any]
) -> None:
    factories.listing(shop)
    answer = owner.post(f"/juniper-row/{path}", data)
    assert answer.status_code < 500
    assert "evil" not in answer.headers.get("Location", "")


def test_following_is_chosen_for_the_shop_and_for_one_product(shop: Reseller, owner: Client) -> None:
    made = factories.listing(shop)
    rule = {"base": "cost", "percent": "100", "ending": "", "follow": "1"}
    assert owner.post(f"/{shop.slug}/products/rule/", rule).status_code == 302
    page = owner.get(f"/{shop.slug}/products/rule/").content.decode()
    assert 'name="follow" value="1" checked' in page
    with factories.inside(shop):
        assert Offer.objects.get().follow_base == "cost"
    url = f"/{shop.slug}/products/{made.id}/"
    assert owner.post(f"{url}follow/", {"follow": "no"}).status_code == 302
    assert '<option value="no" selected>' in owner.get(url).content.decode()
    with factories.inside(shop):
        assert Offer.objects.get().follow_base is None
    assert owner.post(f"{url}follow/", {"follow": "x"}).status_code == 404
