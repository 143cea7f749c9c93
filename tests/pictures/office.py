"""A reseller's office, signed in as the shop's owner."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from orders.models import Order
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from tests.pictures.camera import Camera
from tests.pictures.walk import walk

# Orders with something to show: their return, what can be changed of them.
ORDERS = {
    "return-asked": Q(returns__state="requested"),
    "return-on-its-way": Q(returns__state="shipped"),
    "returned": Q(returns__state="closed"),
    "disputed": Q(events__kind="dispute"),
}


def shoot(camera: Camera) -> None:
    page = camera.page()
    camera.sign_in(page, "office")
    walk(camera, page, "office", ("/", camera.site.login("office")["path"]), "s2b2c.urls.office")
    for name, which in ORDERS.items():
        camera.attempt(lambda name=name, which=which: _order(camera, page, name, which))  # type: ignore[misc]
    for name, state in (
        ("help-mine", "?state=open&turn=shop"),
        ("help-supplier", "?state=open&turn=supplier"),
        ("help-answered", "?state=answered"),
    ):
        camera.attempt(lambda name=name, state=state: _case(camera, page, name, state))  # type: ignore[misc]
    camera.attempt(lambda: _take_off(camera, page))
    camera.attempt(lambda: _job(camera, page))


def _order(camera: Camera, page: Any, name: str, which: Q) -> None:
    """An order, its return, and the start of another."""
    start = camera.site.login("office")["path"]
    number, back = _found(which)
    camera.go(page, "office", f"{start}orders/{number}/", f"order-{name}")
    if back:
        camera.go(page, "office", f"{start}orders/{number}/return/{back}/", f"page-{name}")


def _found(which: Q) -> tuple[str, str]:
    with context.entered(Reseller.objects.get(slug="juniper-row")), context.reading():
        order = Order.objects.filter(which).latest("id")
        back = order.returns.last()
        return order.number, back.number if back else ""


def _case(camera: Camera, page: Any, name: str, which: str) -> None:
    """A thread of help, reached from the list as its reader reaches it."""
    page.goto(camera.site.address("office", f"{camera.site.login('office')['path']}help/{which}"))
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("load")
    camera.take(page, name)


def _take_off(camera: Camera, page: Any) -> None:
    """What taking a piece off changes, before it is done."""
    start = camera.site.login("office")["path"]
    number, _back = _found(Q(status__in=("placed", "processing")))
    camera.go(page, "office", f"{start}orders/{number}/take-off/", "take-off")
    page.locator("main select").first.select_option(index=1)
    page.locator("main input[type=number]").first.fill("1")
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state("load")
    camera.take(page, "take-off-preview")


def _job(camera: Camera, page: Any) -> None:
    """Something done to several rows at once, and the list of such jobs."""
    start = camera.site.login("office")["path"]
    page.goto(camera.site.address("office", f"{start}products/"))
    for box in page.locator("tbody .ck input").all()[:3]:
        box.check(force=True)
    page.locator(".bulk button[formaction]").first.click()
    page.wait_for_load_state("load")
    page.wait_for_timeout(2_500)
    camera.take(page, "job-done")
    camera.go(page, "office", f"{start}jobs/", "jobs-list")
