"""Kits: composed by S, taken on by shops, made their own, measured, withdrawn from all of them at once."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation
from PIL import Image

from enablement.models import Kit, KitUse, SalesFact
from enablement.selectors import effects, kits
from enablement.services import kits as compose
from enablement.services import partitions
from reseller.models import Listing, Promotion, Shop
from reseller.selectors import promotions
from reseller.services import kits as service
from reseller.services import promotions as ending
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.tenancy.models import Reseller
from storefront.memo import Memo
from storefront.selectors import cards, home, shell
from storefront.selectors import kits as shown
from storefront.web import frame
from supplier.models import Campaign
from supplier.services import campaigns
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db

WORDS = {
    "title_en": "Slow mornings", "title_zh": "慢早晨", "lead_en": "Coffee, bread and no hurry.", "lead_zh": "咖啡、面包，不赶时间。",
    "story_en": "## First light\n\nPour **twice**.", "story_zh": "## 天亮\n\n倒 **两次**。", "post_en": "Mornings are slow here.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def world(settings) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms(300)
    for module in (cards, home, shell, frame, shown):
        for value in vars(module).values():
            if isinstance(value, Memo):
                value.clear()


@pytest.fixture
def rose():
    return factories.reseller("rose")


@pytest.fixture
def goods():
    return [factories.product(f"Thing {n}", stock=9, wholesale=1_000, suggested=2_000) for n in range(3)]


def made(goods, **facts) -> Kit:
    kit = compose.draft(facts={**WORDS, "value_bps": 1_000, "share_bps": 5_000, **facts}, actor_id=None)
    for each in goods:
        compose.put(kit_id=kit.pk, product_id=each.pk)
    return kit


def published(goods, **facts) -> Kit:
    return compose.publish(kit_id=made(goods, **facts).pk, actor_id=None)


def adopt(shop, kit) -> KitUse:
    with factories.inside(shop):
        return service.adopt(kit_id=kit.pk).use


def visit(shop, path: str = "/", language: str = "en") -> str:
    with translation.override("en"):
        return (
            Client(HTTP_HOST=f"{shop.slug}.localhost")
            .get(path, headers={"accept-language": language})
            .content.decode()
        )


def office(shop, role: str = "owner") -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, role))
    return client


def test_taking_a_kit_on_brings_products_offer_banner_and_story(rose, goods) -> None:
    factories.listing(rose, goods[0], status="hidden", price=2_100)
    kit = published(goods)
    adopt(rose, kit)
    with factories.inside(rose):
        assert {each.product_id: each.status for each in Listing.objects.all()} == {
            goods[0].pk: "hidden", goods[1].pk: "published", goods[2].pk: "published"
        }  # fmt: skip
        (running,) = promotions.running(Shop.objects.get())
        assert (running.value, running.share_bps, running.products) == (
            1_000,
            5_000,
            frozenset(each.pk for each in goods),
        )
    front, story = visit(rose), visit(rose, "/stories/slow-mornings/")
    assert ("Slow mornings" in front, "10 % off" in front, "/stories/slow-mornings/" in front) == (True, True, True)
    assert ("<strong>twice</strong>" in story, "Thing 1" in story, "Thing 0" in story) == (True, True, False)
    assert "慢早晨" in visit(rose, "/stories/slow-mornings/", "zh-hans")


def test_own_words_stand_over_the_suppliers_and_follow_where_empty(rose, goods) -> None:
    kit = published(goods)
    adopt(rose, kit)
    with factories.inside(rose):
        service.adapt(kit_id=kit.pk, facts={"lead_en": "Nora’s own line"})
    compose.change(kit_id=kit.pk, facts={**WORDS, "title_en": "Slower mornings", "lead_en": "Changed"}, actor_id=None)
    front = visit(rose)
    assert ("Nora’s own line" in front, "Slower mornings" in front, "Changed" in front) == (True, True, False)
    assert "咖啡、面包" in visit(rose, language="zh-hans")


def test_withdrawn_kit_is_gone_from_every_shop_and_where_it_was_stays_known(rose, goods) -> None:
    tulip, kit = factories.reseller("tulip"), published(goods)
    adopt(rose, kit), adopt(tulip, kit)
    assert [("Slow mornings" in visit(each)) for each in (rose, tulip)] == [True, True]
    assert compose.withdraw(kit_id=kit.pk, why="The picture was not ours.", actor_id=None) == 2
    assert [("Slow mornings" in visit(each)) for each in (rose, tulip)] == [False, False]
    assert Client(HTTP_HOST="rose.localhost").get("/stories/slow-mornings/").status_code == 404
    for each in (rose, tulip):
        with factories.inside(each):
            assert promotions.running(Shop.objects.get()) == []
            assert Listing.objects.count() == 3
    assert sorted((each.reseller.slug, each.ended_by) for each in kits.where(kit)) == [
        ("rose", "supplier"),
        ("tulip", "supplier"),
    ]
    owner = office(rose)
    assert "The picture was not ours." in owner.get("/rose/").content.decode()
    listed = owner.get("/rose/promotions/").content.decode()
    assert ("Over" in listed, "Running" in listed) == (True, False)


def test_kit_taken_out_by_the_shop_may_come_back(rose, goods) -> None:
    kit = published(goods)
    adopt(rose, kit)
    with factories.inside(rose):
        service.leave(kit_id=kit.pk)
        assert (promotions.running(Shop.objects.get()), Shop.objects.get().kits_on) == ([], False)
    assert "Slow mornings" not in visit(rose)
    adopt(rose, kit)
    assert "10 % off" in visit(rose)
    assert KitUse.objects.count() == 2


@pytest.mark.parametrize("who", ["shop", "supplier"])
def test_offer_that_ended_is_promised_nowhere(rose, goods, who: str) -> None:
    kit = published(goods)
    use = adopt(rose, kit)
    assert "10 % off" in visit(rose)
    if who == "shop":
        with factories.inside(rose):
            ending.end(promotion_id=use.promotion_id)
    else:
        campaigns.end(campaign_id=kit.campaign_id, actor_id=None)
    poster = office(rose).get(f"/rose/kits/{kit.pk}/poster/").content.decode()
    pages = (visit(rose), visit(rose, "/stories/slow-mornings/"), poster)
    assert [("Slow mornings" in page, "10 % off" in page) for page in pages] == [(True, False)] * 3


def test_kit_is_taken_on_once_and_not_after_its_days(rose, goods) -> None:
    kit = published(goods)
    adopt(rose, kit)
    with pytest.raises(StateRefused):
        adopt(rose, kit)
    over = published(goods, ends_on=clock.now().date())
    with clock.set_to(clock.now() + timedelta(days=2)), pytest.raises(StateRefused):
        adopt(rose, over)
    with pytest.raises(NotFound):
        adopt(rose, made(goods))


def test_kit_of_another_currency_changes_nothing(goods) -> None:
    euro, kit = factories.reseller("euro", currency="EUR"), published(goods)
    with pytest.raises(Refused):
        adopt(euro, kit)
    with factories.inside(euro):
        assert (Promotion.objects.count(), KitUse.objects.count()) == (0, 0)


def test_kit_shows_on_its_days_and_the_offer_runs_on_them(rose, goods) -> None:
    today = clock.now().date()
    kit = published(goods, ends_on=today + timedelta(days=9))
    use = adopt(rose, kit)
    with factories.inside(rose):
        service.adapt(
            kit_id=kit.pk, facts={"shown_from": today + timedelta(days=3), "shown_to": today + timedelta(days=4)}
        )
        assert promotions.running(Shop.objects.get()) == []
        with clock.set_to(clock.now() + timedelta(days=3)):
            assert [each.value for each in promotions.running(Shop.objects.get())] == [1_000]
            assert [each.is_on for each in kits.shown(rose.pk)] == [True]
        with pytest.raises(Refused):
            service.adapt(kit_id=kit.pk, facts={"shown_from": today, "shown_to": today + timedelta(days=10)})
    assert ("Slow mornings" in visit(rose), use.ended_at) == (False, None)


@pytest.mark.parametrize(
    "facts", [{"story_en": "", "story_zh": ""}, {"lead_en": "", "lead_zh": ""}, {"value_bps": 9_000}]
)
def test_kit_that_is_not_ready_is_not_published(goods, facts) -> None:
    kit = made(goods, **facts)
    with pytest.raises(Refused):
        compose.publish(kit_id=kit.pk, actor_id=None)
    assert (Kit.objects.get().state, Campaign.objects.count()) == ("draft", 0)


def test_products_and_offer_of_a_published_kit_stay(goods) -> None:
    kit = published(goods)
    with pytest.raises(StateRefused):
        compose.take_out(kit_id=kit.pk, product_id=goods[0].pk)
    compose.change(kit_id=kit.pk, facts={**WORDS, "value_bps": 9_000}, actor_id=None)
    assert Kit.objects.get().value_bps == 1_000


@pytest.mark.parametrize(
    "attack",
    ["UPDATE enablement_kit SET value_bps = 2000", "UPDATE enablement_kit SET state = 'draft', published_at = NULL",
     "DELETE FROM enablement_kitproduct", "DELETE FROM enablement_kituse",
     "UPDATE enablement_kituse SET adopted_at = now() - interval '1 year'",
     "INSERT INTO enablement_kituse (kit_id, reseller_id, adopted_at, ended_by, title_en, title_zh, lead_en, lead_zh, story_en,"
     " story_zh, picture) SELECT kit_id, reseller_id, now(), '', '', '', '', '', '', '', '' FROM enablement_kituse"],
)  # fmt: skip
def test_what_shops_took_on_stays(rose, goods, attack: str) -> None:
    adopt(rose, published(goods))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_withdrawn_kit_can_not_be_put_back_past_the_services(rose, goods) -> None:
    kit = published(goods)
    adopt(rose, kit)
    compose.withdraw(kit_id=kit.pk, why="Over", actor_id=None)
    for attack in ("UPDATE enablement_kit SET state = 'published', withdrawn_at = NULL",
                   "UPDATE enablement_kituse SET ended_at = NULL, ended_by = ''"):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


def test_front_page_without_a_kit_asks_for_none(rose, goods) -> None:
    factories.listing(rose, goods[0])
    client = Client(HTTP_HOST="rose.localhost")
    asked = _asked(client)
    published(goods)
    world_of_memos()
    assert (_asked(client), [each for each in asked if "kit" in each]) == (asked, [])


def world_of_memos() -> None:
    for module in (cards, home, shell, frame, shown):
        for value in vars(module).values():
            if isinstance(value, Memo):
                value.clear()


def _asked(client: Client) -> list[str]:
    from django.core.cache import cache
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    statements = (each["sql"] for each in captured)
    return [each[:90] for each in statements if "SAVEPOINT" not in each and "tenancy_reseller" not in each]


def sold(shop, product, *, days_ago: int, sales: int, number: str) -> None:
    day = (clock.now() - timedelta(days=days_ago)).date()
    partitions.ensure({day})
    SalesFact.objects.create(
        day=day, cause=f"sale:{number}", line_id=1, kind="sold", reseller_id=shop.pk, order_number=number, product_id=product.pk,
        currency="USD", tx=1, pieces=1, sales_minor=sales,
    )  # fmt: skip


def test_effect_compares_equal_spans_and_shops_without_the_kit(rose, goods) -> None:
    with clock.set_to(clock.now() - timedelta(days=10)):
        kit = published(goods)
        use = adopt(rose, kit)
    sold(rose, goods[0], days_ago=12, sales=1_000, number="A1")
    sold(rose, goods[0], days_ago=5, sales=1_500, number="A2")
    sold(rose, goods[1], days_ago=25, sales=9_000, number="A3")  # before the span
    others = [factories.reseller(f"other-{n}") for n in range(5)]
    for n, each in enumerate(others[:4]):
        sold(each, goods[0], days_ago=12, sales=100, number=f"B{n}")
        sold(each, goods[0], days_ago=5, sales=110, number=f"C{n}")
    early = effects.of_use(use, "USD")
    assert (early.days, early.before.sales_minor, early.since.sales_minor, early.change) == (10, 1_000, 1_500, 50)
    assert (early.since.orders, early.others) == (1, None)  # four shops would be known by name
    sold(others[4], goods[2], days_ago=5, sales=0, number="D1")
    assert effects.of_use(use, "USD").others_change == 10


def test_supplier_composes_publishes_and_withdraws(rose, goods) -> None:
    client = supplier_office.client("catalogue")
    form = {**WORDS, "percent": "10", "share": "40", "scene": "scene-table", "early_days": "0"}
    address = client.post("/kits/new/", form).headers["Location"].partition("#")[0]
    assert "Thing 2" in supplier_office.text(client.get(f"{address}?find=thing"))
    for each in goods:
        client.post(f"{address}products/", {"product": each.pk})
    client.post(f"{address}products/", {"product": goods[0].pk, "out": "1"})
    client.post(f"{address}publish/")
    kit = Kit.objects.get()
    assert (kit.state, kit.products.count(), kit.campaign.share_bps) == ("published", 2, 4_000)
    adopt(rose, kit)
    assert "Rose" in supplier_office.text(client.get(address))
    client.post(f"{address}withdraw/", {"why": ""})
    assert Kit.objects.get().state == "published"
    client.post(f"{address}withdraw/", {"why": "Season is over"})
    page = supplier_office.text(client.get(address))
    assert ("Season is over" in page, "Withdrawn by us" in page) == (True, True)
    assert client.post(address, form).status_code == 422


def test_shop_takes_on_adapts_prints_and_leaves_by_its_pages(rose, goods, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    kit, client = published(goods), office(rose)
    assert "Slow mornings" in client.get("/rose/kits/").content.decode()
    address = f"/rose/kits/{kit.pk}/"
    assert "Put it into my shop" in client.get(address).content.decode()
    client.post(f"{address}adopt/")
    picture = BytesIO()
    Image.new("RGB", (800, 600), "#884422").save(picture, "PNG")
    picture.seek(0)
    picture.name = "mine.png"
    assert client.post(f"{address}adapt/", {"title_en": "Our mornings", "upload": picture}).status_code == 302
    assert ("Our mornings" in visit(rose), "/media/kits/" in visit(rose)) == (True, True)
    poster = client.get(f"{address}poster/").content.decode()
    assert ("Our mornings" in poster, "<svg" in poster) == (True, True)
    assert client.post(f"{address}adapt/", {"title_en": "x" * 81}).status_code == 422
    client.post(f"{address}leave/")
    assert client.get(f"{address}poster/").status_code == 404


def test_kit_of_another_shop_is_not_changed(rose, goods) -> None:
    tulip, kit = factories.reseller("tulip"), published(goods)
    adopt(rose, kit)
    assert office(tulip).post(f"/tulip/kits/{kit.pk}/adapt/", {"title_en": "Mine"}).status_code == 404
    assert office(tulip).post(f"/tulip/kits/{kit.pk}/leave/").status_code == 404
    assert KitUse.objects.get(reseller=rose).ended_at is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_answer_empty_and_full_in_both_languages(rose, goods, language: str) -> None:
    client, composer = office(rose), supplier_office.client("catalogue")
    for person in (client, composer):
        person.cookies["language"] = language
    for step in range(3):
        kit = Kit.objects.first()
        paths = ["/kits/", "/kits/new/", *([f"/kits/{kit.pk}/"] if kit else [])]
        mine = ["/rose/kits/", *([f"/rose/kits/{kit.pk}/"] if kit and kit.state == "published" else [])]
        with translation.override("en"):
            assert {composer.get(path).status_code for path in paths} | {
                client.get(path).status_code for path in mine
            } == {200}
        if step == 0:
            published(goods)
        elif kit and step == 1:
            adopt(Reseller.objects.get(slug="rose"), kit)
