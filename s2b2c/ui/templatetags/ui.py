"""The tag library ``{% load ui %}``: one tag per part of a page. Examples of all: docs/design.md, /_kit/."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from s2b2c.ui import charts, fields, figures, icons, nav, pictures
from s2b2c.ui.states import State

register = template.Library()
Text = str | Promise

VARIANTS = {"primary": "btn-primary", "outline": "line", "ghost": "quiet", "danger": "bad", "dark": "btn-neutral"}
SIZES = {"": "", "sm": "btn-sm", "lg": "btn-lg"}


def _inline(context: Context) -> bool:
    """In a shop icons are drawn in place: one request less before the first paint."""
    request = context.get("request")
    return getattr(request, "audience", "") == "shop" or bool(context.get("icons_inline"))


def _attrs(given: dict[str, Any]) -> str:
    """Give attributes: ``hx_get`` → ``hx-get``; True stands alone, None, False and "" vanish."""
    kept = {key.rstrip("_").replace("_", "-"): value for key, value in given.items() if value not in (None, False, "")}
    return flatatt(kept)


# --- Icons, buttons, states ------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def ui_icon(context: Context, name: str, size: str = "m", label: str = "", extra: str = "") -> SafeString:
    """Draw a Lucide icon; sizes s 14, m 16, l 20, xl 44 px."""
    return icons.icon(name, size=size, label=label, extra=extra, inline=_inline(context))


def _face(context: Context, label: Text, icon: str, icon_end: str) -> SafeString:
    inline = _inline(context)
    before = icons.icon(icon, inline=inline) if icon else ""
    after = icons.icon(icon_end, inline=inline) if icon_end else ""
    return format_html("{}{}{}", before, label, after)


def _button_class(variant: str, size: str, square: bool, extra: str) -> str:
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
    face = _face(context, "" if square else label, icon, icon_end)
    return format_html(
        '<button class="{}"{}>{}</button>', _button_class(variant, size, square, extra), _attrs(attrs), face
    )


@register.simple_tag(takes_context=True)
def ui_link(
    context: Context, label: Text, url: str, variant: str = "outline", icon: str = "", icon_end: str = "",
    size: str = "", extra: str = "", square: bool = False, **attrs: Any,
) -> SafeString:  # fmt: skip
    """A link that looks like a button; ``variant="text"`` is a plain link in the text colour of actions."""
    if square:
        attrs.setdefault("aria_label", str(label))
    css = f"lnk {extra}".strip() if variant == "text" else _button_class(variant, size, square, extra)
    face = _face(context, "" if square else label, icon, icon_end)
    return format_html('<a class="{}" href="{}"{}>{}</a>', css, url, _attrs(attrs), face)


@register.simple_tag
def ui_state(state: State | str, word: Text = "", glyph: str = "") -> SafeString:
    """A state as pill: give a ``State``, or a tone (``""``, info, ok, warn, bad) and a word."""
    return (state if isinstance(state, State) else State(state, word, glyph)).pill()


@register.simple_block_tag(takes_context=True)
def ui_banner(context: Context, content: str, tone: str = "info", icon: str = "", extra: str = "") -> SafeString:
    """One line that says what is the matter; put an action into it with ``class="end"``."""
    usual = {"info": "info", "ok": "check", "warn": "triangle-alert", "bad": "circle-alert", "support": "eye"}
    role = "alert" if tone == "bad" else "status"
    drawn = icons.icon(icon or usual[tone], inline=_inline(context))
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


# --- Forms -----------------------------------------------------------------------------------------
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
        "suffix": suffix, "icon": icon, "boxed": boxed, "extra": extra, "optional": optional and not field.field.required,
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


# --- Money -----------------------------------------------------------------------------------------
@register.simple_tag
def ui_money(minor: int | None, currency: str, sign: bool = False, bare: bool = False) -> SafeString:
    """An amount from minor units; ``sign`` shows the plus, ``bare`` leaves the currency to the column's head."""
    if minor is None:
        return mark_safe('<span class="mut">–</span>')
    return format_html('<span class="amt">{}</span>', figures.amount(minor, currency, sign=sign, bare=bare))


@register.simple_tag
def ui_money_big(minor: int, currency: str, size: str = "xl") -> SafeString:
    """The one large figure of a page: xl 64, l 40, m 28 px."""
    return figures.big(minor, currency, size)


@register.inclusion_tag("ui/_split.html")
def ui_split(parts: dict[str, int], currency: str, view: str = "supply", legend: bool = True,
             total: int | None = None, note: Text = "", urls: dict[str, str] | None = None, height: int = 0) -> dict[str, Any]:  # fmt: skip
    """Where the money goes: ``parts`` by wholesale, margin, fee, tax, shipping (minor units)."""
    placed = figures.shares(parts, currency, view=view, urls=urls)
    height = height or (28 if view == "supply" else 12)
    paid = sum(parts.values()) if total is None else total
    return {"bar": figures.split_bar(placed, height=height), "shares": placed, "legend": legend, "note": note,
            "total": figures.amount(paid, currency), "currency": currency, "view": view}  # fmt: skip


@register.simple_tag
def ui_split_bar(parts: dict[str, int], currency: str, view: str = "office") -> SafeString:
    """The money bar alone, 12 px high, for a table's cell."""
    return figures.split_bar(figures.shares(parts, currency, view=view), height=12)


@register.simple_block_tag
def ui_rows(content: str) -> SafeString:
    """A list of leader rows: ``ui_row`` and at the end ``ui_sum``."""
    return format_html("<dl>{}</dl>", content)


@register.simple_tag
def ui_row(label: Text, value: Any, currency: str = "", sign: bool = False) -> SafeString:
    """Label, dotted line, amount (minor units when a currency is given)."""
    shown = figures.amount(value, currency, sign=sign) if currency else value
    return format_html('<div class="leader"><dt>{}</dt><dd>{}</dd></div>', label, shown)


@register.simple_tag
def ui_sum(label: Text, value: Any, currency: str = "") -> SafeString:
    """The total under leader rows: ink line above, double rule under the figure."""
    shown = figures.amount(value, currency) if currency else value
    return format_html('<div class="leader sum"><dt>{}</dt><dd>{}</dd></div>', label, shown)


# --- Figures and charts ----------------------------------------------------------------------------
@register.inclusion_tag("ui/_stat.html")
def ui_stat(label: Text, value: Any, change: Text = "", tone: str = "ok", note: Text = "", url: str = "",
            now: Sequence[float] = (), was: Sequence[float] = ()) -> dict[str, Any]:  # fmt: skip
    """A figure, what it changed by, the base it is compared with, and its line. Put several into ``class="cols c4"``."""
    glyph = "down" if str(change).startswith(("-", "−")) else "up"
    pill = State(tone, change, glyph).pill() if change else ""
    return {"label": label, "value": value, "pill": pill, "note": note, "url": url,
            "line": charts.sparkline(now, was, label=str(label)) if now or was else ""}  # fmt: skip


register.simple_tag(charts.sparkline, name="ui_sparkline")
register.simple_tag(charts.bars, name="ui_bars")
register.simple_tag(charts.ring, name="ui_ring")


@register.simple_tag
def ui_progress(value: float, max: float = 100, label: Text = "", tone: str = "") -> SafeString:
    """A thin bar; tones warn and bad. The label is read out, show the number beside it."""
    return format_html('<progress class="meter {}" value="{}" max="{}" aria-label="{}">{}</progress>',
                       tone, str(value), str(max), label or f"{value}/{max}", f"{value}/{max}")  # fmt: skip


# --- Wayfinding ------------------------------------------------------------------------------------
@register.inclusion_tag("ui/_nav.html")
def ui_nav(items: Iterable[nav.NavItem] | None, style: str = "rail") -> dict[str, Any]:
    """The frames' navigation. Styles: ``rail`` (groups), ``side`` and ``bar`` (shop office), ``shop``."""
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


# --- What floats -----------------------------------------------------------------------------------
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
    face = _face(context, "" if square else label, icon, "" if square else "chevron-down")
    aria = format_html(' aria-label="{}"', label) if square else ""
    return format_html('<details class="menu-d"><summary class="{}"{}>{}</summary><div class="pop {}"><ul>{}</ul></div></details>',
                       _button_class(variant, size, square, ""), aria, face, side, content)  # fmt: skip


@register.simple_block_tag(takes_context=True)
def ui_empty(context: Context, content: str, title: Text, icon: str = "inbox", level: int = 2) -> SafeString:
    """An empty state: what it is and one button; text and actions (``class="acts"``) go inside."""
    drawn = icons.icon(icon, size="xl", inline=_inline(context))
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


# --- Pictures, codes -------------------------------------------------------------------------------
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


# --- Frames ----------------------------------------------------------------------------------------
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
            "csrf_token": context.get("csrf_token"), "inline": _inline(context),
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
