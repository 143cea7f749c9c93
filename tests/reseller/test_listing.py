"""Products go into the shop, and out of it, by one statement; words stand over S's."""

from __future__ import annotations

import pytest

from reseller.models import Listing, Offer, Shop
from reseller.selectors.prices import Rule
from reseller.services import listing
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller
from supplier.models import Product, Variant
from tests import factories


def version() -> int:
    return Shop.objects.get().version


def prices_of(listing_id: int) -> list[int]:
    return list(Offer.objects.filter(listing_id=listing_id).order_by("id").values_list("price_minor", flat=True))


def test_listing_a_product_prices_all_its_variants_by_the_rule(shop: Reseller) -> None:
    product = factories.product(variants=3)
    with factories.inside(shop):
        before = version()
        result = listing.list_products(product_ids=[product.id], rule=Rule("cost", 6_000, 90))
        made = Listing.objects.get()

        assert (result.count, result.skipped) == (1, 0)
        assert prices_of(made.id) == [1_590] * 3
        assert made.seen == {"wholesale": {str(v.id): 1_000 for v in product.variants.all()}}
        assert version() == before + 1


def test_listing_a_category_takes_what_is_below_it(shop: Reseller) -> None:
    kitchen = factories.category("kitchen")
    below, beside = factories.category("mugs", parent=kitchen), factories.category("outdoor")
    wanted = {factories.product(category=kitchen).id, factories.product(category=below).id}
    factories.product(category=beside)
    with factories.inside(shop):
        listing.list_products(category_ids=[kitchen.id])

        assert set(Listing.objects.values_list("product_id", flat=True)) == wanted


def test_listing_twice_leaves_the_first_as_it_is(shop: Reseller) -> None:
    one, other = factories.product(), factories.product()
    with factories.inside(shop):
        first = listing.list_products(product_ids=[one.id])
        again = listing.list_products(product_ids=[one.id, other.id], rule=Rule("cost", 9_000))

        assert (again.count, again.skipped) == (1, 1)
        assert prices_of(Listing.objects.get(listed_at=first.batch).id) == [2_000]


def test_listing_is_as_many_statements_for_any_number(shop: Reseller, django_assert_max_num_queries) -> None:
    ids = [factories.product(stock=0).id for _ in range(30)]
    with factories.inside(shop), django_assert_max_num_queries(7):
        assert listing.list_products(product_ids=ids).count == 30


@pytest.mark.parametrize("problem", ["draft", "withdrawn variant", "other currency", "unknown"])
def test_what_s_does_not_sell_here_cannot_be_listed(shop: Reseller, problem: str) -> None:
    product = factories.product(currency="EUR" if problem == "other currency" else "USD")
    if problem == "draft":
        Product.objects.filter(id=product.id).update(status=Product.Status.DRAFT)
    if problem == "withdrawn variant":
        product.variants.update(status=Variant.Status.WITHDRAWN)
    with factories.inside(shop):
        with pytest.raises(Refused) as refused:
            listing.list_products(product_ids=[0 if problem == "unknown" else product.id])

        assert refused.value.code == "nothing"
        assert Listing.objects.count() == 0


def test_undo_takes_out_one_batch_only(shop: Reseller) -> None:
    kept, undone = factories.product(), factories.product()
    with factories.inside(shop):
        listing.list_products(product_ids=[kept.id])
        batch = listing.list_products(product_ids=[undone.id]).batch

        assert [listing.undo_batch(batch=batch), listing.undo_batch(batch=batch)] == [1, 0]
        assert list(Listing.objects.values_list("product_id", flat=True)) == [kept.id]


def test_hide_and_publish_count_what_changed(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        before = version()
        assert [listing.hide(listing_ids=[made.id]), listing.hide(listing_ids=[made.id])] == [1, 0]
        assert listing.publish(listing_ids=[made.id, 999]) == 1
        assert version() == before + 2


def test_remove_can_be_undone_to_the_last_word(shop: Reseller) -> None:
    made = factories.listing(shop, price=2_450, title_en="Ours", featured=True, position=3)
    with factories.inside(shop):
        before = [Listing.objects.values().exclude(id=0)[0], Offer.objects.values()[0]]
        kept = listing.remove(listing_ids=[made.id])
        assert Listing.objects.count() == Offer.objects.count() == 0

        assert [listing.restore(kept=kept), listing.restore(kept=kept)] == [1, 0]
        after = [Listing.objects.values()[0], Offer.objects.values()[0]]
        for row in (*before, *after):
            row.pop("id")
            row.pop("listing_id", None)
        assert after == before


def test_own_words_remember_what_s_said(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        listing.write_words(listing_id=made.id, words={"title_en": "  The sofa one ", "text_en": ""})

        row = Listing.objects.get()
        assert (row.title_en, row.text_en) == ("The sofa one", "")
        assert row.seen["title_en"] == made.product.name_en
        assert "text_en" not in row.seen


def test_going_back_to_theirs_forgets_what_was_seen(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        listing.write_words(listing_id=made.id, words={"title_en": "Ours"})
        row = listing.write_words(listing_id=made.id, words={"title_en": ""})

        assert (row.title_en, "title_en" in row.seen) == ("", False)


def test_selling_fewer_variants_switches_the_others_off(shop: Reseller) -> None:
    product = factories.product(variants=2)
    made = factories.listing(shop, product, price=2_100)
    new = factories.variant(product)
    first = factories.first_variant(product)
    with factories.inside(shop):
        listing.sell_variants(listing_id=made.id, variant_ids=[first.id, new.id])

        rows = dict(Offer.objects.filter(active=True).values_list("variant_id", "price_minor"))
        assert rows == {first.id: 2_100, new.id: 2_000}


def test_selling_no_variant_is_refused(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop), pytest.raises(Refused) as refused:
        listing.sell_variants(listing_id=made.id, variant_ids=[])
    assert refused.value.code == "no_variant"


def test_move_first_puts_it_before_all_others(shop: Reseller) -> None:
    rows = [factories.listing(shop) for _ in range(3)]
    with factories.inside(shop):
        listing.move(listing_id=rows[1].id, to="first")
        listing.move(listing_id=rows[2].id, to="last")

        assert list(Listing.objects.order_by("position").values_list("id", flat=True)) == [
            rows[1].id,
            rows[0].id,
            rows[2].id,
        ]


def test_a_listing_of_another_shop_is_not_found(shop: Reseller) -> None:
    foreign = factories.listing(factories.reseller())
    with factories.inside(shop):
        with pytest.raises(NotFound):
            listing.write_words(listing_id=foreign.id, words={"title_en": "Mine"})
        assert listing.hide(listing_ids=[foreign.id]) == 0
