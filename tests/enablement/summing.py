"""Summing the facts where other tests work on the same server."""

from __future__ import annotations

import time

from django.db import connection

from enablement.services import sums

_OLD_ENOUGH = """
    SELECT COALESCE(max(tx), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM enablement_salesfact
"""


def refresh(seconds: float = 60) -> int:
    """Add up all facts there are: waits until every transaction older than them has ended, in all databases."""
    until = time.monotonic() + seconds
    while not _old_enough():
        assert time.monotonic() < until, "a transaction stays open"
        time.sleep(0.05)
    return sums.refresh()


def _old_enough() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_OLD_ENOUGH)
        return bool(cursor.fetchone()[0])
