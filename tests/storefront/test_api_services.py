"""Services booked with goods over the shop's API: offered, given a time, placed, moved and cancelled."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from enablement.models import ServiceBooking
from enablement.services import dispatching, service_tasks
from s2b2c.tenancy.models import Reseller
from tests.enablement import booking as booked
from tests.orders.buying import drain
from tests.storefront.conftest import CONTACT, variant
from tests.storefront.test_api import API, NOBODYS, cart_of, post

pytestmark = pytest.mark.django_db(transaction=True)
HERE = {**CONTACT, "postcode": "11201", "city": "Brooklyn"}


@pytest.fixture
def option(shop: Reseller) -> Any:
    """An installation of the mug at 99.00, and a fitter who comes on every day."""
    shop.variant = variant(shop, "MUG-PINE-8")  # type: ignore[attr-defined]
    booked.fitter()
    return booked.option(shop)


def put(client: Client, path: str, data: Any) -> Any:
    return client.put(f"{API}{path}", data, content_type="application/json")


def with_service(client: Client, shop: Reseller, option: Any, quantity: int = 1) -> tuple[str, int]:
    cart, mug = cart_of(client, shop, quantity), variant(shop, "MUG-PINE-8").id
    assert put(client, f"/carts/{cart}/lines/{mug}/services/", {"services": [option.pk]}).status_code == 200
    return cart, mug


def order(client: Client, cart: str, slots: Any = (), **headers: str) -> Any:
    told = {"cart": cart, "contact": HERE, "method": "cod", "slots": list(slots)}
    return post(client, "/checkout/", told, **headers)


def placed(client: Client, shop: Reseller, option: Any) -> Any:
    cart, mug = with_service(client, shop, option)
    slot = {"variant": mug, "service": option.pk, "on": booked.first().isoformat(), "part": 0}
    made = order(client, cart, [slot], **{"Idempotency-Key": uuid.uuid4().hex}).json()
    drain()
    return made


def test_a_product_says_what_can_be_booked_with_it_and_never_what_it_costs_the_supplier(client, shop, option) -> None:
    told = client.get(f"{API}/products/alder-mug/").json()["services"]
    assert told == [
        {"id": option.pk, "kind": "install", "title": "Installation", "text": "We put it up.", "price_minor": 9_900, "most_pieces": 4}
    ]  # fmt: skip
    assert client.get(f"{API}/products/moor-blanket/").json()["services"] == []


def test_a_service_is_ticked_counted_and_taken_out(client, shop, option) -> None:
    cart, mug = with_service(client, shop, option)
    shown = client.get(f"{API}/carts/{cart}/").json()
    assert (shown["services_minor"], shown["items_minor"], shown["ready"]) == (9_900, 11_900, True)
    assert [row["service"] for row in shown["lines"][0]["services"]] == [option.pk]
    without = put(client, f"/carts/{cart}/lines/{mug}/services/", {"services": []}).json()
    assert (without["services_minor"], without["lines"][0]["services"]) == (0, [])


def test_more_pieces_than_a_visit_does_stand_in_the_way(client, shop, option) -> None:
    cart, _mug = with_service(client, shop, option, 5)
    shown = client.get(f"{API}/carts/{cart}/").json()
    assert (shown["lines"][0]["services"][0]["problem"], shown["ready"]) == ("many", False)


def test_a_service_that_is_not_offered_with_the_goods_is_refused(client, shop, option) -> None:
    cart = cart_of(client, shop)
    blanket = shop.blanket.variants.get().id
    assert post(client, f"/carts/{cart}/lines/", {"variant": blanket}).status_code == 201
    refused = put(client, f"/carts/{cart}/lines/{blanket}/services/", {"services": [option.pk]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "service")


def test_times_are_those_somebody_has_room_in_at_the_place(client, shop, option) -> None:
    cart, mug = with_service(client, shop, option)
    here = client.get(f"{API}/carts/{cart}/slots/", {"country": "US", "postcode": "11201"}).json()["items"]
    assert [(row["variant"], row["service"]) for row in here] == [(mug, option.pk)]
    assert here[0]["slots"][0] == {"on": booked.first().isoformat(), "part": 0}
    far = client.get(f"{API}/carts/{cart}/slots/", {"country": "US", "postcode": "90210"}).json()["items"]
    assert far[0]["slots"] == []
    assert client.get(f"{API}/carts/{cart}/slots/").status_code == 422
    assert client.get(f"{API}/carts/{NOBODYS}/slots/", {"country": "US", "postcode": "11201"}).status_code == 404


def test_an_order_without_a_time_for_its_service_is_refused_and_nothing_is_kept(client, shop, option) -> None:
    cart, _mug = with_service(client, shop, option)
    refused = order(client, cart)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "slot")
    assert not ServiceBooking.objects.exists()


def test_an_order_placed_twice_with_one_key_books_once(client, shop, option) -> None:
    cart, mug = with_service(client, shop, option)
    slot = {"variant": mug, "service": option.pk, "on": booked.first().isoformat(), "part": 0}
    first, again = (order(client, cart, [slot], **{"Idempotency-Key": "k" * 20}) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert ServiceBooking.objects.count() == 1
    told = first.json()["services"]
    assert [(row["state"], row["on"], row["part"], row["price_minor"]) for row in told] == [
        ("placed", booked.first().isoformat(), 0, 9_900)
    ]


def test_a_service_is_moved_once_and_says_who_comes(client, shop, option) -> None:
    made = placed(client, shop, option)
    path = f"/orders/{made['token']}/services/{made['services'][0]['line']}/"
    to = client.get(f"{API}{path}").json()["slots"][3]
    answers = [post(client, f"{path}move/", to, **{"Idempotency-Key": "m" * 20}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (booked.booking().on.isoformat(), booked.booking().moved) == (to["on"], 1)
    dispatching.run()
    task = booked.task()
    service_tasks.accept(number=task.number, provider_id=task.provider_id)
    told = client.get(f"{API}{path}").json()
    assert (told["state"], told["provider"], told["on"], told["part"]) == ("accepted", "Fitwell", to["on"], to["part"])


def test_a_service_is_cancelled_and_its_money_goes_back(client, shop, option) -> None:
    made = placed(client, shop, option)
    path = f"/orders/{made['token']}/services/{made['services'][0]['line']}/"
    ended = [post(client, f"{path}cancel/", {}).json() for _ in range(2)]
    assert [(row["state"], row["changeable"], row["slots"]) for row in ended] == [("cancelled", False, [])] * 2
    shown = client.get(f"{API}/orders/{made['token']}/").json()
    assert [row["state"] for row in shown["services"]] == ["cancelled"]
    assert made["total_minor"] - shown["total_minor"] + shown["refunded_minor"] >= 9_900


def test_services_of_an_order_are_reached_by_its_own_token_only(client, shop, option) -> None:
    made = placed(client, shop, option)
    other = placed(client, shop, option)
    line = made["services"][0]["line"]
    assert client.get(f"{API}/orders/{other['token']}/services/{line}/").status_code == 404
    goods = line - 1
    assert client.get(f"{API}/orders/{made['token']}/services/{goods}/").status_code == 404
    assert post(client, f"/orders/{other['token']}/services/{line}/cancel/", {}).status_code == 404
    assert ServiceBooking.objects.get(line_id=line, order_number=made["number"]).state == "placed"
