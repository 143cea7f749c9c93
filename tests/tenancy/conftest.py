"""Shops for the tests of tenancy; those that need commits and processes get a database of their own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.db import connection

from s2b2c.tenancy import services
from s2b2c.tenancy.models import Reseller
from tests import servers

ROOT = Path(__file__).resolve().parents[2]


def make_reseller(slug: str = "rose", **fields: str) -> Reseller:
    """An open shop with nothing in it."""
    values = {"name": slug.title(), "currency": "EUR", "country": "DE", **fields}
    return services.create_reseller(slug=slug, **values)


@pytest.fixture
def rose(db: None) -> Reseller:
    return make_reseller("rose")


@pytest.fixture
def tulip(db: None) -> Reseller:
    return make_reseller("tulip")


@pytest.fixture
def real_rose(transactional_db: None) -> Iterator[Reseller]:
    """A shop outside any transaction of the test's."""
    made = make_reseller("rose")
    yield made
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {made.schema_name} CASCADE")


@dataclass
class Installation:
    """A migrated database without shops, for processes of their own."""

    url: str
    environment: dict[str, str]

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=240,
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def query(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        plain = psycopg2.connect(self.url)
        try:
            with plain, plain.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall() if cursor.description else []
        finally:
            plain.close()


@pytest.fixture
def installation(django_db_setup: None) -> Iterator[Installation]:
    with new_installation() as made:
        yield made


@contextmanager
def new_installation(template: str = "") -> Iterator[Installation]:
    """Give a database of its own: a copy of the migrated one, or of the template named."""
    template = template or servers.database_name("template")
    name = f"{servers.database_name('own')}_{secrets.token_hex(4)}"
    server = os.environ["TEST_DATABASE_URL"]
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _run(server, f'ALTER DATABASE "{name}" SET search_path = public')
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        yield Installation(url, {**os.environ, "DATABASE_URL": url})
    finally:
        _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def newer_code(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Make settings in which the tenant app ``reseller`` has one more migration; give the environment to use them."""

    def make(operations: str) -> dict[str, str]:
        folder = tmp_path / "newer" / "reseller_migrations"
        folder.mkdir(parents=True)
        now = sorted((ROOT / "reseller" / "migrations").glob("*.py"))
        for path in now:
            (folder / path.name).write_text(path.read_text())
        last = [path.stem for path in now if path.stem[0].isdigit()][-1]
        (folder / "9999_newer.py").write_text(
            "from django.db import migrations, models\n"
            "class Migration(migrations.Migration):\n"
            f"    dependencies = [('reseller', '{last}')]\n"
            f"    operations = [{operations}]\n"
        )
        (tmp_path / "newer_settings.py").write_text(
            "from s2b2c.settings import *\nMIGRATION_MODULES = {'reseller': 'newer.reseller_migrations'}\n"
        )
        return {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "newer_settings"}

    return make


def _run(url: str, sql: str) -> None:
    admin = psycopg2.connect(url)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(sql)
    admin.close()
