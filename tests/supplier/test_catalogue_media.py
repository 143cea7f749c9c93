"""Pictures: whatever comes in is decoded, capped and written anew, or refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Media, Product
from supplier.services import media
from tests.supplier import catalogue_world as world

pytestmark = pytest.mark.django_db


def picture(width: int = 1000, height: int = 1250, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> BytesIO:
    buffer = BytesIO()
    Image.new(mode, (width, height), "#3d6b57" if mode != "CMYK" else (1, 2, 3, 4)).save(buffer, kind, **more)
    buffer.seek(0)
    return buffer


def stored(medium: Media) -> list[tuple[int, str, tuple[int, int]]]:
    found = []
    for width, file in medium.renditions:
        with Image.open(Path(settings.MEDIA_ROOT, file)) as image:
            found.append((width, image.format or "", image.size))
    return found


@pytest.fixture
def product() -> Product:
    return world.product()


def test_add_writes_webp_in_several_widths(product: Product) -> None:
    medium = media.add(product_id=product.id, upload=picture(), alt_en="Mug")
    assert stored(medium) == [
        (240, "WEBP", (240, 300)),
        (480, "WEBP", (480, 600)),
        (960, "WEBP", (960, 1200)),
        (1000, "WEBP", (1000, 1250)),
    ]


def test_add_caps_the_width_and_turns_upright(product: Product) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    medium = media.add(product_id=product.id, upload=picture(3000, 2000, exif=exif))
    assert (medium.width, medium.height) == (1600, 2400)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("WEBP", "RGB")],
)
def test_add_reads_what_cameras_and_programs_write(product: Product, kind: str, mode: str) -> None:
    if mode == "I;16":
        buffer = BytesIO()
        Image.new("I;16", (80, 80)).save(buffer, "PNG")
        buffer.seek(0)
    else:
        buffer = picture(80, 80, kind, mode)
    assert media.add(product_id=product.id, upload=buffer).width == 80


def test_add_keeps_nothing_of_the_metadata(product: Product) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    medium = media.add(product_id=product.id, upload=picture(exif=exif, comment=b"SECRET-WORD"))
    assert b"SECRET" not in Path(settings.MEDIA_ROOT, medium.file).read_bytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
        (b"GIF89a" + b"\0" * 100, "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not_a_picture"),
        (b"\xff\xd8\xff\xe0" + b"junk" * 50, "broken_picture"),
        (picture(8000, 6000, "PNG").getvalue(), "too_many_pixels"),
        (picture(20, 400).getvalue(), "too_small"),
        (picture().getvalue()[:3000], "broken_picture"),
        (b"\xff\xd8\xff" + b"x" * (media.MAX_BYTES + 1), "too_large"),
    ],
)
def test_add_refuses_what_is_no_usable_picture(product: Product, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        media.add(product_id=product.id, upload=BytesIO(content))
    assert refusal.value.code == code
    assert not Media.objects.exists()


def test_add_to_a_product_that_is_gone_leaves_no_file() -> None:
    before = set(Path(settings.MEDIA_ROOT).rglob("*.webp"))
    with pytest.raises(NotFound):
        media.add(product_id=99_999, upload=picture())
    assert set(Path(settings.MEDIA_ROOT).rglob("*.webp")) == before


def test_reorder_and_remove(product: Product, django_capture_on_commit_callbacks: Any) -> None:
    first, second = (media.add(product_id=product.id, upload=picture(100, 100)) for _ in range(2))
    media.reorder(product_id=product.id, media_ids=[second.id])
    assert list(Media.objects.order_by("position").values_list("id", flat=True)) == [second.id, first.id]
    with django_capture_on_commit_callbacks(execute=True):
        media.remove(media_id=first.id)
    assert not Path(settings.MEDIA_ROOT, first.file).exists()
    assert Path(settings.MEDIA_ROOT, second.file).exists()


def test_update_refuses_another_products_variant(product: Product) -> None:
    medium = media.add(product_id=product.id, upload=picture(100, 100))
    world.product("OTHER", skus=("O-1",))
    with pytest.raises(Refused):
        media.update(media_id=medium.id, variant_id=world.variant("O-1").id)
    assert media.update(media_id=medium.id, alt_zh="杯").alt_zh == "杯"
