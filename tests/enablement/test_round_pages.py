"""The pages of buying rounds: opened by the supplier, joined by shops, live, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from enablement.models import BuyingRound, Commitment
from enablement.services import commitments, rounds
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    made = buying.variant("MUG-1", stock=500)
    buying.offer(buying.vendor(), made, ((1, 913), (100, 811), (300, 707)))
    return made


@pytest.fixture
def shops(mug):
    made = [factories.reseller(name) for name in ("rose", "fern")]
    for each in made:
        office.order(each, [(mug, 20)])
    return made


@pytest.fixture
def opened(world, mug):
    return rounds.open_(
        name_en="Autumn mugs", name_zh="秋日杯子", warehouse_id=world.pk, variant_ids=[mug.pk], least=100, deposit_bps=1_000,
        closes_at=clock.now() + timedelta(days=7), shared_bps=10_000, actor_id=None,
    )  # fmt: skip


def member(shop, role="owner"):
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, role))
    return client


def form(world, **more):
    return {"name_en": "Autumn mugs", "skus": "MUG-1", "warehouse": world.pk, "closes_on": (clock.now() + timedelta(days=7)).date().isoformat(),
            "least": "100", "deposit": "10", "shared": "50", "sell_days": "60", **more}  # fmt: skip


def test_round_is_opened_seen_and_cancelled(world, mug):
    buyer = office.client("catalogue")
    assert "No buying rounds yet" in office.text(buyer.get("/buying/rounds/"))
    address = buyer.post("/buying/rounds/new/", form(world)).headers["Location"]
    assert (BuyingRound.objects.get().deposit_bps, BuyingRound.objects.get().shared_bps) == (1_000, 5_000)
    assert "100 more are needed" in office.text(buyer.get(address))
    assert buyer.post(f"{address}cancel/").status_code == 302
    assert BuyingRound.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    "wrong", [{"skus": "NO-1"}, {"closes_on": "2020-01-01"}, {"volume": "50"}, {"deposit": "101"}]
)
def test_round_that_makes_no_sense_stays_on_its_form(world, mug, wrong):
    answer = office.client("catalogue").post("/buying/rounds/new/", form(world, **wrong))
    assert (answer.status_code, BuyingRound.objects.count()) == (422, 0)


def test_shop_commits_sees_the_price_fall_and_withdraws(opened, mug, shops):
    rose, fern = shops
    client = member(rose)
    assert "Autumn mugs" in office.text(client.get("/rose/rounds/"))
    page = f"/rose/rounds/{opened.number}/"
    assert "<b>100</b> more pieces" in office.text(client.get(page))
    assert client.post(f"{page}items/{mug.pk}/", {"pieces": "40"}).status_code == 302
    commitments.commit(number=opened.number, variant_id=mug.pk, pieces=70, reseller_id=fern.pk)
    live = office.text(client.get(f"{page}live/"))
    assert ("110 pieces together" in live, "<b>190</b> more pieces" in live, 'hx-swap-oob="true"' in live) == (
        True,
    ) * 3
    client.post(f"{page}items/{mug.pk}/", {"pieces": "0"})
    assert Commitment.objects.get(reseller=rose).pieces == 0


@pytest.mark.parametrize(
    ("pieces", "said"), [("many", "whole numbers"), ("-1", "whole numbers"), ("99000", "stands to your credit")]
)
def test_commitment_that_is_refused_keeps_what_was_typed(opened, mug, shops, pieces, said):
    answer = member(shops[0]).post(f"/rose/rounds/{opened.number}/items/{mug.pk}/", {"pieces": pieces})
    page = office.text(answer)
    assert (answer.status_code, said in page, f'value="{pieces}"' in page) == (422, True, True)
    assert not Commitment.objects.exists()


def test_shop_sees_nothing_of_other_shops_nor_of_what_vendors_ask(opened, mug, shops):
    rose, fern = shops
    commitments.commit(number=opened.number, variant_id=mug.pk, pieces=70, reseller_id=fern.pk)
    page = office.text(member(rose).get(f"/rose/rounds/{opened.number}/"))
    assert [word in page for word in ("fern", "Kiln", "9.13", "8.11", "7.07")] == [False] * 5


def test_closed_round_is_seen_by_those_who_joined_only(opened, mug, shops):
    rose, fern = shops
    commitments.commit(number=opened.number, variant_id=mug.pk, pieces=70, reseller_id=fern.pk)
    with clock.set_to(clock.now() + timedelta(days=8)):
        rounds.close_due()
        assert member(rose).get(f"/rose/rounds/{opened.number}/").status_code == 404
        assert "Your deposit went back" in office.text(member(fern).get(f"/fern/rounds/{opened.number}/"))


def test_lists_take_as_many_statements_for_many_rounds_and_items(world, opened, mug, shops):
    client = member(shops[0])
    page = f"/rose/rounds/{opened.number}/"
    client.get(page)
    few = office.selects(lambda: client.get(page))[1], office.selects(lambda: client.get("/rose/rounds/"))[1]
    more = [buying.variant(f"POT-{number}") for number in range(4)]
    for each in more:
        buying.offer(buying.vendor(f"Vendor {each.sku}"), each, ((1, 500),))
    big = rounds.open_(
        name_en="Pots", warehouse_id=world.pk, variant_ids=[mug.pk, *(each.pk for each in more)], least=1,
        closes_at=clock.now() + timedelta(days=7), shared_bps=5_000, actor_id=None,
    )  # fmt: skip
    client.get(f"/rose/rounds/{big.number}/")
    many = office.selects(lambda: client.get(f"/rose/rounds/{big.number}/"))[1], office.selects(lambda: client.get("/rose/rounds/"))[1]  # fmt: skip
    assert many == few


def test_pages_are_there_in_chinese(opened, mug, shops):
    chinese = {"headers": {"accept-language": "zh-hans"}}
    page = office.text(member(shops[0]).get(f"/rose/rounds/{opened.number}/", **chinese))
    assert ("秋日杯子" in page, "再多" in page) == (True, True)
    assert "定金" in office.text(office.client("catalogue").get(f"/buying/rounds/{opened.number}/", **chinese))
