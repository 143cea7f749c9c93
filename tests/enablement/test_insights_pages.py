"""Insights of both offices: figures, where they lead, whose they are."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from enablement.selectors import insights
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import summing
from tests.orders import buying
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db(transaction=True)


def owner(shop) -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    return client


@pytest.fixture
def traded(shop, other) -> None:
    buying.buy(shop, quantity=2)
    buying.buy(other, quantity=3)
    buying.drain()
    summing.refresh()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_offices_answer_before_anything_was_sold(shop, language: str) -> None:
    people = [(supplier_office.client("finance"), "/insights/"), (owner(shop), f"/{shop.slug}/insights/")]
    for client, path in people:
        client.cookies["language"] = language
        with translation.override("en"):  # what the request chose ends with it
            page = client.get(path)
        assert page.status_code == 200
        assert "<canvas" not in page.content.decode()


def test_supplier_sees_the_network_and_each_figure_leads_to_its_list(traded, shop, other) -> None:
    client = supplier_office.client("finance")
    page = client.get("/insights/").content.decode()
    assert "$100.00" in page  # 40.00 and 60.00, without tax and delivery
    assert page.index("Salt &amp; Pine") < page.index("Juniper Row")
    links = {each.replace("&amp;", "&") for each in re.findall(r'href="(/[a-z]+/\?[^"]*(?:placed|since)[^"]*)"', page)}
    assert len(links) == 28 + 4  # each day; all of it, what went back, two shops
    assert {client.get(each).status_code for each in links} == {200}
    day = clock.now().date()
    assert f"/orders/?placed_from={day}&placed_to={day}" in links


def test_reseller_sees_its_own_figures_only(traded, shop, other) -> None:
    page = owner(shop).get(f"/{shop.slug}/insights/?days=7").content.decode()
    assert ("$40.00" in page, "$18.80" in page) == (True, True)
    assert [word for word in ("$60.00", "$100.00", "Salt", "Thing of Salt") if word in page] == []


def test_what_is_not_offered_is_the_default(traded) -> None:
    page = supplier_office.client("finance").get("/insights/?days=9999&currency=XXX")
    assert (page.context["span"].days, page.context["currency"]) == (28, "USD")


def test_sell_through_is_what_sold_of_what_there_was(traded, shop) -> None:
    product = shop.variant.product_id
    assert insights.sell_through([product], {product: 2}) == {product: 2 * 100 / 50}
