"""What the database guards of settlement: released statements and papers stay, and no payout is above what is there."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION supplier_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM supplier_settlement s WHERE s.id = OLD.settlement_id AND s.released) THEN
        RAISE EXCEPTION 'the statement is released' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION supplier_no_line_is_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added l JOIN supplier_settlement s ON s.id = l.settlement_id WHERE s.released) THEN
        RAISE EXCEPTION 'the statement is released' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION supplier_payout_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE available bigint;
BEGIN
    SELECT s.opening_minor + COALESCE((SELECT sum(l.amount_minor) FROM supplier_statementline l
                                       WHERE l.settlement_id = s.id AND l.kind <> 'payout'), 0)
    INTO available FROM supplier_settlement s
    WHERE s.id = NEW.settlement_id AND s.reseller_id = NEW.reseller_id AND s.currency = NEW.currency
      AND s.payout_minor = NEW.amount_minor AND NOT s.released;
    IF available IS NULL OR NEW.amount_minor > available THEN
        RAISE EXCEPTION 'payout % is above what is available (%)', NEW.amount_minor, available
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION supplier_payout_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.settlement_id, OLD.reseller_id, OLD.currency, OLD.amount_minor, OLD.method, OLD.key)
       IS DISTINCT FROM (NEW.settlement_id, NEW.reseller_id, NEW.currency, NEW.amount_minor, NEW.method, NEW.key)
       OR (OLD.state IN ('paid', 'failed') AND NEW.state <> OLD.state) THEN
        RAISE EXCEPTION 'a payout keeps its amount, key and end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION supplier_line_is_frozen();
DROP FUNCTION supplier_no_line_is_added();
DROP FUNCTION supplier_payout_is_there();
DROP FUNCTION supplier_payout_stays();
"""


def _trigger(name: str, table: str, when: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when.format(table=table)} EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


_ROW = "ON {table} FOR EACH ROW"


class Migration(migrations.Migration):
    dependencies = [("supplier", "0009_settlement")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _trigger(
            "supplier_settlement_frozen",
            "supplier_settlement",
            f"BEFORE UPDATE OR DELETE {_ROW} WHEN (OLD.released)",
            "supplier_append_only",
        ),
        _trigger(
            "supplier_line_never_changes",
            "supplier_statementline",
            f"BEFORE UPDATE {_ROW}",
            "supplier_append_only",
        ),
        _trigger(
            "supplier_line_frozen",
            "supplier_statementline",
            f"BEFORE DELETE {_ROW}",
            "supplier_line_is_frozen",
        ),
        _trigger(
            "supplier_line_added",
            "supplier_statementline",
            "AFTER INSERT ON {table} REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
            "supplier_no_line_is_added",
        ),
        _trigger("supplier_payout_there", "supplier_payout", f"BEFORE INSERT {_ROW}", "supplier_payout_is_there"),
        _trigger("supplier_payout_stays", "supplier_payout", f"BEFORE UPDATE {_ROW}", "supplier_payout_stays"),
        _trigger("supplier_payout_kept", "supplier_payout", f"BEFORE DELETE {_ROW}", "supplier_append_only"),
        _trigger(
            "supplier_invoice_append_only",
            "supplier_invoice",
            f"BEFORE UPDATE OR DELETE {_ROW}",
            "supplier_append_only",
        ),
    ]
