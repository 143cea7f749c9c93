"""Writes the shared schema as SQL, and proves that a database made from it is one that was migrated from nothing."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from urllib.parse import quote

import psycopg2
from django.db import connection

from s2b2c.embedded import binaries, places
from s2b2c.tenancy import shared_schema

_HEADER = """\
-- Makes the shared schema of an empty database. Written by `manage.py make_shared_sql` from the migrations; don't edit.
-- digest: {digest}
{contains}
"""
_LEFT_OUT = re.compile(r"--|\\|$|SET |SELECT pg_catalog\.set_config|COMMENT ON EXTENSION")
_CHOICES = re.compile(r"\(ARRAY\[('[^']+'::character varying(?:, '[^']+'::character varying)*)\]\)::text\[\]")
_FROM_NOTHING = ("migrate_schemas", "--shared", "--verbosity", "0")
_AS_PREPARED = ("prepare", "--no-seed")
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
_ROWS = """
    SELECT 'type ' || app_label || '.' || model FROM django_content_type
    UNION ALL SELECT 'permission ' || t.app_label || '.' || p.codename
        FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    UNION ALL SELECT 'migration ' || app || '.' || name FROM django_migrations
    UNION ALL SELECT 'setting ' || unnest(setconfig) FROM pg_db_role_setting s
        JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()
    ORDER BY 1
"""


def make() -> shared_schema.Prepared:
    """Migrate a database from nothing and write down what that made. Needs ``pg_dump`` and the right to make databases."""
    with _database(_FROM_NOTHING) as url:
        dumped = _dump(url)
        migrations = tuple((app, name) for app, name in _asked(url, _MIGRATIONS))
    digest = shared_schema.digest(migrations)
    contains = "\n".join(f"-- contains: {app} {name}" for app, name in migrations)
    text = _HEADER.format(digest=digest, contains=contains) + dumped + _of_the_database()
    return shared_schema.Prepared(text, migrations, digest)


def differences() -> list[str]:
    """Compare both ways, line by line of what ``pg_dump`` says of them; [] if they are the same and the file is used."""
    if not shared_schema.is_of_today(shared_schema.read()):
        return [shared_schema.REMINDER]
    with _database(_FROM_NOTHING) as migrated, _database(_AS_PREPARED) as laid:
        before, after = (
            _dump(url).splitlines() + [str(row[0]) for row in _asked(url, _ROWS)] for url in (migrated, laid)
        )
    return list(difflib.unified_diff(before, after, "migrated", "prepared", lineterm="", n=2))


@contextmanager
def _database(command: tuple[str, ...]) -> Iterator[str]:
    """Give the address of a new database in which a command of ``manage.py`` was run; it is dropped afterwards."""
    name = f"s2b2c_proof_{secrets.token_hex(6)}"
    with _autocommit(_url("postgres")) as server, server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            run = [sys.executable, "manage.py", *command]
            subprocess.run(run, cwd=places.PROJECT, env={**os.environ, "DATABASE_URL": _url(name)}, check=True)
            yield _url(name)
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _dump(url: str) -> str:
    """Give the schema as statements, without comments, blank lines and what ``psql`` alone understands."""
    program = binaries.postgres().program("pg_dump")
    command = [str(program), "--schema-only", "--no-owner", "--no-privileges", url]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in dumped.splitlines() if not _LEFT_OUT.match(line)]
    return _CHOICES.sub(_as_read_back, "\n".join(lines)) + "\n"


def _as_read_back(found: re.Match[str]) -> str:
    """Write a list of choices as PostgreSQL does once it has read its own words: the same list, otherwise spelled."""
    return "ARRAY[" + ", ".join(f"({each})::text" for each in found[1].split(", ")) + "]"


def _of_the_database() -> str:
    """Give what a migration set for the database itself, which no dump of its content has."""
    return str(import_module("s2b2c.tenancy.migrations.0002_default_search_path").FORWARDS).strip() + ";\n"


def _asked(url: str, sql: str) -> list[tuple[str, ...]]:
    with _autocommit(url) as asked, asked.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@contextmanager
def _autocommit(url: str) -> Iterator[psycopg2.extensions.connection]:
    made = psycopg2.connect(url)
    made.autocommit = True
    try:
        yield made
    finally:
        made.close()


def _url(database: str) -> str:
    """Give the address of another database on the server in use."""
    it = connection.settings_dict
    who = ":".join(quote(str(it[part]), safe="") for part in ("USER", "PASSWORD") if it[part])
    return f"postgresql://{who}@{it['HOST'] or 'localhost'}:{it['PORT'] or 5432}/{database}"
