"""The version of everything S publishes: pages kept under it are right at once.

The sequence is the truth, the cache only spares the query. A page is read first the version, then the
data, and kept under that version; since every value is taken after the commit it stands for, a page kept
under the newest value was made from data that old or younger.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection, transaction

from s2b2c.tenancy.cache import GLOBAL

_KEY = f"{GLOBAL}catalogue-version"
_SECONDS = 5  # how long a process that could not reach the cache may leave others with an older value


def version() -> int:
    """Give the catalogue's version. Ask before reading what is kept under it."""
    known = cache.get(_KEY)
    if known is not None:
        return int(known)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM public.supplier_catalogue_version")
        current = int(cursor.fetchone()[0])
    cache.add(_KEY, current, timeout=_SECONDS)
    return current


def touch() -> None:
    """Say that something shops show has changed. Call inside the transaction that changes it.

    The version rises within the transaction, so that a process dying after the commit leaves nothing
    stale for longer than the cache's few seconds, and again after the commit, when the change is visible.
    """
    _next()
    transaction.on_commit(_publish)


def _publish() -> None:
    cache.set(_KEY, _next(), timeout=_SECONDS)


def _next() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('public.supplier_catalogue_version')")
        return int(cursor.fetchone()[0])
