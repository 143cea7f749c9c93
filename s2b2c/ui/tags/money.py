"""Money, figures and charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from s2b2c.ui import charts, figures
from s2b2c.ui.states import State
from s2b2c.ui.tags.buttons import Text

register = template.Library()
register.simple_tag(charts.sparkline, name="ui_sparkline")
register.simple_tag(charts.bars, name="ui_bars")
register.simple_tag(charts.ring, name="ui_ring")


@register.simple_tag
def ui_money(minor: int | None, currency: str, sign: bool = False, bare: bool = False) -> SafeString:
    """An amount from minor units; ``sign`` shows the plus, ``bare`` leaves the currency to the column's head."""
    if minor is None:
        return mark_safe('<span class="mut none">–</span>')
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


@register.inclusion_tag("ui/_stat.html")
def ui_stat(label: Text, value: Any, change: Text = "", tone: str = "ok", note: Text = "", url: str = "",
            now: Sequence[float] = (), was: Sequence[float] = ()) -> dict[str, Any]:  # fmt: skip
    """A figure, what it changed by, the base it is compared with, and its line. Put several into ``class="cols c4"``."""
    glyph = "down" if str(change).startswith(("-", "−")) else "up"
    pill = State(tone, change, glyph).pill() if change else ""
    return {"label": label, "value": value, "pill": pill, "note": note, "url": url,
            "line": charts.sparkline(now, was, label=str(label)) if now or was else ""}  # fmt: skip


@register.simple_tag
def ui_progress(value: float, max: float = 100, label: Text = "", tone: str = "") -> SafeString:
    """A thin bar; tones warn and bad. The label is read out, show the number beside it."""
    return format_html('<progress class="meter {}" value="{}" max="{}" aria-label="{}">{}</progress>',
                       tone, str(value), str(max), label or f"{value}/{max}", f"{value}/{max}")  # fmt: skip
