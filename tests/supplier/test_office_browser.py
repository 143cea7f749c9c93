"""The supplier's office in a real browser: picking by scanner, with script and without; the palette; the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from supplier.models import FulfilmentOrder
from supplier.services import picking
from tests import factories
from tests.supplier import office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def order(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.warehouse("PVD")
    made = []
    for sku, code in (("MUG-1", "4006381333931"), ("TRAY-1", "")):
        made.append(factories.variant(factories.product(sku, variants=0), stock=20, sku=sku, barcode=code))
    return office.order(factories.reseller("juniper-row"), [(made[0], 3), (made[1], 1)])


def opened(browser: Browser, port: str, settings: object, role: str, **options: object) -> Iterator[Page]:
    name = settings.SESSION_COOKIE_NAME
    session = office.client(role).cookies[name].value
    context = browser.new_context(base_url=f"http://supply.localhost:{port}", **options)
    context.add_cookies([{"name": name, "value": session, "domain": "supply.localhost", "path": "/"}])
    page = context.new_page()
    page.broken = []
    page.on("console", lambda said: said.type == "error" and page.broken.append(said.text))
    yield page
    context.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(browser, live, settings, order, request) -> Iterator[Page]:
    options = {"viewport": {"width": 390, "height": 800}, "java_script_enabled": request.param}
    yield from opened(browser, live, settings, "warehouse", **options)


def picked(order) -> list[int]:
    (each,) = office.fulfilments(order)
    return list(each.lines.order_by("id").values_list("picked", flat=True))


def test_picking_packing_and_sending_on_a_phone(phone, order):
    phone.goto(f"/fulfilment/{office.fulfilments(order)[0].number}/")
    phone.get_by_role("button", name="Start picking").click()
    field = phone.get_by_role("textbox")
    field.fill("4006381333931")
    field.press("Enter")  # as a scanner does: one piece, though the form's button takes them all
    assert picked(order) == [1, 0]
    phone.get_by_role("button", name="Took 2").click()
    phone.get_by_role("button", name="Took 1").click()
    assert picked(order) == [3, 1]
    phone.get_by_role("button", name="Pack 1 box").click()
    phone.goto(f"/fulfilment/{office.fulfilments(order)[0].number}/")
    phone.get_by_label("Carrier").fill("Pacific Parcel")
    phone.get_by_label("Tracking number").fill("PP 7741")
    phone.get_by_role("button", name="Send it").click()
    phone.get_by_text("PP 7741").first.wait_for()
    assert FulfilmentOrder.objects.get().state == "shipped"
    assert phone.broken == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_palette_leads_to_an_order(browser, live, settings, order):
    for page in opened(browser, live, settings, "admin", viewport={"width": 1280, "height": 800}):
        page.goto("/")
        page.keyboard.press("Control+k")
        page.get_by_role("searchbox").first.fill(order.order_number[:5])
        page.get_by_role("option", name=order.order_number).wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/orders/juniper-row/{order.order_number}/")
        assert page.broken == []


def test_escape_closes_the_palette_with_something_typed(browser, live, settings, order):
    for page in opened(browser, live, settings, "admin", viewport={"width": 1280, "height": 800}):
        page.goto("/")
        page.keyboard.press("Control+k")
        page.get_by_role("searchbox").first.fill("HL-MUG")
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0


def test_a_refused_form_begins_where_it_is_wrong(browser, live, settings, order):
    for page in opened(browser, live, settings, "warehouse", viewport={"width": 390, "height": 844}):
        page.goto("/stock/counts/new/")
        page.get_by_label("SKUs").fill("NOPE")
        page.get_by_role("button", name="Make the sheet").click()
        page.locator("[aria-invalid=true]").wait_for()
        assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_wave_is_started_from_the_list(browser, live, settings, order):
    shop = factories.reseller("blue-kettle")
    more = office.order(shop, [(factories.first_variant(factories.product(stock=9)), 2)])
    for page in opened(browser, live, settings, "warehouse", viewport={"width": 1280, "height": 800}):
        page.goto("/fulfilment/?state=queued")
        for box in page.locator("tbody input[type=checkbox]").all():
            box.check()
        page.get_by_role("button", name="Start picking").click()
        page.get_by_role("heading", name="Wave of 2 orders").wait_for()
        assert page.broken == []
    assert [office.fulfilments(each)[0].state for each in (order, more)] == ["picking", "picking"]


def test_shop_is_suspended_without_script(browser, live, settings, order):
    for page in opened(browser, live, settings, "support", java_script_enabled=False):
        page.goto("/resellers/juniper-row/")
        page.get_by_label("Reason").fill("Complaints")
        page.get_by_role("button", name="Suspend").click()
        assert "Complaints" in page.content()
        assert page.goto(f"http://juniper-row.localhost:{live}/").status == 503
    assert picking.start_picking(number=office.fulfilments(order)[0].number, actor_id=None).state == "picking"
