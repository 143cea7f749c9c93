"""Pictures of products: every upload is decoded, capped, stripped and written anew as WebP.

Nothing of the uploaded bytes is kept: no metadata, no other format, nothing a browser would run.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import IO, TypedDict, Unpack

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from s2b2c.kernel import ids
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Media, Product, Variant
from supplier.services import published, records

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 64
MAX_WIDTH = 1600
MAX_HEIGHT = 2400
MAX_PER_PRODUCT = 20
QUALITY = 82


class MediaChanges(TypedDict, total=False):
    """What may be changed of a picture."""

    alt_en: str
    alt_zh: str
    variant_id: int | None


def add(
    *,
    product_id: int,
    upload: IO[bytes],
    alt_en: str = "",
    alt_zh: str = "",
    variant_id: int | None = None,
    actor_id: int | None = None,
) -> Media:
    """Re-encode a picture in several widths and put it last among the product's.

    :raises Refused: not a JPEG, PNG or WebP, too large, too small, or the product has enough.
    """
    words = {"alt_en": records.text(alt_en, "alt_en", 160), "alt_zh": records.text(alt_zh, "alt_zh", 160)}
    picture = _decode(upload)
    files = _encode(picture)
    token = ids.token()
    name = f"products/{token[:2]}/{token}.webp"
    medium = Media(
        product_id=product_id, variant_id=variant_id, file=name, width=picture.width, height=picture.height, **words
    )
    written: list[str] = []
    try:
        for (_width, path), content in zip(medium.renditions, files, strict=True):
            written.append(default_storage.save(path, ContentFile(content)))
        return _insert(medium, actor_id)
    except BaseException:
        _delete_files(written)
        raise


def store_photos(uploads: Sequence[IO[bytes]], *, folder: str) -> list[str]:
    """Keep photos of consumers as single WebP files below ``folder``, made anew like a product's; give their names.

    :raises Refused: see ``add``; none is kept then.
    """
    pictures = [_decode(upload) for upload in uploads]
    written: list[str] = []
    try:
        for picture in pictures:
            token = ids.token()
            content = ContentFile(_webp(picture))
            written.append(default_storage.save(f"{folder}/{token[:2]}/{token}.webp", content))
        return written
    except BaseException:
        _delete_files(written)
        raise


def rewritten(upload: IO[bytes]) -> bytes:
    """Give a picture made anew as WebP, with nothing of the bytes that came.

    :raises Refused: see ``add``.
    """
    return _webp(_decode(upload))


@transaction.atomic
def _insert(medium: Media, actor_id: int | None) -> Media:
    product = Product.objects.select_for_update().filter(id=medium.product_id).first()
    if product is None:
        raise NotFound(field="product")
    _check_variant(product.id, medium.variant_id)
    held = Media.objects.filter(product=product)
    if held.count() >= MAX_PER_PRODUCT:
        raise Refused("too_many", _("A product has at most %(most)s pictures."), field="file", most=MAX_PER_PRODUCT)
    last = held.aggregate(last=Max("position"))["last"]
    medium.position = 0 if last is None else last + 1
    medium.save(force_insert=True)
    records.audit(actor_id, "media.added", f"product:{product.id}", file=medium.file)
    published.touch()
    return medium


@transaction.atomic
def update(*, media_id: int, actor_id: int | None = None, **changes: Unpack[MediaChanges]) -> Media:
    """Change a picture's alternative texts or the variant it shows.

    :raises Refused: a text too long, or another product's variant.
    """
    medium = _get(media_id)
    for name in ("alt_en", "alt_zh"):
        if name in changes:
            changes[name] = records.text(changes[name], name, 160)  # type: ignore[literal-required]
    _check_variant(medium.product_id, changes.get("variant_id"))
    before = records.assign(medium, changes)
    if before:
        medium.save(update_fields=list(before))
        records.audit(actor_id, "media.changed", f"product:{medium.product_id}", before=before)
        published.touch()
    return medium


@transaction.atomic
def reorder(*, product_id: int, media_ids: Sequence[int], actor_id: int | None = None) -> None:
    """Show a product's pictures in this order; ones not named come after.

    :raises NotFound: one isn't this product's.
    """
    held = {
        medium.id: medium
        for medium in Media.objects.select_for_update().filter(product_id=product_id).order_by("position", "id")
    }
    if set(media_ids) - set(held):
        raise NotFound(field="media")
    order = [*media_ids, *(medium_id for medium_id in held if medium_id not in media_ids)]
    for position, medium_id in enumerate(order):
        held[medium_id].position = position
    Media.objects.bulk_update(held.values(), ["position"])
    records.audit(actor_id, "media.ordered", f"product:{product_id}")
    published.touch()


@transaction.atomic
def remove(*, media_id: int, actor_id: int | None = None) -> None:
    """Take a picture away; its files go once the change is committed."""
    medium = _get(media_id)
    files = [path for _width, path in medium.renditions]
    records.audit(actor_id, "media.removed", f"product:{medium.product_id}", file=medium.file)
    medium.delete()
    published.touch()
    transaction.on_commit(lambda: _delete_files(files))


def _get(media_id: int) -> Media:
    medium = Media.objects.select_for_update().filter(id=media_id).first()
    if medium is None:
        raise NotFound(field="media")
    return medium


def _check_variant(product_id: int, variant_id: int | None) -> None:
    if variant_id is not None and not Variant.objects.filter(id=variant_id, product_id=product_id).exists():
        raise Refused("variant", _("Choose a variant of this product."), field="variant")


def _decode(upload: IO[bytes]) -> Image.Image:
    """Read the picture, turned upright, in RGB(A), within our widths.

    :raises Refused: see ``add``. Size is known before a pixel is decoded.
    """
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_large", _("A picture has at most %(most)s MB."), field="file", most=MAX_BYTES // 1024 // 1024
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            source = Image.open(BytesIO(content), formats=FORMATS)
            _check_size(source)
            source.load()
            upright = _in_srgb(ImageOps.exif_transpose(source))
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused("not_a_picture", _("Choose a JPEG, PNG or WebP picture."), field="file") from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        raise Refused("broken_picture", _("This picture is damaged or too large to read."), field="file") from None
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((MAX_WIDTH, MAX_HEIGHT), Image.Resampling.LANCZOS)
    return plain


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Convert by the embedded colour profile where there is a readable one, and leave the profile behind."""
    profile = picture.info.pop("icc_profile", None)
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _check_size(source: Image.Image) -> None:
    width, height = source.size
    if width * height > MAX_PIXELS:
        raise Refused("too_many_pixels", _("A picture has at most 40 million pixels."), field="file")
    if min(width, height) < MIN_SIDE:
        raise Refused(
            "too_small", _("A picture is at least %(least)s pixels wide and high."), field="file", least=MIN_SIDE
        )


def _encode(picture: Image.Image) -> list[bytes]:
    """Give the renditions as WebP, narrowest first, as ``Media.renditions`` names them."""
    files = []
    for width in [*(width for width in Media.WIDTHS if width < picture.width), picture.width]:
        height = max(1, round(picture.height * width / picture.width))
        scaled = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
        files.append(_webp(scaled))
    return files


def _webp(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return buffer.getvalue()


def _delete_files(paths: Sequence[str]) -> None:
    for path in paths:
        default_storage.delete(path)
