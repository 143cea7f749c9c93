"""Pages about services with goods: of S, and of a shop that leaves one out."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from enablement.models import ServiceBooking, ServiceOption, ServiceOptOut
from enablement.selectors import knowledge
from enablement.services import dispatching, service_tasks
from tests import factories
from tests.enablement import booking as booked
from tests.enablement.test_service_pages import owner
from tests.orders.buying import reread
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings, tmp_path):
    settings.SUPPLIER_MFA_REQUIRED = False
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def shop():
    factories.company()
    factories.terms(300)
    made = factories.reseller("rose", name="Rose", tax_bps=1000)
    product = factories.product("Peg Shelf", code="HL-SHF", stock=10, wholesale=1_000, suggested=2_000)
    factories.listing(made, product)
    made.variant = factories.first_variant(product)
    return made


def told(**more):
    return {
        "kind": "install", "name_en": "Put up", "name_zh": "安装", "text_en": "", "text_zh": "", "product": "hl-shf",
        "category": "", "currency": "USD", "price": "99.00", "cost": "80", "most_pieces": "4", **more,
    }  # fmt: skip


def test_what_is_offered_is_written_shown_and_stopped(shop) -> None:
    person = office.client()
    assert person.post("/network/with-goods/new/", told()).status_code == 302
    made = ServiceOption.objects.get()
    assert (made.product.code, made.price_minor, made.cost_minor) == ("HL-SHF", 9_900, 8_000)
    assert person.post(f"/network/with-goods/{made.pk}/", told(price="89.00")).status_code == 302
    assert "$89.00" in person.get("/network/with-goods/").content.decode()
    person.post(f"/network/with-goods/{made.pk}/switch/", {"active": "0"})
    assert ServiceOption.objects.get().active is False


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"product": "nothing"}, "There is no product with this number."),
        ({"product": ""}, "Say which product it goes with, or which category."),
        ({"price": "79"}, "The price can’t be below what we get of it."),
        ({"cost": "0"}, "Say what a provider may ask at most."),
        ({"name_en": " "}, "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_lost(shop, wrong, said) -> None:
    response = office.client().post("/network/with-goods/new/", told(**wrong))
    page = response.content.decode()
    assert (response.status_code, said in page, 'value="安装"' in page) == (422, True, True)
    assert ServiceOption.objects.count() == 0


def test_a_shop_sees_what_it_earns_and_leaves_it_out(shop) -> None:
    made = booked.option(shop)
    person: Client = owner(shop)
    page = " ".join(re.sub("<[^>]+>", "", person.get("/rose/services/with-goods/").content.decode()).split())
    assert "$99.00 to the customer; the supplier gets $80.00 of it" in page
    for _ in range(2):
        assert person.post(f"/rose/services/with-goods/{made.pk}/", {"out": "1"}).status_code == 302
    assert ServiceOptOut.objects.count() == 1
    person.post(f"/rose/services/with-goods/{made.pk}/", {"out": "0"})
    assert ServiceOptOut.objects.count() == 0
    assert owner(shop, "clerk").post(f"/rose/services/with-goods/{made.pk}/", {"out": "1"}).status_code == 403


def test_the_dispatch_board_says_whose_customer_booked_and_gives_up(shop) -> None:
    booked.fitter()
    order = booked.buy(shop, booked.option(shop))
    factories.drain()
    dispatching.run()
    person, number = office.client(), booked.task().number
    assert "Customer of Rose" in person.get("/network/").content.decode()
    page = person.get(f"/network/tasks/{number}/").content.decode()
    assert (f"with order {order.number}, a customer of Rose" in page, "Cancel the task" in page) == (True, False)
    assert person.post(f"/network/tasks/{number}/cancel/").status_code == 422
    assert person.post(f"/network/tasks/{number}/give-up/").status_code == 302
    factories.drain()
    assert (ServiceBooking.objects.get().state, reread(shop, order).refunded_minor) == ("failed", 10_890)


def test_the_desk_knows_provider_slot_and_proof(shop) -> None:
    booked.fitter()
    order = booked.buy(shop, booked.option(shop))
    factories.drain()
    first = knowledge.of_order(reseller_id=shop.pk, order_number=order.number, language="en")[0]
    assert first.sentence.startswith("For Installation on")
    dispatching.run()
    task = service_tasks.accept(number=booked.task().number, provider_id=booked.task().provider_id)
    first = knowledge.of_order(reseller_id=shop.pk, order_number=order.number, language="en")[0]
    assert first.sentence.startswith("Fitwell comes on")
    service_tasks.hand_in(number=task.number, provider_id=task.provider_id, proof="Up and level.")
    first = knowledge.of_order(reseller_id=shop.pk, order_number=order.number, language="en")[0]
    assert (first.sentence, first.title.endswith("Fitwell · Up and level.")) == ("", True)
