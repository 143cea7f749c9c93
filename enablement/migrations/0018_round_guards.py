"""What the database guards of buying rounds: their states, their terms, and that each deposit ends once and whole."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_round_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'reached'), ('open', 'missed'), ('open', 'cancelled'), ('reached', 'cancelled'), ('reached', 'ended')) THEN
        RAISE EXCEPTION 'a buying round does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.currency, OLD.closes_at, OLD.least, OLD.volume, OLD.deposit_bps, OLD.shared_bps,
        OLD.sell_days, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.warehouse_id, NEW.currency, NEW.closes_at, NEW.least, NEW.volume, NEW.deposit_bps, NEW.shared_bps,
        NEW.sell_days, NEW.created_at) OR (OLD.plan_id IS NOT NULL AND OLD.plan_id IS DISTINCT FROM NEW.plan_id) THEN
        RAISE EXCEPTION 'what a round was opened with stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_commitment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a commitment stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT r.state INTO its_state FROM enablement_rounditem i JOIN enablement_buyinground r ON r.id = i.round_id
    WHERE i.id = NEW.item_id;
    IF TG_OP = 'INSERT' THEN
        IF its_state <> 'open' OR NEW.released_minor IS NOT NULL THEN
            RAISE EXCEPTION 'one commits to a round that is open' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.released_minor IS NOT NULL OR (OLD.item_id, OLD.reseller_id) IS DISTINCT FROM (NEW.item_id, NEW.reseller_id)
       OR NEW.revision < OLD.revision
       OR ((OLD.pieces, OLD.unit_minor, OLD.deposit_minor) IS DISTINCT FROM (NEW.pieces, NEW.unit_minor, NEW.deposit_minor)
           AND (its_state <> 'open' OR NEW.revision = OLD.revision OR NEW.released_minor IS NOT NULL))
       OR (NEW.kept_minor > 0 AND its_state <> 'reached') THEN
        RAISE EXCEPTION 'what was committed stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_deposits_have_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('missed', 'cancelled', 'ended') AND EXISTS (
        SELECT 1 FROM enablement_commitment c JOIN enablement_rounditem i ON i.id = c.item_id
        WHERE i.round_id = NEW.id AND c.released_minor IS NULL) THEN
        RAISE EXCEPTION 'a deposit was left over' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_round_goes_on();
DROP FUNCTION enablement_commitment_stays();
DROP FUNCTION enablement_deposits_have_ended();
"""


def _trigger(name: str, table: str, when: str, function: str, kind: str = "TRIGGER", more: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("enablement", "0017_buying_rounds")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _trigger("round_goes_on", "enablement_buyinground", "BEFORE UPDATE", "enablement_round_goes_on"),
        _trigger("round_is_kept", "enablement_buyinground", "BEFORE DELETE", "enablement_append_only"),
        _trigger(
            "commitment_stays",
            "enablement_commitment",
            "BEFORE INSERT OR UPDATE OR DELETE",
            "enablement_commitment_stays",
        ),
        _trigger(
            "deposits_have_ended",
            "enablement_buyinground",
            "AFTER UPDATE",
            "enablement_deposits_have_ended",
            kind="CONSTRAINT TRIGGER",
            more="DEFERRABLE INITIALLY DEFERRED",
        ),
    ]
