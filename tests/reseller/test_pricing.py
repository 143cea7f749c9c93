"""Prices move only inside S's band, by hand or by rule."""

from __future__ import annotations

import pytest

from reseller.models import Listing, Offer, Shop
from reseller.selectors.prices import Rule
from reseller.services import pricing
from s2b2c.kernel.errors import NotFound, PriceOutOfBand
from s2b2c.tenancy.models import Reseller
from tests import factories


def offer() -> Offer:
    return Offer.objects.get()


def test_a_price_by_hand_leaves_the_rule(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        before = Shop.objects.get().version
        pricing.set_prices(listing_id=made.id, wanted={offer().variant_id: 2_450})

        assert (offer().price_minor, offer().by_rule) == (2_450, False)
        assert Shop.objects.get().version == before + 1


@pytest.mark.parametrize(("asked", "nearest"), [(1_499, 1_500), (0, 1_500), (3_001, 3_000)])
def test_a_price_outside_the_band_is_refused_with_the_nearest(shop: Reseller, asked: int, nearest: int) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        variant_id = offer().variant_id
        with pytest.raises(PriceOutOfBand) as refused:
            pricing.set_prices(listing_id=made.id, wanted={variant_id: asked})

        assert refused.value.nearest_minor == nearest
        assert refused.value.field == f"price_{variant_id}"
        assert "Harbour & Loom" in str(refused.value)
        assert offer().price_minor == 2_000


def test_one_price_out_of_band_leaves_all_as_they_were(shop: Reseller) -> None:
    made = factories.listing(shop, factories.product(variants=2))
    with factories.inside(shop):
        one, two = Offer.objects.order_by("id").values_list("variant_id", flat=True)
        with pytest.raises(PriceOutOfBand):
            pricing.set_prices(listing_id=made.id, wanted={one: 2_500, two: 9_999})

        assert set(Offer.objects.values_list("price_minor", flat=True)) == {2_000}


def test_a_variant_of_another_listing_is_not_found(shop: Reseller) -> None:
    made, other = factories.listing(shop), factories.listing(shop)
    with factories.inside(shop):
        stranger = Offer.objects.get(listing=other).variant_id
        with pytest.raises(NotFound):
            pricing.set_prices(listing_id=made.id, wanted={stranger: 2_000})


def test_the_price_above_the_old_one_drops_the_old_one(shop: Reseller) -> None:
    made = factories.listing(shop)
    with factories.inside(shop):
        Offer.objects.update(was_minor=2_400)
        pricing.set_prices(listing_id=made.id, wanted={offer().variant_id: 2_400})

        assert offer().was_minor is None


def test_applying_a_rule_spares_prices_by_hand(shop: Reseller) -> None:
    factories.listing(shop, price=2_222, by_rule=False)
    factories.listing(shop)
    with factories.inside(shop):
        assert pricing.apply_rule(rule=Rule("cost", 8_000)) == 1
        assert set(Offer.objects.values_list("price_minor", flat=True)) == {2_222, 1_800}


def test_applying_a_rule_to_some_leaves_the_others(shop: Reseller) -> None:
    one, _other = factories.listing(shop), factories.listing(shop, price=2_222, by_rule=False)
    with factories.inside(shop):
        assert pricing.apply_rule(rule=Rule("cost", 8_000), listing_ids=[one.id], by_hand_too=True) == 1
        assert pricing.apply_rule(rule=Rule("cost", 8_000), by_hand_too=True) == 1


def test_applying_the_same_rule_again_changes_nothing(shop: Reseller) -> None:
    factories.listing(shop)
    with factories.inside(shop):
        before = Shop.objects.get().version
        assert pricing.apply_rule() == 0
        assert Shop.objects.get().version == before


def test_the_shop_remembers_its_rule(shop: Reseller) -> None:
    with factories.inside(shop):
        pricing.set_rule(rule=Rule("cost", 3_000, 90))
        assert Shop.objects.get().pricing == {"base": "cost", "markup_bps": 3_000, "ending": 90, "follow": False}


def test_keeping_prices_notes_the_new_cost(shop: Reseller) -> None:
    made = factories.listing(shop, seen={"wholesale": {"1": 5}})
    with factories.inside(shop):
        pricing.keep_prices(listing_ids=[made.id])
        assert Listing.objects.get().seen["wholesale"] == {str(offer().variant_id): 1_000}
