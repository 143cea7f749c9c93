"""Tips on a shop's home page, and who uses which tools: computed, honest, and without a query for each shop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from enablement.models import SalesFact, SalesSum, TipAnswer
from enablement.selectors import tools
from enablement.services import kits as compose
from enablement.services import notices, partitions
from enablement.services import tips as service
from reseller.models import Listing, Shop
from reseller.selectors import tips
from reseller.services import kits as taking
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms(300)


@pytest.fixture
def rose():
    made = factories.reseller("rose")
    Reseller.objects.filter(pk=made.pk).update(opened_at=clock.now() - timedelta(days=30))
    return Reseller.objects.get(pk=made.pk)


def goods(number: int, stock: int = 5) -> list:
    return [factories.product(f"Thing {n}", stock=stock, wholesale=1_000, suggested=2_000) for n in range(number)]


def kit(products, days_ago: int = 0):
    with clock.set_to(clock.now() - timedelta(days=days_ago)):
        made = compose.draft(facts={"title_en": "Mornings", "lead_en": "Slow.", "story_en": "Story."}, actor_id=None)
        for each in products:
            compose.put(kit_id=made.pk, product_id=each.pk)
        return compose.publish(kit_id=made.pk, actor_id=None)


def sold(shop, product, *, days_ago: int, sales: int, pieces: int = 1) -> None:
    day = (clock.now() - timedelta(days=days_ago)).date()
    partitions.ensure({day})
    SalesFact.objects.create(
        day=day, cause=f"sale:{shop.pk}:{product.pk}:{days_ago}", line_id=1, kind="sold", reseller_id=shop.pk, order_number="A",
        product_id=product.pk, currency="USD", tx=1, pieces=pieces, sales_minor=sales,
    )  # fmt: skip
    SalesSum.objects.create(
        grain="reseller", day=day, currency="USD", thing_id=shop.pk, orders=1, pieces=pieces, sales_minor=sales
    )


def given(shop) -> dict[str, dict]:
    with factories.inside(shop):
        return {each.code: each.facts for each in tips.best(Shop.objects.get(), shop, most=9)}


def test_shop_without_orders_is_told_to_show_itself_with_the_days(rose) -> None:
    for each in goods(8):
        factories.listing(rose, each)
    assert given(rose)["share"] == {"days": 30, "products": 8, "ever": False}
    with factories.inside(rose):
        product = Listing.objects.first().product
    sold(rose, product, days_ago=3, sales=100)
    assert "share" not in given(rose)


def test_tips_name_what_they_were_computed_from(rose) -> None:
    first, second, third = goods(3)
    factories.listing(rose, first, featured=True)
    factories.listing(rose, second)
    empty = factories.product("Gone", stock=0)
    factories.listing(rose, empty, featured=True)
    made = kit([first, second, third])
    sold(rose, first, days_ago=5, sales=7_000, pieces=4)
    sold(rose, second, days_ago=40, sales=10_000)
    found = given(rose)
    assert found["sold_out"] == {"n": 1, "of": 2}
    assert (found["kit"]["id"], found["kit"]["n"], found["kit"]["of"]) == (made.pk, 2, 3)
    assert found["quiet"] == {"now": 7_000, "fall": 30}
    assert (found["words"]["title"], found["words"]["pieces"]) == ("Thing 0", 4)
    with factories.inside(rose):
        Listing.objects.filter(product=first).update(text_en="Mine")
    assert "words" not in given(rose)


def test_home_shows_three_and_keeps_away_what_was_put_away(rose) -> None:
    for each in goods(8, stock=0):
        factories.listing(rose, each, featured=True)
    with factories.inside(rose):
        kit([each.product for each in Listing.objects.all()[:3]])
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(rose, "owner"))
    assert 'hx-get="/rose/tips/"' in client.get("/rose/").content.decode()
    page = client.get("/rose/tips/").content.decode()
    assert ("Show your shop to people" in page, page.count('name="do" value="take"')) == (True, 3)
    client.post("/rose/tips/answer/", {"code": "share", "subject": "", "do": "dismiss"})
    part = client.get("/rose/tips/", HTTP_HX_REQUEST="true").content.decode()
    assert (part.startswith('<section id="tips"'), "Show your shop to people" in part) == (True, False)
    with clock.set_to(clock.now() + timedelta(days=31)):
        assert "share" in given(rose)
    assert (
        client.post("/rose/tips/answer/", {"code": "sold_out", "do": "take"}).headers["Location"] == "/rose/products/"
    )
    assert {(each.code, each.answer) for each in TipAnswer.objects.all()} == {
        ("share", "dismissed"),
        ("sold_out", "taken"),
    }
    assert client.post("/rose/tips/answer/", {"code": "nonsense", "do": "take"}).status_code == 404


def test_followed_tip_leads_to_what_it_is_about_and_nowhere_else(rose) -> None:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(rose, "owner"))
    asked = {"code": "kit", "subject": "7", "do": "take"}
    assert client.post("/rose/tips/answer/", {**asked, "target": "7"}).headers["Location"] == "/rose/kits/7/"
    assert client.post("/rose/tips/answer/", {**asked, "target": "//evil.example"}).headers["Location"] == "/rose/"


def test_clerk_is_given_no_tips(rose) -> None:
    for each in goods(8):
        factories.listing(rose, each)
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(rose, "clerk"))
    assert "/rose/tips/" not in client.get("/rose/").content.decode()
    assert client.get("/rose/tips/").status_code == 403
    assert client.post("/rose/tips/answer/", {"code": "share", "do": "take"}).status_code == 403


def test_unknown_tip_is_not_noted(rose) -> None:
    with pytest.raises(NotFound):
        service.answer(reseller=rose, code="nonsense", subject="", taken=True)


def test_supplier_sees_who_uses_what_and_what_changed(rose) -> None:
    tulip, (first, *_rest) = factories.reseller("tulip"), goods(2)
    made = kit([first], days_ago=10)
    with clock.set_to(clock.now() - timedelta(days=10)), factories.inside(rose):
        taking.adopt(kit_id=made.pk)
    sold(rose, first, days_ago=15, sales=1_000)
    sold(rose, first, days_ago=4, sales=1_250)
    notices.publish(title_en="Must", text_en="Read", must_read=True, actor_id=None)
    service.answer(reseller=tulip, code="share", subject="", taken=True)
    (each,) = tools.changed("USD")
    assert (each.shops, each.before_minor, each.since_minor, each.change, each.others) == (1, 1_000, 1_250, 25, None)
    used = tools.adoption()
    assert (used.shops, used.kits, used.courses, used.tipped, used.read_all) == (2, 1, 0, 1, 0)
    rows = {row.slug: (row.kits, row.unread, row.followed, row.now_minor) for row in tools.shops()}
    assert rows == {"rose": (1, 1, 0, 2_250), "tulip": (0, 1, 1, 0)}
    page = supplier_office.text(supplier_office.client("support").get("/tools/"))
    assert ("+25 %" in page, "1 of 2 shops" in page) == (True, True)


def test_others_are_compared_when_five_shops_sold_without_the_kit(rose) -> None:
    (first,) = goods(1)
    made = kit([first], days_ago=10)
    with clock.set_to(clock.now() - timedelta(days=10)), factories.inside(rose):
        taking.adopt(kit_id=made.pk)
    sold(rose, first, days_ago=15, sales=1_000)
    for n in range(5):
        other = factories.reseller(f"other-{n}")
        sold(other, first, days_ago=15, sales=200)
        sold(other, first, days_ago=4, sales=100)
    assert tools.changed("USD")[0].others_change == -50


def test_tools_page_takes_the_same_queries_for_any_number_of_shops(rose) -> None:
    client = supplier_office.client("support")
    client.get("/tools/")
    _page, before = supplier_office.selects(lambda: client.get("/tools/"))
    for n in range(4):
        factories.reseller(f"more-{n}")
    _page, after = supplier_office.selects(lambda: client.get("/tools/"))
    assert before == after
