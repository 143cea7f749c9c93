"""Lots: received, picked, sent, held in all shops at once, and what the database refuses whoever asks."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused, StateRefused
from supplier.models import FulfilmentLine, FulfilmentOrder, Lot, LotMovement, LotPick, LotStock, Shipment, Stock
from supplier.selectors import audit
from supplier.selectors import lots as found
from supplier.services import lots, picking, shipping, stock, transfers
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


def lot(variant, code, pieces, *, days=None, at=None, **more):
    """Receive pieces of a lot that keeps for so many days."""
    place = at or factories.warehouse()
    made = lots.enter(
        variant_id=variant.pk,
        code=code,
        expires_on=clock.now().date() + timedelta(days=days) if days else None,
        **more,
    )
    aside = made.state != Lot.State.FREE
    stock.receive(variant_id=variant.pk, warehouse_id=place.pk, quantity=pieces, aside=aside)
    lots.put(lot=made, warehouse_id=place.pk, quantity=pieces, cause="test", actor_id=None, aside=aside)
    return made


@pytest.fixture
def variant():
    factories.company()
    return factories.variant(factories.product("Tea", variants=0), stock=0, sku="TEA-1")


@pytest.fixture
def shop():
    return factories.reseller(name="Juniper Row")


def row(variant):
    """Free, held and quarantined over all warehouses."""
    rows = Stock.objects.filter(variant=variant)
    return tuple(sum(getattr(each, name) for each in rows) for name in ("available", "held", "quarantined"))


def box(order):
    return FulfilmentOrder.objects.get(order=order)


def ship(order):
    return shipping.ship(number=box(order).number, carrier="DHL", tracking="", request_key=order.order_number)


def sound():
    assert list(audit.stock()) == []


def test_what_expires_first_goes_first(shop, variant):
    later, sooner = lot(variant, "B", 5, days=90), lot(variant, "A", 5, days=30)
    parcel = ship(office.order(shop, [(variant, 7)]))
    assert {p.lot.code: p.quantity for p in LotPick.objects.filter(shipment=parcel)} == {"A": 5, "B": 2}
    assert [found.places(each) and found.places(each)[0].pieces for each in (sooner, later)] == [[], 3]
    sound()


def test_scanned_lot_is_the_one_sent(shop, variant):
    lot(variant, "A", 5, days=30)
    other = lot(variant, "B", 5, days=90)
    order = office.order(shop, [(variant, 2)])
    line = FulfilmentLine.objects.get(fulfilment__order=order)
    picking.record_pick(number=box(order).number, line_id=line.pk, picked=2, actor_id=None, lot_id=other.pk)
    parcel = ship(order)
    assert [p.lot.code for p in LotPick.objects.filter(shipment=parcel)] == ["B"]
    sound()


def test_tote_of_one_order_is_not_taken_for_another(shop, variant):
    lot(variant, "A", 2, days=30)
    lot(variant, "B", 2, days=90)
    first, second = office.order(shop, [(variant, 2)]), office.order(shop, [(variant, 2)])
    line = FulfilmentLine.objects.get(fulfilment__order=first)
    picking.record_pick(number=box(first).number, line_id=line.pk, picked=2, actor_id=None)
    assert [p.lot.code for p in LotPick.objects.filter(shipment=ship(second))] == ["B"]
    assert [p.lot.code for p in LotPick.objects.filter(shipment=ship(first))] == ["A"]
    sound()


def test_put_back_and_counted_anew_leave_no_lot_behind(shop, variant):
    lot(variant, "A", 5)
    order = office.order(shop, [(variant, 3)])
    line = FulfilmentLine.objects.get(fulfilment__order=order)
    number = box(order).number
    picking.start_picking(number=number, actor_id=None)
    picking.record_pick(number=number, line_id=line.pk, picked=3, actor_id=None)
    picking.record_pick(number=number, line_id=line.pk, picked=1, actor_id=None)
    assert sum(p.quantity for p in LotPick.objects.all()) == 1
    picking.put_back(number=number, actor_id=None)
    assert not LotPick.objects.exists()


def test_held_lot_leaves_what_can_be_sold_at_once(shop, variant):
    made = lot(variant, "A", 6)
    lot(variant, "B", 4)
    office.order(shop, [(variant, 3)])
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    assert row(variant) == (1, 3, 6)
    sound()
    lots.free(lot_id=made.pk, reason="Seals are fine", actor_id=None)
    assert row(variant) == (7, 3, 0)
    sound()


def test_held_lot_is_not_sent_though_its_pieces_are_kept_for_an_order(shop, variant):
    made = lot(variant, "A", 3)
    order = office.order(shop, [(variant, 3)])
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    assert row(variant) == (0, 3, 0)
    with pytest.raises(StateRefused) as refusal:
        ship(order)
    assert refusal.value.code == "lot_held"
    stock.release(reseller_id=shop.pk, order_number=order.order_number)
    assert lots.tend() == 3
    assert row(variant) == (0, 0, 3)
    sound()


@pytest.mark.parametrize(("language", "why"), [("en", "Expired"), ("zh-hans", "已过期")])
def test_packer_reads_why_a_lot_is_held_in_their_language(shop, variant, language, why):
    made = lot(variant, "A", 3, days=-1)
    order = office.order(shop, [(variant, 3)])
    lots.tend()
    assert Lot.objects.get(pk=made.pk).state == "held"
    with translation.override(language), pytest.raises(StateRefused) as refusal:
        ship(order)
    with translation.override(language):
        assert str(refusal.value).endswith(why)


def test_box_packed_with_a_lot_held_since_stays(shop, variant):
    made = lot(variant, "A", 3, days=10)
    lot(variant, "B", 3, days=90)
    order = office.order(shop, [(variant, 2)])
    line = FulfilmentLine.objects.get(fulfilment__order=order)
    picking.record_pick(number=box(order).number, line_id=line.pk, picked=2, actor_id=None)
    picking.pack(number=box(order).number, actor_id=None)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    assert [each.line_id for each in found.in_totes(made)] == [line.pk]
    with pytest.raises(StateRefused):
        ship(order)
    picking.unpack(number=box(order).number, actor_id=None)
    picking.record_pick(number=box(order).number, line_id=line.pk, picked=0, actor_id=None)
    assert [p.lot.code for p in LotPick.objects.filter(shipment=ship(order))] == ["B"]


def test_pieces_of_no_lot_are_sent_though_a_lot_is_held(shop, variant):
    factories.receive(variant, 2)
    made = lot(variant, "A", 3)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    parcel = ship(office.order(shop, [(variant, 2)]))
    assert not LotPick.objects.filter(shipment=parcel).exists()
    sound()


def test_lot_to_be_inspected_is_not_for_sale(variant):
    made = lot(variant, "A", 5, checking=True)
    assert row(variant) == (0, 0, 5)
    lots.free(lot_id=made.pk, reason="Accepted", actor_id=None)
    assert row(variant) == (5, 0, 0)
    sound()


def test_expired_lot_is_held_by_itself(variant):
    lot(variant, "A", 5, days=-1)
    assert found.pickable(variant.pk, factories.warehouse().pk) == []
    lots.tend()
    assert (row(variant), Lot.objects.get().state) == ((0, 0, 5), "held")


def test_lots_travel_with_a_transfer_and_stay_held(variant):
    source, target = factories.warehouse(), factories.warehouse("LAX")
    made = lot(variant, "A", 5)
    going = transfers.draft(source_id=source.pk, target_id=target.pk, pieces={variant.pk: 3}, actor_id=None)
    transfers.send(number=going.number, actor_id=None)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    transfers.receive(number=going.number, actor_id=None)
    assert {each.warehouse.code: (each.pieces, each.aside) for each in found.places(made)} == {
        source.code: (2, 2),
        "LAX": (3, 3),
    }
    sound()


def test_lost_pieces_are_taken_off_lots_only_when_nothing_else_is_there(variant):
    factories.receive(variant, 2)
    made = lot(variant, "A", 5)
    place = factories.warehouse()
    stock.adjust(variant_id=variant.pk, warehouse_id=place.pk, quantity=-2, reason="Lost")
    assert found.places(made)[0].pieces == 5
    stock.adjust(variant_id=variant.pk, warehouse_id=place.pk, quantity=-2, reason="Lost")
    assert found.places(made)[0].pieces == 3
    sound()


def test_returned_pieces_of_a_held_lot_go_into_quarantine(shop, variant):
    made = lot(variant, "A", 5)
    order = office.order(shop, [(variant, 2)])
    ship(order)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    place = factories.warehouse()
    facts = {"variant_id": variant.pk, "warehouse_id": place.pk, "quantity": 2, "cause": "return:R1", "actor_id": None}
    stock.take_back(reason="R1", **facts)
    lots.come_back(order_id=order.pk, **facts)
    assert row(variant) == (0, 0, 5)
    sound()


def test_scrapped_quarantine_leaves_the_warehouse(variant):
    made = lot(variant, "A", 5)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    assert lots.scrap(lot_id=made.pk, warehouse_id=factories.warehouse().pk, reason="Destroyed", actor_id=None) == 5
    assert row(variant) == (0, 0, 0)
    sound()


def test_serial_number_is_of_one_piece(variant):
    made = lot(variant, "SN-1", 1, serial=True)
    with pytest.raises(Refused):
        lots.enter(variant_id=variant.pk, code="sn-1", serial=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotMovement.objects.create(
            lot=made, warehouse=factories.warehouse(), quantity=1, kind="receipt", at=clock.now()
        )


def test_recalled_lot_is_never_free_again(variant):
    made = lot(variant, "A", 5)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    lots.recall(lot_id=made.pk, actor_id=None)
    with pytest.raises(StateRefused):
        lots.free(lot_id=made.pk, reason="No", actor_id=None)


# --- What the database refuses ---------------------------------------------------------------------
ATTACKS = {
    "held_lot_leaves": "INSERT INTO supplier_lotmovement (lot_id, warehouse_id, quantity, kind, cause, at) SELECT lot_id, warehouse_id, -1, 'shipment', '', now() FROM supplier_lotstock",
    "pieces_are_written": "UPDATE supplier_lotstock SET pieces = pieces + 1",
    "more_aside_than_there": "UPDATE supplier_lotstock SET aside = pieces + 1",
    "quarantine_of_nothing": "UPDATE supplier_lotstock SET aside = aside - 1",
    "stock_out_of_quarantine": "UPDATE supplier_stock SET quarantined = quarantined - 1, available = available + 1",
    "movement_changed": "UPDATE supplier_lotmovement SET quantity = 9",
    "movement_taken_away": "DELETE FROM supplier_lotmovement",
    "more_leaves_than_is_there": "INSERT INTO supplier_lotmovement (lot_id, warehouse_id, quantity, kind, cause, at) SELECT lot_id, warehouse_id, -99, 'scrap', '', now() FROM supplier_lotstock",
    "recalled_without_being_held": "UPDATE supplier_lot SET state = 'checking'",
    "renamed": "UPDATE supplier_lot SET code = 'Z'",
    "lot_taken_away": "DELETE FROM supplier_lot",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_database_refuses(variant, attack):
    made = lot(variant, "A", 5)
    lots.hold(lot_id=made.pk, reason="Broken seals", actor_id=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        _run(attack, "SET CONSTRAINTS ALL IMMEDIATE")


def _run(*statements):
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)


def test_database_refuses_a_lot_of_another_variant(shop, variant):
    other = factories.variant(factories.product("Cup", variants=0), stock=3, sku="CUP-1")
    made = lot(variant, "A", 5)
    line = FulfilmentLine.objects.get(fulfilment__order=office.order(shop, [(other, 1)]))
    with pytest.raises(IntegrityError), transaction.atomic():
        LotPick.objects.create(line=line, lot=made, quantity=1)


def test_what_was_sent_of_a_lot_stays(shop, variant):
    lot(variant, "A", 5)
    ship(office.order(shop, [(variant, 2)]))
    with pytest.raises(IntegrityError), transaction.atomic():
        LotPick.objects.all().delete()
    assert LotStock.objects.get().pieces == 3


@pytest.mark.django_db(transaction=True)
def test_picks_sent_before_they_named_their_order_are_filled(shop, variant):
    """The migration that added order, shop and parcel to picks, over a row from before it."""
    with transaction.atomic():
        lot(variant, "A", 5)
    ship(office.order(shop, [(variant, 2)]))
    before = LotPick.objects.values().get()
    fill = import_module("supplier.migrations.0034_lot_pick_orders")._FILL
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE supplier_lotpick DROP CONSTRAINT lot_pick_sent_for_an_order, DISABLE TRIGGER lot_pick_fits"
        )
        LotPick.objects.update(order=None, reseller=None, order_number="", parcel="", sent_at=None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE supplier_lotpick ENABLE TRIGGER lot_pick_fits")
        cursor.execute(fill)
        after = LotPick.objects.values().get()
        transaction.set_rollback(True)
    assert after.pop("sent_at") == Shipment.objects.get().shipped_at
    assert after == {name: value for name, value in before.items() if name != "sent_at"}
