"""Orders changed after they were placed: said first what it costs, done once, and never against the warehouse."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from orders.models import Order
from orders.services import cancellation, changes
from s2b2c.kernel.errors import Refused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, SalesOrder
from supplier.services import changes as supplier_changes
from supplier.services import picking, shipping
from tests import factories
from tests.orders.buying import CONTACT, balance, buy, clean, drain, free, paid_order, reread, ship_all

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = dataclasses.replace(CONTACT, street="9 Canal Street", city="New York", postcode="10013")


def line_of(shop, order: Order):
    with factories.inside(shop):
        return order.lines.get()


def take_off(shop, order: Order, quantity: int, key: str = "k", expected: int | None = None):
    line = line_of(shop, order)
    with factories.context.entered(shop):
        return changes.cancel_pieces(
            order_number=order.number,
            pieces={line.id: quantity},
            reason="changed_mind",
            key=key,
            actor="clerk",
            expected_minor=expected,
        )


def weigh(shop, order: Order, quantity: int):
    line = line_of(shop, order)
    with factories.context.entered(shop):
        return changes.weigh(order_number=order.number, pieces={line.id: quantity})


def address(shop, order: Order, contact=ELSEWHERE) -> None:
    with factories.context.entered(shop):
        changes.change_address(order_number=order.number, contact=contact, actor="clerk")


def hold(shop, order: Order, reason: str = "wait for the customer") -> None:
    with factories.context.entered(shop):
        changes.hold(order_number=order.number, reason=reason, actor="clerk")


def resume(shop, order: Order) -> None:
    with factories.context.entered(shop):
        changes.resume(order_number=order.number, actor="clerk")


def code_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


# --- Pieces -----------------------------------------------------------------------------------------
def test_pieces_taken_off_give_back_what_was_said_before(shop, provider):
    order = paid_order(shop, provider, 3)
    drain()
    said = weigh(shop, order, 1)
    take_off(shop, order, 1, expected=said.back_minor)
    drain()
    order = reread(shop, order)
    assert (said.back_minor, said.left_minor) == (order.refunded_minor, order.total_minor - order.refunded_minor)
    assert (order.status, free(shop)) == (Order.Status.PROCESSING, 8)
    assert clean()


def test_weighing_writes_nothing(shop):
    order = buy(shop, 3)
    drain()
    weigh(shop, order, 2)
    assert reread(shop, order).refunded_minor == 0
    assert OutboxEvent.objects.filter(topic="RefundMade").count() == 0


def test_pieces_taken_off_twice_with_one_key_go_back_once(shop):
    order = buy(shop, 3)
    drain()
    take_off(shop, order, 1)
    take_off(shop, order, 1)
    drain()
    assert line_of(shop, order).refunded == 1
    assert FulfilmentOrder.objects.get().lines.get().cancelled == 1
    assert clean()


def test_pieces_taken_off_before_s_has_heard_of_the_order_are_never_sent(shop):
    order = buy(shop, 3)
    take_off(shop, order, 1)
    drain()
    assert FulfilmentOrder.objects.get().lines.get().left == 2
    assert clean()


def test_the_last_pieces_taken_off_end_the_order_with_its_delivery(shop):
    order = buy(shop, 2)
    drain()
    assert weigh(shop, order, 2).left_minor == 0
    take_off(shop, order, 2)
    drain()
    order = reread(shop, order)
    assert (order.status, order.refunded_minor) == (Order.Status.CANCELLED, order.total_minor)
    assert (SalesOrder.objects.get().status, free(shop)) == (SalesOrder.Status.CANCELLED, 10)
    assert clean()


def test_another_price_than_was_said_is_refused(shop):
    order = buy(shop, 3)
    drain()
    assert code_of(lambda: take_off(shop, order, 1, expected=1)) == "changed_meanwhile"
    assert reread(shop, order).refunded_minor == 0


def test_the_carrier_collects_less_after_pieces_were_taken_off(shop):
    order = buy(shop, 3)
    drain()
    take_off(shop, order, 1)
    drain()
    order = reread(shop, order)
    assert SalesOrder.objects.get().to_collect_minor == order.total_minor - order.refunded_minor
    assert -balance("cod_clearing") == order.total_minor - order.refunded_minor


def test_pieces_of_an_order_being_packed_stay_on_it(shop):
    order = buy(shop, 3)
    drain()
    picking.start_picking(number=FulfilmentOrder.objects.get().number, actor_id=None)
    assert code_of(lambda: take_off(shop, order, 1)) == "too_late"


# --- Address ----------------------------------------------------------------------------------------
def test_new_address_reaches_the_warehouse_and_the_customer(shop, mailoutbox):
    order = buy(shop)
    drain()
    address(shop, order)
    drain()
    assert SalesOrder.objects.get().recipient["street"] == "9 Canal Street"
    assert reread(shop, order).address["street"] == "9 Canal Street"
    assert "9 Canal Street" in mailoutbox[-1].body


def test_address_changed_twice_before_s_has_heard_of_the_order_ends_at_the_last(shop):
    order = buy(shop)
    address(shop, order)
    address(shop, order, dataclasses.replace(ELSEWHERE, street="10 Canal Street"))
    drain()
    assert SalesOrder.objects.get().recipient["street"] == "10 Canal Street"


def test_address_where_the_shop_does_not_deliver_is_refused(shop):
    order = buy(shop)
    with factories.inside(shop):
        from reseller.models import Shop

        Shop.objects.update(countries=["US"])
    assert code_of(lambda: address(shop, order, dataclasses.replace(ELSEWHERE, country="FR"))) == "country"


def test_address_whose_postcode_is_none_is_refused(shop):
    order = buy(shop)
    assert (
        code_of(lambda: address(shop, order, dataclasses.replace(ELSEWHERE, country="US", postcode="1"))) == "postcode"
    )


def test_address_of_an_order_being_packed_stays(shop):
    order = buy(shop)
    drain()
    picking.start_picking(number=FulfilmentOrder.objects.get().number, actor_id=None)
    assert code_of(lambda: address(shop, order)) == "too_late"


# --- Hold -------------------------------------------------------------------------------------------
def test_order_on_hold_is_neither_picked_nor_sent_until_it_goes_on(shop):
    order = buy(shop)
    drain()
    hold(shop, order)
    number = FulfilmentOrder.objects.get().number
    assert code_of(lambda: picking.start_picking(number=number, actor_id=None)) == "held"
    assert code_of(lambda: shipping.ship(number=number, carrier="P", tracking="", request_key="k")) == "held"
    resume(shop, order)
    drain()
    ship_all(shop, order)
    drain()
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert clean()


def test_order_put_on_hold_before_s_has_heard_of_it_stands_still(shop):
    order = buy(shop)
    hold(shop, order)
    drain()
    assert SalesOrder.objects.get().held_by == "shop"


def test_halt_of_the_supplier_is_not_lifted_by_the_shop(shop):
    order = buy(shop)
    drain()
    supplier_changes.hold_at_supplier(slug=shop.slug, number=order.number, reason="export papers", actor_id=None)
    drain()
    assert code_of(lambda: resume(shop, order)) == "held_by_other"
    with factories.inside(shop):
        assert order.events.filter(kind="held", public=False, data__why="export papers").count() == 1


def test_order_on_hold_can_be_cancelled(shop):
    order = buy(shop)
    drain()
    hold(shop, order)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="clerk", reason="changed_mind")
    drain()
    assert reread(shop, order).status == Order.Status.CANCELLED
    assert clean()


# --- Against the warehouse ----------------------------------------------------------------------------
@pytest.mark.parametrize("what", ["pieces", "address", "hold"])
@pytest.mark.parametrize("first", ["shop", "warehouse"])
def test_change_and_start_of_picking_at_once_have_one_winner(shop, what, first):
    order = buy(shop, 3)
    drain()
    number = FulfilmentOrder.objects.get().number
    change = {"pieces": lambda: take_off(shop, order, 1), "address": lambda: address(shop, order),
              "hold": lambda: hold(shop, order)}[what]  # fmt: skip
    start = Barrier(2)

    def run(step, waits: bool) -> bool:
        try:
            start.wait(10)
            if waits:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.05)")
            step()
            return True
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        changed = pool.submit(run, change, first == "warehouse")
        picked = pool.submit(run, lambda: picking.start_picking(number=number, actor_id=None), first == "shop")
        done = changed.result(20), picked.result(20)
    drain()
    sales = SalesOrder.objects.get()
    if what == "hold":  # an order being picked may still be stopped; a stopped one is never picked
        assert (done[0], bool(sales.held_by)) == (True, True)
        assert done[1] == (FulfilmentOrder.objects.get().state == "picking")
    elif what == "pieces":
        left = FulfilmentOrder.objects.get().lines.get().left
        assert (done, left) in [((True, True), 2), ((True, False), 2), ((False, True), 3)]
        assert done[0] or done[1]
    else:
        moved = sales.recipient["street"] == "9 Canal Street"
        assert moved == done[0]
    assert clean()
