"""Texts with a few marks."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from s2b2c.ui import prose

register = template.Library()


@register.simple_tag
def ui_prose(text: str) -> SafeString:
    """A text with headings, lists, strong words and links, drawn safely; put it into ``class="prose-t"``."""
    return prose.markup(text or "")
