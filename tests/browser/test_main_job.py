"""The main job, all of it real: a browser buys, Celery tells S, S sends, the shop and its customer see it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from orders.models import Order
from s2b2c.kernel.money import format_minor
from supplier.models import Stock
from supplier.selectors import audit
from tests import factories
from tests.browser.conftest import Open, sign_in
from tests.browser.running import Platform, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTACT = {
    "email": "maya@example.com", "name": "Maya Lindqvist", "street": "218 Dean Street", "postcode": "11217",
    "city": "Brooklyn", "region": "NY", "phone": "", "country": "US",
}  # fmt: skip


def two_shops(first: str, second: str) -> tuple[Any, Any]:
    """Two shops of one supplier; tax 10 % on top, delivery 5.00, fee 3 %.

    Their names are new in each test: the web server remembers for a moment whose host it was.
    """
    factories.company()
    factories.terms(300)
    delivery = {"price_minor": 500, "free_over_minor": None}
    made = [factories.reseller(slug, tax_bps=1_000, shipping=delivery) for slug in (first, second)]
    return made[0], made[1]


def test_order_goes_from_the_bag_to_the_doorstep(platform: Platform, opened: Open) -> None:
    rose, tulip = two_shops("rose-lane", "tulip-son")
    mug = factories.product("Alder Mug", slug="alder-mug", stock=5, wholesale=1_000, suggested=2_000)
    factories.listing(rose, mug)
    factories.listing(tulip, mug)
    consumer, staff, owner, stranger = opened(width=390), opened(), opened(), opened()

    buy(platform, consumer, rose.slug, pieces=2)
    order_page = consumer.url
    with factories.inside(rose):
        order = Order.objects.get()
    assert (order.paid, order.total_minor) == ("paid", 4_950)

    sign_in(staff, platform.address("supply"), factories.staff("admin"), factories.PASSWORD)
    see_order_at_supplier(platform, staff, order)
    send(staff, tracking="PP-2041-7")

    reload_until(consumer, "PP-2041-7")
    with factories.inside(rose):
        order.refresh_from_db()
    assert order.status == Order.Status.SHIPPED
    assert consumer.locator("a[href='https://parcels.example/PP-2041-7']").count() == 1

    sign_in(owner, platform.address("office"), factories.member(rose, "owner"), factories.PASSWORD)
    see_split(platform, staff, owner, order)
    told = [mail for mail in platform.mails() if "maya@example.com" in mail]
    assert "Rose Lane" in told[-1].splitlines()[0]
    assert "PP-2041-7" in told[-1]

    sign_in(stranger, platform.address("office"), factories.member(tulip, "owner"), factories.PASSWORD)
    other_shop_sees_nothing(platform, stranger, order, order_page)
    assert [page.complaints for page in (consumer, staff, owner)] == [[], [], []]
    assert platform.errors() == []
    assert [*audit.stock(), *audit.books()] == []


def test_two_shops_racing_for_the_last_piece_sell_it_once(platform: Platform) -> None:
    shops = two_shops("fern-yard", "moss-yard")
    lamp = factories.product("Storm Lamp", slug="storm-lamp", stock=1)
    for shop in shops:
        factories.listing(shop, lamp)
    variant = factories.first_variant(lamp)
    buyers = [bag_with(platform, shop.slug, variant.id) for shop in shops for _ in range(4)]

    answers = all_at_once([checkout(buyer) for buyer in buyers])

    sold = [where for status, _, where in answers if status == 303 and where.startswith("/order/")]
    refused = [text for status, text, _ in answers if status == 409]
    assert (len(sold), len(refused)) == (1, 7)
    assert all("Storm Lamp" in text for text in refused)
    assert sum(Stock.objects.filter(variant=variant).values_list("available", flat=True)) == 0
    placed = 0
    for shop in shops:
        with factories.inside(shop):
            placed += Order.objects.count()
    assert placed == 1
    assert platform.errors() == []
    assert [*audit.stock(), *audit.books()] == []


# --- Steps of the consumer -----------------------------------------------------------------------------
def buy(platform: Platform, page: Any, host: str, *, pieces: int) -> None:
    """Put pieces into the bag, check out as a guest, pay by card; end on the order's page."""
    page.goto(platform.address(host))
    page.goto(platform.address(host, "/p/alder-mug/"))
    for _ in range(pieces):
        with page.expect_response(lambda answer: answer.url.endswith("/bag/add/")):
            page.locator("button[form=add]:visible, #add button:visible").first.click()
        page.goto(platform.address(host, "/p/alder-mug/"))
    page.goto(platform.address(host, "/checkout/"))
    for name, value in CONTACT.items():
        if page.locator(f"input[name={name}]:visible").count():
            page.locator(f"input[name={name}]").fill(value)
    page.get_by_label("Card or wallet").check()
    page.get_by_role("button", name=re.compile("Place order")).locator("visible=true").click()
    page.wait_for_url(re.compile(rf":{platform.stripe_port}/"))
    page.get_by_role("button", name="Pay by card").click()
    page.wait_for_url(re.compile(r"/order/"))
    reload_until(page, "Paid, $49.50")


def reload_until(page: Any, words: str, *, seconds: float = 30) -> None:
    """Look again until the page says it: what happens behind it takes a moment."""
    end = time.monotonic() + seconds
    while words not in page.locator("main").inner_text():
        assert time.monotonic() < end, f"{page.url} does not say {words!r}:\n{page.locator('main').inner_text()}"
        page.wait_for_timeout(300)
        page.reload()


# --- Steps at the supplier -------------------------------------------------------------------------------
def see_order_at_supplier(platform: Platform, page: Any, order: Order) -> None:
    """The worker brings it; it is in the list and opens."""
    page.goto(platform.address("supply", "/orders/"))
    reload_until(page, order.number)
    page.get_by_role("link", name=order.number).first.click()
    page.wait_for_url(re.compile(rf"/orders/rose-lane/{order.number}/"))
    assert "Maya Lindqvist" in page.locator("main").inner_text()


def send(page: Any, *, tracking: str) -> None:
    """Pick by scan, pack, and send a parcel with its tracking number."""
    page.get_by_role("link", name="Pick and send").click()
    page.wait_for_url(re.compile(r"/fulfilment/\w+/$"))
    fulfilment = page.url
    page.get_by_role("button", name="Start picking").click()
    page.wait_for_load_state()
    page.goto(fulfilment)
    page.get_by_role("link", name="Pick by scan").click()
    page.get_by_role("button", name="Took 2").click()
    page.get_by_role("button", name="Pack 1 box").click()
    page.wait_for_load_state()
    page.goto(fulfilment)
    page.get_by_label("Carrier").fill("Pacific Parcel")
    page.locator("[name$=tracking]").fill(tracking)
    page.locator("[name$=tracking_url]").fill(f"https://parcels.example/{tracking}")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_load_state()
    assert tracking in page.locator("main").inner_text()


# --- What each side sees -----------------------------------------------------------------------------------
def see_split(platform: Platform, staff: Any, owner: Any, order: Order) -> None:
    """2 × 20.00 + 4.00 tax + 5.00 delivery + 0.50 tax of it = wholesale 20.00 + fee 1.20 + margin 18.80 + the rest."""
    parts = {"wholesale": 2_000, "margin": 1_880, "fee": 120, "tax": 450, "delivery": 500, "total": 4_950}
    assert sum(parts.values()) == 2 * parts["total"]
    shown = {name: format_minor(minor, "USD", "en").strip("US$") for name, minor in parts.items()}
    staff.goto(platform.address("supply", f"/orders/rose-lane/{order.number}/"))
    assert missing(staff, shown.values()) == []
    owner.goto(platform.address("office", f"/rose-lane/orders/{order.number}/"))
    assert missing(owner, shown.values()) == []
    assert "PP-2041-7" in owner.locator("main").inner_text()


def missing(page: Any, figures: Any) -> list[str]:
    text = page.locator("main").inner_text()
    return [figure for figure in figures if figure not in text]


def other_shop_sees_nothing(platform: Platform, owner: Any, order: Order, order_page: str) -> None:
    for path in ("/tulip-son/", "/tulip-son/orders/", "/tulip-son/customers/", "/tulip-son/money/"):
        owner.goto(platform.address("office", path))
        assert [word for word in (order.number, "Maya", "PP-2041") if word in owner.content()] == []
    path = re.sub(r"^https?://[^/]+", "", order_page)
    for host, where in (("tulip-son", path), ("office", f"/rose-lane/orders/{order.number}/"), ("supply", "/orders/")):
        response = owner.goto(platform.address(host, where))
        assert response.status == 404 or "/accounts/login/" in owner.url
        assert order.number not in owner.content()


# --- Several at once -----------------------------------------------------------------------------------------
def bag_with(platform: Platform, host: str, variant: int) -> Visitor:
    visitor = Visitor(platform.port, f"{host}.localhost")
    assert visitor.post("/bag/add/", {"variant": variant})[0] == 303
    return visitor


def checkout(visitor: Visitor) -> Callable[[], tuple[int, str, str]]:
    """Read the checkout's page; give what sends its form."""
    page = visitor.get("/checkout/")[1]
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("bag", "total")}
    return lambda: visitor.post("/checkout/", {**CONTACT, **hidden, "method": "cod"})


def all_at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make the calls in threads that start together."""
    gate, answers = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        gate.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
