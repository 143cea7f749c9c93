"""Lucide icons by name: a reference to the sprite in the offices, the drawing itself in a shop."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).resolve().parent.parent / "static" / "icons.svg"
SIZES = {"s": " ic-s", "m": "", "l": " ic-l", "xl": " ic-xl"}


class MissingIcon(LookupError):
    """The icon is not in the sprite: add its name to assets/icons.txt and run ``make css``."""


@lru_cache(maxsize=1)
def drawings() -> dict[str, str]:
    """Give name → path markup of every icon in the sprite."""
    found = re.findall(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', SPRITE.read_text(encoding="utf-8"))
    return dict(found)


@lru_cache(maxsize=512)
def icon(name: str, *, size: str = "m", extra: str = "", label: str = "", inline: bool = False) -> SafeString:
    """Draw an icon; without a label it is decoration and hidden from screen readers."""
    if name not in drawings():
        if settings.DEBUG:
            raise MissingIcon(name)
        name = "circle"
    css = f"ic{SIZES.get(size, '')} {extra}".strip()
    aria = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    if inline:
        return format_html('<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>', css, aria, mark_safe(drawings()[name]))  # noqa: S308
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', css, aria, static("icons.svg"), name)
