"""The table itself: declared as a class, made from a queryset and a request, drawn by ``{% ui_table table %}``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.selectors import views as kept_views
from s2b2c.kernel import ids
from s2b2c.ui.table import keyset
from s2b2c.ui.table.columns import Column
from s2b2c.ui.table.filters import Filter, Text
from s2b2c.ui.table.saved import OWN, Saved, words

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with the chosen rows: a POST to ``url`` with ``row`` (ids), or ``all`` and ``query``.

    ``name`` is sent as ``action``; ``key`` and ``back`` go along (see ``s2b2c.jobs``).
    """

    label: Words
    url: str
    icon: str = ""
    confirm: Words = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view of the house: a tab above the table. ``query`` as in the URL, without the question mark."""

    label: Words
    query: str = ""
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list without any rows says: what it is, and the one button that starts it."""

    title: Words
    text: Words = ""
    icon: str = "inbox"
    url: str = ""
    action: Words = ""


class Table:
    """Declare ``id``, ``columns``, ``filters``, ``order``; give it a request and a queryset.

    State lives in the URL: filters by their keys, ``sort``, ``after``/``before``, ``col``, ``rows`` (density),
    ``v`` (the saved view it came from). Columns and density not in the URL are those the person keeps.
    """

    id: str = "rows"
    caption: Words = ""
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    order: str = "-pk"
    size: int = 50
    count_limit: int = 10_000
    empty: Empty = Empty(_("Nothing here yet"))
    csv_name: str = ""
    dense: bool = False
    allow_csv: bool = True
    allow_columns: bool = True
    allow_views: bool = True
    search_hint: Words = _("Search")

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        actions: Iterable[Action] = (),
        views: Iterable[View] = (),
        permitted: bool = True,
    ) -> None:
        self.request = request
        self.query: QueryDict = request.GET
        self.source = rows
        self.actions = list(actions)
        self.views = list(views)
        self.permitted = permitted
        kept = kept_views.kept(getattr(request, "membership", None), self.id)
        self.saved = Saved(request, self.id, self.query, kept)

    # --- What was asked for ------------------------------------------------------------------------
    @cached_property
    def asked(self) -> list[tuple[Filter, Any]]:
        """Give the filters in use with what was asked of each."""
        found = ((each, each.read(self.query)) for each in self.filters)
        return [(each, asked) for each, asked in found if asked is not None]

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """Give every row that meets the filters: also what "all matching" means to an action."""
        return self.narrowed(self.source, self.query)

    @classmethod
    def narrowed(cls, rows: QuerySet[Any], query: QueryDict) -> QuerySet[Any]:
        """Give the rows that meet the filters' words."""
        for each in cls.filters:
            asked = each.read(query)
            if asked is not None:
                rows = each.narrow(rows, asked)
        return rows

    @cached_property
    def sort(self) -> str:
        """Give the field sorted by, ``-`` first for descending."""
        wanted = self.query.get("sort", "")
        known = {column.sort for column in self.columns if column.sort}
        return wanted if wanted.lstrip("-") in known else self.order

    @cached_property
    def page(self) -> keyset.Page:
        """Give the rows of this page."""
        after, before = self.query.get("after", ""), self.query.get("before", "")
        return keyset.page(self.matching, self.sort, self.size, after=after, before=before)

    @cached_property
    def total(self) -> tuple[int, bool]:
        """Give how many rows match, counted no further than ``count_limit``."""
        if not (self.page.before or self.page.after):
            return len(self.page.rows), False
        return keyset.count(self.matching, self.count_limit)

    @property
    def total_word(self) -> str:
        """Write the number of matching rows: ``12,431``, or ``10,000+`` beyond the limit."""
        number, more = self.total
        return f"{number:,}+" if more else f"{number:,}"

    @cached_property
    def shown(self) -> list[Column]:
        """Give the columns in use: those of the URL, else those the person keeps, else all that are not hidden."""
        words = self.query.getlist("col") or [self.saved.kept.get("col", "")]
        chosen = [key for word in words for key in word.split(",")]
        picked = [column for column in self.columns if column.fixed or column.key in chosen]
        if any(not column.fixed for column in picked):
            return picked
        return [column for column in self.columns if not column.hidden]

    @property
    def compact(self) -> bool:
        """Tell whether rows are close together."""
        usual = self.saved.kept.get("rows") or ("compact" if self.dense else "normal")
        return self.query.get("rows", usual) == "compact"

    # --- Addresses ---------------------------------------------------------------------------------
    def url(self, *, without: Iterable[str] = (), **changes: str) -> str:
        """Give this page's address with some words changed; a new order or filter starts at the first page."""
        query = self.query.copy()
        for key in ("after", "before", "csv", *without, *(key for key in self.query if not any(query.getlist(key)))):
            query.pop(key, None)
        for key, value in changes.items():
            if value:
                query[key] = value
            else:
                query.pop(key, None)
        text = query.urlencode()
        return f"?{text}" if text else self.bare_url

    @property
    def bare_url(self) -> str:
        """Give the list's address without any filter; ``v=0`` keeps it from opening with a view."""
        return "?v=0" if self.saved.kept.get("view") else self.request.path

    @property
    def opening_query(self) -> str:
        """Give the words of the view its reader opens this list with, or ""."""
        return self.saved.opening_query if self.allow_views else ""

    @property
    def may_keep(self) -> bool:
        """Tell whether there is a person for whom columns, density and views can be kept."""
        return self.saved.membership is not None

    @cached_property
    def form_key(self) -> str:
        """Give this rendering's mark: a form sent twice acts once."""
        return ids.token()

    @property
    def here(self) -> str:
        """Give this page's address, to come back to."""
        text = self.query.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    @property
    def csv_url(self) -> str:
        return self.url(csv="1")

    @property
    def before_url(self) -> str:
        return self.url(before=self.page.before) if self.page.before else ""

    @property
    def after_url(self) -> str:
        return self.url(after=self.page.after) if self.page.after else ""

    @property
    def heads(self) -> list[dict[str, Any]]:
        """Give the head of each column with the address that sorts by it."""
        heads = []
        for column in self.shown:
            here = column.sort and self.sort.lstrip("-") == column.sort
            down = self.sort.startswith("-")
            flipped = (column.sort if down else f"-{column.sort}") if here else column.sort
            heads.append(
                {
                    "column": column,
                    "url": self.url(sort=str(flipped)) if column.sort else "",
                    "order": ("descending" if down else "ascending") if here else "",
                    "css": "n" if column.align == "end" else "c" if column.align == "center" else "",
                }
            )
        return heads

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Give the filters in use as chips with the address without each; the search shows in its field."""
        return [
            {"label": each.label, "word": each.word(asked), "url": self.url(without=each.keys)}
            for each, asked in self.asked
            if not isinstance(each, Text)
        ]

    @property
    def panels(self) -> list[dict[str, Any]]:
        """Give the filters that have a small form of their own."""
        in_use = {each.key: asked for each, asked in self.asked}
        return [
            {
                "filter": each,
                "asked": in_use.get(each.key),
                "template": each.template,
                "values": [self.query.get(key, "") for key in each.keys],
            }
            for each in self.filters
            if each.template
        ]

    @property
    def rest_of_filters(self) -> list[tuple[str, str]]:
        """Give what the filters' form keeps of the URL: everything but the filters."""
        return self.rest([key for each in self.filters if each.template for key in each.keys])

    @property
    def sorted_by(self) -> Words:
        """Give the word of the column sorted by, or "" where the order is the list's own."""
        return next((column.label for column in self.shown if column.sort == self.sort.lstrip("-")), "")

    @property
    def sortable(self) -> list[dict[str, Any]]:
        """Give the heads that sort, for screens that show no heads; none if there is no choice."""
        heads = [head for head in self.heads if head["url"]]
        return heads if len(heads) > 1 else []

    def rest(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Give what else is in the URL, as hidden fields of a form that changes some of it."""
        dropped = {"after", "before", "csv", *without}
        return [(key, value) for key, values in self.query.lists() if key not in dropped for value in values if value]

    @property
    def search(self) -> dict[str, Any] | None:
        """Give the search field, if the table has one."""
        found = next((each for each in self.filters if isinstance(each, Text)), None)
        if found is None:
            return None
        return {
            "key": found.key,
            "value": self.query.get(found.key, ""),
            "rest": self.rest(found.keys),
            "hint": self.search_hint,
        }

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Give the views; the one opened, or else the one whose words are those of the URL, is current."""
        now, opened = words(self.query, OWN), self.saved.current if self.allow_views else None
        own = [
            {
                "label": view.label,
                "count": view.count,
                "url": f"?{view.query}" if view.query else self.bare_url,
                "active": opened is None and now == words(QueryDict(view.query), OWN),
            }
            for view in self.views
        ]
        if not own and self.allow_views and self.saved.views:
            own = [{"label": _("All"), "count": None, "url": self.bare_url, "active": opened is None and not now}]
        return own + (self.saved.tabs if self.allow_views else [])

    @property
    def choosable(self) -> list[dict[str, Any]]:
        """Give the columns one may show or hide."""
        keys = {column.key for column in self.shown}
        return [{"key": c.key, "label": c.label, "on": c.key in keys} for c in self.columns if not c.fixed and c.label]

    @property
    def body(self) -> list[dict[str, Any]]:
        """Give the rows as markup."""
        lead = next((column for column in self.shown if column.card == 1), self.shown[0])
        return [
            {
                "pk": row.pk,
                "name": lead.text(row),
                "cells": [(column, column.markup(row), column is lead) for column in self.shown],
            }
            for row in self.page.rows
        ]

    @property
    def totals(self) -> list[tuple[Column, Any]]:
        """Give the totals row, if any column has a total."""
        if not any(column.total is not None for column in self.shown):
            return []
        return [
            (column, column.total(self.matching) if callable(column.total) else column.total) for column in self.shown
        ]

    @property
    def state(self) -> str:
        """Give ``rows``, or which of the three empty states this is."""
        if not self.permitted:
            return "forbidden"
        if self.page.rows:
            return "rows"
        return "no_match" if self.asked else "first"

    # --- Answers -----------------------------------------------------------------------------------
    def render(self, _context: Context | None = None) -> SafeString:
        """Draw the table."""
        values = {"table": self, "state": self.state}
        return mark_safe(get_template("ui/_table.html").render(values, self.request))  # noqa: S308 - our template

    @classmethod
    def chosen(cls, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Give the rows an action was asked for: those ticked, or all that match the list's filters.

        :param request: the POST of an ``Action`` (fields ``row``, ``all``, ``query``).
        """
        if request.POST.get("all"):
            return cls.narrowed(rows, QueryDict(request.POST.get("query", "")))
        ids = [word for word in request.POST.getlist("row") if word.isdigit() and len(word) < 19]
        return rows.filter(pk__in=ids[:1000])
