"""The tag library ``{% load ui %}``: one tag per part of a page. Examples of all: docs/design.md, /_kit/."""

from __future__ import annotations

from django import template

from s2b2c.ui.tags import buttons, floating, forms, frames, money, notes, pictures, texts, wayfinding

register = template.Library()
for part in (buttons, notes, forms, money, wayfinding, floating, pictures, texts, frames):
    register.tags.update(part.register.tags)
