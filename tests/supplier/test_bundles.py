"""Bundles: what S puts together, what can be had of it, and what becomes of its parts until they come back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2b2c.kernel import events, ids
from s2b2c.kernel.errors import OutOfStock, Refused, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Bundle, FulfilmentLine, Journal, ReservationLine, ReturnOrder, SalesLine, Stock
from supplier.selectors import audit, dealing
from supplier.selectors import bundles as selectors
from supplier.services import backorders, bundles, picking, returns, shipping, shortage, stock
from tests import factories
from tests.supplier import office


@pytest.fixture
def far(db, settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", priority=20)


@pytest.fixture
def mug(far):
    return factories.first_variant(factories.product("Mug", stock=7))


@pytest.fixture
def tray(far):
    return factories.first_variant(factories.product("Tray", stock=3))


@pytest.fixture
def bundle(mug, tray):
    """Two mugs on a tray."""
    made = factories.variant(factories.product("Set", variants=0), stock=0, wholesale=2_500, sku="SET-1")
    bundles.put(variant_id=made.id, parts={mug.id: 2, tray.id: 1})
    return made


@pytest.fixture
def shop(far):
    return factories.reseller("juniper-row")


def free(variant) -> int:
    return sum(Stock.objects.filter(variant=variant).values_list("available", flat=True))


def hold(shop, wanted):
    with transaction.atomic():
        return stock.hold(reseller_id=shop.id, order_number=ids.order_number(), wanted=wanted)


def told(topic: str) -> list:
    return [each.payload["lines"] for each in OutboxEvent.objects.filter(topic=topic).order_by("id")]


# --- Making one --------------------------------------------------------------------------------------
def test_bundle_can_be_had_as_often_as_its_scarcest_part(bundle):
    assert selectors.free([bundle.id]) == {bundle.id: 3}
    assert selectors.of(bundle).wholesale_minor == 3_000  # three pieces at 1,000


def test_parts_in_different_warehouses_make_no_bundle(bundle, mug, tray, far):
    factories.receive(mug, 1, at=far)
    factories.receive(tray, 5, at=far)
    assert selectors.free([bundle.id]) == {bundle.id: 3}
    factories.receive(mug, 1, at=far)
    assert selectors.free([bundle.id]) == {bundle.id: 4}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (lambda own, mug, other: {}, "parts"),
        (lambda own, mug, other: {own: 1}, "bundle_in_itself"),
        (lambda own, mug, other: {mug: 0}, "pieces"),
        (lambda own, mug, other: {mug: 100}, "pieces"),
        (lambda own, mug, other: {other: 1}, "bundle_in_bundle"),
    ],
)
def test_what_cannot_be_put_into_a_bundle_is_refused(bundle, mug, parts, code):
    fresh = factories.variant(bundle.product, stock=0)
    with pytest.raises(Refused) as refused:
        bundles.put(variant_id=fresh.id, parts=parts(fresh.id, mug.id, bundle.id))
    assert refused.value.code == code
    assert not Bundle.objects.filter(variant=fresh).exists()


@pytest.mark.parametrize("what", ["variant", "product"])
def test_nothing_withdrawn_is_put_into_a_bundle_and_none_is_sold_with_it(bundle, mug, tray, what):
    gone = mug if what == "variant" else mug.product
    type(gone).objects.filter(pk=gone.pk).update(status="withdrawn")
    assert selectors.free([bundle.id]) == {bundle.id: 0}
    assert [part.withdrawn for part in selectors.of(bundle).parts] == [True, False]
    with pytest.raises(Refused) as refused:
        bundles.put(variant_id=bundle.id, parts={mug.id: 1, tray.id: 1})
    assert refused.value.code == "bundle_withdrawn"


def test_the_part_that_limits_is_named(bundle, mug, tray):
    content = selectors.of(bundle)
    assert {part.variant.id: part.limits for part in content.parts} == {mug.id: False, tray.id: False}  # both make 3
    factories.receive(mug, 1)
    assert {part.variant.id: part.limits for part in selectors.of(bundle).parts} == {mug.id: False, tray.id: True}


def test_what_is_wanted_together_is_counted_together(bundle, mug, tray):
    inside = selectors.parts([bundle.id, mug.id])
    assert selectors.short({bundle.id: 3, mug.id: 1}, inside) == {}
    assert selectors.short({bundle.id: 3, mug.id: 2}, inside) == {mug.id: 1}
    assert selectors.short({bundle.id: 4, mug.id: 1}, inside) == {bundle.id: 3}


def test_variant_with_stock_or_part_of_a_bundle_cannot_become_one(bundle, mug):
    stocked = factories.first_variant(factories.product(stock=1))
    for variant, code in ((stocked, "bundle_used"), (mug, "bundle_part")):
        other = factories.variant(bundle.product, stock=0)
        with pytest.raises(StateRefused) as refused:
            bundles.put(variant_id=variant.id, parts={other.id: 1})
        assert refused.value.code == code


def test_bundle_takes_no_stock_of_its_own(bundle, far):
    with pytest.raises(StateRefused) as refused:
        stock.receive(variant_id=bundle.id, warehouse_id=far.id, quantity=1)
    assert refused.value.code == "bundle_stock"


def test_content_is_fixed_by_the_first_order(bundle, mug, tray, shop):
    bundles.put(variant_id=bundle.id, parts={mug.id: 1, tray.id: 1})
    hold(shop, {bundle.id: 1})
    with pytest.raises(StateRefused) as refused:
        bundles.put(variant_id=bundle.id, parts={mug.id: 2})
    assert refused.value.code == "bundle_fixed"
    with pytest.raises(StateRefused):
        bundles.drop(variant_id=bundle.id)


def test_never_ordered_bundle_becomes_a_plain_variant_again(bundle, far):
    bundles.drop(variant_id=bundle.id)
    factories.receive(bundle, 2, at=far)
    assert selectors.free([bundle.id]) == {bundle.id: 2}


# --- Keeping it for an order -------------------------------------------------------------------------
def test_mixed_cart_counts_the_bundle_and_its_part(bundle, mug, tray, shop):
    hold(shop, {bundle.id: 2, mug.id: 3})
    assert (free(mug), free(tray)) == (0, 1)
    assert set(ReservationLine.objects.values_list("variant_id", flat=True)) == {mug.id, tray.id}


def test_mixed_cart_that_is_short_names_the_line_and_keeps_nothing(bundle, mug, tray, shop):
    with pytest.raises(OutOfStock) as short:
        hold(shop, {bundle.id: 3, mug.id: 2})
    assert short.value.lines == [(mug.id, 2, 1)]
    with pytest.raises(OutOfStock) as short:
        hold(shop, {bundle.id: 4})
    assert short.value.lines == [(bundle.id, 4, 3)]
    assert (free(mug), free(tray)) == (7, 3)


def test_bundles_are_kept_whole_in_each_warehouse(bundle, mug, tray, far, shop):
    factories.receive(mug, 3, at=far)
    factories.receive(tray, 2, at=far)
    kept = hold(shop, {bundle.id: 4, mug.id: 2})
    by_place = {(line.warehouse_id == far.id, line.variant_id): line.quantity for line in kept.lines.all()}
    assert by_place == {(False, mug.id): 7, (False, tray.id): 3, (True, mug.id): 3, (True, tray.id): 1}
    with pytest.raises(OutOfStock):
        hold(shop, {bundle.id: 1})


def test_hot_part_is_taken_from_any_bucket(bundle, mug, tray, shop):
    place = Stock.objects.get(variant=mug)
    factories.receive(mug, 33)
    factories.receive(tray, 17)
    stock.buckets.heat(variant_id=mug.id, warehouse_id=place.warehouse_id, buckets=8)
    for _ in range(20):
        hold(shop, {bundle.id: 1})
    assert (free(mug), free(tray)) == (0, 0)
    assert [*audit.stock()] == []


_shelf = st.fixed_dictionaries({1: st.integers(0, 6), 2: st.integers(0, 6), 3: st.integers(0, 6)})
_kit = st.tuples(st.integers(1, 3), st.dictionaries(st.sampled_from((1, 2, 3)), st.integers(1, 2), min_size=1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other work on the machine
@given(kept=st.lists(st.tuples(_kit, st.integers(0, 1)), min_size=1, max_size=3), more=st.tuples(_shelf, _shelf))
def test_whatever_was_kept_can_be_dealt_out_again(kept, more):
    """Bundles that share parts, beside loose pieces: if it fits in some way, a way is found, and takes no more."""
    shelves = {place: dict(shelf) for place, shelf in enumerate(more)}
    order = [dealing.Kit(10 + n, units, parts) for n, ((units, parts), _place) in enumerate(kept)]
    for kit, (_, place) in zip(order, kept, strict=True):
        for variant, pieces in kit.parts.items():
            shelves[place][variant] += kit.units * pieces
    spread = dealing.deal(order, shelves)
    for kit, places in zip(order, spread, strict=True):
        assert sum(places.values()) == kit.units
        for place, units in places.items():
            for variant, pieces in kit.parts.items():
                shelves[place][variant] -= units * pieces
    assert min(n for shelf in shelves.values() for n in shelf.values()) >= 0


# --- Serving the order -------------------------------------------------------------------------------
def test_warehouse_picks_parts_and_shop_hears_of_the_bundle(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 2), (mug, 1)])
    parcel = office.fulfilments(order)[0]
    lines = list(parcel.lines.order_by("id").values_list("variant__sku", "quantity", "per", "lead"))
    assert lines == [(mug.sku, 4, 2, True), (tray.sku, 2, 1, False), (mug.sku, 1, 1, True)]
    picking.pack(number=parcel.number, actor_id=None)
    shipping.ship(number=parcel.number, carrier="UPS", tracking="1", request_key="k")
    assert told("ShipmentSent") == [
        [
            {"line_id": 1, "variant_id": bundle.id, "quantity": 2},
            {"line_id": 2, "variant_id": mug.id, "quantity": 1},
        ]
    ]
    assert (free(mug), free(tray)) == (2, 1)
    assert [*audit.stock()] == []


def test_bundle_leaves_whole_in_part_shipments(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 2)])
    parcel = office.fulfilments(order)[0]
    line = {each.variant_id: each for each in parcel.lines.all()}
    with pytest.raises(Refused) as refused:
        shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="a", pieces={line[mug.id].id: 2})
    assert refused.value.code == "bundle_whole"
    some = {line[mug.id].id: 2, line[tray.id].id: 1}
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="b", pieces=some)
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="c")
    assert [lines[0]["quantity"] for lines in told("ShipmentSent")] == [1, 1]
    assert [*audit.stock()] == []


def test_wholesale_of_parcels_sums_to_the_bundles_own_price(bundle, shop):
    from supplier.services import postings

    order = office.order(shop, [(bundle, 2)])
    parcel = office.fulfilments(order)[0]
    line = {each.per: each for each in parcel.lines.all()}
    for key, pieces in (("a", {line[2].id: 2, line[1].id: 1}), ("b", None)):
        shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key=key, pieces=pieces)
    for each in OutboxEvent.objects.filter(topic="ShipmentSent").order_by("id"):
        postings.shipment(events.ShipmentSent(**each.payload))
    earned = Journal.objects.filter(kind="shipment").order_by("id")
    assert [sum(t.amount_minor for t in journal.transfers.all()) for journal in earned] == [2_500, 2_500]


def test_missing_part_cancels_whole_bundles_and_frees_the_rest(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 2)])
    parcel = office.fulfilments(order)[0]
    broken = parcel.lines.get(variant=mug)
    shortage.report_short(number=parcel.number, pieces={broken.id: 1}, reason="Broken", actor_id=None, write_off=True)
    assert told("FulfilmentCancelled") == [[{"line_id": 1, "quantity": 1}]]
    assert (free(mug), free(tray)) == (4, 2)  # one mug is gone, its twin and the tray can be sold again
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="k")
    assert [*audit.stock()] == []


def test_bundle_waits_for_its_part_and_goes_when_it_comes(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 3)])
    parcel = office.fulfilments(order)[0]
    late = parcel.lines.get(variant=tray)
    backorders.delay(number=parcel.number, pieces={late.id: 2}, reason="Late", actor_id=None)
    assert told("PiecesDelayed") == [[{"line_id": 1, "quantity": 2}]]
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="a")
    assert told("ShipmentSent")[0][0]["quantity"] == 1
    factories.receive(tray, 2)
    assert told("PiecesCame") == [[{"line_id": 1, "quantity": 2}]]
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="b")
    assert told("ShipmentSent")[1][0]["quantity"] == 2
    assert [*audit.stock()] == []


def test_refunded_bundle_frees_all_its_parts(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 3)])
    shortage.drop(order, {1: 2})
    assert (free(mug), free(tray)) == (5, 2)
    parcel = office.fulfilments(order)[0]
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="k")
    assert told("ShipmentSent")[0][0]["quantity"] == 1
    assert [*audit.stock()] == []


def test_returned_bundle_puts_its_parts_back(bundle, mug, tray, shop):
    order = office.order(shop, [(bundle, 2)])
    parcel = office.fulfilments(order)[0]
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="k")
    back = returns.expect_refused(order)
    line = back.lines.get()
    assert line.quantity == 2
    found = {line.id: returns.Found(restocked=1, scrapped=1)}
    returns.receive(number=back.number, warehouse_id=None, actor_id=None)
    returns.inspect(number=back.number, found=found, fault="supplier", actor_id=None)
    assert (free(mug), free(tray)) == (5, 2)
    assert ReturnOrder.objects.get().state == "closed"
    assert [*audit.stock()] == []


def test_order_over_two_warehouses_sends_whole_bundles_from_each(bundle, mug, tray, far, shop):
    factories.receive(mug, 2, at=far)
    factories.receive(tray, 1, at=far)
    order = office.order(shop, [(bundle, 4)])
    for parcel in office.fulfilments(order):
        shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key=parcel.number)
    assert sorted(lines[0]["quantity"] for lines in told("ShipmentSent")) == [1, 3]
    assert FulfilmentLine.objects.filter(lead=True).count() == 2
    assert SalesLine.objects.get().quantity == 4
    assert [*audit.stock()] == []


# --- What the database itself holds ------------------------------------------------------------------
_ATTACKS = {
    "stock of a bundle": "INSERT INTO supplier_stock (variant_id, warehouse_id, bucket, available, held, damaged) "
    "SELECT {bundle}, id, 0, 1, 0, 0 FROM supplier_warehouse LIMIT 1",
    "a stocked variant as a bundle": "INSERT INTO supplier_bundle (variant_id) VALUES ({tray})",
    "a bundle in a bundle": "INSERT INTO supplier_bundlepart (bundle_id, component_id, pieces) "
    "VALUES ({other}, {bundle}, 1)",
    "itself in a bundle": "INSERT INTO supplier_bundlepart (bundle_id, component_id, pieces) VALUES ({other}, {other}, 1)",
    "no pieces": "UPDATE supplier_bundlepart SET pieces = 0 WHERE bundle_id = {other}",
    "other pieces once ordered": "UPDATE supplier_bundlepart SET pieces = pieces + 1 WHERE bundle_id = {bundle}",
    "more once ordered": "INSERT INTO supplier_bundlepart (bundle_id, component_id, pieces) VALUES ({bundle}, {pen}, 1)",
    "less once ordered": "DELETE FROM supplier_bundlepart WHERE bundle_id = {bundle} AND component_id = {tray}",
    "another part to send": "UPDATE supplier_fulfilmentline SET variant_id = {pen} WHERE NOT lead",
    "other pieces to send": "UPDATE supplier_fulfilmentline SET per = 3 WHERE lead",
    "a part sent as if sold": "UPDATE supplier_fulfilmentline SET bundle_id = NULL",
    "sent for another bundle": "UPDATE supplier_fulfilmentline SET bundle_id = {other}",
}


@pytest.mark.parametrize("attack", _ATTACKS.values(), ids=_ATTACKS)
def test_database_keeps_bundles_and_their_parts_apart(bundle, mug, tray, shop, attack):
    pen = factories.first_variant(factories.product("Pen", stock=3))
    other = factories.variant(bundle.product, stock=0)
    bundles.put(variant_id=other.id, parts={mug.id: 2, tray.id: 1})
    office.order(shop, [(bundle, 1)])
    names = {"bundle": bundle.id, "tray": tray.id, "other": other.id, "pen": pen.id}
    with pytest.raises(IntegrityError):
        _run(attack.format(**names))


def _run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
