"""What b is shown: what can be listed, what became dearer, what S reworded. Only this shop's."""

from __future__ import annotations

import pytest

from reseller.models import Listing, Shop
from reseller.selectors import assortment, home, wording
from reseller.selectors import listing as listings
from reseller.selectors import shop as shops
from reseller.selectors.assortment import Wish
from reseller.selectors.prices import Cut, Rule
from reseller.services import listing as service
from reseller.services import pricing
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.models import Product, Variant
from tests import factories

CUT = Cut(fee_bps=300)


def names(wish: Wish, **more: object) -> list[str]:
    found = assortment.shelf(wish, currency="USD", rule=Rule(), cut=CUT, limit=10, **more)
    return [card.name for card in found.cards]


def test_shelf_shows_keep_and_price_by_the_rule(shop: Reseller) -> None:
    factories.product("Bowls", wholesale=1_540, suggested=3_200, floor=2_600, ceiling=3_900, variants=2, stock=120)
    with factories.inside(shop):
        card = assortment.shelf(Wish(), currency="USD", rule=Rule(), cut=CUT, limit=10).cards[0]

    assert (card.price_minor, card.keep_minor, card.stock, card.variants) == (3_200, 1_564, 240, 2)
    assert card.dot == "46.2"


def test_shelf_narrows_by_everything_asked(shop: Reseller) -> None:
    outdoor = factories.category("outdoor")
    factories.product("Blue mug", suggested=2_500)
    factories.product("Red mug", suggested=1_600)
    factories.product("Tent", category=factories.category("tents", parent=outdoor), stock=0)
    factories.listing(shop, factories.product("Mug at home"))
    with factories.inside(shop):
        assert names(Wish(order="new")) == ["Tent", "Red mug", "Blue mug"]
        assert names(Wish(text="mug")) == ["Blue mug", "Red mug"]
        assert names(Wish(keep_minor=1_000)) == ["Blue mug"]
        assert names(Wish(category_id=outdoor.id)) == ["Tent"]
        assert names(Wish(category_id=outdoor.id, in_stock=True)) == []
        assert names(Wish(text="home", not_mine=False)) == ["Mug at home"]
        assert names(Wish(category_id=10**6)) == []


def test_aisles_count_products_below_them(shop: Reseller) -> None:
    outdoor = factories.category("outdoor")
    factories.product(category=factories.category("tents", parent=outdoor), suggested=2_000, wholesale=1_000)
    factories.product(category=outdoor, suggested=3_000, wholesale=1_000)
    factories.category("empty")
    with factories.inside(shop):
        found = assortment.aisles(currency="USD", rule=Rule(), cut=CUT, samples=1)

    assert [(aisle.category.slug, aisle.products, aisle.keep_minor) for aisle in found] == [
        ("outdoor", 2, (940 + 1_910) // 2)
    ]
    assert len(found[0].samples) == 1


def test_my_products_show_what_is_asked_and_kept(shop: Reseller) -> None:
    product = factories.product("Throw", variants=2, wholesale=1_000)
    made = factories.listing(shop, product, price=2_500, title_en="The sofa one")
    with factories.inside(shop):
        pricing.set_prices(listing_id=made.id, wanted={factories.first_variant(product).id: 2_000})
        row = listings.mine(Shop.objects.get(), CUT).get()

    assert (row.name, row.low, row.high, row.keep) == ("The sofa one", 2_000, 2_500, 940)
    assert (row.gone, row.dearer) == (False, False)


def test_what_s_withdrew_is_marked_gone(shop: Reseller) -> None:
    made = factories.listing(shop)
    Variant.objects.update(status=Variant.Status.WITHDRAWN)
    with factories.inside(shop):
        assert listings.mine(Shop.objects.get(), CUT).get(pk=made.id).gone is True


def test_a_dearer_variant_is_told_until_b_has_seen_it(shop: Reseller) -> None:
    product = factories.product("Lantern", wholesale=1_690, suggested=3_400, floor=3_000, ceiling=4_000)
    factories.product("Same")
    with factories.inside(shop):
        service.list_products(product_ids=list(Product.objects.values_list("id", flat=True)))
        assert home.dearer(CUT) == []
        Variant.objects.filter(product=product).update(wholesale_minor=1_780)
        alert = home.dearer(CUT)[0]

        assert (alert.title, alert.cost_before, alert.cost_now) == ("Lantern", 1_690, 1_780)
        assert (alert.keep_before, alert.keep_now) == (1_608, 1_518)
        pricing.keep_prices(listing_ids=[alert.listing_id])
        assert home.dearer(CUT) == []


def test_a_reworded_text_is_told_only_where_b_wrote_over_it(shop: Reseller) -> None:
    mine, follows = factories.listing(shop), factories.listing(shop)
    with factories.inside(shop):
        row = Shop.objects.get()
        service.write_words(listing_id=mine.id, words={"text_en": "Dry clean only, we say."})
        assert home.changes(row).reworded == []
        Product.objects.filter(id__in=[mine.product_id, follows.product_id]).update(text_en="Wool programme.")

        assert [each.id for each in home.changes(row).reworded] == [mine.id]
        service.accept_theirs(listing_id=mine.id, field="text_en")
        assert home.changes(row).reworded == []


def test_a_new_variant_and_a_withdrawn_product_are_told(shop: Reseller) -> None:
    grown, gone = factories.listing(shop), factories.listing(shop)
    factories.variant(grown.product)
    Product.objects.filter(id=gone.product_id).update(status=Product.Status.WITHDRAWN)
    with factories.inside(shop):
        found = home.changes(Shop.objects.get())
        assert ([row.id for row in found.more], [row.id for row in found.withdrawn]) == ([grown.id], [gone.id])


def test_detail_has_every_variant_and_the_words(shop: Reseller) -> None:
    product = factories.product("Throw", wholesale=1_000)
    made = factories.listing(shop, product, price=2_500)
    factories.variant(product, stock=7)
    with factories.inside(shop):
        service.write_words(listing_id=made.id, words={"text_en": "Ours"})
        Product.objects.filter(id=product.id).update(text_en="Pure wool. Dry flat.")
        found = listings.detail(made.id, shop=Shop.objects.get(), cut=CUT)

    assert [(row.price_minor, row.keep_minor, row.stock, row.sold) for row in found.rows] == [
        (2_500, 1_425, 10, True),
        (2_000, 940, 7, False),
    ]
    assert {words.field: words.state for words in found.words} == {
        "title_en": "follows",
        "title_zh": "follows",
        "text_en": "changed",
        "text_zh": "follows",
    }


def test_detail_of_another_shops_listing_is_not_found(shop: Reseller) -> None:
    foreign = factories.listing(factories.reseller())
    with factories.inside(shop), pytest.raises(NotFound):
        listings.detail(foreign.id, shop=shops.get(), cut=CUT)


def test_steps_show_what_became_of_a_text() -> None:
    assert wording.steps("Pure wool. Dry clean only.", "Pure wool. Dry flat.") == [
        ("same", "Pure wool. Dry "),
        ("del", "clean only."),
        ("ins", "flat."),
    ]
    assert wording.steps("纯羊毛，可干洗。", "纯羊毛，可水洗。")[1:3] == [("del", "干"), ("ins", "水")]


def test_preview_of_a_rule_writes_nothing(shop: Reseller) -> None:
    factories.listing(shop, factories.product("Throw"), by_rule=False)
    with factories.inside(shop):
        row = listings.preview(Rule("cost", 8_000, 90), cut=CUT)[0]
        assert (row.name, row.now_minor, row.then_minor, row.by_hand) == ("Throw", 2_000, 1_790, True)
        assert (row.keep_now_minor, row.keep_then_minor) == (940, 736)
        assert Listing.objects.get().offers.get().price_minor == 2_000


def test_checklist_comes_from_data(shop: Reseller) -> None:
    with factories.inside(shop):
        row = Shop.objects.get()
        row.story_en = "Two lines."
        found = {step.key: step.done for step in home.steps(row, products=12, sold=False, own_domain=False)}

    assert found == {
        "look": True, "products": True, "story": True, "contact": False, "policies": False, "order": False, "domain": False
    }  # fmt: skip
