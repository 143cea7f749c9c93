"""The pages where an order is changed: what it means for the money is said before it is done."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from orders.models import Order
from s2b2c.outbox.models import OutboxEvent
from storefront import promise
from supplier.models import FulfilmentOrder, SalesOrder
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    factories.company()
    factories.terms(300)
    return factories.reseller(name="Juniper Row", shipping={"price_minor": 690, "free_over_minor": None})


def client(user, host: str) -> Client:
    made = Client(HTTP_HOST=f"{host}.localhost")
    made.force_login(user)
    return made


@pytest.fixture
def owner(shop) -> Client:
    return client(factories.member(shop, "owner"), "office")


@pytest.fixture
def order(shop) -> Order:
    return factories.buy(shop, factories.first_variant(factories.listing(shop).product), 3)


def read(shop, order: Order) -> Order:
    with factories.inside(shop):
        return Order.objects.get(pk=order.pk)


def hidden(page: str) -> dict[str, str]:
    """Give what a form would send again."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_pieces_are_weighed_on_the_page_before_they_are_taken_off(shop, owner, order):
    with factories.inside(shop):
        line = order.lines.get()
    url = f"/{shop.slug}/orders/{order.number}/take-off/"
    asked = owner.post(url, {"reason": "changed_mind", f"off_{line.pk}": "1", "key": "one"})
    page = asked.content.decode()
    assert (asked.status_code, read(shop, order).refunded_minor) == (200, 0)
    assert ["$20.00" in page, "$9.40" in page, "$46.90" in page] == [True, True, True]

    again = hidden(page)
    assert [owner.post(url, again).status_code, owner.post(url, again).status_code] == [302, 302]
    assert read(shop, order).refunded_minor == 2_000


def test_pieces_of_an_order_that_changed_after_the_preview_are_weighed_again(shop, owner, order):
    with factories.inside(shop):
        line = order.lines.get()
    url = f"/{shop.slug}/orders/{order.number}/take-off/"
    form = {"reason": "late", f"off_{line.pk}": "1", "key": "one", "confirm": "1", "expected": "7"}
    assert owner.post(url, form).status_code == 422
    assert read(shop, order).refunded_minor == 0


def test_address_is_looked_at_before_it_is_changed(shop, owner, order):
    url = f"/{shop.slug}/orders/{order.number}/address/"
    assert 'name="street"' in owner.get(url).content.decode()
    typed = {"name": "Marta Keller", "street": "9 Canal Street", "postcode": "10013", "city": "New York",
             "region": "NY", "country": "US", "phone": ""}  # fmt: skip
    refused = owner.post(url, typed | {"postcode": "x", "confirm": "1"})
    assert (refused.status_code, "Please check the postcode." in refused.content.decode()) == (422, True)
    page = owner.post(url, typed).content.decode()
    assert "9 Canal Street" in page
    assert read(shop, order).address["street"] != "9 Canal Street"
    assert owner.post(url, typed | {"confirm": "1"}).status_code == 302
    assert SalesOrder.objects.get().recipient["street"] == "9 Canal Street"


def test_order_on_hold_says_so_on_both_sides(shop, owner, order):
    url = f"/{shop.slug}/orders/{order.number}/"
    consumer, leaves = Client(HTTP_HOST=f"{shop.slug}.localhost"), promise.day(promise.leaves_on(order.placed_at))
    before = consumer.get(f"/order/{order.token}/").content.decode()
    assert owner.post(f"{url}hold/", {"why": ""}).status_code == 422
    assert owner.post(f"{url}hold/", {"why": "the customer asks for time"}).status_code == 302
    assert "the customer asks for time" in owner.get(url).content.decode()
    seen = consumer.get(f"/order/{order.token}/").content.decode()
    assert "something has to be settled first" in seen
    assert seen.count(leaves) < before.count(leaves)
    assert "asks for time" not in seen
    staff = client(factories.staff("warehouse"), "supply")
    place = FulfilmentOrder.objects.get().number
    assert "the customer asks for time" in staff.get(f"/fulfilment/{place}/").content.decode()
    assert "the customer asks for time" in staff.get(f"/orders/{shop.slug}/{order.number}/").content.decode()
    assert owner.post(f"{url}resume/").status_code == 302
    assert SalesOrder.objects.get().held_by == ""


def test_supplier_stops_an_order_and_lets_it_go_on(shop, owner, order):
    staff = client(factories.staff("support"), "supply")
    url = f"/orders/{shop.slug}/{order.number}/"
    assert staff.post(f"{url}hold/", {"reason": "export papers"}).status_code == 302
    assert "export papers" in owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert staff.post(f"{url}resume/").status_code == 302
    assert SalesOrder.objects.get().held_by == ""
    assert OutboxEvent.objects.filter(topic="HoldChanged").count() == 2


def test_clerk_reads_and_changes_nothing(shop, order):
    clerk = client(factories.member(shop, "clerk"), "office")
    url = f"/{shop.slug}/orders/{order.number}/"
    assert "take-off" not in clerk.get(url).content.decode()
    assert [clerk.get(f"{url}{page}/").status_code for page in ("take-off", "address", "hold")] == [403, 403, 403]
