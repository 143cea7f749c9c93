"""Numbers without gaps: counted on in the transaction that uses them, so that what is rolled back leaves none."""

from __future__ import annotations

from django.db import connection

_TAKE = """
    INSERT INTO supplier_numbering (series, last) VALUES (%s, %s)
    ON CONFLICT (series) DO UPDATE SET last = supplier_numbering.last + EXCLUDED.last RETURNING last
"""


def take(series: str, many: int = 1) -> list[str]:
    """Give the next numbers of a series, as ``R-2026-00017``. Call inside a transaction, as late as possible.

    Who takes a number keeps the series locked until its commit.
    """
    if not many:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [series, many])
        (last,) = cursor.fetchone()
    return [f"{series}-{number:05d}" for number in range(last - many + 1, last + 1)]
