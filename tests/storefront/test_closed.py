"""A shop that is suspended: orders placed still come, and nothing leads to shelves that are closed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from orders.models import Order
from s2b2c.tenancy import services
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.storefront.conftest import place

pytestmark = pytest.mark.django_db


def _token(shop: Reseller) -> str:
    with factories.inside(shop):
        return Order.objects.latest("id").token


def test_order_stays_to_be_seen_when_the_shop_is_suspended(filled: Client, shop: Reseller) -> None:
    place(filled)
    services.suspend(reseller=shop, reason="checks")
    page = filled.get(f"/order/{_token(shop)}/")
    assert page.status_code == 200
    look = re.search(r"/theme\.\w+\.css", page.content.decode())
    assert look
    assert filled.get(look.group()).headers["Content-Type"].startswith("text/css")
    assert filled.get("/").status_code == 503
    assert filled.get("/bag/").status_code == 503


def test_pages_of_a_suspended_shop_lead_nowhere_closed(filled: Client, shop: Reseller) -> None:
    place(filled)
    token = _token(shop)
    open_page = filled.get(f"/order/{token}/").content.decode()
    services.suspend(reseller=shop, reason="checks")
    pages = [filled.get(path).content.decode() for path in (f"/order/{token}/", "/account/")]
    links = {link for page in pages for link in re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', page)}
    closed = {link for link in links if not link.startswith("/static/") and filled.get(link).status_code == 503}
    assert (closed, "/c/" in open_page, "The shop is closed for now" in pages[0]) == (set(), True, True)
