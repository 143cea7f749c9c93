"""The main pages in a real browser, on a phone and on a desk: axe finds nothing serious, and no policy is broken."""

from __future__ import annotations

from typing import Any

import pytest

from s2b2c.embedded.processes import wait_until
from s2b2c.ui import theme
from tests import factories
from tests.browser import looking
from tests.browser.conftest import Open, sign_in
from tests.browser.running import Platform

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "": ["/"],
    "supply": ["/", "/orders/", "/orders/kiln-house/{order}/", "/fulfilment/", "/fulfilment/{fulfilment}/", "/catalogue/",
               "/catalogue/{product}/", "/stock/", "/imports/", "/resellers/", "/ledger/", "/events/", "/resellers/new/", "/resellers/terms/", "/resellers/kiln-house/",
               "/warehouses/", "/ledger/journals/", "/catalogue/new/", "/catalogue/categories/", "/settings/staff/",
               "/settings/audit/", "/accounts/", "/buying/", "/buying/needs/", "/buying/quotes/", "/buying/quotes/new/",
               "/buying/bills/", "/buying/costs/", "/buying/vendors/", "/quality/inspections/", "/quality/complaints/",
               "/quality/recalls/", "/network/", "/network/with-goods/", "/network/providers/", "/help/", "/help/rules/",
               "/tools/", "/kits/new/", "/academy/", "/announcements/new/", "/insights/", "/insights/advice/",
               "/insights/forecasts/", "/insights/alerts/"],
    "office": ["/kiln-house/", "/kiln-house/orders/", "/kiln-house/orders/{order}/", "/kiln-house/products/",
               "/kiln-house/add/", "/kiln-house/design/", "/kiln-house/settings/", "/kiln-house/money/",
               "/kiln-house/money/lines/", "/kiln-house/customers/", "/kiln-house/share/", "/kiln-house/products/rule/",
               "/kiln-house/settings/staff/", "/kiln-house/address/", "/kiln-house/insights/", "/kiln-house/rounds/",
               "/kiln-house/complaints/"],
    "kiln-house": ["/", "/c/", "/c/kitchen/", "/search/?q=mug", "/p/kiln-mug/", "/bag/", "/checkout/", "/order/{token}/",
                   "/account/"],
}  # fmt: skip


@pytest.fixture
def names(platform: Platform) -> dict[str, Any]:
    """A shop with goods and an order, made once; what its pages are called."""
    if not _made:
        _made.update(_make())
    return _made


_made: dict[str, Any] = {}


def _make() -> dict[str, Any]:
    from supplier.models import FulfilmentOrder

    factories.company()
    factories.terms(300)
    kiln = factories.reseller("kiln-house")
    mug = factories.product("Kiln Mug", slug="kiln-mug", variants=2, stock=20)
    factories.listing(kiln, mug)
    factories.listing(kiln, factories.product("Kiln Blanket", slug="kiln-blanket", stock=1))
    order = factories.buy(kiln, factories.first_variant(mug), 2, drained=False)  # the worker is there for it
    opened = FulfilmentOrder.objects.filter(order__order_number=order.number)
    assert wait_until(opened.exists, seconds=30)
    return {
        "kiln": kiln,
        "order": order.number,
        "token": order.token,
        "fulfilment": opened.get().number,
        "product": mug.id,
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("host", PAGES)
def test_page_is_open_to_everybody_and_keeps_to_the_policy(
    platform: Platform, opened: Open, names: dict[str, Any], host: str, width: int
) -> None:
    page = opened(width=width)
    get_in(platform, page, host, names)
    found: dict[str, Any] = {}
    for path in PAGES[host]:
        response = page.goto(platform.address(host, path.format(**names)), wait_until="load")
        assert response.status == 200, f"{path}: {response.status}"
        if faults := looking.serious(page) + looking.unsure(page):
            found[path] = faults
        if looking.sideways(page):
            found[f"{path} is wider than the window"] = width
    assert found == {}
    assert page.complaints == []
    assert platform.errors() == []


def get_in(platform: Platform, page: Any, host: str, names: dict[str, Any]) -> None:
    people = {"supply": lambda: factories.staff("admin"), "office": lambda: factories.member(names["kiln"], "owner")}
    if host in people:
        sign_in(page, platform.address(host), people[host](), factories.PASSWORD)
    elif host:
        page.goto(platform.address(host, "/p/kiln-mug/"))
        with page.expect_response(lambda answer: answer.url.endswith("/bag/add/")):
            page.locator("button[form=add]:visible, #add button:visible").first.click()


@pytest.mark.parametrize("host", PAGES)
def test_page_is_as_wide_as_a_small_phone(platform: Platform, opened: Open, names: dict[str, Any], host: str) -> None:
    page = opened(width=360)
    get_in(platform, page, host, names)
    wide = []
    for path in PAGES[host]:
        page.goto(platform.address(host, path.format(**names)), wait_until="load")
        if looking.sideways(page):
            wide.append(path)
    assert wide == []


def test_shop_with_a_long_name_keeps_its_bag_in_the_window_in_every_look(platform: Platform, opened: Open) -> None:
    page, out = opened(width=360), []
    for look in [each["code"] for each in theme.looks()]:
        factories.reseller(f"long-{look}", name="North Hearth Provisions & Daughters", look=look)
        page.goto(platform.address(f"long-{look}"), wait_until="load")
        if page.evaluate("() => document.querySelector('[data-bag]').getBoundingClientRect().right > innerWidth"):
            out.append(look)
    assert (out, looking.sideways(page)) == ([], False)
