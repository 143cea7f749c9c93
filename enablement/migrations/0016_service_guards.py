"""What the database guards of the service network: states go one way, what was agreed and answered stays."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_provider_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('applied', 'vetted'), ('applied', 'refused'), ('vetted', 'active'), ('vetted', 'refused'),
        ('active', 'suspended'), ('suspended', 'active'), ('refused', 'applied')) THEN
        RAISE EXCEPTION 'a provider does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.access < OLD.access THEN
        RAISE EXCEPTION 'links that are dead stay dead' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_service_task_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'offered'), ('open', 'cancelled'), ('offered', 'accepted'), ('offered', 'open'),
        ('offered', 'cancelled'), ('accepted', 'done'), ('accepted', 'open'), ('accepted', 'cancelled'),
        ('done', 'accepted'), ('done', 'approved'), ('approved', 'paid')) THEN
        RAISE EXCEPTION 'a service task does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.kind, OLD.reseller_id, OLD.currency, OLD.budget_minor, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.kind, NEW.reseller_id, NEW.currency, NEW.budget_minor, NEW.created_at) THEN
        RAISE EXCEPTION 'what was booked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('accepted', 'done', 'approved', 'paid') AND NEW.state NOT IN ('open', 'cancelled') AND
       (OLD.provider_id, OLD.price_minor, OLD."on", OLD.at_part) IS DISTINCT FROM
       (NEW.provider_id, NEW.price_minor, NEW."on", NEW.at_part) THEN
        RAISE EXCEPTION 'what a provider accepted stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('approved', 'paid') AND (OLD.proof, OLD.photos, OLD.done_at) IS DISTINCT FROM
       (NEW.proof, NEW.photos, NEW.done_at) THEN
        RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.statement_id IS NOT NULL AND OLD.statement_id IS DISTINCT FROM NEW.statement_id THEN
        RAISE EXCEPTION 'a task is paid once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'cancelled' THEN
        RAISE EXCEPTION 'a cancelled task stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_service_offer_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.task_id, OLD.provider_id, OLD.price_minor, OLD."on", OLD.at_part, OLD.sent_at, OLD.until)
       IS DISTINCT FROM (NEW.task_id, NEW.provider_id, NEW.price_minor, NEW."on", NEW.at_part, NEW.sent_at, NEW.until)
       OR (OLD.state <> 'open' AND (OLD.state, NEW.state) <> ('accepted', 'given_back'))
       OR (NEW.state <> 'open') <> (NEW.answered_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an offer is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_service_statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.number, OLD.batch, OLD.provider_id, OLD.currency, OLD.total_minor, OLD.bank, OLD.created_at)
       IS DISTINCT FROM
       (NEW.number, NEW.batch, NEW.provider_id, NEW.currency, NEW.total_minor, NEW.bank, NEW.created_at)
       OR (OLD.state, NEW.state) NOT IN (('filed', 'paid')) THEN
        RAISE EXCEPTION 'a statement stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_service_statement_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_servicetask' THEN (to_jsonb(NEW) ->> 'statement_id')::bigint
                              ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_servicestatement s WHERE s.id = its_id AND s.total_minor <>
               (SELECT COALESCE(sum(t.price_minor), 0) FROM enablement_servicetask t
                WHERE t.statement_id = s.id AND t.provider_id = s.provider_id AND t.currency = s.currency))
       OR EXISTS (SELECT 1 FROM enablement_servicetask t JOIN enablement_servicestatement s ON s.id = t.statement_id
                  WHERE s.id = its_id AND t.provider_id <> s.provider_id) THEN
        RAISE EXCEPTION 'a statement is the sum of its tasks' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_provider_goes_on();
DROP FUNCTION enablement_service_task_goes_on();
DROP FUNCTION enablement_service_offer_goes_on();
DROP FUNCTION enablement_service_statement_stays();
DROP FUNCTION enablement_service_statement_sums();
"""
# name, table, when, function, at the commit
_TRIGGERS = (
    ("provider_goes_on", "enablement_serviceprovider", "BEFORE UPDATE", "enablement_provider_goes_on", False),
    ("service_task_goes_on", "enablement_servicetask", "BEFORE UPDATE", "enablement_service_task_goes_on", False),
    ("service_task_is_kept", "enablement_servicetask", "BEFORE DELETE", "enablement_append_only", False),
    ("service_offer_goes_on", "enablement_serviceoffer", "BEFORE UPDATE", "enablement_service_offer_goes_on", False),
    ("service_offer_is_kept", "enablement_serviceoffer", "BEFORE DELETE", "enablement_append_only", False),
    ("service_statement_stays", "enablement_servicestatement", "BEFORE UPDATE", "enablement_service_statement_stays", False),
    ("service_statement_is_kept", "enablement_servicestatement", "BEFORE DELETE", "enablement_append_only", False),
    ("service_statement_sums", "enablement_servicestatement", "AFTER INSERT", "enablement_service_statement_sums", True),
    ("service_task_sums", "enablement_servicetask", "AFTER INSERT OR UPDATE OF statement_id, price_minor", "enablement_service_statement_sums", True),
)  # fmt: skip


def _trigger(name: str, table: str, when: str, function: str, late: bool) -> migrations.RunSQL:
    kind, more = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED") if late else ("TRIGGER", "")
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("enablement", "0015_service_network")]

    operations = [migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS), *[_trigger(*each) for each in _TRIGGERS]]
