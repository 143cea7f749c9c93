"""Pictures of products with their size known before they load, and drawn plates where there is none."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from s2b2c.kernel import texts
from s2b2c.ui import plates

# size → (class, the sizes attribute, lazy unless told otherwise)
SIZES: dict[str, tuple[str, str]] = {
    "t1": ("plate t1", "24px"),
    "t2": ("plate t2", "32px"),
    "t3": ("plate t3", "48px"),
    "card": ("plate full", "(min-width: 64rem) 300px, 46vw"),
    "half": ("plate full", "(min-width: 64rem) 640px, 100vw"),
    "full": ("plate full", "100vw"),
    "bare": ("", "(min-width: 64rem) 300px, 46vw"),
}


def plate_tag(
    glyph: str, tint: str = "", ground: str = "", *, name: str = "", size: str = "card", alt: str = "",
    lazy: bool = True, extra: str = "",
) -> SafeString:  # fmt: skip
    """Give the ``<img>`` of a drawn plate."""
    address = quote(plates.url(glyph, tint, ground, name), safe="/?&=.-_")
    return _img(address, plates.WIDTH, plates.HEIGHT, size=size, alt=alt, lazy=lazy, extra=extra)


def tag(thing: Any, *, size: str = "card", alt: str | None = None, lazy: bool = True, extra: str = "") -> SafeString:
    """Give the ``<img>`` of a product, variant, category, medium, or of anything with ``plate`` and ``tint``.

    Looks no further than what is already loaded: a product's ``media`` is used when it was prefetched.
    ``thing.picture`` (a medium or a plate's name), if there is one, comes first.
    """
    medium = _medium(thing)
    if medium is not None:
        return _photo(medium, size=size, alt=alt, lazy=lazy, extra=extra)
    product = getattr(thing, "product", None) or thing
    glyph = getattr(product, "plate", "") or _category_plate(product)
    name = texts.local(product, "name") or getattr(product, "name", "") or str(product)
    return plate_tag(
        glyph, getattr(thing, "tint", "") or "", getattr(thing, "ground", "") or "",
        name=name, size=size, alt="" if alt is None else alt, lazy=lazy, extra=extra,
    )  # fmt: skip


def _category_plate(product: Any) -> str:
    state = getattr(product, "_state", None)
    category = state.fields_cache.get("category") if state else getattr(product, "category", None)
    return getattr(category, "plate", "")


def _medium(thing: Any) -> Any | None:
    if hasattr(thing, "file") and hasattr(thing, "width"):
        return thing
    picture = getattr(thing, "picture", None)
    if hasattr(picture, "file"):
        return picture
    for owner in (thing, getattr(thing, "product", None)):
        loaded = getattr(owner, "_prefetched_objects_cache", {}).get("media")
        if loaded:
            return min(loaded, key=lambda medium: medium.position)
    return None


def _photo(medium: Any, *, size: str, alt: str | None, lazy: bool, extra: str) -> SafeString:
    words = texts.local(medium, "alt") if alt is None else alt
    sources = [(width, _address(file)) for width, file in getattr(medium, "renditions", None) or ()]
    srcset = ", ".join(f"{address} {width}w" for width, address in sources)
    return _img(
        _address(medium.file), medium.width, medium.height, size=size, alt=words, lazy=lazy, extra=extra, srcset=srcset
    )


def _address(file: Any) -> str:
    name = str(file)
    return name if name.startswith(("/", "http")) else default_storage.url(name)


def _img(
    src: str, width: int, height: int, *, size: str, alt: str, lazy: bool, extra: str, srcset: str = ""
) -> SafeString:
    css, sizes = SIZES[size]
    wide = format_html(' srcset="{}" sizes="{}"', srcset, sizes) if srcset else ""
    loading = mark_safe(' loading="lazy" decoding="async"') if lazy else mark_safe(' fetchpriority="high"')
    return format_html(
        '<img class="{}" src="{}"{} width="{}" height="{}" alt="{}"{}>',
        f"{css} {extra}".strip(), src, wide, str(width), str(height), alt, loading,
    )  # fmt: skip
