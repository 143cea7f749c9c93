"""The README's pictures: ``python -m tests.pictures readme`` writes them into docs/pictures, from the demo that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests.pictures.camera import PICTURES, Camera

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = (1280, 960)  # the window's width, and that of the picture
MOST_BYTES = 200_000
ROW = "table.t tbody a.ink"  # the first row's link of any list


@dataclass(frozen=True, slots=True)
class Shot:
    """Where a picture is taken: a page, or what the first link found there leads to; in one language."""

    host: str
    path: str
    link: str = ""
    language: str = "en"


SHOTS = {
    "shop": Shot("juniper-row", "/"),
    "shop-zh": Shot("shanye", "/", language="zh-hans"),
    "office": Shot("office", "/juniper-row/"),
    "supply": Shot("supply", "/orders/?state=shipped", ROW),
    "tools": Shot("office", "/juniper-row/kits/", "main a:has-text('Slow mornings')"),
    "procurement": Shot("supply", "/buying/plans/?state=settled", ROW),
    "quality": Shot("supply", "/quality/recalls/", ROW),
    "network": Shot("supply", "/network/"),
    "intelligence": Shot("office", "/juniper-row/advice/", language="zh-hans"),
    "joint-service": Shot("supply", "/help/?state=open&turn=supplier", ROW),
}


def shoot(camera: Camera) -> None:
    """Take those of this camera's size and language."""
    if camera.width != WIDE[0]:
        return
    pages: dict[str, Any] = {}
    for name, shot in SHOTS.items():
        if shot.language == camera.language and camera.only in name:
            camera.attempt(_taken(camera, pages, name, shot))


def _taken(camera: Camera, pages: dict[str, Any], name: str, shot: Shot) -> Callable[[], None]:
    def take() -> None:
        page = pages.get(shot.host) or pages.setdefault(shot.host, _page(camera, shot.host))
        page.goto(camera.site.address(shot.host, shot.path), wait_until="load")
        if shot.link:
            page.locator(shot.link).first.click()
            page.wait_for_load_state("load")
        page.evaluate(PICTURES)
        page.wait_for_timeout(600)  # charts, and what is loaded into the page
        kept = small(page.screenshot())
        if len(kept) > MOST_BYTES:
            raise LookupError(f"{name} has {len(kept)} bytes")
        (FOLDER / f"{name}.png").write_bytes(kept)
        print(f"docs/pictures/{name}.png {len(kept) // 1000} kB", flush=True)

    return take


def _page(camera: Camera, host: str) -> Any:
    page = camera.page()
    if host in ("office", "supply"):
        camera.sign_in(page, host)
    camera.speak(page, host)
    return page


def small(png: bytes) -> bytes:
    """Give a picture in the README's size and 256 colours."""
    with Image.open(BytesIO(png)) as taken:
        wide, high = taken.size
        made = taken.convert("RGB").resize((WIDE[1], high * WIDE[1] // wide), Image.Resampling.LANCZOS)
    kept = BytesIO()
    made.quantize(256, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()
