"""Cash on delivery: the carrier brings it, or the parcel is refused; books, shop and statement agree."""

from __future__ import annotations

import pytest

from orders.models import Order, OrderEvent
from orders.services import refund
from s2b2c.kernel.errors import StateRefused
from supplier.models import SalesOrder, Shipment
from supplier.selectors import audit, statement
from supplier.services import cash
from supplier.services.cash import Told
from tests import factories
from tests.orders.buying import balance, buy, clean, drain, reread, ship_all

pytestmark = pytest.mark.django_db(transaction=True)


def sent(shop, quantity: int = 2) -> Order:
    order = buy(shop, quantity)
    drain()
    ship_all(shop, order)
    drain()
    return reread(shop, order)


def settle(order: Order, outcome: str) -> SalesOrder:
    sold = SalesOrder.objects.get(order_number=order.number)
    return cash.settle(order_id=sold.id, outcome=outcome, actor_id=None)


def test_collected_cash_is_to_be_banked_and_the_margin_is_the_shops(shop):
    order = sent(shop)
    before = statement.balance(shop.id, "USD")
    assert (before.ready, before.on_the_way > 0) == (0, True)
    settle(order, "collected")
    settle(order, "collected")
    drain()
    assert (balance("cod_clearing"), balance("cash")) == (0, -order.total_minor)
    after = statement.balance(shop.id, "USD")
    assert (after.ready, after.on_the_way) == (before.on_the_way, 0)
    order = reread(shop, order)
    assert (order.paid, order.paid_at is not None) == (Order.Paid.PAID, True)
    with factories.inside(shop):
        assert OrderEvent.objects.filter(kind="cash_collected").count() == 1
    assert clean()


def test_parcel_refused_at_the_door_leaves_nothing_due(shop, mailoutbox):
    order = sent(shop)
    settle(order, "refused")
    drain()
    assert (balance("cod_clearing"), balance("wholesale_revenue"), balance("reseller_payable")) == (0, 0, 0)
    order = reread(shop, order)
    assert (order.paid, order.refunded_minor) == (Order.Paid.UNPAID, order.total_minor)
    assert [message for message in mailoutbox if "refund" in message.subject.lower()] == []
    with pytest.raises(StateRefused):
        settle(order, "collected")
    assert clean()


def test_refund_after_the_cash_came_is_paid_from_it(shop):
    order = sent(shop)
    settle(order, "collected")
    drain()
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop):
        refund.grant(
            order_number=order.number,
            pieces={},
            received={line.id: 1},
            shipping=False,
            reason="damaged",
            key="k",
            actor="clerk",
        )
    drain()
    assert (balance("cod_clearing"), balance("cash")) == (0, -(order.total_minor - 2_200))
    assert reread(shop, order).paid == Order.Paid.PART_REFUNDED
    assert clean()


def test_cash_of_what_was_not_sent_is_not_collected(shop, provider):
    order = buy(shop)
    drain()
    with pytest.raises(StateRefused) as refusal:
        settle(order, "collected")
    assert refusal.value.code == "not_sent"
    assert balance("cash") == 0


def test_list_of_a_carrier_books_what_it_can(shop):
    one, other = sent(shop, 1), sent(shop, 1)
    parcel = Shipment.objects.get(fulfilment__order__order_number=one.number)
    Shipment.objects.filter(id=parcel.id).update(tracking="AB12")
    results = cash.book(
        several=[
            Told("AB12", "collected"),
            Told(other.number.lower(), "refused"),
            Told("NOBODY", "collected"),
            Told(parcel.number, "lost"),
        ],
        actor_id=None,
    )
    assert [result.problem.code if result.problem else "" for result in results] == ["", "", "not_found", "outcome"]
    assert dict(SalesOrder.objects.values_list("order_number", "cash")) == {
        one.number: "collected",
        other.number: "refused",
    }


def test_cash_that_did_not_leave_its_account_is_found(shop):
    order = sent(shop)
    SalesOrder.objects.update(cash="collected")
    assert {finding.check for finding in audit.books()} == {
        "cash_on_delivery_is_settled_to_the_cent",
        "cash_is_booked_as_it_was_said",
    }
    assert order.total_minor > 0


def test_cash_booked_by_mistake_is_taken_back_and_booked_again(shop):
    order = sent(shop)
    sold = settle(order, "collected")
    drain()
    cash.undo(order_id=sold.id, actor_id=None)
    drain()
    assert (balance("cod_clearing"), balance("cash")) == (-order.total_minor, 0)
    assert reread(shop, order).paid == Order.Paid.DUE
    assert clean()
    settle(order, "collected")
    drain()
    assert (balance("cod_clearing"), balance("cash")) == (0, -order.total_minor)
    assert reread(shop, order).paid == Order.Paid.PAID
    assert clean()


def test_cash_is_not_taken_back_where_it_was_not_collected_or_went_back(shop):
    order = sent(shop)
    sold = SalesOrder.objects.get(order_number=order.number)
    with pytest.raises(StateRefused):
        cash.undo(order_id=sold.id, actor_id=None)
    settle(order, "collected")
    drain()
    with factories.inside(shop):
        line = order.lines.get()
        refund.grant(
            order_number=order.number,
            pieces={},
            received={line.id: 1},
            shipping=False,
            reason="defect",
            key="one",
            actor="b",
        )
    drain()
    with pytest.raises(StateRefused):
        cash.undo(order_id=sold.id, actor_id=None)
    assert cash.undo_all(order_ids=[sold.id], actor_id=None) == (0, 1)
    assert clean()
