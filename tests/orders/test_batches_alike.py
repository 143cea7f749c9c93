"""Events handled many at a time leave the rows they leave one by one, and a bad one spoils only its own order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orders.models import Order, OrderEvent, OrderLine
from orders.services import refund
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentLine, FulfilmentOrder, Journal, OrderNote, SalesOrder, Transfer
from supplier.services import picking, shipping
from tests import factories
from tests.orders.buying import buy, clean, drain, reread

pytestmark = pytest.mark.django_db(transaction=True)

SINGLY = {topic: [replace(each, many=None) for each in handlers] for topic, handlers in wiring.HANDLERS.items()}
STEPS = ("keep", "pick", "part", "whole", "refund", "back")


@pytest.fixture
def shops(shop):
    """Two shops selling the same variant."""
    other = factories.reseller(tax_bps=0)
    factories.listing(other, shop.variant.product)
    other.variant = shop.variant
    factories.receive(shop.variant, 1_000)
    return [shop, other]


def _drain(handlers) -> None:
    OutboxEvent.objects.filter(state="pending").update(next_at=clock.now())
    dispatcher.drain(handlers)


def _take(step: str, shop, order) -> None:
    """Take a step of an order's life at S, or at its shop."""
    fulfilment = FulfilmentOrder.objects.get(order__order_number=order.number)
    sendable = fulfilment.state in ("queued", "picking", "part_shipped")
    if step == "pick" and fulfilment.state == "queued":
        picking.start_picking(number=fulfilment.number, actor_id=None)
    if step in ("refund", "back"):
        _refund_one(shop, order, was_sent=step == "back")
    if step == "whole" and sendable:
        shipping.ship(number=fulfilment.number, carrier="C", tracking="T", request_key=fulfilment.number)
    line = fulfilment.lines.get()
    if step == "part" and sendable and line.quantity - line.shipped - line.cancelled > 1:
        key = f"{fulfilment.number}:{line.shipped}"
        shipping.ship(number=fulfilment.number, carrier="C", tracking="T", request_key=key, pieces={line.id: 1})


def _refund_one(shop, order, *, was_sent: bool) -> None:
    """Give one piece back: of those on their way, which frees no stock, or of those still to be sent."""
    with factories.inside(shop):
        line = OrderLine.objects.get(order_id=order.id)
        if (line.received if was_sent else line.unsent) < 1:
            return
        one = {line.id: 1}
        refund.grant(
            order_number=order.number,
            pieces={} if was_sent else one,
            received=one if was_sent else {},
            shipping=False,
            reason="other",
            key=f"{order.number}:{line.refunded}",
            actor="Maya",
        )


def _left_behind(shop, order) -> list[object]:
    """Give what an order is in the shop, at S and in the books, without names and times."""
    number = order.number
    legs = Transfer.objects.filter(journal__order_number=number).order_by("id")
    with factories.inside(shop):
        timeline = list(OrderEvent.objects.filter(order_id=order.id).order_by("id").values_list("kind", "public"))
        status = Order.objects.filter(id=order.id).values_list("status", "paid", "refunded_minor")[0]
        lines = list(OrderLine.objects.filter(order_id=order.id).values_list("quantity", "shipped", "refunded"))
    return [
        status,
        timeline,
        lines,
        list(SalesOrder.objects.filter(order_number=number).values_list("status", "refunded_minor", "units")),
        list(FulfilmentOrder.objects.filter(order__order_number=number).values_list("state", "warehouse")),
        list(
            FulfilmentLine.objects.filter(fulfilment__order__order_number=number).values_list("shipped", "cancelled")
        ),
        list(OrderNote.objects.filter(order__order_number=number).order_by("id").values_list("kind", flat=True)),
        list(Journal.objects.filter(order_number=number).order_by("id").values_list("kind", flat=True)),
        list(legs.values_list("debit__kind", "debit__reseller", "credit__kind", "credit__reseller", "amount_minor")),
        sorted(OutboxEvent.objects.filter(key__endswith=number).values_list("topic", "state", "acted")),
    ]


def _live(shops, lives, handlers) -> list[list[object]]:
    """Let orders live side by side, each drain taking them all; give what they leave behind."""
    orders = [(shops[number % 2], buy(shops[number % 2], quantity=life[0])) for number, life in enumerate(lives)]
    _drain(handlers)
    for turn in range(2):
        for (shop, order), (_quantity, steps) in zip(orders, lives, strict=True):
            _take(steps[turn], shop, order)
        _drain(handlers)
    return [_left_behind(shop, order) for shop, order in orders]


_LIVES = st.lists(
    st.tuples(st.integers(1, 3), st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS))), min_size=3, max_size=5
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lives=_LIVES)
def test_orders_that_go_in_batches_end_as_those_that_go_one_by_one(shops, lives):
    assert _live(shops, lives, wiring.HANDLERS) == _live(shops, lives, SINGLY)
    assert clean()


def test_refunds_of_sent_pieces_go_in_one_batch(shops):
    orders = [(shop, buy(shop, quantity=2)) for shop in shops * 2]
    drain()
    shipping.ship_whole(
        numbers=list(FulfilmentOrder.objects.values_list("number", flat=True)), carrier="C", request_key="today"
    )
    drain()
    for shop, order in orders:
        _refund_one(shop, order, was_sent=True)
    with CaptureQueriesContext(connection) as captured:
        drain()
    assert sum('INSERT INTO "supplier_journal"' in each["sql"] for each in captured) == 1
    assert Journal.objects.filter(kind="refund").count() == 4
    assert clean()


def test_one_bad_parcel_in_a_batch_stops_only_its_own_order(shops):
    orders = [(shop, buy(shop, quantity=1)) for shop in shops * 2]
    drain()
    numbers = list(FulfilmentOrder.objects.values_list("number", flat=True))
    shipping.ship_whole(numbers=numbers, carrier="Pacific Parcel", request_key="today")
    shop, bad = orders[1]
    row = OutboxEvent.objects.get(topic="ShipmentSent", key=f"{shop.id}:{bad.number}")
    row.payload["lines"][0]["line_id"], good = 10**9, row.payload["lines"][0]["line_id"]
    row.payload["lines"][0]["quantity"] = "?"
    row.save()

    dispatcher.drain(wiring.HANDLERS)

    assert [reread(shop, order).status for shop, order in orders] == ["shipped", "processing", "shipped", "shipped"]
    assert Journal.objects.filter(kind="shipment", order_number=bad.number).count() == 0
    assert OutboxEvent.objects.filter(state="pending", tries=1).values_list("id", flat=True).get() == row.id
    row.payload["lines"][0] |= {"line_id": good, "quantity": 1}
    OutboxEvent.objects.filter(id=row.id).update(payload=row.payload)
    drain()
    assert (reread(shop, bad).status, clean()) == ("shipped", True)


def test_fulfilment_orders_sent_together_are_sent_once(shops):
    for shop in shops * 2:
        buy(shop, quantity=2)
    drain()
    numbers = list(FulfilmentOrder.objects.values_list("number", flat=True))
    for _ in range(2):
        shipping.ship_whole(numbers=numbers, carrier="Pacific Parcel", request_key="today")
    drain()
    assert (
        sorted(FulfilmentOrder.objects.values_list("state", "shipments__carrier"))
        == [("shipped", "Pacific Parcel")] * 4
    )
    assert Journal.objects.filter(kind="shipment").count() == 4
    assert clean()
