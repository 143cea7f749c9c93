"""What the database guards of plans: their states, what stays once it was planned, and that shares sum to what is shared."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_plan_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('waiting', 'planning'), ('planning', 'done'), ('planning', 'failed'), ('done', 'ordered'), ('ordered', 'settled')) THEN
        RAISE EXCEPTION 'a purchase plan does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.currency, OLD.shared_bps, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.warehouse_id, NEW.currency, NEW.shared_bps, NEW.created_at)
       OR (OLD.state NOT IN ('waiting', 'planning') AND
           (OLD.method, OLD.cost_minor, OLD.bound_minor, OLD.alone_minor, OLD.saving_minor, OLD.shared_minor)
           IS DISTINCT FROM
           (NEW.method, NEW.cost_minor, NEW.bound_minor, NEW.alone_minor, NEW.saving_minor, NEW.shared_minor)) THEN
        RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_state text;
    old_row jsonb;
    new_row jsonb;
BEGIN
    SELECT state INTO its_state FROM enablement_purchaseplan
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
    IF its_state NOT IN ('waiting', 'planning') THEN
        IF TG_OP <> 'UPDATE' THEN
            RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        old_row := to_jsonb(OLD);
        new_row := to_jsonb(NEW);
        IF NOT (
            (its_state = 'done' AND old_row - 'order_id' = new_row - 'order_id' AND old_row ->> 'order_id' IS NULL)
            OR (its_state = 'ordered' AND old_row - 'came' = new_row - 'came')
            OR (its_state = 'ordered' AND old_row - 'credited_minor' = new_row - 'credited_minor'
                AND old_row ->> 'credited_minor' IS NULL)) THEN
            RAISE EXCEPTION 'what was planned stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION enablement_shares_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    alone bigint;
    shared bigint;
    open_ bigint;
BEGIN
    SELECT COALESCE(sum(alone_minor), 0), COALESCE(sum(share_minor), 0), count(*) FILTER (WHERE credited_minor IS NULL)
    INTO alone, shared, open_ FROM enablement_planshare WHERE plan_id = NEW.id;
    IF NEW.state IN ('done', 'ordered', 'settled') AND (alone, shared) <> (NEW.alone_minor, NEW.shared_minor) THEN
        RAISE EXCEPTION 'shares do not sum to what is shared' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'settled' AND open_ > 0 THEN
        RAISE EXCEPTION 'a share was not credited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_plan_goes_on();
DROP FUNCTION enablement_plan_stays();
DROP FUNCTION enablement_shares_add_up();
"""


def _trigger(name: str, table: str, when: str, function: str, kind: str = "TRIGGER", more: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("enablement", "0009_purchase_plans")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _trigger("plan_goes_on", "enablement_purchaseplan", "BEFORE UPDATE", "enablement_plan_goes_on"),
        _trigger("plan_is_kept", "enablement_purchaseplan", "BEFORE DELETE", "enablement_append_only"),
        *[
            _trigger(f"{table}_stays", f"enablement_{table}", "BEFORE INSERT OR UPDATE OR DELETE", "enablement_plan_stays")
            for table in ("planpart", "planline", "planshare")
        ],
        _trigger(
            "shares_add_up",
            "enablement_purchaseplan",
            "AFTER INSERT OR UPDATE",
            "enablement_shares_add_up",
            kind="CONSTRAINT TRIGGER",
            more="DEFERRABLE INITIALLY DEFERRED",
        ),
    ]
