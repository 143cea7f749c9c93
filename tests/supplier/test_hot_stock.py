"""Hot variants: many buckets, nothing lost between them, nobody refused while a piece is there."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import OutOfStock, Refused
from supplier import tasks
from supplier.models import Stock, Warehouse
from supplier.selectors import audit
from supplier.services import counts, stock
from supplier.services.stock import buckets
from tests import factories
from tests.supplier.test_stock import hold, race

PLACE = {"buckets": 8}


@pytest.fixture
def shop(transactional_db):
    return factories.reseller()


@pytest.fixture
def variant(shop):
    return factories.first_variant(factories.product(stock=50))


def place(variant) -> dict[str, int]:
    return {"variant_id": variant.id, "warehouse_id": factories.warehouse().id}


def free(variant) -> list[int]:
    return [*Stock.objects.filter(variant=variant).order_by("bucket").values_list("available", flat=True)]


def test_heating_spreads_evenly_and_cooling_brings_together(variant):
    buckets.heat(**place(variant), **PLACE)
    assert free(variant) == [7, 7, 6, 6, 6, 6, 6, 6]
    buckets.cool(**place(variant))
    assert free(variant) == [50, 0, 0, 0, 0, 0, 0, 0]
    assert [*audit.stock()] == []


def test_orders_of_a_hot_variant_draw_from_different_buckets(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    lines = [hold(shop, {variant.id: 1}).lines.get() for _ in range(30)]
    assert len({line.stock_id for line in lines}) > 3
    assert sum(free(variant)) == 20


def test_a_hot_variant_seen_a_moment_ago_is_held_without_reading_its_rows(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    with CaptureQueriesContext(connection) as first:
        hold(shop, {variant.id: 1})
    with CaptureQueriesContext(connection) as second:
        hold(shop, {variant.id: 1})
    assert len(second) == len(first) - 1


def test_a_warehouse_closed_a_moment_ago_gives_nothing_though_remembered(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    hold(shop, {variant.id: 1})
    other = factories.warehouse(code="FAR")
    Stock.objects.create(variant=variant, warehouse=other, bucket=0, available=5)
    Warehouse.objects.filter(id=factories.warehouse().id).update(active=False)
    assert hold(shop, {variant.id: 1}).lines.get().warehouse == other


def test_what_is_remembered_refuses_nobody_when_pieces_lie_elsewhere(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    hold(shop, {variant.id: 1})
    buckets.cool(**place(variant))
    assert hold(shop, {variant.id: 49}).lines.get().quantity == 49
    with pytest.raises(OutOfStock):
        hold(shop, {variant.id: 1})


def test_a_bucket_somebody_is_at_is_passed_over_without_waiting(shop, variant):
    buckets.heat(**place(variant), buckets=2)
    taken = Stock.objects.get(variant=variant, bucket=0)

    def work(index: int):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return hold(shop, {variant.id: 1}).lines.get().stock_id

    with transaction.atomic():
        Stock.objects.select_for_update().get(id=taken.id)
        assert taken.id not in [*race(1, work), *race(1, work), *race(1, work)]


def test_more_than_any_bucket_has_is_drawn_from_several(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    assert sum(line.quantity for line in hold(shop, {variant.id: 20}).lines.all()) == 20
    with pytest.raises(OutOfStock):
        hold(shop, {variant.id: 31})
    assert sum(free(variant)) == 30


@pytest.mark.parametrize("spread", [2, 8, 32])
def test_many_shops_of_a_hot_variant_sell_every_piece_and_refuse_nobody_falsely(shop, variant, spread):
    shops = [shop, *[factories.reseller() for _ in range(3)]]
    buckets.heat(**place(variant), buckets=spread)
    sold = race(64, lambda index: hold(shops[index % 4], {variant.id: 1}))
    assert sum(each is not None for each in sold) == 50
    assert [*audit.stock()] == []


def test_one_piece_in_many_buckets_is_sold_exactly_once(shop):
    variant = factories.first_variant(factories.product(stock=1))
    buckets.heat(**place(variant), **PLACE)
    sold = race(32, lambda index: hold(shop, {variant.id: 1}))
    assert sum(each is not None for each in sold) == 1


def test_heating_and_cooling_during_a_sale_refuse_nobody_falsely(shop, variant):
    """Every second worker moves pieces between buckets while the others buy all there are."""

    def work(index: int):
        if index % 2:
            return hold(shop, {variant.id: 1})
        if index % 4:
            buckets.cool(**place(variant))
        else:
            buckets.heat(**place(variant), buckets=4 + index % 8)
        return None

    sold = race(100, work)
    assert sum(each is not None for each in sold) == 50
    assert [*audit.stock()] == []


def test_mixed_carts_of_hot_and_cold_variants_do_not_deadlock(shop, variant):
    cold = factories.first_variant(factories.product(stock=60))
    warm = factories.first_variant(factories.product(stock=50))
    for each in (variant, warm):
        buckets.heat(**place(each), buckets=3)
    carts = [(variant, cold, warm), (warm, cold), (cold, variant)]
    sold = race(60, lambda index: hold(shop, {each.id: 1 for each in carts[index % 3]}))
    assert sum(each is not None for each in sold) == 60
    assert [*audit.stock()] == []


def test_what_sells_fast_becomes_hot_by_itself_and_cold_again(shop, variant, settings):
    settings.HOT_RATE, settings.HOT_BUCKETS = 1, 8
    factories.product(stock=5)  # a quiet one stays as it is
    for _ in range(12):
        hold(shop, {variant.id: 1})
    assert tasks.tend_stock() == 1
    assert (len(free(variant)), sum(free(variant))) == (8, 38)
    assert Stock.objects.filter(bucket__gt=0).exclude(variant=variant).count() == 0
    settings.HOT_RATE = 1_000
    assert buckets.tend() == {tuple(place(variant).values()): "cold"}
    assert free(variant)[0] == 38
    assert buckets.tend() == {}


def test_new_pieces_of_a_hot_variant_are_spread_too(shop, variant, settings):
    settings.HOT_RATE, settings.HOT_BUCKETS = 1, 8
    for _ in range(45):
        hold(shop, {variant.id: 1})
    buckets.tend()
    factories.receive(variant, 800)
    buckets.tend()
    assert max(free(variant)) - min(free(variant)) <= 1


def test_receiving_adjusting_counting_and_releasing_see_all_buckets(shop, variant):
    buckets.heat(**place(variant), **PLACE)
    stock.adjust(**place(variant), quantity=-45, reason="broken")
    with pytest.raises(Refused):
        stock.adjust(**place(variant), quantity=-6, reason="broken")
    reservation = hold(shop, {variant.id: 5}, expires_at=clock.now())
    with transaction.atomic():
        assert counts.set_on_hand(counted={tuple(place(variant).values()): 9}, reason="counted") != {}
        assert stock.expire(reseller_id=shop.id, order_number=reservation.order_number)
    assert sum(free(variant)) == 9
    assert [*audit.stock()] == []


def test_a_transaction_that_fails_between_buckets_changes_nothing(shop, variant):
    before = free(variant)

    def half() -> None:
        buckets.heat(**place(variant), **PLACE)
        stock.hold(reseller_id=shop.id, order_number=ids.order_number(), wanted={variant.id: 3})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        half()
    assert free(variant) == before
