"""A bundle and what is in it sold at the same moment from many threads: never oversold, nobody falsely refused."""

from __future__ import annotations

import pytest

from s2b2c.kernel.errors import OutOfStock, StateRefused
from supplier.models import Bundle, BundlePart, ReservationLine, Stock
from supplier.selectors import audit
from supplier.services import bundles
from supplier.services.stock import buckets
from tests import factories
from tests.supplier.test_stock import hold, race


@pytest.fixture
def shop(transactional_db):
    return factories.reseller()


@pytest.fixture
def mug(shop):
    return factories.first_variant(factories.product("Mug", stock=0))


@pytest.fixture
def tray(shop):
    return factories.first_variant(factories.product("Tray", stock=0))


@pytest.fixture
def bundle(mug, tray):
    """Two mugs on a tray."""
    made = factories.variant(factories.product("Set", variants=0), stock=0)
    bundles.put(variant_id=made.id, parts={mug.id: 2, tray.id: 1})
    return made


def free(variant) -> int:
    return sum(Stock.objects.filter(variant=variant).values_list("available", flat=True))


def buyer(shop, baskets):
    """Buy the basket of one's number; give whether it could be had."""

    def buy(index: int) -> bool:
        try:
            hold(shop, baskets[index % len(baskets)])
        except OutOfStock:
            return False
        return True

    return buy


@pytest.mark.parametrize("hot", [False, True])
def test_all_that_fits_is_sold(shop, bundle, mug, tray, hot):
    """Exactly as much as is wanted is there: 16 sets and 32 mugs by themselves, of 64 mugs and 16 trays."""
    factories.receive(mug, 64)
    factories.receive(tray, 16)
    if hot:
        buckets.heat(variant_id=mug.id, warehouse_id=factories.warehouse().id, buckets=8)
    sold = race(48, buyer(shop, [{bundle.id: 1}, {mug.id: 1}, {mug.id: 1}]))
    assert sold == [True] * 48
    assert (free(mug), free(tray)) == (0, 0)
    assert [*audit.stock()] == []


def test_more_than_there_is_sells_all_there_is_and_not_one_more(shop, bundle, mug, tray):
    """Nothing comes back here, so whoever was refused could not be served at the end, either."""
    factories.receive(mug, 30)
    factories.receive(tray, 20)
    baskets = [{bundle.id: 1}, {mug.id: 1}, {bundle.id: 1, mug.id: 1}]
    sold = race(48, buyer(shop, baskets))
    refused = {index % 3 for index, done in enumerate(sold) if not done}
    taken = sum((2, 1, 3)[index % 3] for index, done in enumerate(sold) if done)
    assert (taken, bool(refused)) == (30 - free(mug), True)
    assert min(free(mug), free(tray)) >= 0
    if 1 in refused:
        assert free(mug) == 0
    if 0 in refused:
        assert free(mug) < 2
    assert [*audit.stock()] == []


def test_over_two_warehouses_every_bundle_is_whole(shop, bundle, mug, tray):
    """Sets and single mugs in two places; of a set nothing is ever kept in another place than the rest of it."""
    far = factories.warehouse("OAK", priority=20)
    for place, mugs, trays in ((factories.warehouse(), 20, 10), (far, 20, 10)):
        factories.receive(mug, mugs, at=place)
        factories.receive(tray, trays, at=place)
    sold = race(32, buyer(shop, [{bundle.id: 1}]))
    assert sum(sold) == 20
    kept = ReservationLine.objects.values_list("reservation_id", "warehouse_id", "variant_id", "quantity")
    by_place: dict[tuple[int, int], dict[int, int]] = {}
    for reservation, warehouse, variant, quantity in kept:
        place_of = by_place.setdefault((reservation, warehouse), {})
        place_of[variant] = place_of.get(variant, 0) + quantity
    assert [*by_place.values()] == [{mug.id: 2, tray.id: 1}] * 20
    assert [*audit.stock()] == []


def test_a_bundle_changed_while_it_is_first_ordered_is_kept_as_it_then_stands(shop, bundle, mug, tray):
    factories.receive(mug, 100)
    factories.receive(tray, 100)

    def work(index: int) -> str:
        if index % 4 == 0:
            try:
                bundles.put(variant_id=bundle.id, parts={mug.id: 1 + index % 3, tray.id: 1})
            except StateRefused as refusal:
                return refusal.code
            return "put"
        hold(shop, {bundle.id: 1})
        return "held"

    done = race(16, work)
    inside = dict(BundlePart.objects.values_list("component_id", "pieces"))
    kept = {tuple(sorted(each)) for each in _kept_by_order()}
    assert kept == {tuple(sorted(inside.items()))}
    assert set(done) <= {"put", "held", "bundle_fixed"}
    assert Bundle.objects.get().fixed_at is not None


def _kept_by_order():
    orders: dict[int, list[tuple[int, int]]] = {}
    for reservation, variant, quantity in ReservationLine.objects.values_list(
        "reservation_id", "variant_id", "quantity"
    ):
        orders.setdefault(reservation, []).append((variant, quantity))
    return orders.values()
