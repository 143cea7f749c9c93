"""The platform's own host: what it is, and the ways in."""

from __future__ import annotations

from tests.pictures.camera import Camera
from tests.pictures.walk import walk

OUT = ("/", "/accounts/signup/", "/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/")
IN = ("/accounts/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/email/",
      "/accounts/password/change/")  # fmt: skip


def shoot(camera: Camera) -> None:
    page = camera.page()
    walk(camera, page, "", OUT, "s2b2c.urls.platform")
    camera.go(page, "", "/no/such/page/", "not-found", status=404)
    camera.attempt(lambda: refused(camera))
    camera.attempt(lambda: signed_in(camera))


def signed_in(camera: Camera) -> None:
    page = camera.page()
    camera.sign_in(page, "supply")
    walk(camera, page, "supply", IN, "s2b2c.urls.supply", most=8)


def refused(camera: Camera) -> None:
    page = camera.page()
    page.goto(camera.site.address("", "/accounts/login/"))
    page.locator("[name=login]").fill("nobody@example.com")
    page.locator("[name=password]").fill("not the password")
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state("load")
    camera.take(page, "login-refused")
