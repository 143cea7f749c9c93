"""Steps of an order, as the tests of orders take them."""

from __future__ import annotations

from datetime import timedelta

from orders.models import Order, Payment
from orders.services import cart, checkout, payment
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, Transfer
from supplier.selectors import audit
from supplier.services import picking, shipping
from tests import factories

CONTACT = checkout.Contact(
    name="Maya Lindqvist",
    email="maya@example.com",
    phone="",
    street="218 Dean Street",
    postcode="11217",
    city="Brooklyn",
    region="NY",
    country="US",
)


def drain() -> None:
    OutboxEvent.objects.filter(state="pending").update(next_at=clock.now())
    dispatcher.drain(wiring.HANDLERS)
    stuck = OutboxEvent.objects.exclude(topic="MailRequested").exclude(state="done").values_list("topic", "error")
    assert list(stuck) == []


def buy(shop, quantity: int = 2, method: str = "cod") -> Order:
    with factories.inside(shop):
        bag = cart.add_line(token=None, variant_id=shop.variant.id, quantity=quantity)
    with factories.context.entered(shop):
        return checkout.place_order(cart_token=bag.token, contact=CONTACT, method=method, language="en")


def reread(shop, order: Order) -> Order:
    with factories.inside(shop):
        return Order.objects.get(id=order.id)


def clean() -> bool:
    return [*audit.stock(), *audit.books()] == []


def balance(kind: str) -> int:
    into = sum(Transfer.objects.filter(credit__kind=kind).values_list("amount_minor", flat=True))
    return into - sum(Transfer.objects.filter(debit__kind=kind).values_list("amount_minor", flat=True))


def free(shop) -> int:
    return sum(shop.variant.stock.values_list("available", flat=True))


def ship_all(shop, order: Order) -> None:
    for fulfilment in FulfilmentOrder.objects.filter(order__order_number=order.number):
        picking.start_picking(number=fulfilment.number, actor_id=None)
        picking.pack(number=fulfilment.number, actor_id=None)
        shipping.ship(
            number=fulfilment.number, carrier="Pacific Parcel", tracking="PP1", request_key=fulfilment.number
        )


def payment_session(shop) -> str:
    with factories.inside(shop):
        return Payment.objects.latest("id").session_id


def paid_order(shop, provider, quantity: int = 2) -> Order:
    order = buy(shop, quantity, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        provider.pay(payment_session(shop))
        payment.record(session_id=payment_session(shop))
    return reread(shop, order)


def later(*, minutes: int):
    return clock.set_to(clock.now() + timedelta(minutes=minutes))
