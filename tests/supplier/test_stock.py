"""Stock under fire: never more sold than there is, never "sold out" while a piece is there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import OutOfStock, Refused
from supplier.models import Movement, Stock
from supplier.selectors import audit
from supplier.services import stock
from supplier.services.stock import rows
from tests import factories


@pytest.fixture
def shop(transactional_db):
    return factories.reseller()


def hold(shop, wanted, **fields):
    with transaction.atomic():
        return stock.hold(reseller_id=shop.id, order_number=ids.order_number(), wanted=wanted, **fields)


def race(number: int, work) -> list:
    """Run ``work(index)`` at once in threads with connections of their own."""
    barrier = threading.Barrier(min(number, 16))

    def run(index: int):
        try:
            if index < 16:
                barrier.wait(10)
            return work(index)
        except OutOfStock:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, range(number)))


def test_sixty_four_buyers_of_fifty_pieces_buy_exactly_fifty(shop):
    variant = factories.first_variant(factories.product(stock=50))
    shops = [shop, *[factories.reseller() for _ in range(3)]]
    sold = race(64, lambda index: hold(shops[index % 4], {variant.id: 1}))
    assert sum(each is not None for each in sold) == 50
    assert [*audit.stock()] == []


def test_nobody_is_refused_while_pieces_lie_in_another_warehouse_or_bucket(shop):
    variant = factories.first_variant(factories.product(stock=20))
    factories.receive(variant, 20, at=factories.warehouse("OAK", priority=20))
    row = Stock.objects.filter(variant=variant).first()
    Stock.objects.create(variant=variant, warehouse=row.warehouse, bucket=1, available=0)
    sold = race(40, lambda index: hold(shop, {variant.id: 1}))
    assert sum(each is not None for each in sold) == 40
    assert [*audit.stock()] == []


def test_mixed_carts_do_not_deadlock(shop):
    variants = [factories.first_variant(factories.product(stock=30)) for _ in range(4)]
    orders = [variants, variants[::-1]]

    def buy(index: int):
        return hold(shop, {each.id: 1 for each in orders[index % 2]})

    sold = race(60, buy)
    assert sum(each is not None for each in sold) == 30
    assert [*audit.stock()] == []


def test_one_warehouse_is_chosen_where_one_can_serve_everything(shop):
    near, far = factories.warehouse("NEAR", priority=1), factories.warehouse("FAR", priority=2)
    first, second = (factories.first_variant(factories.product(stock=0)) for _ in range(2))
    factories.receive(first, 5, at=near)
    factories.receive(first, 5, at=far)
    factories.receive(second, 5, at=far)
    reservation = hold(shop, {first.id: 2, second.id: 1})
    assert {line.warehouse_id for line in reservation.lines.all()} == {far.id}


def test_shortfall_names_every_short_line_and_keeps_nothing(shop):
    plenty, scarce = (
        factories.first_variant(factories.product(stock=9)),
        factories.first_variant(factories.product(stock=1)),
    )
    with pytest.raises(OutOfStock) as refused:
        hold(shop, {plenty.id: 2, scarce.id: 3})
    assert refused.value.lines == [(scarce.id, 3, 1)]
    assert Stock.objects.get(variant=plenty).held == 0


def test_exactly_one_of_paying_and_expiring_wins(shop):
    variant = factories.first_variant(factories.product(stock=1))
    reservation = hold(shop, {variant.id: 1}, expires_at=clock.now())
    which = {"reseller_id": shop.id, "order_number": reservation.order_number}

    def end(index: int):
        with transaction.atomic():
            return stock.confirm(**which) if index % 2 else stock.expire(**which)

    won = race(2, end)
    assert sorted(won) == [False, True]
    assert [*audit.stock()] == []


def test_released_twice_is_given_back_once(shop):
    variant = factories.first_variant(factories.product(stock=3))
    reservation = hold(shop, {variant.id: 2})
    for _ in range(2):
        with transaction.atomic():
            stock.release(reseller_id=shop.id, order_number=reservation.order_number)
    assert Stock.objects.get(variant=variant).available == 3


def test_adjusting_away_what_is_kept_for_orders_is_refused(shop):
    variant = factories.first_variant(factories.product(stock=5))
    hold(shop, {variant.id: 4})
    with pytest.raises(Refused):
        stock.adjust(variant_id=variant.id, warehouse_id=factories.warehouse().id, quantity=-2, reason="broken")
    assert [*audit.stock()] == []


@pytest.mark.parametrize("column", ["available", "held"])
def test_database_refuses_negative_stock(shop, column):
    factories.product(stock=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(**{column: -1})


def test_movements_can_neither_be_changed_nor_deleted(shop):
    factories.product(stock=1)
    for attack in (lambda: Movement.objects.update(quantity=99), lambda: Movement.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attack()
    assert Movement.objects.get().quantity == 1


def test_whoever_waits_for_pieces_still_draws_from_the_first_warehouse(shop):
    variant = factories.variant(factories.product(variants=0), stock=0)
    far, near = factories.warehouse("FAR", priority=2), factories.warehouse("NEAR", priority=1)
    for place in (far, near):
        factories.receive(variant, 2, at=place)
    with transaction.atomic():
        found = rows.read({variant.id: 1}, lock=True)
    assert [row.warehouse_id for row in found if row.available] == [near.id, far.id]
    assert [take.warehouse_id for take in rows.plan(found, {variant.id: 1})] == [near.id]
