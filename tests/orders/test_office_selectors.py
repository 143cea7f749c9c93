"""What the shop's office says of its orders agrees with the lines, and with the books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.models import Order, Refund
from orders.selectors import office
from orders.services import refund
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.selectors import statement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Reseller:
    factories.company()
    factories.terms(300)
    return factories.reseller(tax_bps=700, shipping={"price_minor": 690, "free_over_minor": None})


def bought(shop: Reseller, quantity: int = 1) -> Order:
    return factories.buy(shop, factories.first_variant(factories.listing(shop).product), quantity)


def test_split_sums_to_what_was_paid(shop: Reseller) -> None:
    order = bought(shop, 2)
    with factories.inside(shop):
        parts = office.split(order)

    assert parts == {"margin": 1_880, "wholesale": 2_000, "fee": 120, "shipping": 690, "tax": 328, "funded": 0}
    assert sum(parts.values()) == order.total_minor


def test_split_with_tax_in_the_prices_sums_too(shop: Reseller) -> None:
    with factories.inside(shop):
        from reseller.services import shop as shops

        shops.set_tax(tax_bps=700, tax_included=True)
    order = bought(shop, 3)
    with factories.inside(shop):
        assert sum(office.split(order).values()) == order.total_minor


def test_keep_is_what_the_books_owe_after_a_refund(shop: Reseller) -> None:
    order = bought(shop, 2)
    with factories.inside(shop):
        line = order.lines.get()
        refund.grant(
            order_number=order.number, pieces={line.id: 1}, shipping=False, reason="damaged", key="k", actor="Nora"
        )
    factories.drain()

    with factories.inside(shop):
        found = office.by_number(order.number.lower())
        back = office.given_back(found.refunds.all())
    assert (found.keep, back["margin"]) == (940, 940)
    assert statement.balance(shop.id, "USD").total == 940


def test_days_hold_every_day_and_only_what_was_sold(shop: Reseller) -> None:
    yesterday = clock.now() - timedelta(days=1)
    factories.order(shop, placed_at=yesterday)
    factories.order(shop, status=Order.Status.EXPIRED)
    factories.order(shop)
    with factories.inside(shop):
        found = office.days(3)

    assert [(day.orders, day.keep) for day in found] == [(0, 0), (1, 940), (1, 940)]


def test_an_order_waiting_for_long_or_a_failed_refund_needs_b(shop: Reseller) -> None:
    late = factories.order(shop, placed_at=clock.now() - timedelta(days=3))
    factories.order(shop)
    factories.order(shop, status=Order.Status.SHIPPED, placed_at=clock.now() - timedelta(days=3))
    failed = factories.order(shop)
    with factories.inside(shop):
        Refund.objects.create(
            order=failed, key="k", state=Refund.State.FAILED, amount_minor=5, reason="x", created_at=clock.now()
        )
        assert [(each.order.id, each.why) for each in office.attention()] == [(failed.id, "failed"), (late.id, "late")]


def test_an_order_of_another_shop_is_not_found(shop: Reseller) -> None:
    foreign = factories.order(factories.reseller())
    with factories.inside(shop), pytest.raises(NotFound):
        office.by_number(foreign.number)


def test_customers_are_summed(shop: Reseller) -> None:
    marta = factories.customer(shop)
    factories.order(shop, customer=marta)
    factories.order(shop, customer=marta, refunded_minor=500)
    factories.order(shop, customer=marta, status=Order.Status.PENDING)
    with factories.inside(shop):
        assert office.customer_sums([marta.id]) == {marta.id: office.Buyer(2, 3_500)}


def test_what_was_bought_reads_well(shop: Reseller) -> None:
    order = factories.order(
        shop,
        [
            (factories.first_variant(factories.product("Drift throw")), 1, 2_000),
            (factories.first_variant(factories.product("Tidewater mug")), 2, 2_000),
        ],
    )
    with factories.inside(shop):
        assert office.bought(order.lines.order_by("id")) == "Drift throw, 2 × Tidewater mug"
