"""A replacement that comes to nothing, and what a replacement never costs anybody again."""

from __future__ import annotations

import pytest

from orders.models import Order, Refund
from orders.services import cancellation
from reseller.services import promotions
from supplier.models import FulfilmentOrder, SalesOrder
from supplier.services import shortage
from tests import factories
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)


def exchanged(shop, provider, pieces: int = 1) -> tuple[Order, Order]:
    """Give an order one or more of whose pieces came back broken, and the order that replaces them."""
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, pieces, wish="exchange", reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, scrapped=pieces)
    with factories.inside(shop):
        return order, Order.objects.get(terms__replaces=order.number)


def went_back(shop, order: Order) -> list[int]:
    with factories.inside(shop):
        return [*Refund.objects.filter(order__number=order.number).values_list("amount_minor", flat=True)]


def cannot_send(order: Order, pieces: int = 1) -> None:
    box = FulfilmentOrder.objects.get(order__order_number=order.number)
    line = box.lines.get()
    shortage.report_short(number=box.number, pieces={line.pk: pieces}, reason="Broken", actor_id=None)
    buying.drain()


def test_delivery_the_shop_bore_is_not_borne_again_for_a_replacement(shop, provider):
    with factories.inside(shop):
        promotions.make(name="Free delivery", kind="delivery")
    _order, replacement = exchanged(shop, provider)
    assert SalesOrder.objects.get(order_number=replacement.number).shipping_funded_minor == 0
    assert returning.balances(replacement.number) == {}
    assert buying.clean()


def test_replacement_that_is_cancelled_gives_the_money_back(shop, provider):
    order, replacement = exchanged(shop, provider)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=replacement.number, actor="Bea", reason="other")
    buying.drain()
    assert (buying.reread(shop, replacement).status, went_back(shop, order)) == ("cancelled", [2_200])
    assert buying.clean()


def test_replacement_that_cannot_be_sent_gives_the_money_back(shop, provider):
    order, replacement = exchanged(shop, provider)
    cannot_send(replacement)
    assert (buying.reread(shop, replacement).status, went_back(shop, order)) == ("cancelled", [2_200])
    assert buying.clean()
    with returning.refused("pieces"):
        returning.ask(shop, order, 2)
    returning.ask(shop, order, 1)


def test_replacement_that_breaks_too_and_is_sold_out_gives_the_money_back(shop, provider):
    order, replacement = exchanged(shop, provider)
    buying.ship_all(shop, replacement)
    buying.drain()
    back = returning.ask(shop, replacement, wish="exchange", reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    buying.buy(shop, buying.free(shop))
    returning.look(back.number, scrapped=1)
    assert went_back(shop, order) == [2_200]
    assert buying.clean()
    with returning.refused("pieces"):
        returning.ask(shop, replacement, wish="exchange", reason="defect")


def test_money_goes_back_for_just_the_pieces_that_are_not_replaced(shop, provider):
    order, replacement = exchanged(shop, provider, 2)
    cannot_send(replacement)
    assert went_back(shop, order) == [2_200]
    with factories.context.entered(shop):
        cancellation.cancel(order_number=replacement.number, actor="Bea", reason="other")
    buying.drain()
    assert went_back(shop, order) == [2_200, 2_200]
    assert buying.clean()
