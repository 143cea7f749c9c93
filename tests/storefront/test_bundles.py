"""Sets on a shop's pages: what is inside, how many can be had, and a bag that wants the same thing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reseller.models import Listing
from s2b2c.kernel import clock
from supplier.models import Stock
from supplier.services import arrivals, bundles, stock
from tests import factories
from tests.storefront.conftest import order_of, place, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(shop):
    """Two small pine mugs in a blanket of which ten each are there, sold by the shop as a set."""
    made = factories.product("Quiet Evening", slug="quiet-evening", variants=0, name_zh="静夜套装")
    of = factories.variant(made, stock=0, sku="SET-1", wholesale=9_000, suggested=15_000, floor=10_000, ceiling=20_000)
    mug, blanket = variant(shop, "MUG-PINE-8"), factories.first_variant(shop.blanket)
    bundles.put(variant_id=of.id, parts={mug.id: 2, blanket.id: 1})
    factories.listing(shop, made, position=3)
    return of


def take(of, pieces):
    row = Stock.objects.filter(variant=of).first()
    stock.adjust(variant_id=of.id, warehouse_id=row.warehouse_id, quantity=-pieces, reason="sold elsewhere")


def test_the_page_says_what_is_inside_and_leads_to_it(client, gift):
    page = client.get("/p/quiet-evening/").content.decode()
    assert "What’s inside" in page
    assert 'href="/p/alder-mug/?v=MUG-PINE-8"' in page
    assert "2 ×" in page
    assert "Only a few left" in page  # five sets
    assert "What’s inside" not in client.get("/p/alder-mug/").content.decode()


def test_a_part_the_shop_does_not_sell_is_named_without_a_link(client, shop, gift):
    with factories.inside(shop):
        Listing.objects.filter(product_id=shop.mug.id).update(status="draft")
    page = client.get("/p/quiet-evening/").content.decode()
    assert "Alder Mug" in page
    assert "/p/alder-mug/" not in page


def test_the_set_is_sold_out_with_its_scarcest_part(client, shop, gift):
    take(variant(shop, "MUG-PINE-8"), 9)  # one is left, and two are needed
    page = client.get("/p/quiet-evening/").content.decode()
    assert "Sold out" in page
    assert client.post("/bag/add/", {"variant": gift.id}).status_code == 409


def test_a_sold_out_set_says_when_the_last_of_what_it_lacks_comes(client, shop, gift):
    mug, blanket = variant(shop, "MUG-PINE-8"), factories.first_variant(shop.blanket)
    take(mug, 10), take(blanket, 10)
    where = Stock.objects.filter(variant=mug).first().warehouse_id
    today = clock.now().date()

    def awaits(of, days, pieces):
        on = today + timedelta(days=days)
        arrivals.announce(variant_id=of.id, warehouse_id=where, quantity=pieces, arrives_on=on, actor_id=None)

    def told():
        return client.get("/api/v1/products/quiet-evening/").json()["variants"][0]["expected_on"]

    awaits(mug, 3, 1)
    assert told() is None  # two are needed, and no blanket is expected
    awaits(blanket, 4, 1)
    assert told() is None
    awaits(mug, 9, 5)
    assert told() == (today + timedelta(days=9)).isoformat()
    assert "Expected on" in client.get("/p/quiet-evening/").content.decode()
    with clock.set_to(clock.now() + timedelta(days=5)):
        assert told() is None  # the blanket should have been here
    factories.receive(blanket, 1)
    factories.receive(mug, 2)
    assert told() is None  # it can be had


def test_pages_ask_no_more_of_the_database_for_a_set(client, gift):
    counts = []
    for path in ("/p/alder-mug/", "/p/quiet-evening/"):
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        counts.append(len(seen))
    assert counts[1] <= counts[0]


def test_the_api_tells_parts(client, gift):
    one = client.get("/api/v1/products/quiet-evening/").json()["variants"][0]
    assert [(part["sku"], part["pieces"], part["slug"]) for part in one["parts"]] == [
        ("MUG-PINE-8", 2, "alder-mug"), (one["parts"][1]["sku"], 1, "moor-blanket")
    ]  # fmt: skip
    mug = client.get("/api/v1/products/alder-mug/").json()["variants"][0]
    assert mug["parts"] == []


# --- The bag -----------------------------------------------------------------------------------------
def test_a_set_and_its_part_are_looked_at_together(client, shop, gift):
    mug = variant(shop, "MUG-PINE-8")
    client.post("/bag/add/", {"variant": gift.id, "quantity": 4})
    client.post("/bag/add/", {"variant": mug.id, "quantity": 2})
    assert client.get("/checkout/").status_code == 200
    client.post("/bag/change/", {"variant": mug.id, "quantity": 3})
    page = client.get("/bag/").content.decode()
    assert "A set in your bag needs the same thing as Alder Mug: only 2 are left beside it." in page
    assert "then check out" in page
    assert client.get("/checkout/").headers["Location"] == "/bag/"
    client.post("/bag/change/", {"variant": mug.id, "quantity": 2})
    assert client.get("/checkout/").status_code == 200


def test_nothing_left_beside_a_set_is_said(client, shop, gift):
    client.post("/bag/add/", {"variant": gift.id, "quantity": 5})
    client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id})
    page = client.get("/bag/").content.decode()
    assert "Alder Mug and a set in your bag need the same thing, and there is not enough for both." in page


def test_two_sets_that_share_a_part_are_looked_at_together(client, shop, gift):
    other = factories.product("Two mugs", slug="two-mugs", variants=0)
    pair = factories.variant(other, stock=0, sku="SET-2")
    bundles.put(variant_id=pair.id, parts={variant(shop, "MUG-PINE-8").id: 2})
    factories.listing(shop, other, position=4)
    client.post("/bag/add/", {"variant": gift.id, "quantity": 3})
    client.post("/bag/add/", {"variant": pair.id, "quantity": 3})
    assert "only 2 are left beside it" in client.get("/bag/").content.decode()


def test_a_bag_without_sets_asks_nothing_more(client, shop, gift):
    client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id})
    client.get("/bag/")
    with CaptureQueriesContext(connection) as plain:
        client.get("/bag/")
    client.post("/bag/add/", {"variant": gift.id})
    with CaptureQueriesContext(connection) as mixed:
        client.get("/bag/")
    assert not [each for each in plain if "bundle" in each["sql"] and "reseller_offer" not in each["sql"]]
    assert len(mixed) == len(plain) + 1


def test_the_order_says_what_is_inside(client, shop, gift):
    client.post("/bag/add/", {"variant": gift.id})
    page = client.get(order_of(place(client))).content.decode()
    assert "Inside: 2 × Alder Mug, 1 × Moor Blanket" in page
