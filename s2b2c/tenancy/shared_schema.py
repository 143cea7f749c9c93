"""The shared schema of a new installation: prepared SQL in place of a hundred migrations.

The file holds what the migrations it names have made together. Later ones are applied on top of it as ever, so it
needs to be written anew only when there are many of these; ``manage.py make_shared_sql`` does that and proves it.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FILE = Path(__file__).with_name("shared_schema.sql")
REMINDER = (
    "s2b2c/tenancy/shared_schema.sql names migrations that have changed since, or are gone:"
    " run `manage.py make_shared_sql`"
)
_PROJECT = Path(__file__).resolve().parents[2]
_LOCK = 7_220_641_031  # any number, the same in all processes
_IS_EMPTY = """
    SELECT NOT EXISTS (
        SELECT FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
"""
# The statements name the schema of everything themselves; functions are looked into when they are first run.
_BEFORE = "SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning;"
_AFTER = "SET LOCAL search_path = public;"
_log = logging.getLogger(__name__)

Name = tuple[str, str]  # of a migration: label of its app, and its own


@dataclass(frozen=True)
class Prepared:
    """Statements, the migrations they stand for in the order these were applied, and the digest of these files."""

    text: str
    migrations: tuple[Name, ...]
    digest: str


def migrate(say: Callable[[str], None] = lambda line: None) -> None:
    """Bring the shared schema to where the code expects it; an empty one is made from the prepared SQL first.

    Two at once: the second waits, and finds it done. Asks PostgreSQL itself, not through a pool of transactions.
    """
    with _alone():
        made = lay()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            say("  Database    migrating the shared schema …")
        if made or plan:  # what is told after migrations makes the content types and permissions
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time do so; the lock is the connection's, and ends with it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@transaction.atomic
def lay() -> bool:
    """Make the tables of an empty public schema; say whether that was done. Two at once: the second finds them made.

    Nothing is done to a schema that holds anything, nor if the file is older than a migration it names.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_IS_EMPTY)
        if not cursor.fetchone()[0]:
            return False
        prepared = read()
        if not is_of_today(prepared):
            _log.warning(REMINDER)
            return False
        cursor.execute(_BEFORE)
        cursor.execute(prepared.text)
        cursor.execute(_AFTER)
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in prepared.migrations)
    return True


def read() -> Prepared:
    """Give what is in the committed file, of whatever age."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    named = re.findall(r"^-- contains: (\S+) (\S+)$", text, re.MULTILINE)
    found = re.search(r"^-- digest: (\S+)$", text, re.MULTILINE)
    return Prepared(text, tuple((app, name) for app, name in named), found[1] if found else "")


def is_of_today(prepared: Prepared) -> bool:
    """Whether all migrations it names are there as they were when it was written."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if not prepared.migrations or not all(name in known for name in prepared.migrations):
        return False
    return prepared.digest == digest(prepared.migrations)


def digest(migrations: Iterable[Name]) -> str:
    """Give a digest of the project's own migrations among these; those of packages are known by their names."""
    known, found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations, hashlib.sha256()
    for name in sorted(migrations):
        path = Path(str(import_module(known[name].__module__).__file__))
        found.update(" ".join(name).encode())
        if path.is_relative_to(_PROJECT) and "site-packages" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
