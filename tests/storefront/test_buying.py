"""From the bag to the order's page, as a browser does it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Cart, Order
from reseller.models import Offer, Shop
from reseller.services import listing as listings
from s2b2c.tenancy.models import Reseller
from supplier.models import Stock
from supplier.services import stock
from tests import factories
from tests.fakestripe import FakeStripe
from tests.storefront.conftest import CONTACT, order_of, place, variant

pytestmark = pytest.mark.django_db


def orders(shop: Reseller) -> list[Order]:
    with factories.inside(shop):
        return list(Order.objects.order_by("id"))


# --- The bag -----------------------------------------------------------------------------------------
def test_adding_names_the_bag_and_its_count(client: Client, shop: Reseller) -> None:
    response = client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id})
    assert (response.status_code, response.headers["Location"]) == (303, "/bag/")
    assert (
        client.cookies["bag-count"].value,
        client.cookies["bag"]["httponly"],
        client.cookies["bag"]["samesite"],
    ) == ("1", True, "Lax")
    assert "Alder Mug" in client.get("/bag/").content.decode()
    assert 'id="bag-count">1<' in client.get("/p/alder-mug/").content.decode()


def test_htmx_gets_the_drawer(client: Client, shop: Reseller) -> None:
    headers = {"hx-request": "true", "hx-target": "bag"}
    response = client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id}, headers=headers)
    text = response.content.decode()
    assert text.startswith('<aside id="bag"')
    assert ("Added: Alder Mug, Pine, 8 oz." in text, 'hx-swap-oob="outerHTML:[data-bag]"' in text) == (True, True)
    assert response.headers["HX-Trigger-After-Settle"] == '{"panel": "bag"}'


def test_more_than_there_are_is_refused_in_words(filled: Client, shop: Reseller) -> None:
    response = filled.post("/bag/change/", {"variant": variant(shop, "MUG-PINE-8").id, "quantity": 11})
    assert response.status_code == 409
    assert "Only 10 are left." in response.content.decode()


def test_what_is_sold_out_is_not_counted(filled: Client, shop: Reseller) -> None:
    blanket = factories.first_variant(shop.blanket)
    filled.post("/bag/add/", {"variant": blanket.id})
    both = filled.get("/bag/").content.decode()
    for row in Stock.objects.filter(variant=blanket):
        stock.adjust(variant_id=blanket.id, warehouse_id=row.warehouse_id, quantity=-row.available, reason="gone")
    page = filled.get("/bag/").content.decode()
    said = [
        "$128.00" in both,
        "$128.00" in page,
        "Without what is sold out." in page,
        "Moor Blanket is sold out" in page,
    ]
    assert (said, re.findall(r'sf-total">([^<]*)<', page)) == ([True, False, True, True], ["Total", "$27.50"])


def test_removing_empties_the_bag(filled: Client, shop: Reseller) -> None:
    filled.post("/bag/remove/", {"variant": variant(shop, "MUG-PINE-8").id})
    assert filled.cookies["bag-count"].value == ""
    assert "There is nothing in your bag yet." in filled.get("/bag/").content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"variant": "x"}, {"variant": "-1"}, {"variant": "999999"}, {"variant": "1" * 30}, {"variant": "１"}]
)
def test_odd_additions_are_told(client: Client, data: dict[str, str]) -> None:
    assert client.post("/bag/add/", data).status_code in (409, 422)


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "'; --", "é" * 40])
def test_odd_bag_cookies_are_an_empty_bag(client: Client, token: str) -> None:
    client.cookies["bag"] = token
    client.cookies["bag-count"] = "999999<b>"
    assert "There is nothing in your bag yet." in client.get("/bag/").content.decode()
    assert client.get("/checkout/").headers["Location"] == "/bag/"


def test_price_change_is_told_above_the_lines(filled: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        Offer.objects.filter(variant=variant(shop, "MUG-PINE-8")).update(price_minor=2_200)
        listings.touch()
    assert "Alder Mug is now $22.00. It was $20.00 when you added it." in filled.get("/bag/").content.decode()
    filled.post("/bag/accept/")
    assert "is now" not in filled.get("/bag/").content.decode()


def test_what_is_no_longer_sold_stops_the_checkout(filled: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        Offer.objects.update(active=False)
    assert "No longer sold" in filled.get("/bag/").content.decode()
    assert filled.get("/checkout/").headers["Location"] == "/bag/"


def test_bag_of_another_shop_is_nobodys(filled: Client, shop: Reseller, visitor: Callable[..., Client]) -> None:
    other = factories.reseller("shanye")
    factories.listing(other, shop.mug)
    stranger = visitor(other)
    stranger.cookies["bag"] = filled.cookies["bag"].value
    assert "There is nothing in your bag yet." in stranger.get("/bag/").content.decode()
    response = stranger.post("/checkout/", {**CONTACT, "method": "cod", "bag": filled.cookies["bag"].value})
    assert response.headers["Location"] == "/bag/"
    assert orders(shop) == orders(other) == []


# --- Forms that stand elsewhere ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://shanye.localhost"},
        {"origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused(filled: Client, shop: Reseller, headers: dict[str, str]) -> None:
    for path in ("/bag/add/", "/bag/remove/", "/checkout/", "/account/ask/"):
        assert filled.post(path, {"variant": variant(shop, "MUG-PINE-8").id}, headers=headers).status_code == 403
    with factories.inside(shop):
        assert [line["quantity"] for line in Cart.objects.get().lines] == [1]


def test_own_forms_are_taken(filled: Client, shop: Reseller) -> None:
    headers = {"origin": "http://juniper.localhost", "sec-fetch-site": "same-origin"}
    assert filled.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id}, headers=headers).status_code == 303


# --- The checkout --------------------------------------------------------------------------------------
def test_checkout_has_at_most_eight_visible_fields(filled: Client) -> None:
    page = filled.get("/checkout/").content.decode()
    form = page.split('<form id="co"')[1].split("</form>")[0]
    visible = [
        part
        for part in form.split("<input")[1:]
        if 'type="hidden"' not in part.split(">")[0] and 'type="radio"' not in part.split(">")[0]
    ]
    assert len(visible) == 7


def test_cash_order_is_placed_at_once(filled: Client, shop: Reseller) -> None:
    response = place(filled)
    order = orders(shop)[0]
    assert (response.status_code, order_of(response)) == (303, f"/order/{order.token}/")
    assert (order.status, order.paid, order.email, order.total_minor) == (
        "placed",
        "due",
        "june@example.com",
        2_000 + 500 + 250,
    )
    assert (filled.cookies["bag"].value, filled.cookies["bag-count"].value) == ("", "")
    page = filled.get(order_of(response)).content.decode()
    assert "Thank you, your order is placed" in page
    assert "Beacon, NY 12508" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("email", ""), ("name", ""), ("street", ""), ("postcode", "1"), ("city", ""), ("phone", "call me"),
     ("country", "XX"), ("country", "DE"), ("method", "gold"), ("name", "x" * 121), ("city", "\x00")],
)  # fmt: skip
def test_mistakes_are_marked_and_the_rest_is_kept(filled: Client, shop: Reseller, field: str, value: str) -> None:
    response = place(filled, **{field: value})
    page = response.content.decode()
    assert (response.status_code, orders(shop)) == (422, [])
    kept = {name: text for name, text in CONTACT.items() if name not in (field, "country", "phone")}
    assert [name for name, text in kept.items() if f'value="{text}"' not in page] == []


def test_an_order_and_its_page_take_few_statements(filled: Client, shop: Reseller) -> None:
    """What a shop's pages stand in is remembered; savepoints that are the test's own are not counted."""
    filled.get("/checkout/")
    with CaptureQueriesContext(connection) as submit:
        address = order_of(filled.post("/checkout/", {**CONTACT, "method": "cod"}))
    with CaptureQueriesContext(connection) as page:
        filled.get(address)
    counts = [sum("SAVEPOINT" not in query["sql"] for query in captured) for captured in (submit, page)]
    assert counts == [12, 4]


def test_sent_twice_is_one_order(filled: Client, shop: Reseller) -> None:
    token = filled.cookies["bag"].value
    first, second = place(filled), filled.post("/checkout/", {**CONTACT, "method": "cod", "bag": token})
    assert order_of(first) == order_of(second)
    assert len(orders(shop)) == 1


def test_back_button_and_another_tab_are_one_order(filled: Client, shop: Reseller, provider: FakeStripe) -> None:
    """The old page is sent again after the order was placed: its hidden field still names the bag."""
    token = filled.cookies["bag"].value
    first = place(filled, method="card")
    again = filled.post("/checkout/", {**CONTACT, "method": "card", "bag": token, "total": "2750"})
    assert order_of(first) == order_of(again)
    assert order_of(first).startswith(provider.url)
    assert [order.status for order in orders(shop)] == ["pending"]


def test_changed_address_replaces_the_order_that_waits(filled: Client, shop: Reseller, provider: FakeStripe) -> None:
    place(filled, method="card")
    place(filled, method="card", street="1 Elsewhere Road")
    assert [(order.status, order.address["street"]) for order in orders(shop)] == [
        ("cancelled", "28 Churchill Street"), ("pending", "1 Elsewhere Road"),
    ]  # fmt: skip
    assert Stock.objects.get(variant=variant(shop, "MUG-PINE-8")).available == 9


def test_price_that_rose_meanwhile_is_shown_first(filled: Client, shop: Reseller) -> None:
    old = filled.get("/checkout/").content.decode().split('name="total" value="')[1].split('"')[0]
    with factories.inside(shop):
        Offer.objects.filter(variant=variant(shop, "MUG-PINE-8")).update(price_minor=2_200)
        listings.touch()
    response = filled.post(
        "/checkout/", {**CONTACT, "method": "cod", "bag": filled.cookies["bag"].value, "total": old}
    )
    page = response.content.decode()
    assert (response.status_code, orders(shop)) == (409, [])
    assert ("Prices have changed" in page, 'value="June Park"' in page, "Place order, $29.70" in page) == (
        True,
        True,
        True,
    )


def test_somebody_faster_is_told_by_name(filled: Client, shop: Reseller) -> None:
    page = filled.get("/checkout/").content.decode()
    total = page.split('name="total" value="')[1].split('"')[0]
    stock.adjust(
        variant_id=variant(shop, "MUG-PINE-8").id, warehouse_id=factories.warehouse().id, quantity=-10, reason="lost"
    )
    response = filled.post(
        "/checkout/", {**CONTACT, "method": "cod", "bag": filled.cookies["bag"].value, "total": total}
    )
    assert response.status_code == 409
    assert "Somebody was faster. Alder Mug: sold out." in response.content.decode()
    assert 'value="June Park"' in response.content.decode()


def test_closed_ways_to_pay_are_not_offered(filled: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        Shop.objects.update(cod_enabled=False)
    assert "Cash on delivery" not in filled.get("/checkout/").content.decode()
    assert place(filled, method="cod").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_are_one_order(filled: Client, shop: Reseller) -> None:
    token, answers = filled.cookies["bag"].value, []

    def submit() -> None:
        try:
            tab = Client(HTTP_HOST="juniper.localhost")
            answers.append(tab.post("/checkout/", {**CONTACT, "method": "cod", "bag": token}).headers["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(orders(shop)), len(answers), len(set(answers))) == (1, 4, 1)


# --- Paying ----------------------------------------------------------------------------------------------
def test_coming_back_proves_nothing(filled: Client, shop: Reseller, provider: FakeStripe) -> None:
    place(filled, method="card")
    token = orders(shop)[0].token
    page = filled.get(f"/order/{token}/?paid=1")
    assert "we are asking the payment provider" in page.content.decode()
    assert (page.headers["Refresh"], orders(shop)[0].status) == ("20", "pending")
    part = filled.post(f"/order/{token}/check/", {"tries": "0"}, headers={"hx-request": "true"})
    assert 'name="tries" value="1"' in part.content.decode()
    assert orders(shop)[0].status == "pending"


def test_payment_is_seen_when_the_provider_says_so(filled: Client, shop: Reseller, provider: FakeStripe) -> None:
    place(filled, method="card")
    order = orders(shop)[0]
    with factories.inside(shop):
        session = order.payments.get().session_id
    provider.pay(session)
    response = filled.post(f"/order/{order.token}/check/", headers={"hx-request": "true"})
    assert response.headers["HX-Redirect"] == f"/order/{order.token}/"
    assert (orders(shop)[0].status, orders(shop)[0].paid) == ("placed", "paid")
    page = filled.get(f"/order/{order.token}/")
    assert "Thank you, your order is placed" in page.content.decode()
    assert filled.cookies["bag"].value == ""


def test_back_without_paying_keeps_everything(filled: Client, shop: Reseller, provider: FakeStripe) -> None:
    place(filled, method="card")
    page = filled.get("/checkout/?back=1").content.decode()
    assert "You came back without paying: nothing was charged." in page
    assert "We hold your things for 15 more minutes." in page
    assert ('value="28 Churchill Street"' in page, 'value="june@example.com"' in page) == (True, True)


def test_last_piece_held_by_oneself_does_not_shut_the_checkout(
    client: Client, shop: Reseller, provider: FakeStripe
) -> None:
    client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id, "quantity": 10})
    place(client, method="card")
    assert client.get("/checkout/?back=1").status_code == 200
    assert order_of(place(client, method="card")).startswith(provider.url)


def test_dead_provider_leaves_the_order_to_pay_later(filled: Client, shop: Reseller, settings: Any) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    response = place(filled, method="card")
    order = orders(shop)[0]
    assert order_of(response) == f"/order/{order.token}/?unavailable=1"
    page = filled.get(order_of(response)).content.decode()
    assert ("The payment page did not open." in page, f"/order/{order.token}/pay/" in page) == (True, True)


# --- The order's page ----------------------------------------------------------------------------------
def test_order_page_needs_its_token(filled: Client, shop: Reseller) -> None:
    place(filled)
    for token in ("x", "0" * 26, orders(shop)[0].number):
        assert filled.get(f"/order/{token}/").status_code == 404


def test_order_of_another_shop_is_not_found(filled: Client, shop: Reseller, visitor: Callable[..., Client]) -> None:
    place(filled)
    other = factories.reseller("shanye")
    assert visitor(other).get(f"/order/{orders(shop)[0].token}/").status_code == 404


def test_buyer_cancels(filled: Client, shop: Reseller) -> None:
    place(filled)
    token = orders(shop)[0].token
    assert filled.post(f"/order/{token}/cancel/").status_code == 303
    page = filled.get(f"/order/{token}/").content.decode()
    assert (orders(shop)[0].status, "This order was cancelled" in page, "Yes, cancel the order" in page) == (
        "cancelled",
        True,
        False,
    )


def test_cancelled_order_that_was_never_paid_speaks_of_no_money(filled: Client, shop: Reseller) -> None:
    place(filled, method="cod")
    token = orders(shop)[0].token
    filled.post(f"/order/{token}/cancel/")
    page = filled.get(f"/order/{token}/").content.decode()
    assert ("Nothing was charged." in page, "the way it came" in page) == (True, False)


def test_chinese_facts_stand_between_chinese_commas(filled: Client, shop: Reseller) -> None:
    place(filled)
    page = filled.get(f"/order/{orders(shop)[0].token}/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert re.search(r"，US\$\d", page)
    assert re.findall(r"[\u4e00-\u9fff], |。 [\u4e00-\u9fff]", page) == []


def test_parcels_and_their_tracking_are_shown(visitor: Callable[..., Client], shop: Reseller) -> None:
    from orders.models import OrderEvent
    from s2b2c.kernel import clock

    mug, blanket = variant(shop, "MUG-PINE-8"), factories.first_variant(shop.blanket)
    order = factories.order(shop, [(mug, 2, 2_000), (blanket, 1, 12_800)], status="part_shipped")
    with factories.inside(shop):
        line = order.lines.get(variant=mug)
        order.lines.filter(id=line.id).update(shipped=2)
        data = {
            "carrier": "UPS",
            "tracking": "1Z84E",
            "tracking_url": "https://ups.example/1Z84E",
            "lines": [{"line": line.id, "quantity": 2}],
        }
        OrderEvent.objects.create(order=order, kind="shipped", at=clock.now(), data=data)
        OrderEvent.objects.create(order=order, kind="note", at=clock.now(), public=False, data={"text": "SECRET"})
    page = visitor(shop).get(f"/order/{order.token}/").content.decode()
    assert "One parcel is on its way, the rest follows" in page
    assert 'href="https://ups.example/1Z84E"' in page
    assert ("Still to come" in page, "sf-run-done" in page, "SECRET" in page) == (True, True, False)
    assert [spelling for spelling in ("1317", "13.17", "26.34", "65.85", "wholesale") if spelling in page] == []
