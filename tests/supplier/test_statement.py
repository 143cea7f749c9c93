"""A reseller's statement: what the books say of its own account, and nothing of another's."""

from __future__ import annotations

import pytest

from orders.services import cancellation
from s2b2c.tenancy.models import Reseller
from supplier.models import SalesOrder
from supplier.selectors import statement
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

    month = statement.months(shop.id, "USD")[0]

    assert (month.earned, month.back, month.net, month.orders) == (1_880, -940, 940, 2)
    assert statement.balance(shop.id, "USD").total == 940


def test_lines_behind_a_figure_sum_to_it(shop: Reseller) -> None:
    bought(shop, 3)
    number = bought(shop)
    with factories.inside(shop):
        cancellation.cancel(order_number=number, actor="Nora", reason="changed_mind")
    factories.drain()
    month = statement.months(shop.id, "USD")[0]

    lines = statement.entries(shop.id, "USD", month=month.first)
    assert sum(line.amount_minor for line in lines) == month.net
    back = statement.entries(shop.id, "USD", kind="back")
    assert [(line.order_number, line.amount_minor) for line in back] == [(number, -940)]
    waiting = statement.entries(shop.id, "USD", waiting=True)
    assert sum(line.amount_minor for line in waiting) == statement.balance(shop.id, "USD").on_the_way


def test_another_shop_sees_nothing_of_it(shop: Reseller) -> None:
    bought(shop)
    other = factories.reseller()

    assert statement.balance(other.id, "USD").total == 0
    assert statement.months(other.id, "USD") == []
    assert statement.entries(other.id, "USD") == []
    assert statement.entries(shop.id, "EUR") == []
