"""States, banners, toasts, people, and what stands where nothing is (yet)."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from s2b2c.ui import icons
from s2b2c.ui.states import State
from s2b2c.ui.tags import buttons
from s2b2c.ui.tags.buttons import Text

register = template.Library()


@register.simple_tag
def ui_state(state: State | str, word: Text = "", glyph: str = "") -> SafeString:
    """A state as pill: give a ``State``, or a tone (``""``, info, ok, warn, bad) and a word."""
    return (state if isinstance(state, State) else State(state, word, glyph)).pill()


@register.simple_block_tag(takes_context=True)
def ui_banner(context: Context, content: str, tone: str = "info", icon: str = "", extra: str = "") -> SafeString:
    """One line that says what is the matter; put an action into it with ``class="end"``."""
    usual = {"info": "info", "ok": "check", "warn": "triangle-alert", "bad": "circle-alert", "support": "eye"}
    role = "alert" if tone == "bad" else "status"
    drawn = icons.icon(icon or usual[tone], inline=buttons.inlined(context))
    return format_html(
        '<div class="ban {}" role="{}">{}<div class="body">{}</div></div>',
        f"{tone} {extra}".strip(),
        role,
        drawn,
        content,
    )


@register.simple_tag
def ui_avatar(name: Text, extra: str = "") -> SafeString:
    """Initials in a disc."""
    words = str(name).replace("@", " ").split() or ["?"]
    letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    return format_html('<span class="who {}" aria-hidden="true">{}</span>', extra, letters.upper())


@register.simple_block_tag(takes_context=True)
def ui_empty(context: Context, content: str, title: Text, icon: str = "inbox", level: int = 2) -> SafeString:
    """An empty state: what it is and one button; text and actions (``class="acts"``) go inside."""
    drawn = icons.icon(icon, size="xl", inline=buttons.inlined(context))
    tag = f"h{level}"
    return format_html('<div class="empty">{}<{}>{}</{}>{}</div>', drawn, tag, title, tag, content)


@register.simple_tag
def ui_skeleton(rows: int = 5, cols: int = 4) -> SafeString:
    """Rows of the data's height while it loads."""
    widths = ("w-24", "w-16", "w-32", "w-20")
    cells = format_html_join("", '<td><span class="skel {}"></span></td>', ((widths[i % 4],) for i in range(cols)))
    lines = format_html_join("", "<tr>{}</tr>", ((cells,) for _row in range(rows)))
    return format_html(
        '<div class="overflow-hidden" aria-hidden="true"><table class="t"><tbody>{}</tbody></table></div>', lines
    )


@register.inclusion_tag("ui/_toasts.html", takes_context=True)
def ui_toasts(context: Context) -> dict[str, Any]:
    """The frames' place for toasts: Django's messages now, htmx's ``toast`` events later."""
    shown = []
    for message in context.get("messages") or ():
        words = dict(tag.split(":", 1) for tag in (message.extra_tags or "").split() if ":" in tag)
        tone = {"success": "ok", "warning": "warn", "error": "bad"}.get(message.level_tag, "info")
        shown.append(
            {"text": message.message, "tone": tone, "undo": words.get("undo", ""), "show": words.get("show", "")}
        )
    return {"toasts": shown, "csrf_token": context.get("csrf_token")}
