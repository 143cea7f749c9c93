"""Two logins to one database: the owner makes and changes tables, the web's works with rows.

What is only ever added to (books, movements of stock, the audit log) is guarded by triggers; whoever owns a table can
switch its triggers off. So the web's login owns none of the shared tables, and may not change, remove or empty there
what the triggers guard. Shops' schemas are its own: it opens shops. One login for both (``DATABASE_OWNER_URL`` empty)
works too, with the triggers alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from s2b2c import env
from s2b2c.tenancy.errors import ImproperlyUsed
from s2b2c.tenancy.models import SCHEMA_PATTERN

_LOCK = 7_220_641_032  # any number, the same in all processes
_WHERE = ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")

# A trigger that refuses every UPDATE (16), every DELETE (8), whatever the row: the right to it is not needed either.
_KEPT = """
    SELECT format('%I', c.relname), bool_or(t.tgtype & 16 > 0), bool_or(t.tgtype & 8 > 0)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE c.relnamespace = 'public'::regnamespace AND p.proname LIKE '%append\\_only'
      AND t.tgtype & 3 = 3 AND t.tgqual IS NULL AND t.tgattr = ''
    GROUP BY c.relname ORDER BY c.relname
"""
_RIGHTS = """
    GRANT {web} TO CURRENT_USER;
    GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {web};
    GRANT USAGE ON SCHEMA public TO {web};
    GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON ALL TABLES IN SCHEMA public TO {web};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web};
    ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLES TO {web};
    ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {web};
    GRANT TRUNCATE ON enablement_salesfact TO {web};
"""
_STRANGE = """
    SELECT nspname FROM pg_namespace
    WHERE nspname ~ %s AND NOT has_schema_privilege(%s, oid, 'USAGE') ORDER BY nspname
"""
_OF_A_SHOP = """
    GRANT USAGE, CREATE ON SCHEMA {schema} TO {web};
    GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON ALL TABLES IN SCHEMA {schema} TO {web};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {web};
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Speak to the database as its owner, in this thread and in those that connect meanwhile.

    Changes nothing where ``DATABASE_OWNER_URL`` is not set. Call outside a transaction.
    """
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    if connection.in_atomic_block:
        raise ImproperlyUsed("The owner's login begins with a connection of its own, not within a transaction.")
    before = {name: connection.settings_dict[name] for name in _WHERE}
    connection.close()
    connection.settings_dict.update(env.database(settings.DATABASE_OWNER_URL))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@transaction.atomic
def share(login: str, password: str) -> None:
    """Make the web's login if it is missing, and give it its rights and no others, as often as you like.

    Call as the owner, when the tables are there. Who is there already keeps its password.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT current_database(), EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [login])
        database, known = cursor.fetchone()
        web = connection.ops.quote_name(login)
        if not known:
            cursor.execute(
                f"CREATE ROLE {web} LOGIN PASSWORD %s; ALTER ROLE {web} SET search_path = public", [password]
            )
        cursor.execute(_RIGHTS.format(web=web, database=connection.ops.quote_name(database)))
        for table, changed, removed in kept():
            if rights := ", ".join(["UPDATE"] * changed + ["DELETE"] * removed):
                cursor.execute(f"REVOKE {rights} ON public.{table} FROM {web}")


def share_shops(login: str) -> int:
    """Let the web's login into the shops that were opened before there was one; give how many. Call as the owner.

    A shop is a transaction: thousands at once would be more locks than the server has.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STRANGE, [SCHEMA_PATTERN, login])
        schemas = [name for (name,) in cursor.fetchall()]
        for schema in schemas:
            cursor.execute(_OF_A_SHOP.format(web=connection.ops.quote_name(login), schema=schema))
    return len(schemas)


def kept() -> list[tuple[str, bool, bool]]:
    """Name the shared tables whose rows are never changed, or never removed: (table, changed, removed)."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT)
        return list(cursor.fetchall())


def may_change_what_is_kept() -> bool:
    """Tell whether this login could change or empty the books if it wanted to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(to_regclass('supplier_transfer')::oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
        )
        return bool(cursor.fetchone()[0])  # no table yet: nothing to change
