"""Form fields as markup: label, control, help and error, tied together for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.FileInput, "file-input"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.SelectMultiple, "select h-auto"),
    (forms.Select, "select"),
    (forms.widgets.Input, "input"),
)


def kind(field: BoundField) -> str:
    """Give how a field is laid out: ``tick``, ``picks``, ``hidden`` or ``line``."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "picks"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "line"


def optional(field: BoundField) -> bool:
    """Tell whether a field may stay empty; a list without an empty line always has something chosen."""
    if field.field.required:
        return False
    listed = isinstance(field.field.widget, forms.Select) and not isinstance(field.field.widget, forms.SelectMultiple)
    return not listed or any(value in ("", None) for value, _label in field.field.widget.choices)


def control(field: BoundField, extra: str = "", **attrs: Any) -> SafeString:
    """Render the widget with its class and the ARIA that belongs to its state."""
    widget = field.field.widget
    base = next((css for cls, css in CLASSES if isinstance(widget, cls)), "")
    own = str(widget.attrs.get("class", ""))
    given: dict[str, Any] = {key: value for key, value in attrs.items() if value not in (None, False, "")}
    given["class"] = " ".join(filter(None, [base, own, extra]))
    described = [
        f"{field.auto_id}_{part}" for part, there in (("help", field.help_text), ("error", field.errors)) if there
    ]
    if described:
        given["aria-describedby"] = " ".join(described)
    if field.errors:
        given["aria-invalid"] = "true"
    return field.as_widget(attrs=given)


def choices(field: BoundField) -> list[SafeString]:
    """Render each radio or checkbox of a choice field in its label."""
    css = "checkbox" if isinstance(field.field.widget, forms.CheckboxSelectMultiple) else "radio"
    items = []
    for sub in field.subwidgets:
        sub.data["attrs"]["class"] = css
        items.append(format_html("<label>{}{}</label>", sub.tag(wrap_label=False), sub.choice_label))
    return items
