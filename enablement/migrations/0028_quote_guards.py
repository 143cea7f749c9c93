"""What the database guards of quotations: their states, what was asked, and answers that stay once a request is closed."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_quote_request_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('open', 'awarded'), ('open', 'cancelled')) THEN
        RAISE EXCEPTION 'a request for prices does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.warehouse_id, OLD.created_at) IS DISTINCT FROM (NEW.number, NEW.warehouse_id, NEW.created_at)
       OR (OLD.state <> 'open' AND OLD.answer_by <> NEW.answer_by) THEN
        RAISE EXCEPTION 'what was asked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_quote_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'who was asked stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.request_id, OLD.vendor_id, OLD.currency) IS DISTINCT FROM (NEW.request_id, NEW.vendor_id, NEW.currency)
       OR NEW.access < OLD.access OR NEW.revision < OLD.revision
       OR (to_jsonb(OLD) - 'access' - 'opened_at' <> to_jsonb(NEW) - 'access' - 'opened_at'
           AND (NEW.revision = OLD.revision
                OR (SELECT state FROM enablement_quoterequest WHERE id = NEW.request_id) <> 'open')) THEN
        RAISE EXCEPTION 'an answer is changed by another one, while the request is open'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_quote_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_quote bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END;
    its_state text;
    fits boolean;
BEGIN
    SELECT r.state INTO its_state FROM enablement_quote q JOIN enablement_quoterequest r ON r.id = q.request_id
    WHERE q.id = its_quote;
    IF its_state <> 'open' THEN
        RAISE EXCEPTION 'a request for prices is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'awarded_at' - 'order_id' <> to_jsonb(NEW) - 'awarded_at' - 'order_id' THEN
        RAISE EXCEPTION 'a price is changed by another answer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT i.request_id = q.request_id INTO fits FROM enablement_quote q, enablement_quoteitem i
    WHERE q.id = NEW.quote_id AND i.id = NEW.item_id;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'a price is for what was asked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_quote_request_goes_on();
DROP FUNCTION enablement_quote_stays();
DROP FUNCTION enablement_quote_line_stays();
"""


def _trigger(name: str, table: str, when: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("enablement", "0027_quotes")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _trigger(
            "quote_request_goes_on", "enablement_quoterequest", "BEFORE UPDATE", "enablement_quote_request_goes_on"
        ),
        _trigger("quote_request_is_kept", "enablement_quoterequest", "BEFORE DELETE", "enablement_append_only"),
        _trigger("quote_item_is_kept", "enablement_quoteitem", "BEFORE UPDATE OR DELETE", "enablement_append_only"),
        _trigger("quote_note_only_added", "enablement_quotenote", "BEFORE UPDATE OR DELETE", "enablement_append_only"),
        _trigger("quote_stays", "enablement_quote", "BEFORE UPDATE OR DELETE", "enablement_quote_stays"),
        _trigger(
            "quote_line_stays", "enablement_quoteline", "BEFORE INSERT OR UPDATE OR DELETE", "enablement_quote_line_stays"
        ),
    ]
