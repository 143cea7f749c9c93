"""Services booked with goods: from the product's page to who comes, in the shop and in both offices."""

from __future__ import annotations

from typing import Any

from enablement.models import ServiceBooking, ServiceProvider, ServiceTask
from enablement.services import service_mail
from orders.models import Order
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import Product
from tests.pictures.camera import Camera, Site

SHOP, _CODE = "juniper-row", "HL-SHF"
_orders: dict[str, tuple[str, str, str]] = {}


def stage(site: Site) -> None:
    """Note which orders have a service, by how far it is."""
    for row in ServiceBooking.objects.select_related("reseller", "task").order_by("id"):
        reseller: Reseller = row.reseller
        with context.entered(reseller), context.reading():
            token = Order.objects.get(number=row.order_number).token
        state = str(row.task.state if row.task and row.state == "placed" else row.state)
        _orders[f"{state}-{reseller.slug}"] = reseller.slug, token, row.order_number


def shoot(camera: Camera) -> None:
    camera.attempt(lambda: _shop(camera))
    camera.attempt(lambda: _supply(camera))
    camera.attempt(lambda: _office(camera))
    camera.attempt(lambda: _provider(camera))


def _shop(camera: Camera) -> None:
    page, slug = camera.page(), Product.objects.get(code=_CODE).slug
    camera.go(page, SHOP, f"/p/{slug}/", "product")
    page.locator("[name=service]").first.check()
    camera.take(page, "product-ticked")
    page.locator("#add button, .sf-stick button").locator("visible=true").first.click()
    page.wait_for_selector("#bag .sf-line")
    page.wait_for_timeout(400)
    camera.take(page, "drawer")
    camera.go(page, SHOP, "/bag/", "bag")
    camera.go(page, SHOP, "/checkout/", "checkout")
    page.locator("[name=postcode]").fill("94607")
    page.locator("[name=city]").click()
    page.wait_for_selector("#appointments .sf-tell")
    camera.take(page, "checkout-nobody")
    page.locator("[name=postcode]").fill("11217")
    page.locator("[name=city]").click()
    page.wait_for_selector("#appointments select")
    camera.take(page, "checkout-times")
    for name, (slug, token, _number) in _orders.items():
        camera.go(page, slug, f"/order/{token}/", f"order-{name}")
        for each in page.locator("article details").all():
            each.evaluate("one => { one.open = true }")
        camera.take(page, f"order-{name}-open")


def _supply(camera: Camera) -> None:
    page: Any = camera.page()
    camera.sign_in(page, "supply")
    camera.go(page, "supply", "/network/", "supply-dispatch")
    camera.go(page, "supply", "/network/with-goods/", "supply-options")
    camera.go(page, "supply", "/network/with-goods/new/", "supply-option-new")
    task = ServiceTask.objects.filter(booking__isnull=False, state="accepted").latest("id")
    camera.go(page, "supply", f"/network/tasks/{task.number}/", "supply-task")
    wrong = ServiceTask.objects.filter(booking__isnull=False).exclude(complaint="").latest("id")
    camera.go(page, "supply", f"/network/tasks/{wrong.number}/", "supply-task-complaint")


def _office(camera: Camera) -> None:
    page: Any = camera.page()
    camera.sign_in(page, "office")
    camera.go(page, "office", f"/{SHOP}/services/", "office-services")
    camera.go(page, "office", f"/{SHOP}/services/with-goods/", "office-with-goods")
    for name, (slug, _token, number) in _orders.items():
        if slug == SHOP:
            camera.go(page, "office", f"/{SHOP}/orders/{number}/", f"office-order-{name}")
    photos = ServiceTask.objects.filter(reseller__slug=SHOP, kind="photos", state__in=("approved", "paid")).earliest(
        "id"
    )
    page.goto(camera.site.address("office", f"/{SHOP}/services/{photos.number}/"))
    page.wait_for_selector("#use section")
    camera.take(page, "office-photos-used")


def _provider(camera: Camera) -> None:
    page = camera.page()
    who = ServiceProvider.objects.get(name="Fitwell Installations")
    path = service_mail.address(who).split("localhost", 1)[1].lstrip(":0123456789")
    page.goto(camera.site.address("supply", path))
    camera.speak(page, "supply")
    camera.go(page, "supply", "/provider/", "provider-home")
    task = ServiceTask.objects.filter(booking__isnull=False, provider=who).latest("id")
    camera.go(page, "supply", f"/provider/tasks/{task.number}/", "provider-task")
