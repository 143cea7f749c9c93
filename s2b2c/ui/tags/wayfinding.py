"""Where one is and can go: navigation, tabs, crumbs, pages, steps, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from s2b2c.ui import nav
from s2b2c.ui.tags.buttons import Text

register = template.Library()


@register.inclusion_tag("ui/_nav.html")
def ui_nav(items: Iterable[nav.NavItem] | None, style: str = "rail") -> dict[str, Any]:
    """The frames' navigation. Styles: ``rail`` (groups), ``side``, ``bar`` and ``menu`` (shop office), ``shop``."""
    listed = list(items or ())
    bar = [item for item in listed if item.place in ("first", "plus")]
    return {"style": style, "groups": nav.grouped(listed), "items": listed, "bar": bar[:5],
            "first": bar, "more": [item for item in listed if item.place == "more"]}  # fmt: skip


@register.inclusion_tag("ui/_tabs.html")
def ui_tabs(items: Iterable[nav.NavItem], label: Text = "", target: str = "") -> dict[str, Any]:
    """Tabs that are links, with counts; ``target`` (a CSS selector) makes htmx swap that part only."""
    return {"items": items, "label": label or _("Sections"), "target": target}


@register.simple_tag
def ui_crumbs(*pairs: Any) -> SafeString:
    """Breadcrumb from alternating labels and URLs; the last label stands alone: ``"Orders" url "208417"``."""
    parts = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else None) for i in range(0, len(pairs), 2)]
    return mark_safe(render_to_string("ui/_crumbs.html", {"parts": parts}))  # noqa: S308


@register.inclusion_tag("ui/_pager.html")
def ui_pager(newer: str = "", older: str = "", note: Text = "") -> dict[str, Any]:
    """Previous and next of a keyset-paged list; an empty URL greys its button."""
    return {"newer": newer, "older": older, "note": note}


@register.inclusion_tag("ui/_stepper.html")
def ui_stepper(steps: Sequence[Text], current: int) -> dict[str, Any]:
    """Steps of a wizard; ``current`` counts from 1."""
    return {
        "steps": [(i, step, i < current, i == current) for i, step in enumerate(steps, 1)],
        "of": len(steps),
        "current": current,
    }


@register.inclusion_tag("ui/_timeline.html")
def ui_timeline(events: Iterable[Any]) -> dict[str, Any]:
    """Newest first. Each event (dict or object): title, at, by, note, icon, state (done, now, next, warn, bad), private."""
    return {"events": events}
