"""Pictures, plates and codes."""

from __future__ import annotations

import io
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from s2b2c.ui import pictures
from s2b2c.ui.tags.buttons import Text

register = template.Library()


@register.simple_tag
def ui_picture(
    thing: Any, size: str = "card", alt: str | None = None, lazy: bool = True, extra: str = ""
) -> SafeString:
    """A product's, variant's or category's picture, or its drawn plate. Sizes: t1 24, t2 32, t3 48 px wide, card, half, full."""
    return pictures.tag(thing, size=size, alt=alt, lazy=lazy, extra=extra)


@register.simple_tag
def ui_plate(
    glyph: str, tint: str = "", ground: str = "", size: str = "card", alt: str = "", lazy: bool = True, extra: str = ""
) -> SafeString:
    """A drawn plate by its parts."""
    return pictures.plate_tag(glyph, tint, ground, size=size, alt=alt, lazy=lazy, extra=extra)


@register.simple_tag
def ui_qr(text: str, label: Text = "", extra: str = "") -> SafeString:
    """A QR code as SVG, error correction M."""
    import segno  # noqa: PLC0415 - only the pages that share an address need it

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=True,
        border=3,
        lineclass=None,
        svgclass=f"qr {extra}".strip(),
    )
    svg = (
        buffer.getvalue()
        .decode()
        .replace("<svg ", f'<svg role="img" aria-label="{conditional_escape(str(label or text))}" ', 1)
    )
    return mark_safe(svg)  # noqa: S308
