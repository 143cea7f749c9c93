"""Columns: what a cell shows, what it is in a CSV file, what it sorts by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from s2b2c.kernel import sheets
from s2b2c.kernel.money import to_decimal
from s2b2c.ui import figures, pictures
from s2b2c.ui.states import State

Value = str | Callable[[Any], Any]
DASH = mark_safe('<span class="mut none">–</span>')


def read(row: Any, source: Value) -> Any:
    """Give ``source(row)``, or follow ``a__b`` / ``a.b`` through attributes and dictionaries."""
    if callable(source):
        return source(row)
    return reduce(_step, source.replace("__", ".").split("."), row)


def _step(thing: Any, name: str) -> Any:
    if thing is None:
        return None
    if isinstance(thing, dict):
        return thing.get(name)
    found = getattr(thing, name)
    return found() if callable(found) and not hasattr(found, "all") else found


@dataclass(frozen=True)
class Column:
    """One column.

    ``value``: attribute path or function of the row (the key itself by default). ``cell``: a template
    (context ``row``, ``value``) or a function of the row that gives markup. ``link``: function of the row
    that gives the address of what the cell names. ``sort``: the field the head sorts by, never null.
    ``sub``: a second, muted line. ``card``: its place in the two-line card of a phone: 1 name, 2 figure,
    3 below the name, 4 below the figure, 5 a line of its own; 0 leaves it out. ``total``: what stands in
    the totals row, under an ink line and over a double rule. ``hidden``: only when chosen. ``headed``: its head stands
    before it on a phone's card, for figures that say nothing by themselves.
    """

    key: str
    label: str | Promise
    value: Value | None = None
    cell: str | Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    align: str = "start"
    sort: str | None = None
    sub: Value | None = None
    card: int = 0
    total: Any = None
    hidden: bool = False
    fixed: bool = False
    clip: bool = False
    wrap: bool = False
    muted: bool = False
    headed: bool = False
    export: Callable[[Any], Any] | None = None

    @property
    def css(self) -> str:
        """Give the classes of the column's cells."""
        named = {
            "n": self.align == "end",
            "c": self.align == "center",
            "clip": self.clip,
            "wr": self.wrap,
            "mut": self.muted,
        }
        return " ".join([*(css for css, there in named.items() if there), *([f"m{self.card}"] if self.card else [])])

    def raw(self, row: Any) -> Any:
        """Give the cell's value."""
        return read(row, self.value if self.value is not None else self.key)

    def text(self, row: Any) -> Any:
        """Give the value as a CSV file has it: numbers bare, instants in ISO, no formula to be run by accident."""
        found = self.export(row) if self.export else self.raw(row)
        if isinstance(found, (datetime, date)):
            return found.isoformat()
        if isinstance(found, State):
            return str(found.word)
        text = "" if found is None else str(found)
        return sheets.harmless(text)

    def markup(self, row: Any) -> SafeString:
        """Give the cell's markup."""
        inner = self._inner(row)
        address = self.link(row) if self.link else None
        if address:
            inner = format_html('<a class="ink" href="{}">{}</a>', address, inner)
        return format_html('{}<span class="sub">{}</span>', inner, read(row, self.sub)) if self.sub else inner

    def _inner(self, row: Any) -> SafeString:
        if callable(self.cell):
            return format_html("{}", self.cell(row))
        value = self.raw(row)
        if self.cell:
            return mark_safe(render_to_string(self.cell, {"row": row, "value": value}))  # noqa: S308 - our template
        if isinstance(value, State):
            return value.pill()
        return DASH if value in (None, "") else format_html("{}", value)


def money_column(
    key: str, label: str | Promise, *, currency: Value = "currency", bare: bool = True, **more: Any
) -> Column:
    """An amount in minor units, right-aligned; name the currency once, in the label or the total."""

    def cell(row: Any) -> Any:
        minor = read(row, more.get("value") or key)
        return DASH if minor is None else figures.amount(minor, read(row, currency), bare=bare)

    def export(row: Any) -> Any:
        minor = read(row, more.get("value") or key)
        return None if minor is None else to_decimal(minor, read(row, currency))

    return Column(key, label, cell=cell, export=export, align="end", **more)


def state_column(key: str, label: str | Promise, states: dict[Any, State], **more: Any) -> Column:
    """A state as pill; ``states`` maps values to how they are shown."""
    source = more.pop("value", key)

    def value(row: Any) -> Any:
        found = read(row, source)
        return states.get(found) or State("", str(found))

    more.setdefault("card", 4)
    return Column(key, label, value=value, **more)


def date_column(key: str, label: str | Promise, *, time: bool = True, **more: Any) -> Column:
    """An instant: the clock time today, else the day (with its year when it is not this one)."""
    source = more.pop("value", key)

    def cell(row: Any) -> Any:
        found = read(row, source)
        return DASH if found is None else when(found, time=time)

    more.setdefault("muted", True)
    return Column(key, label, cell=cell, export=lambda row: read(row, source), **more)


def when(moment: date | datetime, *, time: bool = True) -> SafeString:
    """Write an instant as short as today's reader needs it."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    today = timezone.localdate()
    day = local.date() if isinstance(local, datetime) else local
    if isinstance(local, datetime) and time and day == today:
        shown = date_format(local, "H:i")
    else:
        shown = date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), shown)


def picture_column(
    key: str = "picture", label: str | Promise = "", *, value: Value | None = None, **more: Any
) -> Column:
    """A small picture of the row's product, or of what ``value`` gives."""

    def cell(row: Any) -> Any:
        return pictures.tag(read(row, value) if value else row, size="t2", alt="")

    return Column(key, label, cell=cell, export=lambda _row: "", **more)
