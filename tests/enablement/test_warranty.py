"""The warranty of a piece by its serial number: a stranger learns whether it holds, its buyer all of it, S which piece."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.formats import date_format

from enablement.models import Complaint
from enablement.selectors import warranty
from orders.models import Order
from supplier.models import Category, FulfilmentLine, FulfilmentOrder, SalesLine, Stock, Variant
from supplier.services import picking, shipping
from tests import factories
from tests.storefront.test_account import sign_in
from tests.supplier.test_serials import come

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop):
    """Two pieces with numbers, of a category with a year of warranty, sent."""
    cache.clear()
    Stock.objects.filter(variant=shop.variant).update(available=0)
    Category.objects.update(warranty_months=12)
    Variant.objects.filter(pk=shop.variant.pk).update(serials=True)
    one, two, _three = come(shop.variant, "SN-1", "SN-2", "SN-3")
    placed = factories.buy(shop, shop.variant, 2)
    box = FulfilmentOrder.objects.get(order__order_number=placed.number)
    line = FulfilmentLine.objects.get(fulfilment=box)
    for place, each in enumerate((one, two), 1):
        picking.record_pick(number=box.number, line_id=line.pk, picked=place, actor_id=None, lot_id=each.pk)
    shipping.ship(number=box.number, carrier="DHL", tracking="", request_key="k")
    factories.drain()
    with factories.inside(shop):
        return Order.objects.get(number=placed.number)


def person(shop):
    return Client(HTTP_HOST=f"{shop.slug}.localhost")


def looked_up(client, serial, **more):
    return client.post("/warranty/", {"serial": serial}, **more)


def test_months_are_those_promised_when_it_was_sold(shop, order):
    Variant.objects.update(warranty_months=24)
    (found,) = warranty.of_serial("sn-1", reseller_id=shop.pk)
    assert (found.months, found.until, found.lasts) == (12, warranty.after(found.sent_on, 12), True)
    assert SalesLine.objects.get().warranty_months == 12
    assert [warranty.after(date(2027, 8, 31), n) for n in (6, 18)] == [date(2028, 2, 29), date(2029, 2, 28)]


def test_stranger_learns_the_warranty_and_nothing_of_the_buyer(shop, other, order):
    page = looked_up(person(shop), "SN-1").content.decode()
    known = (order.number, order.token, order.name, order.email)
    (found,) = warranty.of_serial("SN-1", reseller_id=shop.pk)
    until = f"12 months, until {date_format(found.until)}"
    assert (until in page, [each for each in known if each in page]) == (True, [])
    assert "12 个月" in looked_up(person(shop), "SN-1", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    for client, serial in ((person(shop), "SN-3"), (person(shop), "SN-9"), (person(other), "SN-1")):
        assert "We know no such number" in looked_up(client, serial).content.decode()


def test_buyer_sees_the_order_and_says_it_is_broken_with_one_click(shop, order):
    buyer = person(shop)
    seen = buyer.get(f"/order/{order.token}/").content.decode()
    link = re.search(r"/order/[\w-]+/help/\?serial=SN-2[^\"]*", seen)[0].replace("&amp;", "&")
    form = buyer.get(link).content.decode()
    assert ("serial number SN-2" in form, re.search(r'value="goods:broken"[^>]* checked', form) is not None) == (
        True,
        True,
    )
    told = {"topic": "goods:broken", "text": "It is dark.", "key": "k", "serial": "SN-2"}
    there = buyer.post(f"/order/{order.token}/help/", told).headers["Location"]
    factories.drain()
    made = Complaint.objects.get()
    assert (made.lot.code, made.text) == ("SN-2", "Serial number SN-2\nIt is dark.")
    assert "SN-2" in buyer.get(there).content.decode()


def test_signed_in_buyer_sees_where_and_when_it_was_bought(shop, other, order):
    buyer = person(shop)
    sign_in(buyer, order.email)
    page = looked_up(buyer, "SN-1").content.decode()
    assert (order.number in page, f"/order/{order.token}/help/?serial=SN-1" in page) == (True, True)
    stranger = person(shop)
    factories.buy(shop, shop.variant, 1, email="nobody@example.com")
    sign_in(stranger, "nobody@example.com")
    assert order.number not in looked_up(stranger, "SN-1").content.decode()


def test_number_of_another_order_is_not_taken(shop, order):
    told = {"topic": "goods:broken", "text": "It is dark.", "key": "k", "serial": "SN-3"}
    person(shop).post(f"/order/{order.token}/help/", told)
    factories.drain()
    assert (Complaint.objects.get().lot, Complaint.objects.get().text) == (None, "It is dark.")


def test_look_up_is_throttled(shop, order, settings):
    settings.DEBUG = False
    answers = [looked_up(person(shop), f"X-{n}").status_code for n in range(31)]
    assert (set(answers[:30]), answers[30]) == ({200}, 429)
