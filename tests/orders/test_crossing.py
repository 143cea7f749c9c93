"""What S and the shop do at the same time: each step is told late, and the end is right all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from orders import tasks
from orders.gateways.facts import PaymentFact
from orders.models import Cart, Order, Refund
from orders.services import cancellation, cart, checkout, closing, manual, payment, refund, writing
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, Reservation, SalesOrder
from supplier.services import shipping, shortage, stock
from tests import factories
from tests.orders.buying import CONTACT, balance, buy, clean, drain, free, later, reread, ship_all

pytestmark = pytest.mark.django_db(transaction=True)


def give_back(shop, order: Order, quantity: int, key: str = "k") -> Refund:
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop):
        return refund.grant(
            order_number=order.number, pieces={line.id: quantity}, shipping=False, reason="x", key=key, actor="clerk"
        )


def send(quantity: int, key: str = "parcel") -> None:
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get()
    shipping.ship(number=fulfilment.number, carrier="P", tracking="", request_key=key, pieces={line.id: quantity})


def short(quantity: int) -> None:
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get()
    shortage.report_short(number=fulfilment.number, pieces={line.id: quantity}, reason="damaged", actor_id=None)


def fact_of(shop, order: Order, session: str, state: str = "paid") -> PaymentFact:
    return PaymentFact(
        session_id=session,
        state=state,
        order_number=order.number,
        reseller_slug=shop.slug,
        amount_minor=order.total_minor,
        currency=order.currency,
        payment_intent=f"pi_{session}",
    )


def opened(shop, order: Order, session: str = "cs_1") -> PaymentFact:
    """Give the fact of a payment; its attempt is written as the payment page's would be."""
    with factories.context.entered(shop):
        payment._attempt(order.token)
    return fact_of(shop, order, session)


# --- Parcels and refunds ----------------------------------------------------------------------------
def test_parcel_sent_before_s_heard_that_the_rest_was_refunded_completes_the_order(shop):
    order = buy(shop, 2)
    drain()
    give_back(shop, order, 1)
    send(1)
    drain()
    assert SalesOrder.objects.get().status == SalesOrder.Status.SHIPPED
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert clean()


def test_order_refunded_while_its_parcel_left_is_shown_as_sent(shop):
    order = buy(shop, 2)
    drain()
    send(2)
    give_back(shop, order, 2)
    drain()
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert clean()


def test_piece_refunded_by_the_shop_and_missing_at_s_goes_back_once(shop):
    order = buy(shop, 2)
    drain()
    send(1)
    drain()
    give_back(shop, order, 1)
    short(1)
    drain()
    with factories.inside(shop):
        assert order.lines.values_list("shipped", "refunded").get() == (1, 1)
    assert reread(shop, order).status == Order.Status.SHIPPED
    assert clean()


def test_order_of_many_lines_that_s_cannot_send_goes_back(shop):
    products = [factories.product(stock=1) for _ in range(20)]
    lines = []
    for product in products:
        factories.listing(shop, product)
        lines.append(manual.ManualLine(factories.first_variant(product).id, 1, 2_000))
    with factories.context.entered(shop):
        order = manual.place_order(lines=lines, contact=CONTACT, language="en", method="cod")
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    pieces = dict(fulfilment.lines.values_list("id", "quantity"))
    shortage.report_short(number=fulfilment.number, pieces=pieces, reason="flood", actor_id=None)
    drain()
    order = reread(shop, order)
    assert (order.status, order.refunded_minor) == (Order.Status.CANCELLED, order.total_minor)


def test_gift_that_s_cannot_send_stops_nothing(shop):
    gift = factories.product(stock=3, wholesale=0, floor=0, suggested=0, ceiling=0)
    factories.listing(shop, gift, price=100)
    lines = [
        manual.ManualLine(shop.variant.id, 1, 2_000),
        manual.ManualLine(factories.first_variant(gift).id, 1, 0),
    ]
    with factories.context.entered(shop):
        order = manual.place_order(lines=lines, contact=CONTACT, language="en", method="cod")
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get(variant=factories.first_variant(gift))
    shortage.report_short(number=fulfilment.number, pieces={line.id: 1}, reason="none left", actor_id=None)
    drain()
    ship_all(shop, order)
    drain()
    order = reread(shop, order)
    assert (order.status, order.refunded_minor) == (Order.Status.SHIPPED, 0)
    assert clean()


def test_order_of_nothing_but_gifts_that_s_cannot_send_is_cancelled(shop):
    gift = factories.product(stock=3, wholesale=0, floor=0, suggested=0, ceiling=0)
    factories.listing(shop, gift, price=100)
    line = manual.ManualLine(factories.first_variant(gift).id, 1, 0)
    with factories.context.entered(shop):
        order = manual.place_order(lines=[line], contact=CONTACT, language="en", method="cod")
    drain()
    short(1)
    drain()
    assert reread(shop, order).status == Order.Status.CANCELLED
    assert clean()


def test_two_lines_of_one_variant_that_s_cannot_send_keep_no_stock(shop):
    lines = [manual.ManualLine(shop.variant.id, 2, 2_000), manual.ManualLine(shop.variant.id, 3, 1_900)]
    with factories.context.entered(shop):
        manual.place_order(lines=lines, contact=CONTACT, language="en", method="cod")
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    pieces = dict(fulfilment.lines.values_list("id", "quantity"))
    shortage.report_short(number=fulfilment.number, pieces=pieces, reason="flood", actor_id=None)
    drain()
    assert free(shop) == 10
    assert clean()


def test_wholesale_of_refunded_and_sent_pieces_sums_to_the_line(shop):
    odd = factories.product(stock=9, wholesale=1_037, floor=1_037, suggested=1_999, ceiling=3_000)
    factories.listing(shop, odd)
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=factories.first_variant(odd).id, quantity=7)
    with factories.context.entered(shop):
        order = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="cod", language="en")
    drain()
    for n in range(6):
        give_back(shop, order, 1, key=f"k{n}")
        drain()
    send(1)
    drain()
    assert (balance("wholesale_deferred"), balance("wholesale_revenue")) == (0, 1_037)
    assert clean()


def test_order_that_costs_nothing_needs_no_payment_page(shop):
    gift = factories.product(stock=3, wholesale=0, floor=0, suggested=0, ceiling=0)
    factories.listing(shop, gift, price=100)
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=factories.first_variant(gift).id, quantity=1)
    with factories.context.entered(shop):
        order = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="card", language="en")
    drain()
    order = reread(shop, order)
    assert (order.status, order.paid, order.total_minor) == (Order.Status.PROCESSING, Order.Paid.PAID, 0)
    assert clean()


def test_order_for_which_nothing_is_kept_is_seen_at_the_desk(shop):
    order = buy(shop)
    with transaction.atomic():
        stock.release(reseller_id=shop.pk, order_number=order.number)
    dispatcher.drain(wiring.HANDLERS)
    row = OutboxEvent.objects.get(topic="OrderPlaced")
    assert (row.state, row.tries) == ("pending", 1)
    assert "nothing is kept" in row.error
    assert not SalesOrder.objects.exists()


# --- Payments ---------------------------------------------------------------------------------------
def test_order_paid_late_is_open_again(shop):
    order = buy(shop, method="card")
    fact = opened(shop, order)
    with factories.context.entered(shop):
        with later(minutes=16):
            closing.expire(order_number=order.number)
        payment.settle(fact)
    order = reread(shop, order)
    assert (order.status, order.closed_at) == (Order.Status.PLACED, None)


def test_customer_hears_that_a_payment_came_too_late(shop, provider, mailoutbox):
    order = buy(shop, 10, method="card")
    fact = opened(shop, order)
    with factories.context.entered(shop):
        with later(minutes=16):
            closing.expire(order_number=order.number)
        buy(shop, 1)
        payment.settle(fact)
    asked = OutboxEvent.objects.filter(topic="MailRequested", key=f"mail:{shop.pk}:{order.number}")
    assert [row.payload["kind"] for row in asked] == ["refunded"]


def test_expired_order_whose_payment_goes_back_does_not_say_nothing_was_charged(shop, client):
    order = buy(shop, 10, method="card")
    fact = opened(shop, order)
    with factories.context.entered(shop):
        with later(minutes=16):
            closing.expire(order_number=order.number)
        buy(shop, 1)
        payment.settle(fact)
    page = client.get(f"/order/{order.token}/", HTTP_HOST=f"{shop.slug}.localhost").content.decode()
    assert "Nothing was charged" not in page
    assert "goes back the way it came" in page


def test_page_opened_while_its_order_was_cancelled_is_closed(shop, provider, monkeypatch):
    order = buy(shop, method="card")
    create = payment.gateway.create_checkout

    def slow(**fields):
        page = create(**fields)
        with factories.inside(shop):
            closing.close_pending(Order.objects.get(id=order.id), status=Order.Status.CANCELLED, reason="customer")
        return page

    monkeypatch.setattr(payment.gateway, "create_checkout", slow)
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
    assert OutboxEvent.objects.filter(topic="PageCloseRequested").count() == 1


def test_one_order_that_cannot_expire_does_not_stop_the_others(shop, monkeypatch):
    first, second = buy(shop, 1, method="card"), buy(shop, 1, method="card")
    expire = closing.expire

    def broken(*, order_number: str) -> bool:
        if order_number == first.number:
            raise ValueError("something is wrong with this one")
        return expire(order_number=order_number)

    monkeypatch.setattr(closing, "expire", broken)
    with later(minutes=16):
        assert tasks.expire_holds() == 1
    assert reread(shop, second).status == Order.Status.EXPIRED


# --- Locks ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["settle", "expire", "cancel"])
def test_checkout_of_a_second_tab_and_the_end_of_the_order_wait_for_each_other(shop, step):
    order = buy(shop, method="card")
    fact = opened(shop, order)
    begun = Event()

    def end() -> None:
        begun.set()
        try:
            with factories.context.entered(shop), clock.set_to(clock.now() + timedelta(minutes=16)):
                if step == "settle":
                    payment.settle(fact)
                elif step == "expire":
                    closing.expire(order_number=order.number)
                else:
                    cancellation.cancel(order_number=order.number, actor="customer", reason="customer")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with factories.inside(shop):  # as the checkout does: the bag, then its order
            Cart.objects.select_for_update().get(token=order.cart_token)
            other = pool.submit(end)
            begun.wait(5)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")
            Order.objects.select_for_update().get(id=order.id)
        other.result(10)
    assert reread(shop, order).status in (Order.Status.PLACED, Order.Status.EXPIRED, Order.Status.CANCELLED)


def test_two_changed_bags_that_swap_their_pieces_do_not_deadlock(shop, monkeypatch):
    other = factories.product(stock=10)
    factories.listing(shop, other)
    variants = [shop.variant.id, factories.first_variant(other).id]
    bags = []
    for variant in variants:
        with factories.inside(shop):
            bags.append(cart.add_line(token=None, variant_id=variant, quantity=1).token)
    with factories.context.entered(shop):
        for token in bags:
            checkout.place_order(cart_token=token, contact=CONTACT, method="card", language="en")
    for token, old, new in zip(bags, variants, reversed(variants), strict=True):
        with factories.inside(shop):
            cart.remove_line(token=token, variant_id=old)
            cart.add_line(token=token, variant_id=new, quantity=1)
    made = writing._customer

    def slow(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")
        return made(*args)

    monkeypatch.setattr(writing, "_customer", slow)

    def place(token) -> str:
        try:
            with factories.context.entered(shop):
                return checkout.place_order(cart_token=token, contact=CONTACT, method="card", language="en").status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(place, bags)) == ["pending", "pending"]
    assert Reservation.objects.filter(state="held").count() == 2
    assert clean()
