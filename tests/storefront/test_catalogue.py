"""What is on the shelf, found, filtered and priced, as c sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reseller.models import Listing, Offer
from reseller.selectors import offers
from s2b2c.tenancy.models import Reseller
from storefront.selectors import browse, sql
from storefront.selectors import shell as shells
from supplier.models import Product, Variant
from tests import factories
from tests.storefront.conftest import variant

pytestmark = pytest.mark.django_db(transaction=False)
PAGES = [
    "/",
    "/c/",
    "/c/kitchen/",
    "/c/kitchen/?o.colour=pine&sort=price",
    "/p/alder-mug/",
    "/search/?q=mug",
    "/bag/",
    "/account/",
]


@pytest.mark.parametrize("path", PAGES)
def test_page_takes_few_queries(client: Client, path: str) -> None:
    """Nothing remembered, nothing kept: savepoints are the test's own, the host's look-up is made once in minutes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    asked = [
        query["sql"].split()[0:4]
        for query in captured
        if "SAVEPOINT" not in query["sql"] and "tenancy_reseller" not in query["sql"]
    ]
    assert len(asked) <= 8, asked


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_opens_in_both_languages(client: Client, path: str, language: str) -> None:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in response.content.decode()


def test_product_names_follow_the_language(client: Client) -> None:
    assert "桤木杯" in client.get("/p/alder-mug/?lang=zh-hans").content.decode()
    assert client.cookies["language"].value == "zh-hans"
    assert "桤木杯" in client.get("/c/").content.decode()


def test_shops_own_title_stands_over_the_suppliers(client: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        Listing.objects.filter(product=shop.mug).update(title_en="The Juniper Mug")
    page = client.get("/p/alder-mug/").content.decode()
    assert "The Juniper Mug</h1>" in page


def test_sql_and_orm_agree_on_what_is_on_sale(shop: Reseller) -> None:
    hidden, withdrawn = factories.product("Hidden"), factories.product("Withdrawn", status=Product.Status.WITHDRAWN)
    off, other = factories.product("Off"), factories.product("Other", currency="EUR")
    gone = factories.product("Gone", variants=2)
    factories.listing(shop, hidden, status=Listing.Status.HIDDEN)
    for product in (withdrawn, off, other, gone):
        factories.listing(shop, product)
    Variant.objects.filter(id=factories.first_variant(gone).id).update(status=Variant.Status.WITHDRAWN)
    Variant.objects.filter(sku="MUG-PINE-8").update(floor_minor=2_100, suggested_minor=2_200)  # above the shop's price
    with factories.inside(shop):
        Offer.objects.filter(listing__product_id=off.id).update(active=False)
        rows = sql.rows(f"SELECT v.id, {sql.PAYS} FROM {sql.ON_SALE}", {"currency": "USD"})
        assert dict(rows) == dict(offers.on_sale("USD").values_list("variant_id", "pays_minor"))
    assert dict(rows)[variant(shop, "MUG-PINE-8").id] == 2_100


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "no offers", "unknown"])
def test_what_is_not_sold_is_not_found(client: Client, shop: Reseller, how: str) -> None:
    with factories.inside(shop):
        if how == "hidden":
            Listing.objects.filter(product=shop.mug).update(status=Listing.Status.HIDDEN)
        if how == "no offers":
            Offer.objects.filter(listing__product_id=shop.mug.id).update(active=False)
    if how == "withdrawn":
        Product.objects.filter(id=shop.mug.id).update(status=Product.Status.WITHDRAWN)
    response = client.get("/p/nowhere/" if how == "unknown" else "/p/alder-mug/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert "Alder Mug" not in client.get("/c/").content.decode() or how == "unknown"


def test_no_page_shows_what_the_goods_cost(client: Client, filled: Client) -> None:
    spellings = ("1317", "13.17", "1,317", "6585", "65.85", "wholesale", "margin_minor", "683", "6.83")
    paths = [*PAGES, "/checkout/", "/p/moor-blanket/", "/search/suggest/?q=mug", "/bag/drawer/", "/sitemap.xml",
             "/api/v1/products/", "/api/v1/products/alder-mug/", "/api/v1/categories/"]  # fmt: skip
    for path in paths:
        text = filled.get(path).content.decode()
        found = [spelling for spelling in spellings if spelling in text]
        assert (path, found) == (path, [])


def test_facets_are_met_by_one_variant(shop: Reseller) -> None:
    """Oat exists, 12 oz exists, but no oat mug of 12 oz."""
    with factories.inside(shop):
        found = shells.read()
        both = browse.Filters({"o.colour": ("oat",), "o.size": ("12",)})
        result = browse.read(found, browse.category(""), both)
        assert (result.counts.total, result.cards) == (0, [])
        one = browse.read(found, browse.category(""), browse.Filters({"o.colour": ("oat",)}))
        sizes = next(facet for facet in one.counts.facets if facet.code == "o.colour")
        assert [(value.code, value.count) for value in sizes.values] == [("oat", 1), ("pine", 1)]


def test_facet_count_is_what_choosing_it_shows(shop: Reseller) -> None:
    for colour in ("pine", "oat", "oat"):
        product = factories.product(variants=0, options=shop.mug.options)
        factories.variant(product, options={"colour": colour, "size": "8"})
        factories.listing(shop, product)
    with factories.inside(shop):
        found = shells.read()
        chosen = browse.Filters({"o.colour": ("pine",)}, high_minor=2_100)
        counts = browse.read(found, browse.category(""), chosen).counts
        for facet in counts.facets:
            for value in facet.values:
                others = {code: values for code, values in chosen.chosen.items() if code != facet.code}
                alone = browse.Filters({**others, facet.code: (value.code,)}, high_minor=2_100)
                assert value.count == browse.read(found, browse.category(""), alone).counts.total, (
                    facet.code,
                    value.code,
                )


def test_pages_by_key_show_each_product_once(shop: Reseller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "PAGE", 3)
    for price in (1_600, 1_700, 1_700, 1_800, 1_900, 1_900):
        factories.listing(shop, factories.product(suggested=price))
    with factories.inside(shop):
        found = shells.read()
        for sort in (browse.PICKED, browse.NEWEST, browse.CHEAP, browse.DEAR):
            seen, after = [], ""
            while True:
                result = browse.read(found, browse.category(""), browse.Filters(), sort=sort, after=after)
                seen += [card.product_id for card in result.cards]
                after = result.after
                if not after:
                    break
            assert (len(seen), len(set(seen))) == (8, 8), sort


@pytest.mark.parametrize("sort", browse.SORTS)
def test_tampered_page_key_is_no_error(client: Client, sort: str) -> None:
    for after in ("x", "1_2_3_4", "1__2", "-", "9" * 70, "1.5_2_3", "NaN_1_1", "１_２_３"):
        assert client.get("/c/", {"sort": sort, "after": after}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "o.colour=",
        "a.=x",
        "from=abc",
        "from=-1",
        "to=1e400",
        "stock=7",
        "type=nope",
        "o." + "x" * 500 + "=1",
        "sort=nope",
        "o.colour=%27%22%25",
    ],
)
def test_odd_filters_are_no_error(client: Client, query: str) -> None:
    assert client.get(f"/c/kitchen/?{query}").status_code == 200


def test_search_forgives_a_typing_error(client: Client) -> None:
    page = client.get("/search/", {"q": "allder mugg"}).content.decode()
    assert "Alder Mug" in page
    assert "These come close" in page


@pytest.mark.parametrize("query", ["alder", "MUG", "桤木", "杯", "alder mug", "stoneware"])
def test_search_finds_words_and_chinese_signs(client: Client, query: str) -> None:
    page = client.get("/search/", {"q": query}).content.decode()
    assert 'href="/p/alder-mug/"' in page
    assert 'href="/p/moor-blanket/"' not in page


def test_search_finds_the_shops_own_title(client: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        Listing.objects.filter(product=shop.mug).update(title_en="Grandmother cup")
    assert 'href="/p/alder-mug/"' in client.get("/search/", {"q": "grandmother"}).content.decode()


@pytest.mark.parametrize(
    "query", ["", "%", "_", "\\", "'", '"', "a" * 500, "<script>", "💥", "%' OR 1=1 --", "\u202e", "   "]
)
def test_odd_searches_are_no_error(client: Client, query: str) -> None:
    for path in ("/search/", "/search/suggest/"):
        response = client.get(path, {"q": query})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().replace('<script src="', "").replace(
            '<script type="application/ld+json">', ""
        )


def test_suggestions_come_as_a_part(client: Client) -> None:
    text = client.get("/search/suggest/", {"q": "ald"}).content.decode()
    assert "/p/alder-mug/" in text
    assert "<html" not in text


def test_variant_is_chosen_by_the_address(client: Client) -> None:
    page = client.get("/p/alder-mug/?v=MUG-PINE-12").content.decode()
    assert "Add to bag, $24.00" in page
    assert "Add to bag, $20.00" in client.get("/p/alder-mug/?v=nonsense").content.decode()


def test_picking_a_value_keeps_the_others_where_it_can(client: Client) -> None:
    page = client.get("/p/alder-mug/?v=MUG-PINE-12").content.decode()
    assert 'href="/p/alder-mug/?v=MUG-OAT-8"' in page  # there is no oat of 12 oz


def test_htmx_gets_the_product_alone(client: Client) -> None:
    part = client.get(
        "/p/alder-mug/?v=MUG-OAT-8", headers={"hx-request": "true", "hx-target": "product"}
    ).content.decode()
    assert part.startswith('<div id="product">')
    assert "<html" not in part


@pytest.mark.parametrize(("stock", "words"), [(0, "Sold out"), (5, "Only a few left"), (6, "Ready to send")])
def test_stock_is_said_in_words(client: Client, shop: Reseller, stock: int, words: str) -> None:
    product = factories.product("Thing", slug="thing", stock=stock)
    factories.listing(shop, product)
    assert words in client.get("/p/thing/").content.decode()


def test_sold_out_can_not_be_added(client: Client, shop: Reseller) -> None:
    factories.listing(shop, factories.product("Thing", slug="thing", stock=0))
    assert "Add to bag" not in client.get("/p/thing/").content.decode()


def test_product_tells_machines_its_offers(client: Client) -> None:
    page = client.get("/p/alder-mug/").content.decode()
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    product = next(each for each in data if each["@type"] == "Product")
    assert [(offer["sku"], offer["price"]) for offer in product["offers"]] == [
        ("MUG-PINE-8", "20.00"), ("MUG-PINE-12", "24.00"), ("MUG-OAT-8", "20.00"),
    ]  # fmt: skip
    assert '<link rel="canonical" href="http://juniper.localhost:8000/p/alder-mug/">' in page
    assert 'hreflang="zh-Hans" href="http://juniper.localhost:8000/p/alder-mug/?lang=zh-hans"' in page


def test_texts_are_escaped_everywhere(client: Client, shop: Reseller) -> None:
    bad = '"><script>alert(1)</script>'
    product = factories.product(bad, slug="bad", summary_en=bad, text_en=bad, search_text=bad.lower())
    factories.variant(product, label_en=bad)
    factories.listing(shop, product)
    client.post("/bag/add/", {"variant": factories.first_variant(product).id})
    for path in ("/", "/c/", "/p/bad/", "/search/?q=alert", "/search/suggest/?q=alert", "/bag/", "/checkout/"):
        assert "<script>alert" not in client.get(path).content.decode(), path


def test_other_shops_goods_and_prices_stay_there(visitor: Any, shop: Reseller) -> None:
    other = factories.reseller("shanye", name="Shanye")
    factories.listing(other, shop.mug, price=2_950)
    own = factories.product("Only there", slug="only-there")
    factories.listing(other, own)
    assert "$29.50" in visitor(other).get("/p/alder-mug/").content.decode()
    here = visitor(shop)
    assert "$20.00" in here.get("/p/alder-mug/").content.decode()
    assert here.get("/p/only-there/").status_code == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/robots.txt", "text/plain"),
        ("/sitemap.xml", "application/xml"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
def test_machine_pages(client: Client, path: str, kind: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, kind)


def test_sitemap_lists_what_is_on_sale(client: Client) -> None:
    text = client.get("/sitemap.xml").content.decode()
    assert "http://juniper.localhost:8000/p/alder-mug/" in text
    assert "/bag/" not in text


def test_style_is_named_by_its_content(client: Client, shop: Reseller) -> None:
    page = client.get("/").content.decode()
    address = page.split('href="/theme.')[1].split('"')[0]
    sheet = client.get(f"/theme.{address}")
    assert (sheet.status_code, sheet.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert client.get("/theme.000000000000.css").headers["Cache-Control"] == "no-store"


def test_empty_shop_says_so(visitor: Any, db: None) -> None:
    factories.company()
    assert "The shelves are being filled" in visitor(factories.reseller()).get("/c/").content.decode()
