"""Fields and forms."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from s2b2c.ui import fields
from s2b2c.ui.tags.buttons import Text

register = template.Library()


@register.inclusion_tag("ui/_field.html")
def ui_field(field: BoundField, label: Text = "", help: Text = "", prefix: Text = "", suffix: Text = "",
             icon: str = "", extra: str = "", optional: bool = True, **attrs: Any) -> dict[str, Any]:  # fmt: skip
    """A form field with label, help and error; further arguments become attributes of the control."""
    if help:
        field.help_text = str(help)
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attrs.items()}
    kind, boxed = fields.kind(field), bool(prefix or suffix or icon)
    drawn: Any = fields.choices(field) if kind == "picks" else fields.control(field, **given)
    if boxed:
        drawn = mark_safe(str(drawn).replace('class="input"', "", 1))  # noqa: S308 - a widget's own markup
    return {
        "field": field, "kind": kind, "label": label or field.label, "control": drawn, "prefix": prefix,
        "suffix": suffix, "icon": icon, "boxed": boxed, "extra": extra, "optional": optional and fields.optional(field),
    }  # fmt: skip


@register.simple_tag
def ui_form(form: BaseForm) -> SafeString:
    """Errors of the form as a whole, then every field."""
    parts = [ui_form_errors(form), *(render_to_string("ui/_field.html", ui_field(field)) for field in form)]
    return mark_safe("".join(str(part) for part in parts))  # noqa: S308


@register.simple_tag
def ui_form_errors(form: BaseForm) -> SafeString:
    """Errors that belong to no one field, announced."""
    found = form.non_field_errors()
    return mark_safe(render_to_string("ui/_form_errors.html", {"errors": found})) if found else mark_safe("")  # noqa: S308
