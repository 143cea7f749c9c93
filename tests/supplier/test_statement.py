"""A reseller's statement: what the books say of its own account, and nothing of another's."""

from __future__ import annotations

import pytest

from orders.services import cancellation
from s2b2c.tenancy.models import Reseller
from supplier.models import SalesOrder
from supplier.selectors import standing, statement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Reseller:
    factories.company()
    factories.terms(300)
    return factories.reseller()


def bought(shop: Reseller, quantity: int = 1) -> str:
    """Sell pieces of which 940 each are kept; give the order's number."""
    return factories.buy(shop, factories.first_variant(factories.listing(shop).product), quantity).number


def test_a_sale_is_on_the_way_until_it_is_sent(shop: Reseller) -> None:
    bought(shop, 2)
    sent = bought(shop)
    SalesOrder.objects.filter(order_number=sent).update(status=SalesOrder.Status.SHIPPED, cash="collected")

    found = statement.balance(shop.id, "USD")

    assert (found.total, found.on_the_way, found.ready) == (2_820, 1_880, 940)
    assert (found.orders_on_the_way, found.orders_ready) == (1, 1)


def test_what_goes_back_is_taken_off_the_month(shop: Reseller) -> None:
    bought(shop)
    with factories.inside(shop):
        cancellation.cancel(order_number=bought(shop), actor="Nora", reason="changed_mind")
    factories.drain()

    month = standing.of(shop.id, "USD").months[0]

    assert (month.earned, month.back, month.net, month.orders) == (1_880, -940, 940, 2)
    assert statement.balance(shop.id, "USD").total == 940


def test_lines_behind_a_figure_sum_to_it(shop: Reseller) -> None:
    bought(shop, 3)
    number = bought(shop)
    with factories.inside(shop):
        cancellation.cancel(order_number=number, actor="Nora", reason="changed_mind")
    factories.drain()
    month = standing.of(shop.id, "USD").months[0]

    lines = statement.in_month(statement.lines(shop.id, "USD"), month.first)
    assert statement.total(lines) == month.net
    back = statement.of_kinds(statement.lines(shop.id, "USD"), ["back"])
    assert [(line.journal.order_number, line.amount) for line in back] == [(number, -940)]
    waiting = statement.waiting(statement.lines(shop.id, "USD"), True)
    assert statement.total(waiting) == statement.balance(shop.id, "USD").on_the_way


def test_another_shop_sees_nothing_of_it(shop: Reseller) -> None:
    bought(shop)
    other = factories.reseller()

    assert statement.balance(other.id, "USD").total == 0
    assert standing.of(other.id, "USD").months == []
    assert not statement.lines(other.id, "USD").exists()
    assert not statement.lines(shop.id, "EUR").exists()
