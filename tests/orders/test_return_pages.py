"""A return on c's order page and in the shop's office."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from orders.models import Order, ReturnRequest
from orders.services import returns
from supplier.models import ReturnOrder, Terms
from supplier.services import returns as supply
from tests import factories
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop, provider) -> Order:
    return returning.sent(shop, provider)


def consumer(shop) -> Client:
    return Client(HTTP_HOST=f"{shop.slug}.localhost", headers={"accept-language": "en"})


def office(shop, role: str = "owner") -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, role), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def photo() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), "red").save(file, "JPEG")
    return SimpleUploadedFile("me.jpg", file.getvalue(), "image/jpeg")


def only(shop) -> ReturnRequest:
    with factories.inside(shop):
        return ReturnRequest.objects.get()


def line_of(shop, order: Order) -> int:
    with factories.inside(shop):
        return order.lines.get().pk


def test_c_asks_without_a_login_and_prints_the_slip(shop, order, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    c, page = consumer(shop), f"/order/{order.token}/"
    assert f"{page}return/" in c.get(page).content.decode()
    form = {f"p{line_of(shop, order)}": "1", "reason": "defect", "wish": "refund", "note": "Cracked", "key": "k"}
    assert c.post(f"{page}return/", {**form, "photos": SimpleUploadedFile("x.svg", b"<svg/>")}).status_code == 422
    asked = c.post(f"{page}return/", {**form, "photos": photo()})
    assert (asked.status_code, asked["Location"]) == (303, f"{page}#returns")
    back = only(shop)
    assert (back.note, back.reason, back.photos[0].startswith("returns/")) == ("Cracked", "defect", True)
    buying.drain()
    assert "Asked for" in c.get(page).content.decode()
    returning.approve(shop, back)
    slip = c.get(f"{page}return/{back.number}/").content.decode()
    assert (back.number in slip, "<svg" in slip, "Warehouse PVD" in slip) == (True, True, True)
    assert c.post(f"{page}return/{back.number}/sent/", {"tracking": "RT 9"}).status_code == 303
    buying.drain()
    assert (only(shop).state, ReturnOrder.objects.get().tracking) == ("shipped", "RT 9")


def test_c_takes_it_back(shop, order):
    back = returning.ask(shop, order)
    consumer(shop).post(f"/order/{order.token}/return/{back.number}/withdraw/")
    assert only(shop).state == "withdrawn"


def test_slip_needs_the_order_s_own_token(shop, order):
    back = returning.ask(shop, order)
    other = buying.buy(shop, 1)
    assert consumer(shop).get(f"/order/{other.token}/return/{back.number}/").status_code == 404
    assert consumer(shop).get(f"/order/{order.token}/return/R0000000A/").status_code == 404


def test_slip_before_the_answer_asks_to_send_nothing(shop, order):
    back = returning.ask(shop, order)
    address = f"/order/{order.token}/return/{back.number}/"
    assert "Please send nothing now." in consumer(shop).get(address).content.decode()
    buying.drain()
    returning.approve(shop, only(shop))
    assert "Please send nothing now." not in consumer(shop).get(address).content.decode()


def test_form_from_another_site_is_refused(shop, order):
    answer = consumer(shop).post(f"/order/{order.token}/return/", {}, headers={"sec-fetch-site": "same-site"})
    assert answer.status_code == 403


def test_shop_reads_and_approves(shop, order):
    back = returning.ask(shop, order, reason="defect")
    b, address = office(shop), f"/{shop.slug}/orders/{order.number}/"
    assert back.number in b.get(address).content.decode()
    page = b.get(f"{address}return/{back.number}/").content.decode()
    assert ("Approve" in page, "They keep it" in page) == (True, False)
    assert b.post(f"{address}return/{back.number}/", {"action": "refuse"}).status_code == 422
    assert b.post(f"{address}return/{back.number}/", {"action": "approve"}).status_code == 302
    assert only(shop).state == "approved"


def test_shop_s_small_amounts_may_be_kept(shop, order):
    Terms.objects.update(keep_below_minor=9_999)
    with factories.inside(shop):
        Order.objects.update(terms={**order.terms, "keep_below_minor": 9_999})
    back = returning.ask(shop, order, reason="defect")
    address = f"/{shop.slug}/orders/{order.number}/return/{back.number}/"
    assert office(shop).post(address, {"action": "keep"}).status_code == 302
    assert only(shop).state == "closed"


def test_clerk_does_not_decide(shop, order):
    back = returning.ask(shop, order)
    answer = office(shop, "clerk").post(
        f"/{shop.slug}/orders/{order.number}/return/{back.number}/", {"action": "approve"}
    )
    assert (answer.status_code, only(shop).state) == (403, "requested")


def test_shop_starts_a_return(shop, order):
    address = f"/{shop.slug}/orders/{order.number}/return/"
    form = {f"p{line_of(shop, order)}": "1", "reason": "wrong", "wish": "exchange", "key": "k"}
    assert office(shop).post(address, {**form, "reason": ""}).status_code == 422
    assert office(shop).post(address, form).status_code == 302
    assert (only(shop).wish, only(shop).actor == "customer") == ("exchange", False)


def test_exchange_leads_c_to_the_replacement(shop, order):
    back = returning.ask(shop, order, wish="exchange", reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, scrapped=1)
    with factories.inside(shop):
        replacement = Order.objects.get(terms__replaces=order.number)
    page = consumer(shop).get(f"/order/{order.token}/").content.decode()
    assert f"/order/{replacement.token}/" in page
    assert consumer(shop).get(f"/order/{replacement.token}/").status_code == 200
    assert office(shop).get(f"/{shop.slug}/orders/{replacement.number}/").status_code == 200


def test_too_many_photos_are_refused(shop, order):
    with returning.refused("too_many"):
        returns.store_photos([io.BytesIO()] * 5)
    assert supply.TRANSITIONS["closed"] == set()
