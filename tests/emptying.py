"""Emptying the database after a test that committed: what it wrote, not every table there is.

Django's own way truncates each of some 150 tables, which makes new files for them and all their indexes, and then tells
every app that it was migrated, which writes content types and permissions anew. Here rows are deleted with triggers and
foreign keys asleep, and those two tables stay as they are. It needs a superuser, as the servers of a test run give one.
"""

from __future__ import annotations

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase

_KEPT = ["django_migrations", "django_content_type", "auth_permission"]
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL(%s)
    ORDER BY 1
"""
_djangos_own = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def install() -> None:
    """Have tests that commit clean up so."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]


def _teardown(case: TransactionTestCase) -> None:
    if not _may():
        _djangos_own(case)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_deletions())


@cache
def _may() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        return bool(cursor.fetchone()[0])


@cache
def _deletions() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [_KEPT])
        tables = [row[0] for row in cursor.fetchall()]
    return "SET LOCAL session_replication_role = replica;" + "".join(f"DELETE FROM public.{each};" for each in tables)
