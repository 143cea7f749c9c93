"""Shops beside others like them, and nobody found out; days that were unlike others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from enablement.models import Benchmark, Peer, SalesSum
from enablement.selectors import alerts
from enablement.selectors import benchmark as selectors
from enablement.services import benchmark
from s2b2c.kernel import clock
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db
MONTH = date(2026, 9, 1)


def sums(shop: int, day: date, orders: int, sales: int = 0, grain: str = "reseller") -> None:
    SalesSum.objects.create(
        grain=grain, day=day, currency="USD", thing_id=shop, orders=orders, sales_minor=sales or orders * 2_000,
        margin_minor=(sales or orders * 2_000) * 3 // 10,
    )  # fmt: skip


def shops(count: int) -> list:
    factories.company()
    made = [factories.reseller(name=f"Canary {n}") for n in range(count)]
    for n, shop in enumerate(made):
        sums(shop.pk, MONTH - timedelta(days=20), 10 + n)
        sums(shop.pk, MONTH + timedelta(days=3), 11 + n, (11 + n) * (2_000 + 10 * n))
    return made


def test_five_shops_are_too_few() -> None:
    shops(5)
    assert (benchmark.make(MONTH), Benchmark.objects.count()) == (0, 0)


def test_six_see_quartiles_of_all_of_them_rounded() -> None:
    made = shops(6)
    assert benchmark.make(MONTH) == 4
    found = Benchmark.objects.get(figure="orders")
    assert (found.members, found.low, found.middle, found.high) == (6, 12, 14, 15)
    assert Benchmark.objects.get(figure="basket").middle == 2_000  # two digits
    month, compared = selectors.of_shop(made[0].pk)
    assert (month, compared[0].own["orders"], {each.members for each in compared}) == (MONTH, 11, {6})


def test_all_members_are_told_the_same_and_a_shop_that_leaves_tells_nothing() -> None:
    made = shops(7)
    benchmark.make(MONTH)
    before = list(Benchmark.objects.values("figure", "low", "middle", "high"))
    told = {tuple((c.figure, c.low, c.middle, c.high) for c in selectors.of_shop(shop.pk)[1]) for shop in made}
    assert len(told) == 1
    SalesSum.objects.filter(thing_id=made[-1].pk).delete()  # as if it had never sold
    assert benchmark.make(MONTH) == 0
    assert list(Benchmark.objects.values("figure", "low", "middle", "high")) == before


def test_who_came_later_is_in_no_group_of_that_month() -> None:
    shops(6)
    late = factories.reseller(name="Late")
    sums(late.pk, MONTH + timedelta(days=3), 500)
    benchmark.make(MONTH)
    assert selectors.of_shop(late.pk) is None
    assert Peer.objects.count() == 6


def test_groups_are_of_about_one_size() -> None:
    made = shops(25)
    benchmark.make(MONTH)
    sizes = [Peer.objects.filter(group=n).count() for n in (0, 1)]
    assert sizes == [12, 13]
    largest = set(Peer.objects.filter(group=0).values_list("reseller_id", flat=True))
    assert largest == {shop.pk for shop in made[13:]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enablement_benchmark SET low = 0",
        "DELETE FROM enablement_benchmark",
        'UPDATE enablement_peer SET "group" = 9',
        "DELETE FROM enablement_peer",
    ],
)
def test_what_was_published_and_who_is_compared_stay(statement: str) -> None:
    shops(6)
    benchmark.make(MONTH)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_figure_of_few() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Benchmark.objects.create(
            month=MONTH, group=0, figure="orders", currency="USD", members=5, low=1, middle=2, high=3
        )


def test_reseller_sees_itself_beside_others_without_names() -> None:
    made = shops(6)
    benchmark.make(MONTH)
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(made[0], "owner"))
    sums(made[0].pk, clock.now().date(), 2)
    page = client.get(f"/{made[0].slug}/insights/").content.decode()
    assert ("at least 5 others" in page, "In the middle" in page) == (True, True)
    assert [n for n in range(1, 6) if f"Canary {n}" in page] == []


# --- Unlike other days -----------------------------------------------------------------------------------------
def weekdays(thing: int, before: list[int], yesterday: int, grain: str = "reseller") -> None:
    day = clock.now().date() - timedelta(days=1)
    for n, orders in enumerate(before, 1):
        sums(thing, day - timedelta(weeks=n), orders, grain=grain)
    sums(thing, day, yesterday, grain=grain)


@pytest.mark.parametrize(("yesterday", "told"), [(20, None), (26, None), (45, True), (2, False)])
def test_a_day_far_from_the_same_weekday_is_told(yesterday: int, told: bool | None) -> None:
    weekdays(1, [19, 20, 22, 18, 20, 21, 24, 20], yesterday)
    alert = alerts.of_shop(1)
    assert (alert.more if alert else None) is told


def test_one_odd_day_before_does_not_hide_another() -> None:
    weekdays(1, [19, 20, 400, 18, 20, 21, 24, 20], 60)
    assert alerts.of_shop(1).usual == 20


def test_few_orders_or_weeks_tell_nothing() -> None:
    weekdays(1, [1, 0, 2, 1, 0, 1, 1, 2], 3)
    weekdays(2, [20, 20], 90)
    assert (alerts.of_shop(1), alerts.of_shop(2)) == (None, None)


def test_both_first_pages_tell_of_it() -> None:
    factories.company()
    shop = factories.reseller(name="Canary")
    weekdays(shop.pk, [19, 20, 22, 18, 20, 21, 24, 20], 60)
    weekdays(0, [19, 20, 22, 18, 20, 21, 24, 20], 60, grain="all")
    client = supplier_office.client("finance")
    assert "/insights/alerts/" in client.get("/").content.decode()
    part = client.get("/insights/alerts/", headers={"HX-Request": "true"}).content.decode()
    assert [word for word in ("All shops", "Canary", "60 orders", "mostly 19 to 22") if word not in part] == []
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(shop, "owner"))
    assert "Far more orders than usual yesterday" in owner.get(f"/{shop.slug}/").content.decode()
