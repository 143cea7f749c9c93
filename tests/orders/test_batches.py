"""Orders that go to S many at a time end as those that go one by one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import OrderEvent
from s2b2c import wiring
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentLine, FulfilmentOrder, Journal, OrderNote, SalesOrder, Transfer
from supplier.services import fulfilment, ledger, postings
from supplier.services.ledger import Entry, Leg
from tests import factories
from tests.orders.buying import buy, clean, drain, reread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shops(shop):
    """Two shops selling the same variant."""
    other = factories.reseller(tax_bps=0)
    factories.listing(other, shop.variant.product)
    other.variant = shop.variant
    return [shop, other]


def _served() -> set[tuple[int, str, int, int, int]]:
    rows = FulfilmentLine.objects.values_list(
        "fulfilment__order__reseller_id", "fulfilment__order__order_number", "fulfilment__warehouse_id", "variant_id", "quantity"
    )  # fmt: skip
    return set(rows)


def test_a_batch_serves_and_books_each_order_once(shops):
    orders = [(shop, buy(shop, quantity=1)) for shop in shops * 3]

    drain()

    numbers = sorted(order.number for _, order in orders)
    assert sorted(SalesOrder.objects.values_list("order_number", flat=True)) == numbers
    assert sorted(FulfilmentOrder.objects.values_list("order__order_number", flat=True)) == numbers
    assert sorted(Journal.objects.filter(kind="sale").values_list("order_number", flat=True)) == numbers
    assert OrderNote.objects.filter(kind="placed").count() == 6
    assert {row[:2] for row in _served()} == {(shop.id, order.number) for shop, order in orders}
    assert {row[4] for row in _served()} == {1}
    assert {reread(shop, order).status for shop, order in orders} == {"processing"}
    assert clean()


def test_a_batch_that_comes_again_changes_nothing(shops):
    orders = [(shop, buy(shop, quantity=1)) for shop in shops * 2]
    drain()
    before = Transfer.objects.count(), _served(), OutboxEvent.objects.count()
    placed = [
        dispatcher.events.from_payload(row.topic, row.payload)
        for row in OutboxEvent.objects.filter(topic="OrderPlaced")
    ]

    fulfilment.open_orders(placed)
    postings.sales(placed)

    assert (Transfer.objects.count(), _served(), OutboxEvent.objects.count()) == before
    for shop, order in orders:
        with factories.inside(shop):
            assert OrderEvent.objects.filter(order_id=order.id, kind="processing").count() == 1


def test_a_batch_takes_no_more_statements_for_more_orders(shops):
    def statements(count: int) -> int:
        for number in range(count):
            buy(shops[number % 2], quantity=1)
        with CaptureQueriesContext(connection) as captured:
            dispatcher.drain(
                {topic: each for topic, each in wiring.HANDLERS.items() if topic != "MailRequested"}
                | {"MailRequested": []}
            )
        return len(captured)

    assert statements(4) >= statements(6)


def test_one_bad_entry_keeps_a_whole_batch_of_the_books_unwritten(shop):
    first = Entry(key="a", kind="sale", currency="USD", legs=[Leg("clearing", "fee", 5)], at=shop.created_at)
    ledger.write(first)
    other = Entry(key="a", kind="sale", currency="USD", legs=[Leg("clearing", "fee", 6)], at=shop.created_at)
    fresh = Entry(key="b", kind="sale", currency="USD", legs=[Leg("clearing", "fee", 7)], at=shop.created_at)

    with pytest.raises(ledger.StateRefused):
        ledger.write_all([fresh, other])

    assert list(Journal.objects.values_list("key", flat=True)) == ["a"]
