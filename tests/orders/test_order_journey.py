"""An order from the bag to the doorstep, and every way it can end on the road."""

from __future__ import annotations

import pytest

from orders.models import Cart, Order, Refund
from orders.services import cancellation, cart, checkout, closing, payment, refund
from reseller.models import Shop
from s2b2c.kernel.errors import OutOfStock, Refused, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Account, FulfilmentOrder, SalesOrder
from supplier.services import picking, shipping, shortage
from tests import factories
from tests.orders.buying import (
    CONTACT,
    balance,
    buy,
    clean,
    drain,
    free,
    later,
    paid_order,
    payment_session,
    reread,
    ship_all,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_cash_order_reaches_the_supplier_and_comes_back_shipped(shop, mailoutbox):
    order = buy(shop)
    assert order.total_minor == 4_000 + 500 + 450
    drain()
    assert reread(shop, order).status == Order.Status.PROCESSING
    ship_all(shop, order)
    drain()
    order = reread(shop, order)
    assert order.status == Order.Status.SHIPPED
    assert [mail.subject for mail in mailoutbox] != []
    assert SalesOrder.objects.get().status == SalesOrder.Status.SHIPPED
    assert clean()


def test_split_is_booked_to_the_cent(shop):
    buy(shop)
    drain()
    kinds = Account.Kind
    assert balance(kinds.WHOLESALE_DEFERRED) == 2_000
    assert balance(kinds.FEE) == 120
    assert balance(kinds.RESELLER_PAYABLE) == 4_000 - 2_000 - 120
    assert balance(kinds.TAX_PAYABLE) == 450
    assert balance(kinds.SHIPPING) == 500
    assert balance(kinds.COD_CLEARING) == -4_950
    assert clean()


def test_card_order_waits_until_the_provider_says_paid(shop, provider):
    order = buy(shop, method="card")
    assert order.status == Order.Status.PENDING
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        session = payment_session(shop)
        payment.record(session_id=session)
        assert reread(shop, order).status == Order.Status.PENDING
        provider.pay(session)
        payment.record(session_id=session)
        payment.record(session_id=session)
    order = reread(shop, order)
    assert (order.status, order.paid) == (Order.Status.PLACED, Order.Paid.PAID)
    assert OutboxEvent.objects.filter(topic="OrderPlaced").count() == 1
    drain()
    assert clean()


def test_double_submit_makes_one_order(shop):
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=shop.variant.id, quantity=1)
    with factories.context.entered(shop):
        first = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="cod", language="en")
        second = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="cod", language="en")
    assert first.id == second.id
    assert free(shop) == 9


@pytest.mark.parametrize("noted", [True, None])  # None: a bag from before this was noted
def test_changed_bag_replaces_the_pending_order_and_frees_its_stock(shop, noted):
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=shop.variant.id, quantity=6)
    with factories.context.entered(shop):
        first = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="card", language="en")
        with factories.inside(shop):
            assert cart.set_quantity(token=bag.token, variant_id=shop.variant.id, quantity=3).ordered
            Cart.objects.update(ordered=noted)
        second = checkout.place_order(cart_token=bag.token, contact=CONTACT, method="card", language="en")
    assert first.id != second.id
    assert reread(shop, first).status == Order.Status.CANCELLED
    assert free(shop) == 7
    assert clean()


def test_more_than_there_is_is_refused_and_nothing_is_kept(shop):
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=shop.variant.id, quantity=10)
    buy(shop, 1)
    with factories.context.entered(shop), pytest.raises(OutOfStock) as refused:
        checkout.place_order(cart_token=bag.token, contact=CONTACT, method="cod", language="en")
    assert refused.value.lines == [(shop.variant.id, 10, 9)]
    assert free(shop) == 9
    assert clean()


def test_price_that_rose_meanwhile_is_told_not_charged(shop):
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=shop.variant.id, quantity=1)
    with factories.context.entered(shop), pytest.raises(StateRefused) as refused:
        checkout.place_order(
            cart_token=bag.token, contact=CONTACT, method="cod", language="en", expected_total_minor=1
        )
    assert refused.value.code == "price_changed"
    assert free(shop) == 10


def test_cancelling_before_picking_gives_everything_back(shop, provider):
    order = paid_order(shop, provider)
    drain()
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
    drain()
    order = reread(shop, order)
    assert (order.status, order.paid, order.refunded_minor) == ("cancelled", "refunded", order.total_minor)
    assert free(shop) == 10
    assert [balance(kind) for kind in ("clearing", "reseller_payable", "fee", "wholesale_deferred")] == [0, 0, 0, 0]
    with factories.inside(shop):
        assert Refund.objects.get().state == Refund.State.DONE
    assert clean()


def test_cancelling_before_the_supplier_heard_of_it(shop, provider):
    order = paid_order(shop, provider)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
    drain()
    assert SalesOrder.objects.get().status == SalesOrder.Status.CANCELLED
    assert free(shop) == 10
    assert clean()


def test_cancelling_after_picking_began_is_refused(shop):
    order = buy(shop)
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    picking.start_picking(number=fulfilment.number, actor_id=None)
    with factories.context.entered(shop), pytest.raises(StateRefused):
        cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
    assert reread(shop, order).status == Order.Status.PROCESSING


def test_partial_refunds_sum_to_the_line(shop, provider):
    order = paid_order(shop, provider, quantity=3)
    drain()
    with factories.inside(shop):
        line = order.lines.get()
    for number in range(3):
        with factories.context.entered(shop):
            refund.grant(
                order_number=order.number,
                pieces={line.id: 1},
                shipping=number == 2,
                reason="not_wanted",
                key=f"r{number}",
                actor="clerk",
            )
        drain()
    order = reread(shop, order)
    assert (order.status, order.paid, order.refunded_minor) == ("cancelled", Order.Paid.REFUNDED, order.total_minor)
    assert free(shop) == 10
    assert SalesOrder.objects.get().status == SalesOrder.Status.CANCELLED
    assert clean()


def test_same_refund_key_refunds_once(shop):
    order = buy(shop)
    with factories.inside(shop):
        line = order.lines.get()
    for _ in range(2):
        with factories.context.entered(shop):
            refund.grant(
                order_number=order.number, pieces={line.id: 1}, shipping=False, reason="x", key="k", actor="clerk"
            )
    assert reread(shop, order).refunded_minor == 2_200


def test_more_than_was_bought_is_not_refunded(shop):
    order = buy(shop)
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop), pytest.raises(Refused):
        refund.grant(order_number=order.number, pieces={line.id: 3}, shipping=False, reason="x", key="k", actor="c")
    assert reread(shop, order).refunded_minor == 0


def test_unpaid_order_expires_and_frees_its_stock(shop):
    order = buy(shop, method="card")
    assert free(shop) == 8
    with later(minutes=16), factories.context.entered(shop):
        assert closing.expire(order_number=order.number)
        assert not closing.expire(order_number=order.number)
    assert reread(shop, order).status == Order.Status.EXPIRED
    assert free(shop) == 10
    assert clean()


def test_payment_after_expiry_keeps_the_stock_again(shop, provider):
    order = buy(shop, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        session = payment_session(shop)
        with later(minutes=16):
            closing.expire(order_number=order.number)
        provider.pay(session)
        payment.record(session_id=session)
    drain()
    assert reread(shop, order).status == Order.Status.PROCESSING
    assert free(shop) == 8
    assert clean()


def test_payment_after_expiry_goes_back_when_the_stock_is_gone(shop, provider):
    order = buy(shop, quantity=10, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        session = payment_session(shop)
        with later(minutes=16):
            closing.expire(order_number=order.number)
        buy(shop, 1)
        provider.pay(session)
        payment.record(session_id=session)
    drain()
    assert reread(shop, order).status == Order.Status.EXPIRED
    with factories.inside(shop):
        assert list(Refund.objects.values_list("state", "amount_minor")) == [("done", order.total_minor)]
    assert clean()


def test_supplier_short_of_a_piece_refunds_it(shop, provider):
    order = paid_order(shop, provider)
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get()
    shortage.report_short(number=fulfilment.number, pieces={line.id: 1}, reason="damaged", actor_id=None)
    drain()
    ship_all(shop, order)
    drain()
    order = reread(shop, order)
    assert (order.status, order.paid, order.refunded_minor) == ("shipped", "part_refunded", 2_200)
    assert clean()


def test_parcels_of_an_order_earn_its_wholesale_to_the_cent(shop):
    buy(shop, 3)
    drain()
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get()
    for number in range(3):
        shipping.ship(
            number=fulfilment.number, carrier="P", tracking="", request_key=f"k{number}", pieces={line.id: 1}
        )
        drain()
    assert (balance("wholesale_deferred"), balance("wholesale_revenue")) == (0, 3_000)
    assert clean()


def test_other_shop_sees_nothing_of_it(shop):
    other = factories.reseller()
    buy(shop)
    drain()
    with factories.inside(other):
        assert Order.objects.count() == 0
        assert Shop.objects.count() == 1


def test_less_to_pay_on_delivery_is_no_refund(shop, mailoutbox):
    order = buy(shop)
    drain()
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop):
        refund.grant(
            order_number=order.number, pieces={line.id: 1}, shipping=False, reason="goodwill", key="k", actor="clerk"
        )
    drain()
    assert reread(shop, order).paid == Order.Paid.DUE
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
    drain()
    order = reread(shop, order)
    assert (order.status, order.paid, order.refunded_minor) == ("cancelled", Order.Paid.UNPAID, order.total_minor)
    assert balance("cod_clearing") == 0
    assert len(mailoutbox) == 2  # placed, cancelled
    assert clean()
