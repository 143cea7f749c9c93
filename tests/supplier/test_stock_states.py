"""Damaged pieces, transfers, counts and arrivals; what the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from s2b2c.kernel.errors import Refused, StateRefused
from supplier.models import Arrival, Movement, Stock, StockCount, StockTransfer, StockTransferLine
from supplier.selectors import audit, transit
from supplier.selectors import stock as levels
from supplier.services import arrivals, counting, stock, transfers
from supplier.services.stock import buckets
from tests import factories
from tests.supplier.test_stock import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant():
    return factories.first_variant(factories.product(stock=20))


@pytest.fixture
def other():
    return factories.warehouse("OAK", priority=20)


def at(variant, **more) -> dict:
    return {"variant_id": variant.id, "warehouse_id": factories.warehouse().id, **more}


def level(variant, place=None) -> tuple[int, int, int]:
    found = levels.levels(levels.find(variant.id))[(place or factories.warehouse()).id]
    return found.free, found.held, found.damaged


def clean() -> None:
    assert [*audit.stock()] == []


# --- Damaged ---------------------------------------------------------------------------------------
def test_damaged_pieces_stay_on_hand_but_cannot_be_sold(variant):
    stock.damage(**at(variant, quantity=5, reason="fell"))
    assert level(variant) == (15, 0, 5)
    assert levels.total(levels.find(variant.id)).on_hand == 20
    stock.repair(**at(variant, quantity=2, reason="glued"))
    stock.scrap(**at(variant, quantity=3, reason="beyond repair"))
    assert level(variant) == (17, 0, 0)
    clean()


def test_more_than_is_free_cannot_be_damaged_nor_more_than_is_damaged_repaired(variant):
    hold(factories.reseller(), {variant.id: 18})
    with pytest.raises(Refused):
        stock.damage(**at(variant, quantity=3, reason="fell"))
    stock.damage(**at(variant, quantity=2, reason="fell"))
    for step in (stock.repair, stock.scrap):
        with pytest.raises(Refused):
            step(**at(variant, quantity=3, reason="no"))
    clean()


def test_the_same_form_damages_once(variant):
    for _ in range(2):
        stock.damage(**at(variant, quantity=5, reason="fell", cause=f"{stock.ONCE}abc"))
    assert level(variant) == (15, 0, 5)


def test_what_comes_back_broken_is_set_aside(variant):
    stock.take_back(**at(variant, quantity=2, reason="returned broken", cause="return:1", damaged=True))
    assert level(variant) == (20, 0, 2)
    clean()


# --- Transfers -------------------------------------------------------------------------------------
def transfer(variant, other, quantity=8) -> StockTransfer:
    return transfers.draft(
        source_id=factories.warehouse().id, target_id=other.id, pieces={variant.id: quantity}, actor_id=None
    )


def test_a_transfer_is_in_transit_between_the_warehouses(variant, other):
    made = transfer(variant, other)
    assert level(variant) == (20, 0, 0)
    for _ in range(2):
        transfers.send(number=made.number, actor_id=None)
    assert (level(variant), level(variant, other)) == ((12, 0, 0), (0, 0, 0))
    assert transit.in_transit(variant) == 8
    clean()
    for _ in range(2):
        transfers.receive(number=made.number, actor_id=None)
    assert (level(variant, other), transit.in_transit(variant)) == ((8, 0, 0), 0)
    clean()


def test_what_does_not_arrive_needs_a_reason_and_is_lost(variant, other):
    made = transfers.send(number=transfer(variant, other).number, actor_id=None)
    line = made.lines.get()
    with pytest.raises(Refused):
        transfers.receive(number=made.number, received={line.id: 6}, actor_id=None)
    transfers.receive(number=made.number, received={line.id: 6}, shortage="box open", actor_id=None)
    line.refresh_from_db()
    assert (line.received, line.lost, level(variant, other)[0]) == (6, 2, 6)
    clean()


def test_pieces_kept_for_orders_are_not_transferred(variant, other):
    hold(factories.reseller(), {variant.id: 15})
    made = transfer(variant, other)
    with pytest.raises(Refused):
        transfers.send(number=made.number, actor_id=None)
    assert StockTransfer.objects.get().state == "draft"
    clean()


def test_a_hot_variant_is_transferred_from_all_its_buckets(variant, other):
    buckets.heat(**at(variant, buckets=8))
    transfers.send(number=transfer(variant, other, 20).number, actor_id=None)
    assert level(variant) == (0, 0, 0)
    clean()


def test_only_drafts_can_be_cancelled(variant, other):
    made = transfers.send(number=transfer(variant, other).number, actor_id=None)
    with pytest.raises(StateRefused):
        transfers.cancel(number=made.number, actor_id=None)
    assert transfers.cancel(number=transfer(variant, other).number, actor_id=None).state == "cancelled"


# --- Counts ----------------------------------------------------------------------------------------
def sheet(variant) -> StockCount:
    return counting.start(warehouse_id=factories.warehouse().id, variant_ids=[variant.id], actor_id=None)


def test_a_count_is_posted_against_what_was_there_when_counted(variant):
    made = sheet(variant)
    counting.record(number=made.number, counted={made.lines.get().id: 18})
    stock.receive(**at(variant, quantity=5))  # after counting
    for _ in range(2):
        counting.post(number=made.number, reason="counted", actor_id=None)
    assert level(variant) == (23, 0, 0)
    assert Movement.objects.get(kind="count").quantity == -2
    clean()


def test_a_count_that_takes_what_is_kept_for_orders_is_refused(variant):
    hold(factories.reseller(), {variant.id: 15})
    made = sheet(variant)
    counting.record(number=made.number, counted={made.lines.get().id: 10})
    with pytest.raises(Refused):
        counting.post(number=made.number, reason="counted", actor_id=None)
    assert StockCount.objects.get().state == "open"
    clean()


def test_a_sheet_is_not_posted_uncounted_nor_after_it_was_thrown_away(variant):
    made = sheet(variant)
    with pytest.raises(Refused):
        counting.post(number=made.number, reason="counted", actor_id=None)
    counting.cancel(number=made.number)
    with pytest.raises(StateRefused):
        counting.record(number=made.number, counted={made.lines.get().id: 1})


# --- Arrivals --------------------------------------------------------------------------------------
def test_an_arrival_is_received_in_parts_each_once(variant):
    made = arrivals.announce(**at(variant, quantity=10, arrives_on=date(2030, 1, 2), reference="PO 7"))
    for _ in range(2):
        arrivals.receive(arrival_id=made.id, quantity=4, actor_id=None, key="a")
    assert (level(variant)[0], transit.incoming(variant)[0].left) == (24, 6)
    arrivals.receive(arrival_id=made.id, quantity=6, actor_id=None, key="b")
    assert Arrival.objects.get().state == "received"
    with pytest.raises(StateRefused):
        arrivals.receive(arrival_id=made.id, quantity=1, actor_id=None, key="c")
    clean()


# --- The guards of the database --------------------------------------------------------------------
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE supplier_stock SET available = -1",
        "UPDATE supplier_stock SET held = -1",
        "UPDATE supplier_stock SET damaged = -1",
        "UPDATE supplier_stock SET damaged = 1, bucket = 1",
        "INSERT INTO supplier_stock (variant_id, warehouse_id, bucket, available, held) "
        "SELECT variant_id, warehouse_id, bucket, 1, 0 FROM supplier_stock",
        "UPDATE supplier_movement SET quantity = 99",
        "UPDATE supplier_movement SET damaged = true",
        "DELETE FROM supplier_movement",
        "INSERT INTO supplier_movement (variant_id, warehouse_id, quantity, kind, reason, cause, at) "
        "SELECT variant_id, warehouse_id, 0, 'receipt', '', '', now() FROM supplier_movement",
        "UPDATE supplier_reservationline SET shipped = quantity + 1",
        "UPDATE supplier_reservationline SET released = -1",
        "UPDATE supplier_reservationline SET quantity = 0",
        "INSERT INTO supplier_reservation (reseller_id, order_number, state, expires_at, created_at) "
        "SELECT reseller_id, order_number, 'held', now(), now() FROM supplier_reservation",
        "DELETE FROM supplier_stock",
        "UPDATE supplier_stocktransfer SET target_id = source_id",
        "UPDATE supplier_stocktransferline SET received = quantity, lost = 1",
        "UPDATE supplier_stocktransferline SET quantity = 0",
        "UPDATE supplier_stockcountline SET counted = 3, expected = NULL",
        "UPDATE supplier_stockcountline SET counted = -1, expected = 0",
        "UPDATE supplier_arrival SET quantity = 0",
    ],
)
def test_the_database_refuses(variant, other, attack):
    hold(factories.reseller(), {variant.id: 2})
    transfer(variant, other)
    sheet(variant)
    arrivals.announce(**at(variant, quantity=1, arrives_on=date(2030, 1, 2)))

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(attack)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError), transaction.atomic():
        run()


def test_check_stock_finds_what_no_guard_can_refuse(variant, other):
    made = transfers.send(number=transfer(variant, other).number, actor_id=None)
    Stock.objects.filter(variant=variant).update(available=99)
    StockTransferLine.objects.filter(transfer=made).update(received=3)
    assert {finding.check for finding in audit.stock()} == {
        "on_hand_is_sum_of_movements", "transfers_moved_what_they_say", "transit_is_what_left_and_did_not_arrive",
    }  # fmt: skip
