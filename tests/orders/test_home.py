"""The shop's home: little is asked for it, however much there is to tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from enablement.services import kits as compose
from enablement.services import notices
from orders.models import Order
from reseller.models import Listing, Offer
from reseller.services import kits as taking
from s2b2c.kernel import clock
from supplier.models import Product, Variant
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(shop):
    """The shop with something of everything Home tells of."""
    goods = [factories.product(f"Thing {n}", wholesale=1_000, suggested=2_000, stock=9) for n in range(7)]
    for each in goods:
        factories.listing(shop, each, title_en=f"My {each.name_en}", featured=True)
    made = compose.draft(facts={"title_en": "Mornings", "lead_en": "Slow.", "story_en": "Story."}, actor_id=None)
    for each in goods[:3]:
        compose.put(kit_id=made.pk, product_id=each.pk)
    compose.publish(kit_id=made.pk, actor_id=None)
    with factories.inside(shop):
        taking.adopt(kit_id=made.pk)
    for each in goods[:6]:
        factories.buy(shop, factories.first_variant(each))
    compose.withdraw(kit_id=made.pk, why="Over.", actor_id=None)
    notices.publish(title_en="Must", text_en="Read", must_read=True, actor_id=None)
    with factories.inside(shop):
        Order.objects.filter(pk__in=Order.objects.order_by("pk").values("pk")[:2]).update(
            placed_at=clock.now() - timedelta(days=4)
        )
        Listing.objects.filter(product__in=goods[:4]).update(seen={"title_en": "Old"})
        Offer.objects.filter(listing__product=goods[6]).update(follow_base=None)
    Product.objects.filter(pk__in=[each.pk for each in goods[4:6]]).update(status=Product.Status.WITHDRAWN)
    Variant.objects.filter(product=goods[6]).update(wholesale_minor=1_200)
    for each in goods[:2]:
        factories.variant(each)
    return shop


def test_home_of_a_full_shop_asks_at_most_24_things(full) -> None:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(full, "owner"))
    client.get(f"/{full.slug}/")
    answer, asked = office.selects(lambda: client.get(f"/{full.slug}/"))
    page = office.text(answer)
    told = (
        "is gone from your shop",
        "is no longer supplied",
        "changed the text of",
        "comes in a new variant",
        "have not left yet",
    )
    assert [words for words in told if words not in page] == []
    assert asked <= 24


def test_each_change_of_the_supplier_is_told_of_its_own_products(full) -> None:
    from reseller.models import Shop
    from reseller.selectors import home

    with factories.inside(full):
        found = home.changes(Shop.objects.get())
        named = {name: {each.title_en for each in getattr(found, name)} for name in ("withdrawn", "reworded", "more")}
    assert named["withdrawn"] == {"My Thing 4", "My Thing 5"}
    assert named["reworded"] == {"My Thing 1", "My Thing 2", "My Thing 3"}
    assert named["more"] == {"My Thing 0", "My Thing 1"}
