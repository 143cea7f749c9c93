"""The page of an order in every state it can be in."""

from __future__ import annotations

from tests.pictures import stage as stages
from tests.pictures.camera import Camera, Site
from tests.pictures.shop import SHOP

_states: dict[str, str] = {}


def stage(site: Site) -> None:
    _states.update(stages.orders(SHOP))


def shoot(camera: Camera) -> None:
    page = camera.page()
    for name, token in _states.items():
        camera.go(page, SHOP, f"/order/{token}/", name)
    if "pending" in _states:
        camera.go(page, SHOP, f"/order/{_states['pending']}/?paid=1", "checking")
