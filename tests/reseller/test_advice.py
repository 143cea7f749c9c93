"""Advice: made for each shop from what all sell, one in five held back, taken in one click, measured honestly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from enablement.models import Advice, AdviceRun
from enablement.selectors import advice as selectors
from enablement.services import advice as services
from reseller.models import Listing, Offer
from reseller.selectors import advised
from reseller.services import advising
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.tenancy import context
from tests import factories
from tests.enablement import telling
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db
Kind = Advice.Kind


@pytest.fixture
def goods():
    factories.company()
    factories.terms(300)
    return [factories.product(f"Thing {n}", stock=20) for n in range(12)]


@pytest.fixture
def shops(goods):
    """Six shops that sell the first ten things, the last of them only two."""
    made = [factories.reseller(name=f"Canary {n}") for n in range(6)]
    for shop in made[:-1]:
        for product in goods[:10]:
            telling.sold(shop.pk, factories.first_variant(product), 5, 1)
    for product in goods[:2]:
        telling.sold(made[-1].pk, factories.first_variant(product), 5, 1)
        factories.listing(made[-1], product)
    return made


@pytest.fixture
def mine(shops):
    services.run()
    return shops[-1]


def client(shop) -> Client:
    made = Client(HTTP_HOST="office.localhost")
    made.force_login(factories.member(shop, "owner"))
    return made


def one(shop, kind: str, product, other: int = 0, **facts) -> Advice:
    today = clock.now().date()
    return Advice.objects.create(
        kind=kind, reseller_id=shop.pk, product_id=product.pk, other_id=other, held=False, score=1, facts=facts, made_on=today, seen_on=today,
    )  # fmt: skip


def test_a_shop_is_advised_what_shops_like_it_sell_and_not_what_it_has(mine, goods) -> None:
    with context.entered(mine), context.reading():
        found = advised.now(mine.pk)
    ids = {take.card.product_id for take in found.takes}
    held = set(Advice.objects.filter(reseller_id=mine.pk, held=True).values_list("product_id", flat=True))
    assert ids | held == {each.pk for each in goods[2:10]}
    assert {take.because for take in found.takes} <= {"Thing 0", "Thing 1"}


def test_one_in_five_is_held_back_for_good_and_never_shown(mine) -> None:
    arms = [services.is_held(Kind.RANGE, shop, product, 0) for shop in range(50) for product in range(50)]
    assert sum(arms) / len(arms) == pytest.approx(0.2, abs=0.03)
    before = dict(Advice.objects.values_list("pk", "held"))
    AdviceRun.objects.all().delete()
    services.run()
    assert dict(Advice.objects.values_list("pk", "held")) == before
    assert not selectors.given(mine.pk).filter(held=True).exists()


def test_the_database_keeps_the_arms_apart(mine, goods) -> None:
    Advice.objects.filter(reseller_id=mine.pk).update(held=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advice.objects.filter(reseller_id=mine.pk).update(state="adopted", decided_at=clock.now())
    with pytest.raises(NotFound):
        services.decide(
            reseller_id=mine.pk, advice_id=Advice.objects.filter(reseller_id=mine.pk).first().pk, adopted=True
        )


def test_a_night_is_made_once(mine) -> None:
    count = Advice.objects.count()
    assert (services.run(), Advice.objects.count()) == (0, count)
    assert AdviceRun.objects.get().finished_at is not None


def test_taking_it_puts_the_product_into_the_shop_and_is_noted_once(mine, goods) -> None:
    found = one(mine, Kind.RANGE, goods[11])
    page = client(mine).post(f"/{mine.slug}/advice/{found.pk}/adopt/")
    assert page.status_code == 302
    with context.entered(mine), context.reading():
        assert Listing.objects.filter(product_id=goods[11].pk).exists()
    found.refresh_from_db()
    assert (found.state, found.decided_at is not None) == ("adopted", True)
    with context.entered(mine), pytest.raises(StateRefused):
        advising.adopt(reseller_id=mine.pk, advice_id=found.pk)


def test_a_price_is_changed_inside_the_band_only(mine, goods) -> None:
    found = one(mine, Kind.PRICE, goods[0], step_bps=1_000, weeks=20, elasticity=-0.8, sd=0.2, gain=0.08, least=0.02)
    with context.entered(mine):
        Offer.objects.update(price_minor=2_900)
        advising.adopt(reseller_id=mine.pk, advice_id=found.pk)
        assert Offer.objects.get(listing__product_id=goods[0].pk).price_minor == 3_000


def test_what_is_put_beside_a_product_stands_first_in_the_shop(mine, goods) -> None:
    found = one(mine, Kind.PAIR, goods[0], goods[1].pk, both=6, first=9, lift=3.1)
    with context.entered(mine):
        advising.adopt(reseller_id=mine.pk, advice_id=found.pk)
        assert Listing.objects.get(product_id=goods[0].pk).beside == [goods[1].pk]
        for product in goods[5:11]:
            factories.listing(mine, product, featured=True)
    host = f"{mine.slug}.localhost"
    page = Client(HTTP_HOST=host).get(f"/p/{goods[0].slug}/").content.decode()
    beside = page[page.index("</h1>") :]
    assert beside.index(f"/p/{goods[1].slug}/") < min(
        beside.index(f"/p/{each.slug}/") for each in goods[5:11] if f"/p/{each.slug}/" in beside
    )


def test_advice_of_another_shop_can_not_be_taken(mine, shops, goods) -> None:
    found = one(shops[0], Kind.RANGE, goods[11])
    assert client(mine).post(f"/{mine.slug}/advice/{found.pk}/adopt/").status_code == 404
    found.refresh_from_db()
    assert found.state == "open"


def test_what_is_declined_is_not_shown_again(mine, goods) -> None:
    found = one(mine, Kind.RANGE, goods[11])
    client(mine).post(f"/{mine.slug}/advice/{found.pk}/dismiss/")
    assert not selectors.given(mine.pk).filter(pk=found.pk).exists()


def test_pages_say_why_and_how_well_it_did_and_name_no_other_shop(mine, goods) -> None:
    one(mine, Kind.PAIR, goods[0], goods[1].pk, both=6, first=9, lift=3.1)
    one(mine, Kind.PRICE, goods[0], step_bps=-500, weeks=20, elasticity=-3.0, sd=0.2, gain=0.08, least=0.02)
    page = client(mine).get(f"/{mine.slug}/advice/").content.decode()
    wanted = ("often sell this too", "5 shops sold it", "3.1 times what chance", "How well it did", "Not measured yet")
    assert [word for word in wanted if word not in page] == []
    assert [f"Canary {n}" for n in range(5) if f"Canary {n}" in page] == []
    with context.entered(mine), context.reading():
        listing = Listing.objects.get(product_id=goods[0].pk)
    assert "3.1 times what chance" in client(mine).get(f"/{mine.slug}/products/{listing.pk}/").content.decode()


def test_few_shops_are_not_counted_in_words(mine, goods, shops) -> None:
    telling.sold(shops[0].pk, factories.first_variant(goods[11]), 5, 1)
    AdviceRun.objects.all().delete()
    services.run()
    told = Advice.objects.filter(reseller_id=mine.pk, product_id=goods[11].pk).values_list("facts", flat=True)
    assert all(each["shops"] < 5 for each in told)
    page = client(mine).get(f"/{mine.slug}/advice/").content.decode()
    assert "1 shop sold it" not in page


def test_uplift_is_what_was_shown_less_what_was_held_back(shops, goods) -> None:
    day = clock.now().date() - timedelta(days=40)
    for n, shop in enumerate(shops):
        for product in goods:
            held = (n + product.pk) % 2 == 0
            Advice.objects.create(
                kind=Kind.RANGE,
                reseller_id=shop.pk,
                product_id=product.pk,
                held=held,
                score=1,
                made_on=day,
                seen_on=day,
            )
            telling.sold(shop.pk, factories.first_variant(product), 20, 1 if held else 3)
            telling.sold(shop.pk, factories.first_variant(product), 60, 50)  # before it was given
    [found] = selectors.uplift()
    assert (found.shown, found.held, found.known) == (36, 36, True)
    assert (found.mean_shown, found.mean_held) == (1_200, 400)
    assert found.sure


def test_supplier_sees_what_advice_was_worth(mine, goods) -> None:
    page = supplier_office.client("finance").get("/insights/advice/").content.decode()
    assert ("Held back" in page, "Not measured yet" in page) == (True, True)
