"""The two numbers that rise with whatever c sees."""

from __future__ import annotations

from s2b2c.tenancy import context
from storefront.selectors import sql

_VERSIONS = "SELECT version, (SELECT last_value FROM public.supplier_catalogue_version) FROM {}reseller_shop"


def read() -> tuple[int, int]:
    """Give the versions of the entered shop and of the catalogue; ask before reading what is kept.

    One statement that names its schemas itself, so that it needs no transaction around it.
    """
    database = context.database()
    if database.in_atomic_block:
        found = sql.rows(_VERSIONS.format(""), {})
    else:
        with database.by_full_names():
            found = sql.rows(_VERSIONS.format(f"{database.ops.quote_name(database.schema_name)}."), {})
    return (found[0][0], found[0][1]) if found else (0, 0)
