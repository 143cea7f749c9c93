"""Orders that a held lot keeps waiting: who waits, what is done, and that nothing is sold twice or lost meanwhile."""

from __future__ import annotations

import pytest

from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentLine, LotPick, Stock
from supplier.selectors import audit, today
from supplier.selectors import held_orders as selectors
from supplier.services import held_orders, lots, picking, shipping, stock
from tests import factories
from tests.supplier import office
from tests.supplier.test_lots import box, lot, row, ship, shop, variant

__all__ = ["shop", "variant"]
pytestmark = pytest.mark.django_db


def hold(made):
    return lots.hold(lot_id=made.pk, reason="Cracks", actor_id=None)


def waiting():
    return [(each.line.fulfilment.order.order_number, each.tote, each.lacks) for each in selectors.stuck()]


def line(order) -> FulfilmentLine:
    return FulfilmentLine.objects.get(fulfilment__order=order)


def sound():
    assert list(audit.stock()) == []


def picked(order, made, pieces):
    picking.start_picking(number=box(order).number, actor_id=None)
    picking.record_pick(number=box(order).number, line_id=line(order).pk, picked=pieces, lot_id=made.pk, actor_id=None)


def test_last_order_waits_and_the_first_is_sent(shop, variant):
    made = lot(variant, "A", 4)
    lot(variant, "B", 3)
    first, last = office.order(shop, [(variant, 3)]), office.order(shop, [(variant, 3)])
    hold(made)
    assert row(variant) == (0, 6, 1)
    assert waiting() == [(last.order_number, 0, 3)]
    ship(first)
    with pytest.raises(StateRefused):
        ship(last)
    assert today.queues()["held_lots"].count == 1


def test_tote_with_a_held_lot_is_emptied_and_others_are_picked(shop, variant):
    made = lot(variant, "A", 4)
    lot(variant, "B", 6)
    order = office.order(shop, [(variant, 2)])
    picked(order, made, 2)
    picking.pack(number=box(order).number, actor_id=None)
    hold(made)
    assert waiting() == [(order.order_number, 2, 0)]
    with pytest.raises(StateRefused):
        shipping.ship(number=box(order).number, carrier="DHL", tracking="", request_key="k")
    facts = {"number": box(order).number, "actor_id": None}
    assert (held_orders.take_out(**facts), held_orders.take_out(**facts)) == (2, 0)
    assert (box(order).state, line(order).picked, waiting()) == ("picking", 0, [])
    parcel = ship(order)
    assert [(pick.lot.code, pick.quantity) for pick in LotPick.objects.filter(shipment=parcel)] == [("B", 2)]
    sound()


def test_order_that_waits_gives_its_pieces_to_quarantine_and_is_served_when_the_lot_is_free(shop, variant):
    made = lot(variant, "A", 4)
    order = office.order(shop, [(variant, 3)])
    picked(order, made, 3)
    hold(made)
    assert (waiting(), row(variant)) == ([(order.order_number, 3, 3)], (0, 3, 1))
    facts = {"number": box(order).number, "reason": "We look at it once more", "actor_id": None, "request_key": "k"}
    held_orders.let_wait(**facts)
    assert (line(order).waiting, waiting(), row(variant)) == (3, [], (0, 0, 4))
    assert OutboxEvent.objects.filter(topic="PiecesDelayed").count() == 1
    sound()
    lots.free(lot_id=made.pk, reason="Good after all", actor_id=None)
    assert (line(order).waiting, row(variant)) == (0, (1, 3, 0))
    ship(order)
    sound()


def test_order_that_is_given_up_is_refunded_and_nobody_can_buy_its_pieces(shop, variant):
    made = lot(variant, "A", 3)
    order = office.order(shop, [(variant, 3)])
    hold(made)
    with pytest.raises(Refused):
        held_orders.give_up(number=box(order).number, reason=" ", actor_id=None)
    held_orders.give_up(number=box(order).number, reason="Called back", actor_id=None)
    assert (line(order).cancelled, box(order).state, row(variant)) == (3, "cancelled", (0, 0, 3))
    assert OutboxEvent.objects.filter(topic="FulfilmentCancelled").count() == 1
    with pytest.raises(StateRefused):
        held_orders.give_up(number=box(order).number, reason="Called back", actor_id=None)
    sound()


def test_new_pieces_end_the_wait_by_themselves(shop, variant):
    made = lot(variant, "A", 3)
    order = office.order(shop, [(variant, 3)])
    hold(made)
    stock.receive(variant_id=variant.pk, warehouse_id=factories.warehouse().pk, quantity=3)
    lots.tend()
    assert (waiting(), row(variant)) == ([], (0, 3, 3))
    with pytest.raises(StateRefused):
        held_orders.let_wait(number=box(order).number, reason="x", actor_id=None)
    assert not ship(order).lots.exists()
    sound()


def test_list_is_of_a_few_statements_however_many_orders(shop, variant, django_assert_max_num_queries):
    made = lot(variant, "A", 6)
    for _ in range(6):
        office.order(shop, [(variant, 1)])
    with django_assert_max_num_queries(2):
        assert selectors.stuck() == []
    hold(made)
    with django_assert_max_num_queries(6):
        assert len(selectors.stuck()) == 6


def test_page_says_who_waits_and_takes_the_next_step(shop, variant, settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    made = lot(variant, "A", 3)
    order = office.order(shop, [(variant, 2)])
    hold(made)
    desk, reader = office.client("quality"), office.client("support")
    page = desk.get("/quality/orders/").content.decode()
    number = box(order).number
    assert [each in page for each in (number, "Juniper Row", f"/quality/lots/{made.pk}/")] == [True] * 3
    assert desk.post("/quality/orders/", {"number": number, "action": "wait", "reason": ""}).status_code == 422
    assert desk.post("/quality/orders/", {"number": number, "action": "dance"}).status_code == 422
    reader.post("/quality/orders/", {"number": number, "action": "refund", "reason": "Cracks"})
    assert line(order).cancelled == 0
    told = {"number": number, "action": "wait", "reason": "Cracks", "expected_on": "2030-01-05", "key": "k"}
    assert desk.post("/quality/orders/", told).status_code == 302
    assert (line(order).waiting, Stock.objects.get(variant=variant).quarantined) == (2, 3)
    assert number not in desk.get("/quality/orders/").content.decode()
