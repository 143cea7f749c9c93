"""Run one statement built around a queryset."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet


def run(template: str, params: list[Any], **querysets: QuerySet[Any]) -> int:
    """Execute ``template`` with each ``{name}`` replaced by a queryset's SELECT; give the number of rows written.

    The parameters of the querysets come first, in the order given, then ``params``.
    """
    texts: dict[str, str] = {}
    found: list[Any] = []
    for name, queryset in querysets.items():
        texts[name], values = queryset.query.sql_with_params()
        found += values
    with connection.cursor() as cursor:
        cursor.execute(template.format(**texts), [*found, *params])
        return int(cursor.rowcount)
