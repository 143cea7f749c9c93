"""What a list page answers: the CSV file, the table alone for htmx, or the whole page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from s2b2c.tenancy import context as tenancy
from s2b2c.ui.table import keyset
from s2b2c.ui.table.table import Table


def respond(
    request: HttpRequest, table: Table, template: str, context: dict[str, Any] | None = None, *, name: str = "table"
) -> HttpResponseBase:
    """Answer a list page: the CSV file, the table alone for htmx, or the whole page with ``table`` in it.

    Asked for without any words, the list shows the view its reader opens it with.
    """
    if "csv" in request.GET and table.allow_csv and table.permitted:
        return as_csv(table)
    opened = table.opening_query if not request.GET else ""
    response: HttpResponse
    if opened:
        response = redirect(f"{request.path}?{opened}")
    elif request.headers.get("HX-Target") == table.id:
        response = HttpResponse(table.render())
    else:
        response = render(request, template, {**(context or {}), name: table})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def as_csv(table: Table) -> HttpResponseBase:
    """Give every matching row of the columns in use; a mark at the start makes spreadsheets read UTF-8.

    Streamed for the supplier. In a shop all is read at once: a stream is read after the request's
    transaction, and a shop's data only within one.
    """
    name, kind = table.csv_name or table.id, "text/csv; charset=utf-8"
    response: HttpResponseBase
    if tenancy.current() is None:
        response = StreamingHttpResponse(_lines(table), content_type=kind)
    else:
        response = HttpResponse("".join(_lines(table)), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(table: Table) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(column.label) for column in table.shown])
    mark = ""
    while True:
        page = keyset.page(table.matching, table.sort, 500, after=mark)
        for row in page.rows:
            yield writer.writerow([column.text(row) for column in table.shown])
        if not page.after:
            return
        mark = page.after


class _Echo:
    def write(self, line: str) -> str:
        return line
