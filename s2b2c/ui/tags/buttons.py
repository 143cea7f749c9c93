"""Icons, buttons and links."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from s2b2c.ui import icons

register = template.Library()
Text = str | Promise

VARIANTS = {"primary": "btn-primary", "outline": "line", "ghost": "quiet", "danger": "bad", "dark": "btn-neutral"}
SIZES = {"": "", "sm": "btn-sm", "lg": "btn-lg"}


def inlined(context: Context) -> bool:
    """In a shop icons are drawn in place: one request less before the first paint."""
    request = context.get("request")
    return getattr(request, "audience", "") == "shop" or bool(context.get("icons_inline"))


def _attrs(given: dict[str, Any]) -> str:
    """Give attributes: ``hx_get`` → ``hx-get``; True stands alone, None, False and "" vanish."""
    kept = {key.rstrip("_").replace("_", "-"): value for key, value in given.items() if value not in (None, False, "")}
    return flatatt(kept)


@register.simple_tag(takes_context=True)
def ui_icon(context: Context, name: str, size: str = "m", label: str = "", extra: str = "") -> SafeString:
    """Draw a Lucide icon; sizes s 14, m 16, l 20, xl 44 px."""
    return icons.icon(name, size=size, label=label, extra=extra, inline=inlined(context))


def faced(context: Context, label: Text, icon: str, icon_end: str) -> SafeString:
    """Give a label between its icons."""
    inline = inlined(context)
    before = icons.icon(icon, inline=inline) if icon else ""
    after = icons.icon(icon_end, inline=inline) if icon_end else ""
    return format_html("{}{}{}", before, label, after)


def classes(variant: str, size: str, square: bool, extra: str) -> str:
    """Give the class names of a button."""
    return " ".join(filter(None, ["btn", VARIANTS[variant], SIZES[size], "sq" if square else "", extra]))


@register.simple_tag(takes_context=True)
def ui_button(
    context: Context, label: Text, variant: str = "outline", icon: str = "", icon_end: str = "", size: str = "",
    extra: str = "", square: bool = False, **attrs: Any,
) -> SafeString:  # fmt: skip
    """A button; type is ``submit`` unless given. ``square``: the icon alone, label for screen readers."""
    attrs.setdefault("type", "submit")
    if square:
        attrs.setdefault("aria_label", str(label))
    face = faced(context, "" if square else label, icon, icon_end)
    return format_html('<button class="{}"{}>{}</button>', classes(variant, size, square, extra), _attrs(attrs), face)


@register.simple_tag(takes_context=True)
def ui_link(
    context: Context, label: Text, url: str, variant: str = "outline", icon: str = "", icon_end: str = "",
    size: str = "", extra: str = "", square: bool = False, **attrs: Any,
) -> SafeString:  # fmt: skip
    """A link that looks like a button; ``variant="text"`` is a plain link in the text colour of actions."""
    if square:
        attrs.setdefault("aria_label", str(label))
    css = f"lnk {extra}".strip() if variant == "text" else classes(variant, size, square, extra)
    face = faced(context, "" if square else label, icon, icon_end)
    return format_html('<a class="{}" href="{}"{}>{}</a>', css, url, _attrs(attrs), face)
