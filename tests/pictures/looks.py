"""The six looks side by side, and the shops that are not open."""

from __future__ import annotations

from tests.pictures import stage as stages
from tests.pictures.camera import Camera, Site

SHOPS = {
    "hearth": "juniper-row",
    "trail": "shanye",
    "pantry": "larder",
    "gallery": "plain-room",
    "kiln": "kiln-house",
    "dusk": "night-porch",
}


def stage(site: Site) -> None:
    for look in ("kiln", "dusk"):
        stages.shop(SHOPS[look], look)
    stages.shop("shut-door", "hearth", status="closed")
    stages.shop("on-hold", "hearth", status="suspended")


def shoot(camera: Camera) -> None:
    page = camera.page()
    for look, host in SHOPS.items():
        product = stages.in_stock(host)[0]
        for name, path in {"home": "/", "all": "/c/", "product": f"/p/{product}/", "sign-in": "/account/"}.items():
            camera.go(page, host, path, f"{look}-{name}")
    camera.go(page, "shut-door", "/", "closed", status=410)
    camera.go(page, "on-hold", "/", "suspended", status=503)
    camera.go(page, "on-hold", "/account/", "suspended-account")
