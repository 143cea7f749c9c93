"""A shop with a bookable installation, and a fitter who comes, as the tests of booked services take them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from enablement.models import ServiceBooking, ServiceOption, ServiceTask
from enablement.selectors import audit as mart
from enablement.selectors import audit_services, bookings
from enablement.services import service_options
from orders.models import Order
from orders.services import cart, checkout
from s2b2c.kernel import clock
from supplier.selectors import audit
from tests import factories
from tests.enablement import serving
from tests.orders.buying import CONTACT

PRICE, COST = 9_900, 8_000


def fitter(name: str = "Fitwell", **facts: Any) -> Any:
    """An installer for 112xx, every day; asks 70.00."""
    return serving.provider(name, rates={"install": facts.pop("price", 7_000)}, base="11201", areas=["112"], **facts)


def option(shop: Any, **more: Any) -> ServiceOption:
    """Installation of the shop's product at 99.00, of which S gets 80.00."""
    told = {
        "kind": "install", "name_en": "Installation", "name_zh": "上门安装", "text_en": "We put it up.", "text_zh": "",
        "product_id": shop.variant.product_id, "category_id": None, "currency": "USD", "price_minor": PRICE,
        "cost_minor": COST, "most_pieces": 4, **more,
    }  # fmt: skip
    return service_options.save(option_id=None, told=service_options.Offered(**told), actor_id=None)


def first() -> date:
    """The first day somebody can come."""
    return bookings.first_day()


def bag(shop: Any, *options: ServiceOption, quantity: int = 2) -> Any:
    """A bag with the shop's product and services with it."""
    with factories.inside(shop):
        made = cart.add_line(token=None, variant_id=shop.variant.id, quantity=quantity)
        wanted = [each.pk for each in options]
        return cart.set_services(token=made.token, variant_id=shop.variant.id, option_ids=wanted)


def place(
    shop: Any, made: Any, *options: ServiceOption, on: date | None = None, part: int = 0, method: str = "cod",
    **more: Any,
) -> Order:  # fmt: skip
    """The order of a bag, with everything at one time."""
    slots = {(shop.variant.id, each.pk): (on or first(), part) for each in options}
    with factories.context.entered(shop):
        return checkout.place_order(
            cart_token=made.token,
            contact=more.pop("contact", CONTACT),
            method=method,
            language="en",
            slots=slots,
            **more,
        )


def buy(shop: Any, *options: ServiceOption, quantity: int = 2, **more: Any) -> Order:
    """An order of pieces with services."""
    return place(shop, bag(shop, *options, quantity=quantity), *options, **more)


def booking() -> ServiceBooking:
    """The one booking there is."""
    return ServiceBooking.objects.select_related("task").get()


def task() -> ServiceTask:
    """The task that looks after the booking."""
    found = booking().task
    assert found is not None
    return serving.fresh(found)


def line_of(shop: Any, order: Order) -> Any:
    """The order's line of the service."""
    with factories.inside(shop):
        return order.lines.get(service__isnull=False)


def clean() -> None:
    """Books, stock, mart and promises hold together."""
    assert [*audit.stock(), *audit.books(), *audit_services.books(), *mart.mart()] == []


def later(days: int) -> Any:
    """So many days on."""

    return clock.set_to(clock.now() + timedelta(days=days))
