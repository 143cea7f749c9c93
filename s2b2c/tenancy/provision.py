"""Making a shop's schema: one prepared ``DO`` block, one round trip, inside the caller's transaction."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection

from s2b2c.tenancy import shop_migrations
from s2b2c.tenancy.errors import ImproperlyUsed
from s2b2c.tenancy.models import SCHEMA_PATTERN

FILE = Path(__file__).with_name("shop_schema.sql")
REMINDER = "s2b2c/tenancy/shop_schema.sql is older than the tenant apps' migrations: run `manage.py make_shop_sql`"
_SCHEMA = ":shop:"
_HEADER = """\
-- Makes one shop. Written by `manage.py make_shop_sql` from the tenant apps' migrations; don't edit.
-- version: {version}
-- digest: {digest}
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """The block that makes a schema, and the version it then has."""

    text: str
    version: str
    digest: str

    def statement(self, schema: str) -> str:
        if not re.match(SCHEMA_PATTERN, schema):
            raise ImproperlyUsed(f"Not a shop's schema name: {schema!r}")
        return self.text.replace(_SCHEMA, schema)


def open_schema(schema: str) -> str:
    """Make a schema with all its tables in one round trip and give its version; call inside a transaction."""
    if not connection.in_atomic_block:
        raise ImproperlyUsed("open_schema belongs in the transaction that makes the reseller.")
    block = prepared()
    with connection.cursor() as cursor:
        cursor.execute(block.statement(schema))
    return block.version


@cache
def prepared() -> Prepared:
    """Give the committed block; where the migrations are newer (development), one made on the spot."""
    block = read()
    if block.digest == shop_migrations.digest():
        return block
    _log.warning(REMINDER)
    return make()


def read() -> Prepared:
    """Give the block in the committed file, of whatever age."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return Prepared(text, _header(text, "version"), _header(text, "digest"))


def make() -> Prepared:
    """Make the block anew from the migrations."""
    version, digest = shop_migrations.target_version(), shop_migrations.digest()
    body = _block(shop_migrations.record().folded)
    return Prepared(_HEADER.format(version=version, digest=digest) + body, version, digest)


def _header(text: str, name: str) -> str:
    found = re.search(rf"^-- {name}: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def _block(statements: tuple[str, ...]) -> str:
    lines = "".join(f"  {quoted(statement)};\n" for statement in statements)
    return (
        "DO $shop$\nDECLARE\n  path_before text := current_setting('search_path');\nBEGIN\n"
        f"  EXECUTE 'CREATE SCHEMA {_SCHEMA}';\n"
        f"  PERFORM set_config('search_path', '{_SCHEMA}, public', true);\n"
        f"{lines}"
        "  PERFORM set_config('search_path', path_before, true);\nEND\n$shop$\n"
    )


def quoted(statement: str) -> str:
    """Write a statement so that PL/pgSQL runs it as it is."""
    if "$s$" in statement or "$shop$" in statement or _SCHEMA in statement:
        raise ImproperlyUsed(f"Can't be put into a DO block: {statement}")
    return f"EXECUTE $s$\n    {statement}\n  $s$"
