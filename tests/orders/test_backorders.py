"""Pieces S has not got and will get: the order waits, the rest is sent, or the shop gives their money back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from orders.models import Order
from orders.services import refund
from supplier.models import FulfilmentOrder, SalesOrder
from supplier.services import backorders, counting, shipping, stock, transfers
from supplier.services.stock import waiting
from tests import factories
from tests.orders.buying import balance, buy, clean, drain, free, reread

pytestmark = pytest.mark.django_db(transaction=True)


def delay(quantity: int, key: str = "d") -> None:
    fulfilment = FulfilmentOrder.objects.get()
    backorders.delay(
        number=fulfilment.number,
        pieces={fulfilment.lines.get().id: quantity},
        reason="not in its place",
        expected_on=date(2027, 1, 4),
        actor_id=None,
        request_key=key,
    )


def come(shop, quantity: int) -> None:
    place = FulfilmentOrder.objects.get().warehouse_id
    stock.receive(variant_id=shop.variant.id, warehouse_id=place, quantity=quantity)


def send(key: str = "p") -> None:
    shipping.ship(number=FulfilmentOrder.objects.get().number, carrier="P", tracking="", request_key=key)


@pytest.fixture
def order(shop) -> Order:
    made = buy(shop, 3)
    drain()
    return made


def test_rest_of_an_order_is_sent_now_and_the_waiting_pieces_when_they_come(shop, order):
    delay(2)
    delay(2)
    drain()
    send("now")
    drain()
    assert (reread(shop, order).status, SalesOrder.objects.get().status) == ("part_shipped", "part_shipped")
    come(shop, 5)
    assert (FulfilmentOrder.objects.get().lines.get().left, free(shop)) == (2, 10)
    send("later")
    drain()
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert balance("wholesale_deferred") == 0
    assert clean()


def test_pieces_that_come_are_kept_for_the_order_before_anybody_buys_them(shop, order):
    delay(2)
    come(shop, 1)
    assert (FulfilmentOrder.objects.get().lines.get().waiting, free(shop)) == (0, 6)
    assert clean()


def test_shop_gives_the_money_of_waiting_pieces_back(shop, order):
    delay(2)
    drain()
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop):
        refund.grant(
            order_number=order.number, pieces={line.id: 2}, shipping=False, reason="late", key="k", actor="clerk"
        )
    drain()
    line = FulfilmentOrder.objects.get().lines.get()
    assert (line.waiting, line.cancelled, line.left) == (0, 2, 1)
    come(shop, 2)
    send()
    drain()
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert clean()


def test_customer_hears_that_a_part_comes_later(shop, order, mailoutbox):
    delay(1)
    drain()
    assert "Expected on Monday, 4 Jan." in mailoutbox[-1].body


def test_arrival_that_met_somebody_at_the_order_is_caught_up_on(shop, order, monkeypatch):
    delay(1)
    monkeypatch.setattr(waiting, "serve", lambda *place: 0)
    come(shop, 1)
    monkeypatch.undo()
    assert waiting.serve_all() == 1
    assert FulfilmentOrder.objects.get().lines.get().waiting == 0
    assert clean()


def test_warehouse_says_on_the_page_that_more_will_come_and_the_shop_sees_it(shop, order):
    staff = Client(HTTP_HOST="supply.localhost")
    staff.force_login(factories.staff("warehouse"))
    fulfilment = FulfilmentOrder.objects.get()
    form = {f"p{fulfilment.lines.get().pk}": "1", "reason": "late truck", "wait": "on", "expected_on": "2027-01-04"}
    assert staff.post(f"/fulfilment/{fulfilment.number}/short/", form).status_code == 302
    drain()
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(shop, "owner"))
    page = owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert "1 piece waits for stock" in page
    assert staff.get(f"/fulfilment/{fulfilment.number}/").status_code == 200


def test_pieces_that_come_from_another_warehouse_are_kept_for_the_order(shop, order):
    delay(2)
    place, variant_id = FulfilmentOrder.objects.get().warehouse_id, shop.variant.id
    source = factories.warehouse("W2")
    stock.receive(variant_id=variant_id, warehouse_id=source.pk, quantity=4)
    moved = transfers.draft(source_id=source.pk, target_id=place, pieces={variant_id: 4}, actor_id=None)
    transfers.send(number=moved.number, actor_id=None)
    transfers.receive(number=moved.number, actor_id=None)
    assert FulfilmentOrder.objects.get().lines.get().waiting == 0
    assert clean()


def test_pieces_a_count_finds_are_kept_for_the_order(shop, order):
    delay(2)
    place = FulfilmentOrder.objects.get().warehouse_id
    sheet = counting.start(warehouse_id=place, variant_ids=[shop.variant.id], actor_id=None)
    found = sheet.lines.get()
    counting.record(number=sheet.number, counted={found.pk: 12})
    counting.post(number=sheet.number, reason="Behind the shelf", actor_id=None)
    assert FulfilmentOrder.objects.get().lines.get().waiting == 0
    assert clean()


def test_piece_that_is_repaired_is_kept_for_the_order(shop, order):
    delay(1)
    place = FulfilmentOrder.objects.get().warehouse_id
    common = {"variant_id": shop.variant.id, "warehouse_id": place, "actor_id": None}
    stock.damage(quantity=free(shop), reason="Wet", **common)
    stock.repair(quantity=1, reason="Dried", **common)
    assert (FulfilmentOrder.objects.get().lines.get().waiting, free(shop)) == (0, 0)
    assert clean()
