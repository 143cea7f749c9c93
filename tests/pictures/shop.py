"""A shop as its customers see it: shelves, search, product, bag, checkout, payment, account."""

from __future__ import annotations

import re
from typing import Any

from tests.pictures import stage as stages
from tests.pictures.camera import Camera, Site

SHOP = "larder"  # pays by card and on delivery
CONTACT = {
    "email": "maya@example.com", "name": "Maya Lindqvist", "street": "218 Dean Street", "postcode": "11217",
    "city": "Brooklyn", "region": "NY", "phone": "",
}  # fmt: skip
PLAIN = {
    "home": "/",
    "all": "/c/",
    "category": "/c/cook/",
    "category-faceted": "/c/?sort=price&stock=1",
    "search": "/search/?q=board",
    "search-none": "/search/?q=zzzz",
    "search-empty": "/search/",
    "bag-empty": "/bag/",
    "sign-in": "/account/",
    "policy-delivery": "/pages/delivery/",
    "policy-returns": "/pages/returns/",
    "policy-privacy": "/pages/privacy/",
    "imprint": "/pages/imprint/",
}
GO = re.compile(r"Place order|提交订单")


def stage(site: Site) -> None:
    stages.things(SHOP)


def shoot(camera: Camera) -> None:
    page = camera.page()
    for name, path in PLAIN.items():
        camera.attempt(lambda name=name, path=path: camera.go(page, SHOP, path, name))  # type: ignore[misc]
    camera.go(page, SHOP, "/no/such/page/", "not-found", status=404)
    camera.go(page, SHOP, "/order/aaaaaaaaaaaaaaaaaaaaaaaaaa/", "order-unknown", status=404)
    camera.go(page, "no-such-shop", "/", "host-unknown", status=404)
    for name, slug in stages.products(SHOP).items():
        camera.attempt(lambda name=name, slug=slug: camera.go(page, SHOP, f"/p/{slug}/", f"product-{name}"))  # type: ignore[misc]
    for walk in (facets, search_typed, bag, troubled, checkout, account, no_script):
        camera.attempt(lambda walk=walk: walk(camera))  # type: ignore[misc]


def facets(camera: Camera) -> None:
    """Choose the first value of the first facet."""
    page = camera.page()
    page.goto(camera.site.address(SHOP, "/c/"))
    box = page.locator("#filters input[type=checkbox]").first
    camera.go(page, SHOP, f"/c/?{box.get_attribute('name')}={box.get_attribute('value')}", "category-chosen")
    if camera.width < 700:
        page.locator("a[href='#filters']").first.click()
        camera.take(page, "filters")


def search_typed(camera: Camera) -> None:
    """Type into the search, and see what is suggested."""
    page = camera.page()
    page.goto(camera.site.address(SHOP, "/search/"))
    page.locator("input[name=q]:visible").first.press_sequentially("boa", delay=30)
    page.wait_for_timeout(900)
    camera.take(page, "search-typed")


def put_in(camera: Camera, page: Any, slug: str) -> None:
    page.goto(camera.site.address(SHOP, f"/p/{slug}/"))
    with page.expect_response(lambda answer: answer.url.endswith("/bag/add/")):
        page.locator("button[form=add]:visible, #add button:visible").first.click()
    page.wait_for_timeout(500)


def bag(camera: Camera) -> None:
    page = camera.page()
    slugs = stages.in_stock(SHOP)
    put_in(camera, page, slugs[0])
    camera.take(page, "drawer")
    put_in(camera, page, slugs[1])
    camera.go(page, SHOP, "/bag/", "bag")


def troubled(camera: Camera) -> None:
    """A bag whose things changed: dearer, sold out, no longer sold."""
    page = camera.page()
    for slug in (slugs := stages.in_stock(SHOP)[:3]):
        put_in(camera, page, slug)
    with stages.trouble(SHOP, slugs):
        camera.go(page, SHOP, "/bag/", "bag-troubled")
        camera.go(page, SHOP, "/checkout/", "checkout-troubled")


def checkout(camera: Camera) -> None:
    page = camera.page()
    camera.go(page, SHOP, "/checkout/", "checkout-empty")
    put_in(camera, page, stages.in_stock(SHOP)[0])
    camera.go(page, SHOP, "/checkout/", "checkout")
    press(page, GO)
    camera.take(page, "checkout-missing")
    fill(page, CONTACT | {"email": "maya@", "postcode": "1"})
    press(page, GO)
    camera.take(page, "checkout-wrong")
    fill(page, CONTACT)
    page.locator("input[name=method][value=card]").check()
    press(page, GO)
    page.wait_for_url(re.compile(r"/c/pay/"))
    camera.take(page, "pay")
    page.locator("button[value=decline]").click()
    page.wait_for_url(re.compile("declined"))
    camera.take(page, "pay-declined")
    page.locator("a.back").click()
    page.wait_for_load_state("load")
    camera.take(page, "pay-abandoned")
    press(page, GO)
    page.wait_for_url(re.compile(r"/c/pay/"))
    page.locator("button[value=card]").click()
    page.wait_for_url(re.compile(r"/order/"))
    camera.take(page, "order-after-payment")
    page.wait_for_timeout(3_000)
    page.reload()
    camera.take(page, "order-confirmed")


def fill(page: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"#co [name={name}]").fill(value)


def press(page: Any, name: re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).locator("visible=true").first.click()


def account(camera: Camera) -> None:
    """Sign in by the code of the mail, look at what is there."""
    page = camera.page()
    page.goto(camera.site.address(SHOP, "/account/"))
    sent = len(camera.site.mails())
    page.locator("main [name=email]").fill(stages.customer(SHOP))
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state("load")
    camera.take(page, "code")
    page.locator("main [name=code]").fill("000000")
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state("load")
    camera.take(page, "code-wrong")
    page.locator("main [name=code]").fill(code(camera, page, sent))
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state("load")
    camera.take(page, "account")
    with page.expect_navigation():
        page.locator("form[action='/account/erase/']").evaluate(
            "form => { form.email.value = 'no@example.com'; form.submit() }"
        )
    camera.take(page, "erase-wrong")


def code(camera: Camera, page: Any, sent: int) -> str:
    """Give the code of the newest mail, when it has come."""
    for _ in range(40):
        if len(mails := camera.site.mails()) > sent:
            text = mails[-1].get_body(("plain",)).get_content()
            return re.findall(r"\b\d{6}\b", text)[0]
        page.wait_for_timeout(250)
    raise LookupError("no mail with a code came")


def no_script(camera: Camera) -> None:
    """The main path with scripts switched off."""
    page = camera.page(java_script_enabled=False)
    page.goto(camera.site.address(SHOP, f"/p/{stages.in_stock(SHOP)[0]}/"))
    page.locator("button[form=add]:visible, #add button:visible").first.click()
    page.wait_for_load_state("load")
    page.locator("a[href='/checkout/']:visible").first.click()
    page.wait_for_url(re.compile("/checkout/"))
    fill(page, CONTACT)
    page.locator("input[name=method][value=cod]").check()
    page.get_by_role("button", name=GO).locator("visible=true").first.click()
    page.wait_for_url(re.compile(r"/order/"))
    camera.found.extend([] if "/order/" in page.url else [f"no order without scripts: {page.url}"])
