"""Pages by key: "what comes after this row", never OFFSET, so page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet

from s2b2c.ui.table.columns import read


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in display order, and the marks before and after them ("" at the ends)."""

    rows: list[Any]
    before: str
    after: str


def mark(row: Any, field: str) -> str:
    """Give a row's place in the order as a word for the URL."""
    raw = json.dumps([read(row, field), row.pk], cls=_Encoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)  # to the microsecond


def unmark(word: str) -> tuple[Any, Any] | None:
    """Read a mark; None for anything else, so that a broken link shows the first page."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (ValueError, TypeError):
        return None
    return value, pk


def page(rows: QuerySet[Any], order: str, size: int, *, after: str = "", before: str = "") -> Page:
    """Give one page of a queryset ordered by a field (``-`` first for descending) and the primary key."""
    field, descending = order.lstrip("-"), order.startswith("-")
    backward = bool(before) and not after
    place = unmark(after or before) if after or before else None
    down = descending != backward
    ordered = rows.order_by(_by(field, down), "-pk" if down else "pk")
    if place is not None:
        ordered = _beyond(ordered, field, place, down)
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    there = place is not None
    has_before = more if backward else there
    has_after = (there or more) if backward else more
    if not found:
        return Page([], "", "")
    return Page(found, mark(found[0], field) if has_before else "", mark(found[-1], field) if has_after else "")


def _by(field: str, down: bool) -> Any:
    name = "pk" if field in ("pk", "id") else field
    return F(name).desc() if down else F(name).asc()


def _beyond(rows: QuerySet[Any], field: str, place: tuple[Any, Any], down: bool) -> QuerySet[Any]:
    value, pk = place
    try:
        if field in ("pk", "id"):
            return rows.filter(**{"pk__lt" if down else "pk__gt": pk})
        strict, loose = ("lt", "lte") if down else ("gt", "gte")
        # The first condition is implied by the second; it lets an index on the field be used.
        return rows.filter(**{f"{field}__{loose}": value}).filter(
            Q(**{f"{field}__{strict}": value}) | Q(**{f"pk__{strict}": pk})
        )
    except (ValueError, TypeError, ValidationError, FieldDoesNotExist):
        return rows


def count(rows: QuerySet[Any], limit: int) -> tuple[int, bool]:
    """Give the number of rows up to a limit, and whether it was reached."""
    found = rows.order_by()[: limit + 1].count()
    return min(found, limit), found > limit
