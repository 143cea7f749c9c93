"""The shared schema of a new installation: made from prepared SQL, and the same as by migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from s2b2c.tenancy import shared_proof, shared_schema
from tests.tenancy.conftest import Installation, new_installation

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture
def empty(django_db_setup: None) -> Iterator[Installation]:
    """Give a database nothing was ever done to."""
    with new_installation("template0") as made:
        yield made


@pytest.mark.slow
@pytest.mark.django_db
def test_made_from_the_file_is_the_same_as_migrated_from_nothing() -> None:
    assert shared_proof.differences() == []


def test_two_starts_at_once_make_it_once(empty: Installation) -> None:
    runs = [empty.start("manage.py", "prepare", "--no-seed") for _ in range(2)]
    assert [run.wait(120) for run in runs] == [0, 0]
    assert empty.query("SELECT count(*) - count(DISTINCT (app, name)) FROM django_migrations") == [(0,)]
    assert empty.query("SELECT count(*) > 100 FROM django_content_type") == [(True,)]


def test_it_is_made_whole_or_not_at_all(empty: Installation, tmp_path: Path) -> None:
    broken = tmp_path / "shared_schema.sql"
    broken.write_text(shared_schema.FILE.read_text() + "SELECT 1 / 0;\n")
    run = empty.python("-c", _LAY, FILE=str(broken))
    assert (run.returncode, "division by zero" in run.stderr) == (1, True)
    assert empty.query(TABLES) == [(0,)]


def test_a_file_older_than_its_migrations_is_left_alone(empty: Installation, tmp_path: Path) -> None:
    older = tmp_path / "shared_schema.sql"
    older.write_text(re.sub(r"(?<=-- digest: ).*", "0123456789abcdef", shared_schema.FILE.read_text()))
    run = empty.python("-c", _LAY, FILE=str(older))
    assert (run.stdout, "make_shared_sql" in run.stderr) == ("False\n", True)
    assert empty.query(TABLES) == [(0,)]


_LAY = """
import os, pathlib
import django; django.setup()
from s2b2c.tenancy import shared_schema
shared_schema.FILE = pathlib.Path(os.environ["FILE"])
print(shared_schema.lay())
"""


@pytest.mark.django_db
def test_a_schema_that_holds_anything_is_left_alone() -> None:
    assert shared_schema.lay() is False
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        assert cursor.fetchone()[0] > 100


def test_file_gone_or_naming_unknown_migrations_is_not_of_today() -> None:
    prepared = shared_schema.read()
    assert shared_schema.is_of_today(prepared)
    assert not shared_schema.is_of_today(shared_schema.Prepared("", (), ""))
    unknown = (*prepared.migrations, ("supplier", "9999_never"))
    assert not shared_schema.is_of_today(shared_schema.Prepared(prepared.text, unknown, prepared.digest))
