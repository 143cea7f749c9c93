"""Services booked with goods, as a visitor sees and does it: product, bag, checkout, order."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from enablement.models import ServiceBooking
from enablement.services import dispatching, service_tasks
from orders.models import Case, Order
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.enablement import booking as booked
from tests.enablement import serving
from tests.storefront.conftest import CONTACT, order_of, place, variant

pytestmark = pytest.mark.django_db
BEACON = {"base": "12508", "areas": ["125"], "rates": {"install": 7_000}}


@pytest.fixture
def option(shop: Reseller, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    serving.provider("Fitwell", **BEACON)
    shop.variant = variant(shop, "MUG-PINE-8")
    return booked.option(shop)


@pytest.fixture
def ready(client: Client, shop: Reseller, option) -> Client:
    """A visitor with a mug and its installation in the bag."""
    client.post("/bag/add/", {"variant": shop.variant.id, "service": option.pk})
    return client


def slot_name(shop: Reseller, option) -> str:
    return f"slot_{shop.variant.id}_{option.pk}"


def code(part: int = 0) -> str:
    return f"{booked.first().isoformat()}.{part}"


def order_with(ready: Client, shop: Reseller, option) -> str:
    return order_of(place(ready, **{slot_name(shop, option): code()}))


def text(client: Client, path: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get(path).content.decode()).split())


def test_the_product_offers_it_with_its_price(client: Client, option) -> None:
    page = client.get("/p/alder-mug/").content.decode()
    assert re.search(rf'type="checkbox" name="service" value="{option.pk}"><b>Installation</b><span>\$99.00', page)
    assert 'name="service"' not in client.get("/p/moor-blanket/").content.decode()


def test_the_bag_shows_it_and_takes_it_out(ready: Client, shop: Reseller) -> None:
    assert "Installation $99.00 Leave it out" in text(ready, "/bag/")
    ready.post("/bag/services/", {"variant": shop.variant.id})
    assert "Installation $99.00 Add it" in text(ready, "/bag/")


def test_times_appear_for_the_postcode_typed(ready: Client, shop: Reseller, option) -> None:
    near = ready.post("/checkout/times/", {**CONTACT, "postcode": "12508"}).content.decode()
    far = ready.post("/checkout/times/", {**CONTACT, "postcode": "94607"}).content.decode()
    assert f'<option value="{code()}"' in near
    assert "Nobody can come to 94607 in the next weeks." in far
    assert "Enter your postcode above" in ready.get("/checkout/").content.decode()


def test_without_script_a_button_shows_the_times_and_keeps_what_was_typed(ready: Client, shop: Reseller) -> None:
    response = ready.post("/checkout/", {**CONTACT, "method": "cod", "times": "1"})
    page = response.content.decode()
    assert (response.status_code, f'<option value="{code()}"' in page, 'value="12508"' in page) == (200, True, True)


def test_without_a_time_it_is_asked_for_and_nothing_is_ordered(ready: Client, shop: Reseller) -> None:
    response = place(ready)
    assert (response.status_code, ServiceBooking.objects.count()) == (409, 0)
    assert "Please choose when somebody shall come." in response.content.decode()


def test_the_order_shows_who_comes_and_when(ready: Client, shop: Reseller, option) -> None:
    address = order_with(ready, shop, option)
    assert "Booked; we choose who comes" in text(ready, address)
    factories.drain()
    dispatching.run()
    task = booked.task()
    service_tasks.accept(number=task.number, provider_id=task.provider_id)
    page = text(ready, address)
    assert ("Confirmed" in page, "Fitwell comes to you." in page, "8 to 12" in page) == (True, True, True)
    service_tasks.hand_in(
        number=task.number, provider_id=task.provider_id, proof="Up and tried.", photos=[serving.photo()]
    )
    page = ready.get(address).content.decode()
    assert ("Up and tried." in page, '<img class="w-full rounded-' in page, "Another time" in page) == (
        True,
        True,
        False,
    )


def test_nothing_of_what_it_costs_the_supplier_is_seen(ready: Client, shop: Reseller, option) -> None:
    address = order_with(ready, shop, option)
    for path in ("/p/alder-mug/", "/bag/", address):
        assert "80.00" not in ready.get(path).content.decode()


def test_the_order_page_moves_and_cancels_it(ready: Client, shop: Reseller, option) -> None:
    address = order_with(ready, shop, option)
    factories.drain()
    line = ServiceBooking.objects.get().line_id
    assert ready.post(f"{address}service/{line}/move/", {"slot": "nonsense"}).status_code == 422
    assert ready.post(f"{address}service/{line}/move/", {"slot": code(2)}).status_code == 303
    assert "17 to 20" in text(ready, address)
    assert ready.post(f"{address}service/{line}/cancel/").status_code == 303
    assert "Cancelled, the money goes back" in text(ready, address)
    with factories.inside(shop):
        assert Order.objects.get().refunded_minor == 10_890


def test_a_stranger_changes_nothing(ready: Client, shop: Reseller, option, visitor) -> None:
    address = order_with(ready, shop, option)
    factories.drain()
    other = factories.reseller("other")
    line = ServiceBooking.objects.get().line_id
    assert visitor(other).post(f"{address}service/{line}/cancel/").status_code == 404
    assert ready.post(f"{address}service/{line + 1}/cancel/").status_code == 404
    assert ServiceBooking.objects.get().state == "placed"


def test_a_complaint_about_it_is_the_suppliers_and_counts(ready: Client, shop: Reseller, option) -> None:
    address = order_with(ready, shop, option)
    factories.drain()
    dispatching.run()
    task = booked.task()
    service_tasks.accept(number=task.number, provider_id=task.provider_id)
    service_tasks.hand_in(number=task.number, provider_id=task.provider_id, proof="Up.")
    ready.post(f"{address}help/", {"topic": "visit", "text": "It hangs askew.", "key": "k"})
    factories.drain()
    with factories.inside(shop):
        assert (Case.objects.get().turn, Case.objects.get().why) == ("supplier", "topic")
    assert booked.task().complaint == "It hangs askew."
    booked.clean()


def test_without_a_booked_service_the_topic_is_not_there(filled: Client, shop: Reseller) -> None:
    address = order_of(place(filled))
    assert 'value="visit"' not in filled.get(f"{address}help/").content.decode()
    assert filled.post(f"{address}help/", {"topic": "visit", "text": "?", "key": "k"}).status_code == 422
