"""The months of the facts' table: made ahead by a task, and at once where a fact needs one that is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction

TABLE = "enablement_salesfact"
AHEAD = 3  # months
_LOCK = 4_110_001  # of pg_advisory_xact_lock: who makes a month does it alone


def ensure(days: Iterable[date]) -> int:
    """Make the months of ``days`` that are missing; give how many. Call inside a transaction.

    A month is made as a table of its own and then attached: facts go on being written meanwhile. The database's owner
    does it for us, by a function: the web's login makes no shared tables.
    """
    months = sorted({day.replace(day=1) for day in days})
    missing = _missing(months)
    if not missing:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for month in _missing(missing):
            cursor.execute("SELECT enablement_make_month(%s)", [month])
    return len(missing)


@transaction.atomic
def make_ahead(today: date) -> int:
    """Make the months from this one on that will soon be needed; give how many."""
    months = [today]
    for _ in range(AHEAD):
        months.append(_next(months[-1]))
    return ensure(months)


def _name(month: date) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _missing(months: list[date]) -> list[date]:
    if not months:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(n) IS NULL FROM unnest(%s::text[]) n", [[_name(each) for each in months]])
        return [month for month, (gone,) in zip(months, cursor.fetchall(), strict=True) if gone]
