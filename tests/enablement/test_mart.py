"""The mart of sales: events become facts once, in any company; it can be made again; it says what the books say."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from enablement.models import MartState, SalesFact, SalesSum
from enablement.selectors import audit
from enablement.services import facts, partitions, rebuilding, sums
from orders.services import cancellation
from s2b2c.kernel import clock, events
from s2b2c.outbox.models import OutboxEvent
from s2b2c.wiring import HANDLERS
from supplier.models import SalesOrder
from tests import factories
from tests.enablement import summing
from tests.orders import buying

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNTS = (
    "kind", "line_id", "pieces", "sales_minor", "tax_minor", "wholesale_minor", "margin_minor", "fee_minor",
    "shipping_minor", "paid_minor",
)  # fmt: skip


def rows(*names: str) -> list[tuple]:
    return sorted(
        SalesFact.objects.values_list(
            *names or [each.attname for each in SalesFact._meta.concrete_fields if each.attname != "tx"]
        )
    )


def cancelled(shop) -> None:
    order = buying.buy(shop)
    buying.drain()
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, reason="customer", actor="owner")
    buying.drain()


def test_sale_is_a_fact_per_line_and_one_of_the_order(shop) -> None:
    order = buying.buy(shop)
    buying.drain()
    line = SalesOrder.objects.get().lines.get()
    assert rows(*AMOUNTS) == [
        ("sold", 0, 0, 0, 50, 0, 0, 0, 500, 550),
        ("sold", line.line_id, 2, 4_000, 400, 2_000, 1_880, 120, 0, 4_400),
    ]
    fact = SalesFact.objects.get(line_id=line.line_id)
    product = shop.variant.product
    assert (fact.order_number, fact.reseller_id, fact.product_id, fact.category_id, fact.day) == (
        *(order.number, shop.pk, product.pk, product.category_id, order.placed_at.date()),
    )


def test_what_goes_back_is_a_fact_the_other_way_round(shop) -> None:
    cancelled(shop)
    assert sum(each[0] for each in rows("paid_minor")) == 0
    assert {each[0] for each in rows("kind")} == {"sold", "refunded"}
    assert list(audit.mart()) == []


def test_an_event_heard_twice_is_one_fact(shop) -> None:
    cancelled(shop)
    before = rows()
    for topic in ("OrderPlaced", "RefundMade"):
        others = [each.name for each in HANDLERS[topic] if not each.name.startswith("enablement.")]
        OutboxEvent.objects.filter(topic=topic).update(state="pending", acted=" ".join(others))
    buying.drain()
    assert rows() == before


def test_a_batch_is_written_in_one_statement(shop, other, django_assert_num_queries) -> None:
    for each in (shop, other, shop, other):
        buying.buy(each)
    placed = [events.from_payload(row.topic, row.payload) for row in OutboxEvent.objects.filter(topic="OrderPlaced")]
    with transaction.atomic():
        facts.record_sales(placed[:1])
        with django_assert_num_queries(2):  # is the month there; the facts
            facts.record_sales(placed)
    assert SalesFact.objects.count() == 8


def test_mart_rebuilt_is_the_same(shop, other) -> None:
    cancelled(shop)
    buying.buy(other)
    buying.drain()
    before = rows()
    assert rebuilding.rebuild() == (2, 1)
    assert rows() == before
    assert list(audit.mart()) == []


def test_a_rebuild_broken_off_is_carried_on(shop, other, monkeypatch) -> None:
    for each in (shop, other, shop):
        buying.buy(each)
    buying.drain()
    before = rows()
    monkeypatch.setattr(rebuilding, "CHUNK", 1)

    def stop(orders: int, refunds: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(stop)
    assert SalesFact.objects.count() == 2
    assert rebuilding.rebuild() == (2, 0)
    assert rows() == before


def test_a_lost_cent_and_a_lost_order_are_found(shop) -> None:
    buying.buy(shop)
    buying.drain()
    SalesFact.objects.filter(line_id__gt=0).update(margin_minor=1_879, paid_minor=4_399)
    assert [each.check for each in audit.mart()] == ["facts_are_the_ledger"]
    with pytest.raises(CommandError):
        call_command("check_mart")
    SalesFact.objects.all().delete()
    assert [each.check for each in audit.mart()] == ["facts_are_the_ledger", "every_order_is_a_fact"]


def test_months_are_made_ahead_once_and_facts_lie_in_theirs(shop) -> None:
    assert partitions.make_ahead(date(2031, 11, 30)) == 4
    assert partitions.make_ahead(date(2031, 12, 1)) == 1
    buying.buy(shop)
    buying.drain()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM enablement_salesfact")
        assert cursor.fetchall() == [(f"enablement_salesfact_{clock.now():%Y_%m}",)]


def test_sums_follow_the_facts(shop, other) -> None:
    cancelled(shop)
    summing.refresh()
    buying.buy(other, quantity=3)
    buying.drain()
    summing.refresh()
    summing.refresh()
    assert list(audit.mart()) == []
    kept = sorted(
        SalesSum.objects.values_list("grain", "thing_id", "orders", "refunds", "pieces", "sales_minor", "back_minor")
    )
    category = shop.variant.product.category_id
    assert kept == sorted([
        ("all", 0, 2, 1, 3, 6_000, 4_000),
        ("reseller", shop.pk, 1, 1, 0, 0, 4_000),
        ("reseller", other.pk, 1, 0, 3, 6_000, 0),
        ("product", shop.variant.product_id, 1, 1, 0, 0, 4_000),
        ("product", other.variant.product_id, 1, 0, 3, 6_000, 0),
        ("category", category, 2, 1, 3, 6_000, 4_000),
    ])  # fmt: skip
    before = kept
    sums.anew()
    assert (
        sorted(
            SalesSum.objects.values_list(
                "grain", "thing_id", "orders", "refunds", "pieces", "sales_minor", "back_minor"
            )
        )
        == before
    )


def test_a_fact_of_an_open_transaction_is_summed_later(shop) -> None:
    buying.buy(shop)
    with transaction.atomic():
        row = OutboxEvent.objects.get(topic="OrderPlaced")
        facts.record_sales([events.from_payload(row.topic, row.payload)])  # type: ignore[list-item]
        assert sums.refresh() == 0
    assert summing.refresh() == 4
    assert summing.refresh() == 0


def test_in_a_database_restored_elsewhere_all_is_summed_anew(shop) -> None:
    buying.buy(shop)
    buying.drain()
    summing.refresh()
    MartState.objects.update(summed_tx=2**60)
    summing.refresh()
    assert SalesSum.objects.get(grain="all").orders == 1
    assert list(audit.mart()) == []
