"""Orders of which a part was sent: what goes back, what is still sent, and what the buyer sees."""

from __future__ import annotations

import pytest

from orders.models import Order, Refund
from orders.services import cancellation, refund
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from storefront.selectors import order as pages
from supplier.models import FulfilmentOrder, SalesOrder
from supplier.services import picking
from tests import factories
from tests.orders.buying import balance, buy, clean, drain, free, reread
from tests.orders.test_crossing import give_back, send

pytestmark = pytest.mark.django_db(transaction=True)


def received(shop, order: Order, quantity: int, key: str = "broken") -> Refund:
    with factories.inside(shop):
        line = order.lines.get()
    with factories.context.entered(shop):
        return refund.grant(
            order_number=order.number,
            pieces={},
            received={line.id: quantity},
            shipping=False,
            reason="damaged",
            key=key,
            actor="clerk",
        )


def test_broken_piece_goes_back_and_the_rest_is_still_sent(shop):
    order = buy(shop, 3)
    drain()
    send(1)
    drain()
    received(shop, order, 1)
    drain()
    assert reread(shop, order).status == Order.Status.PART_SHIPPED
    send(2, "rest")
    drain()
    with factories.inside(shop):
        assert order.lines.values_list("shipped", "refunded", "returned").get() == (3, 1, 1)
    assert reread(shop, order).status == Order.Status.SHIPPED
    wholesale = SalesOrder.objects.get().wholesale_minor
    assert (balance("wholesale_deferred"), balance("wholesale_revenue")) == (0, wholesale * 2 // 3)
    assert clean()


def test_no_piece_is_refunded_as_received_that_was_not_sent_nor_twice(shop):
    order = buy(shop, 3)
    drain()
    with pytest.raises(Refused):
        received(shop, order, 1)
    send(1)
    drain()
    received(shop, order, 1)
    with pytest.raises(Refused):
        received(shop, order, 1, key="again")
    with pytest.raises(Refused):
        give_back(shop, order, 3)
    assert reread(shop, order).refunded_minor == 2_200


def test_order_cancelled_while_s_sends_a_part_keeps_that_part_and_closes_the_rest(shop):
    order = buy(shop, 3)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
    OutboxEvent.objects.update(next_at=clock.now())
    dispatcher.drain(wiring.HANDLERS, limit=1)  # S hears that it was placed, not yet that it was cancelled
    send(1)
    drain()
    sold, fulfilment = SalesOrder.objects.get(), FulfilmentOrder.objects.get()
    assert (sold.status, fulfilment.state) == ("shipped", "shipped")
    assert fulfilment.lines.values_list("shipped", "cancelled").get() == (1, 2)
    order = reread(shop, order)
    assert (order.status, order.refunded_minor) == (Order.Status.SHIPPED, order.total_minor)
    assert free(shop) == 9
    assert clean()


def test_picking_that_was_put_back_never_began_for_the_buyer(shop):
    order = buy(shop)
    drain()
    number = FulfilmentOrder.objects.get().number
    picking.start_picking(number=number, actor_id=None)
    drain()
    with factories.inside(shop):
        assert not pages.read(order).cancellable
    picking.put_back(number=number, actor_id=None)
    drain()
    with factories.inside(shop):
        seen = pages.read(reread(shop, order))
    assert (seen.cancellable, [step.kind for step in seen.steps]) == (True, ["created", "placed", "processing"])
    picking.start_picking(number=number, actor_id=None)
    drain()
    with factories.inside(shop):
        assert [step.kind for step in pages.read(order).steps][-1] == "picking"
