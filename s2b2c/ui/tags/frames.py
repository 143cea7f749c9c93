"""What the frames of the audiences need: languages, themes, htmx, the one table."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from s2b2c.ui.tags import buttons

register = template.Library()


@register.inclusion_tag("ui/_languages.html", takes_context=True)
def ui_languages(context: Context, style: str = "row") -> dict[str, Any]:
    """Switch of languages: works without script, returns to this page. With ``language_links`` in the context: links."""
    request = context.get("request")
    return {"languages": [("en", "English"), ("zh-hans", "中文")], "now": get_language(), "style": style,
            "links": context.get("language_links"),
            "next": request.get_full_path() if request else "/", "csrf_token": context.get("csrf_token")}  # fmt: skip


@register.inclusion_tag("ui/_themes.html", takes_context=True)
def ui_themes(context: Context) -> dict[str, Any]:
    """Switch of themes: light, dark, as the device; kept in a cookie, applied by the server."""
    request = context.get("request")
    return {"choice": context.get("ui_choice", "auto"), "next": request.get_full_path() if request else "/",
            "csrf_token": context.get("csrf_token"), "inline": buttons.inlined(context),
            "options": [("light", _("Light"), "sun"), ("dark", _("Dark"), "moon"), ("auto", _("As the device"), "monitor")]}  # fmt: skip


@register.simple_tag
def ui_htmx_config() -> SafeString:
    """htmx without eval, without its own style element, without snapshots of pages in local storage."""
    config = (
        '{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,'
        '"selfRequestsOnly":true,"attributesToSettle":["class","width","height"],"scrollBehavior":"instant","globalViewTransitions":false,'
        '"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
    )
    return format_html('<meta name="htmx-config" content="{}">', config)


@register.simple_tag(takes_context=True)
def ui_table(context: Context, table: Any) -> SafeString:
    """The one table of both offices (``s2b2c.ui.table.Table``)."""
    return table.render(context)
