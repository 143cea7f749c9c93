"""What floats above a page: dialogs, drawers, menus."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from s2b2c.ui.tags import buttons
from s2b2c.ui.tags.buttons import Text

register = template.Library()


def _floating(css: str, content: str, id: str, title: Text, wide: bool, open: bool) -> SafeString:
    context = {"css": f"{css} wide" if wide else css, "content": content, "id": id, "title": title, "open": open}
    return mark_safe(render_to_string("ui/_dialog.html", context))  # noqa: S308


@register.simple_block_tag
def ui_dialog(content: str, id: str, title: Text, wide: bool = False, open: bool = False) -> SafeString:
    """A modal dialog; open it with a button or link that has ``data-open="<id>"``."""
    return _floating("dlg", content, id, title, wide, open)


@register.simple_block_tag
def ui_drawer(content: str, id: str, title: Text, open: bool = False) -> SafeString:
    """A panel from the right, on a phone from below; opened like a dialog."""
    return _floating("drw", content, id, title, False, open)


@register.simple_block_tag(takes_context=True)
def ui_menu(context: Context, content: str, label: Text, icon: str = "", variant: str = "outline", square: bool = False,
            side: str = "", size: str = "") -> SafeString:  # fmt: skip
    """A menu of ``<li>`` under its button."""
    face = buttons.faced(context, "" if square else label, icon, "" if square else "chevron-down")
    aria = format_html(' aria-label="{}"', label) if square else ""
    return format_html('<details class="menu-d"><summary class="{}"{}>{}</summary><div class="pop {}"><ul>{}</ul></div></details>',
                       buttons.classes(variant, size, square, ""), aria, face, side, content)  # fmt: skip
