"""What comes after the sale, as customers see it: asking for a return, its slip, the order with what became of it; and an error."""

from __future__ import annotations

import io
from typing import Any

from django.db.models import Q
from django.test import RequestFactory
from django.utils import translation
from PIL import Image

from orders.models import Order
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import refusals
from tests.pictures.camera import Camera

ORDERS = {
    "asked": ("juniper-row", Q(returns__state="requested")),
    "approved": ("shanye", Q(returns__state="approved")),
    "on-its-way": ("juniper-row", Q(returns__state="shipped")),
    "arrived": ("larder", Q(returns__state="received")),
    "refused": ("juniper-row", Q(returns__state="refused")),
    "exchanged": ("juniper-row", Q(returns__state="closed", returns__wish="exchange")),
    "refunded": ("juniper-row", Q(returns__state="closed", returns__wish="refund")),
    "replacement": ("juniper-row", Q(total_minor=0)),
    "expired": ("juniper-row", Q(status="expired")),
    "held": ("juniper-row", Q(events__kind="held")),
    "helped": ("juniper-row", Q(cases__state="closed", cases__topic="goods")),
}


def shoot(camera: Camera) -> None:
    page = camera.page()
    for name, (slug, which) in ORDERS.items():
        camera.attempt(lambda name=name, slug=slug, which=which: _order(camera, page, name, slug, which))  # type: ignore[misc]
    camera.attempt(lambda: _ask(camera))
    camera.attempt(lambda: _help(camera, page))
    camera.attempt(lambda: _error(camera))


def _order(camera: Camera, page: Any, name: str, slug: str, which: Q) -> None:
    token, back = find(slug, which)
    camera.go(page, slug, f"/order/{token}/", f"order-{name}")
    if back:
        camera.go(page, slug, f"/order/{token}/return/{back}/", f"slip-{name}")


def _help(camera: Camera, page: Any) -> None:
    """Asking for help, and a thread that the supplier answered in the shop's name."""
    token, _back = find("juniper-row", Q(cases__state="closed", cases__topic="goods"))
    camera.go(page, "juniper-row", f"/order/{token}/help/", "help")
    with context.entered(Reseller.objects.get(slug="juniper-row")), context.reading():
        number = Order.objects.get(token=token).cases.latest("opened_at").number
    camera.go(page, "juniper-row", f"/order/{token}/help/{number}/", "help-thread")


def find(slug: str, which: Q) -> tuple[str, str]:
    """Give the token of the newest such order, and the number of its return, if it has one."""
    with context.entered(Reseller.objects.get(slug=slug)), context.reading():
        order = Order.objects.filter(which).latest("id")
        back = order.returns.last()
        return order.token, back.number if back else ""


def _ask(camera: Camera) -> None:
    """The form, empty and filled in."""
    page = camera.page()
    token, _back = find(
        "juniper-row", Q(status="shipped", paid="paid", refunded_minor=0, returns=None, total_minor__gt=0)
    )
    camera.go(page, "juniper-row", f"/order/{token}/return/", "ask")
    page.locator("main input[type=file]").set_input_files(
        {"name": "rim.png", "mimeType": "image/png", "buffer": _photo()}
    )
    page.locator("main textarea").first.fill("One handle has a hairline crack.")
    camera.take(page, "ask-filled")
    page.locator("main form .btn-primary").last.click()
    page.wait_for_load_state("load")
    camera.take(page, "ask-refused")


def _photo() -> bytes:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(kept, "PNG")
    return kept.getvalue()


def _error(camera: Camera) -> None:
    """What stands there when something of ours broke."""
    with translation.override(camera.language):
        answer = refusals.server_error(RequestFactory().get("/"))
    for host in ("larder", "office", "supply"):
        page = camera.page()
        page.route(
            "**/broken/", lambda route: route.fulfill(status=500, content_type="text/html", body=answer.content)
        )
        camera.go(page, host, "/broken/", f"error-{host}", status=500)
