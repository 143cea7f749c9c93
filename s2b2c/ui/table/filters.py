"""Filters: each reads its own words from the URL, narrows a queryset and shows as a chip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Options = Sequence[tuple[str, str | Promise]]
SEARCH = _("Search")


@dataclass(frozen=True)
class Filter:
    """A named way to narrow the list. ``key`` is the word in the URL; ``field`` the lookup it narrows by."""

    key: str
    label: str | Promise
    field: str = ""
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    template: ClassVar[str] = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Give every word of the URL that belongs to this filter."""
        return (self.key,)

    def read(self, query: QueryDict) -> Any:
        """Give what was asked for, or None."""
        raise NotImplementedError

    def narrow(self, rows: QuerySet[Any], asked: Any) -> QuerySet[Any]:
        """Give the rows that match."""
        raise NotImplementedError

    def word(self, asked: Any) -> str:
        """Say what was asked for, on the chip."""
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Filter):
    """One or several of given values. ``choices``: pairs, or a function that gives them."""

    choices: Options | Callable[[], Options] = ()
    several: bool = True
    template: ClassVar[str] = "ui/table/_choice.html"

    def options(self) -> Options:
        """Give the choices as pairs of value and word."""
        return self.choices() if callable(self.choices) else self.choices

    def read(self, query: QueryDict) -> list[str] | None:
        known = {str(value) for value, _word in self.options()}
        return [value for value in query.getlist(self.key) if value in known] or None

    def narrow(self, rows: QuerySet[Any], asked: list[str]) -> QuerySet[Any]:
        return self.apply(rows, asked) if self.apply else rows.filter(**{f"{self.field or self.key}__in": asked})

    def word(self, asked: list[str]) -> str:
        words = {str(value): str(word) for value, word in self.options()}
        return ", ".join(words[value] for value in asked)


@dataclass(frozen=True)
class Text(Filter):
    """The search field. ``fields``: lookups tried with the whole text, such as ``number__istartswith``."""

    fields: Sequence[str] = ()
    key: str = "q"
    label: str | Promise = SEARCH
    template: ClassVar[str] = ""

    def read(self, query: QueryDict) -> str | None:
        return query.get(self.key, "").replace("\x00", "").strip()[:100] or None

    def narrow(self, rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
        if self.apply:
            return self.apply(rows, asked)
        wanted = Q()
        for lookup in self.fields:
            wanted |= Q(**{lookup: asked})
        return rows.filter(wanted)

    def word(self, asked: str) -> str:
        return f"“{asked}”"


@dataclass(frozen=True)
class Typed(Filter):
    """Something typed into a field of its own, such as an amount; ``apply`` narrows by it."""

    template: ClassVar[str] = "ui/table/_typed.html"

    def read(self, query: QueryDict) -> str | None:
        return query.get(self.key, "").replace("\x00", "").strip()[:40] or None

    def narrow(self, rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
        return self.apply(rows, asked) if self.apply else rows.filter(**{self.field or self.key: asked})

    def word(self, asked: str) -> str:
        return asked


@dataclass(frozen=True)
class DateRange(Filter):
    """From and to, both days included, in the reader's time zone. ``is_date``: the field holds days, not instants."""

    is_date: bool = False
    template: ClassVar[str] = "ui/table/_dates.html"

    @property
    def keys(self) -> tuple[str, ...]:
        return f"{self.key}_from", f"{self.key}_to"

    def read(self, query: QueryDict) -> tuple[date | None, date | None] | None:
        start, end = (_day(query.get(key, "")) for key in self.keys)
        return (start, end) if start or end else None

    def narrow(self, rows: QuerySet[Any], asked: tuple[date | None, date | None]) -> QuerySet[Any]:
        if self.apply:
            return self.apply(rows, asked)
        start, end = asked
        name = self.field or self.key
        if start:
            rows = rows.filter(**{f"{name}__gte": start if self.is_date else _midnight(start)})
        if end:
            after = end + timedelta(days=1)
            rows = rows.filter(**{f"{name}__lt": after if self.is_date else _midnight(after)})
        return rows

    def word(self, asked: tuple[date | None, date | None]) -> str:
        start, end = (date_format(day, "DATE_FORMAT") if day else "…" for day in asked)
        return start if start == end else f"{start} – {end}"


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2999 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
