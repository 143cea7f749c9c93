"""A reseller's office, signed in as the shop's owner."""

from __future__ import annotations

from tests.pictures.camera import Camera
from tests.pictures.walk import walk


def shoot(camera: Camera) -> None:
    page = camera.page()
    camera.sign_in(page, "office")
    walk(camera, page, "office", ("/", camera.site.login("office")["path"]), "s2b2c.urls.office")
