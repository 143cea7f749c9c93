"""The supplier's office, signed in as its chief."""

from __future__ import annotations

from tests.pictures.camera import Camera
from tests.pictures.walk import walk

STARTS = ("/",)


def shoot(camera: Camera) -> None:
    page = camera.page()
    camera.sign_in(page, "supply")
    walk(camera, page, "supply", STARTS, "s2b2c.urls.supply")
