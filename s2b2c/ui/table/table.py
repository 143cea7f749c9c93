"""The table itself: declared as a class, made from a queryset and a request, drawn by ``{% ui_table table %}``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.context import Context
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy import context as tenancy
from s2b2c.ui.table import keyset
from s2b2c.ui.table.columns import Column
from s2b2c.ui.table.filters import Filter, Text

Words = str | Promise
OWN = ("sort", "after", "before", "col", "rows", "csv")


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with the chosen rows: a POST to ``url`` with ``row`` (ids), or ``all`` and ``query``."""

    label: Words
    url: str
    icon: str = ""
    confirm: Words = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: a tab above the table. ``query`` as in the URL, without the question mark."""

    label: Words
    query: str = ""
    count: int | str | None = None
    shared: bool = True


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

    State lives in the URL: filters by their keys, ``sort``, ``after``/``before``, ``col``, ``rows`` (density).
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
    search_hint: Words = _("Search")

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        actions: Iterable[Action] = (),
        views: Iterable[View] = (),
        save_view_url: str = "",
        permitted: bool = True,
        row_attrs: Callable[[Any], str] | None = None,
    ) -> None:
        self.request = request
        self.query: QueryDict = request.GET
        self.source = rows
        self.actions = list(actions)
        self.views = list(views)
        self.save_view_url = save_view_url
        self.permitted = permitted

    # --- What was asked for ------------------------------------------------------------------------
    @cached_property
    def asked(self) -> list[tuple[Filter, Any]]:
        """Give the filters in use with what was asked of each."""
        found = ((each, each.read(self.query)) for each in self.filters)
        return [(each, asked) for each, asked in found if asked is not None]

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """Give every row that meets the filters: also what "all matching" means to an action."""
        rows = self.source
        for each, asked in self.asked:
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
        """Give the columns in use: those chosen, else all that are not hidden."""
        chosen = [key for word in self.query.getlist("col") for key in word.split(",")]
        picked = [column for column in self.columns if column.fixed or column.key in chosen]
        if any(not column.fixed for column in picked):
            return picked
        return [column for column in self.columns if not column.hidden]

    @property
    def compact(self) -> bool:
        """Tell whether rows are close together."""
        return self.query.get("rows", "compact" if self.dense else "normal") == "compact"

    # --- Addresses ---------------------------------------------------------------------------------
    def url(self, *, without: Iterable[str] = (), **changes: str) -> str:
        """Give this page's address with some words changed; a new order or filter starts at the first page."""
        query = self.query.copy()
        for key in ("after", "before", "csv", *without):
            query.pop(key, None)
        for key, value in changes.items():
            if value:
                query[key] = value
            else:
                query.pop(key, None)
        text = query.urlencode()
        return f"?{text}" if text else self.request.path

    @property
    def compact_url(self) -> str:
        return self.url(rows="compact")

    @property
    def normal_url(self) -> str:
        return self.url(rows="normal" if self.dense else "")

    @property
    def standard_url(self) -> str:
        return self.url(without=("col",))

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
    def rest_of_columns(self) -> list[tuple[str, str]]:
        return self.rest(("col",))

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
                "rest": self.rest(each.keys),
            }
            for each in self.filters
            if each.template
        ]

    def rest(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Give what else is in the URL, as hidden fields of a form that changes some of it."""
        dropped = {"after", "before", "csv", *without}
        return [(key, value) for key, values in self.query.lists() if key not in dropped for value in values]

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
        """Give the saved views; the one whose words are those of the URL is current."""
        now = sorted((key, value) for key, value in self.rest() if key not in OWN)
        return [
            {
                "label": view.label,
                "count": view.count,
                "url": f"?{view.query}" if view.query else self.request.path,
                "active": now == sorted((k, v) for k, vs in QueryDict(view.query).lists() for v in vs if k not in OWN),
            }
            for view in self.views
        ]

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

    def csv(self) -> HttpResponseBase:
        """Give every matching row of the columns in use; a mark at the start makes spreadsheets read UTF-8.

        Streamed for the supplier. In a shop all is read at once: a stream is read after the request's
        transaction, and a shop's data only within one.
        """
        name, kind = self.csv_name or self.id, "text/csv; charset=utf-8"
        response: HttpResponseBase
        if tenancy.current() is None:
            response = StreamingHttpResponse(self._lines(), content_type=kind)
        else:
            response = HttpResponse("".join(self._lines()), content_type=kind)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def _lines(self) -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow([str(column.label) for column in self.shown])
        mark = ""
        while True:
            page = keyset.page(self.matching, self.sort, 500, after=mark)
            for row in page.rows:
                yield writer.writerow([column.text(row) for column in self.shown])
            if not page.after:
                return
            mark = page.after

    @classmethod
    def chosen(cls, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Give the rows an action was asked for: those ticked, or all that match the list's filters.

        :param request: the POST of an ``Action`` (fields ``row``, ``all``, ``query``).
        """
        if request.POST.get("all"):
            query = QueryDict(request.POST.get("query", ""))
            for each in cls.filters:
                asked = each.read(query)
                if asked is not None:
                    rows = each.narrow(rows, asked)
            return rows
        ids = [word for word in request.POST.getlist("row") if word.isdigit() and len(word) < 19]
        return rows.filter(pk__in=ids[:1000])


class _Echo:
    def write(self, line: str) -> str:
        return line


def respond(
    request: HttpRequest, table: Table, template: str, context: dict[str, Any] | None = None, *, name: str = "table"
) -> HttpResponseBase:
    """Answer a list page: the CSV file, the table alone for htmx, or the whole page with ``table`` in it."""
    if "csv" in request.GET and table.allow_csv and table.permitted:
        return table.csv()
    if request.headers.get("HX-Target") == table.id:
        response: HttpResponse = HttpResponse(table.render())
    else:
        response = render(request, template, {**(context or {}), name: table})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
