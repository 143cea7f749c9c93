"""What the database itself guards: append-only books and movements, one currency per transfer, packed stock rows."""

from django.db import migrations

_APPEND_ONLY = ("supplier_movement", "supplier_journal", "supplier_transfer")

_FUNCTION = """
CREATE FUNCTION supplier_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION supplier_append_only();""",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("supplier", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION supplier_append_only();"),
        *[_trigger(table) for table in _APPEND_ONLY],
        migrations.RunSQL(
            """ALTER TABLE supplier_transfer
                 ADD CONSTRAINT transfer_debit_currency FOREIGN KEY (debit_id, currency)
                     REFERENCES supplier_account (id, currency),
                 ADD CONSTRAINT transfer_credit_currency FOREIGN KEY (credit_id, currency)
                     REFERENCES supplier_account (id, currency);""",
            """ALTER TABLE supplier_transfer
                 DROP CONSTRAINT transfer_debit_currency, DROP CONSTRAINT transfer_credit_currency;""",
        ),
        # Room for updates in place: a hot stock row stays on its page and out of its indexes.
        migrations.RunSQL(
            "ALTER TABLE supplier_stock SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);",
            "ALTER TABLE supplier_stock RESET (fillfactor, autovacuum_vacuum_scale_factor);",
        ),
        # Rises with every change of what shops show; see supplier.services.published.
        migrations.RunSQL("CREATE SEQUENCE supplier_catalogue_version;", "DROP SEQUENCE supplier_catalogue_version;"),
    ]
