"""Prices that follow S's by themselves: at once, in every shop, and nothing is written for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reseller.models import Offer, Shop
from reseller.selectors import home, offers
from reseller.selectors import listing as listings
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import listing as service
from reseller.services import pricing
from s2b2c.tenancy.models import Reseller
from storefront.selectors import sql
from supplier.models import Variant
from tests import factories

RULE = Rule("cost", 10_000)


def s_asks(wholesale: int, **more: int) -> None:
    Variant.objects.update(wholesale_minor=wholesale, **more)


def pays() -> int:
    """Give what c pays; the three ways to read it agree."""
    offer = offers.on_sale("USD").get()
    sold = offers.sellable([offer.variant_id])[offer.variant_id].price_minor
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql.PAYS} FROM {sql.ON_SALE}", {"currency": "USD"})
        assert cursor.fetchall() == [(offer.pays_minor,)]
    assert sold == offer.pays_minor
    return int(sold)


@pytest.fixture
def made(shop: Reseller) -> Any:
    """A shop that follows: wholesale 1,000 doubled, band 1,500 to 3,000."""
    made = factories.listing(shop)
    with factories.inside(shop):
        pricing.set_rule(rule=RULE, follow=True)
        pricing.apply_rule()
    return made


def test_price_by_rule_changes_with_s_and_stays_in_the_band(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        assert pays() == 2_000
        s_asks(1_200)
        assert pays() == 2_400
        s_asks(2_000)
        assert pays() == 3_000
        s_asks(100)
        assert pays() == 1_500
        assert home.dearer(shops.cut(shops.get())) == []


def test_s_writes_nothing_into_a_shop(shop: Reseller, made: Any) -> None:
    with CaptureQueriesContext(connection) as seen:
        s_asks(1_200)
    assert len(seen) == 1
    with factories.inside(shop):
        assert (pays(), Offer.objects.get().price_minor) == (2_400, 2_000)


def test_shop_that_is_told_keeps_its_price(shop: Reseller) -> None:
    told = factories.listing(shop)
    with factories.inside(shop):
        pricing.keep_prices(listing_ids=[told.id])
        before = pays()
        s_asks(1_400)
        assert (pays(), len(home.dearer(shops.cut(shops.get())))) == (before, 1)


def test_price_stands_where_it_is_when_following_ends(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        s_asks(1_200)
        pricing.set_rule(rule=RULE, follow=False)
        assert (pays(), Offer.objects.get().follow_base) == (2_400, None)
        s_asks(1_000)
        assert pays() == 2_400


def test_price_by_hand_follows_nobody(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        pricing.set_prices(listing_id=made.id, wanted={Offer.objects.get().variant_id: 2_222})
        s_asks(1_400)
        assert pays() == 2_222
        pricing.set_rule(rule=RULE, follow=True)
        assert pays() == 2_222


@pytest.mark.parametrize(
    ("shop_follows", "own", "after"), [(True, False, 2_000), (False, True, 2_800), (True, None, 2_800)]
)
def test_product_may_do_other_than_the_shop(
    shop: Reseller, made: Any, shop_follows: bool, own: bool | None, after: int
) -> None:
    with factories.inside(shop):
        pricing.set_rule(rule=RULE, follow=shop_follows)
        pricing.follow(listing_id=made.id, follow=own)
        s_asks(1_400)
        assert pays() == after
        found = listings.detail(made.id, shop=Shop.objects.get(), cut=shops.cut(Shop.objects.get()))
        assert [row.price_minor for row in found.rows] == [after]


def test_what_is_listed_later_and_put_back_follows_too(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        kept = service.remove(listing_ids=[made.id])
        service.restore(kept=kept)
        s_asks(1_400)
        assert pays() == 2_800
        service.remove(listing_ids=[Offer.objects.get().listing_id])
        service.list_products(product_ids=[made.product_id])
        s_asks(1_100)
        assert pays() == 2_200


def test_reduced_price_that_rose_above_the_old_one_is_no_reduction(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        Offer.objects.update(was_minor=2_100)
        s_asks(1_400)
        pricing.set_rule(rule=RULE, follow=False)
        assert (pays(), Offer.objects.get().was_minor) == (2_800, None)


def test_price_put_back_by_hand_follows_nobody_again(shop: Reseller, made: Any) -> None:
    with factories.inside(shop):
        pricing.set_prices(listing_id=made.id, wanted={Offer.objects.get().variant_id: 2_222})
        was = pricing.asked(listing_id=made.id)
        pricing.apply_rule(listing_ids=[made.id], by_hand_too=True)
        s_asks(1_400)
        assert pays() == 2_800
        pricing.put_back(listing_id=made.id, was=was, since=pricing.asked(listing_id=made.id))
        assert pays() == 2_222
