"""Proof that a shop made from the prepared block equals one that ran the migrations."""

from __future__ import annotations

from django.db import connection, transaction

from s2b2c.tenancy import catalog, provision, shop_migrations


def differences(block: provision.Prepared) -> list[str]:
    """Compare the catalogs of both ways; [] if they are the same and the block is up to date."""
    if block.digest != shop_migrations.digest():
        return [provision.REMINDER]
    made, migrated = set(_made_by(block)), set(shop_migrations.record().described)
    missing = [f"only after the migrations: {line}" for line in sorted(migrated - made)]
    return missing + [f"only in shop_schema.sql: {line}" for line in sorted(made - migrated)]


def _made_by(block: provision.Prepared) -> tuple[str, ...]:
    schema = "shop_proof000000"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(block.statement(schema))
        described = catalog.describe(schema)
        transaction.set_rollback(True)
    return described
