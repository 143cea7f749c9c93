"""What the database guards of bookings: no day of a provider is promised twice, what was sold stays, states go one way."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_booking_place_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE room integer;
BEGIN
    -- whoever takes a place of this provider waits here, so that what is counted below stays true until the commit
    SELECT capacity INTO room FROM enablement_serviceprovider WHERE id = NEW.provider_id FOR NO KEY UPDATE;
    IF room <= (SELECT count(*) FROM enablement_servicebooking b
                WHERE b.provider_id = NEW.provider_id AND b."on" = NEW."on" AND b.id IS DISTINCT FROM NEW.id)
             + (SELECT count(*) FROM enablement_servicetask t
                WHERE t.provider_id = NEW.provider_id AND t."on" = NEW."on"
                  AND t.state IN ('offered', 'accepted', 'done', 'approved', 'paid')) THEN
        RAISE EXCEPTION 'no place is left on this day' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_booking_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('held', 'placed'), ('held', 'released'), ('released', 'placed'),
        ('placed', 'cancelled'), ('placed', 'failed')) THEN
        RAISE EXCEPTION 'a booking does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.reseller_id, OLD.order_number, OLD.line_id, OLD.option_id, OLD.pieces, OLD.product_id, OLD.currency,
        OLD.cost_minor, OLD.created_at) IS DISTINCT FROM
       (NEW.reseller_id, NEW.order_number, NEW.line_id, NEW.option_id, NEW.pieces, NEW.product_id, NEW.currency,
        NEW.cost_minor, NEW.created_at) THEN
        RAISE EXCEPTION 'what was sold stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.booked_at IS NOT NULL AND OLD.booked_at IS DISTINCT FROM NEW.booked_at
       OR OLD.refunded_at IS NOT NULL AND OLD.refunded_at IS DISTINCT FROM NEW.refunded_at THEN
        RAISE EXCEPTION 'what S heard of stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# As in 0016, but a consumer who is erased is taken out of tasks that are over: contact, address, complaint, and proof.
_TASK = """
CREATE OR REPLACE FUNCTION enablement_service_task_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'offered'), ('open', 'cancelled'), ('offered', 'accepted'), ('offered', 'open'),
        ('offered', 'cancelled'), ('accepted', 'done'), ('accepted', 'open'), ('accepted', 'cancelled'),
        ('done', 'accepted'), ('done', 'approved'), ('approved', 'paid')) THEN
        RAISE EXCEPTION 'a service task does not go from %% to %%', OLD.state, NEW.state
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
    IF OLD.state IN ('approved', 'paid') AND {proof}(OLD.proof, OLD.photos, OLD.done_at) IS DISTINCT FROM
       (NEW.proof, NEW.photos, NEW.done_at) THEN
        RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.statement_id IS NOT NULL AND OLD.statement_id IS DISTINCT FROM NEW.statement_id THEN
        RAISE EXCEPTION 'a task is paid once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'cancelled'{over} THEN
        RAISE EXCEPTION 'a cancelled task stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
""".replace("%%", "%")
_ERASED = "(NEW.proof, NEW.photos, NEW.done_at) IS DISTINCT FROM ('–', '[]'::jsonb, OLD.done_at) AND "
_WORDS = """
       AND to_jsonb(NEW) - ARRAY['contact', 'address', 'complaint', 'proof', 'photos']
           IS DISTINCT FROM to_jsonb(OLD) - ARRAY['contact', 'address', 'complaint', 'proof', 'photos']"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_booking_place_is_free();
DROP FUNCTION enablement_booking_goes_on();
"""
_TRIGGERS = """
CREATE TRIGGER booking_place_is_free BEFORE INSERT OR UPDATE OF provider_id, "on" ON enablement_servicebooking
    FOR EACH ROW WHEN (NEW.provider_id IS NOT NULL) EXECUTE FUNCTION enablement_booking_place_is_free();
CREATE TRIGGER booking_goes_on BEFORE UPDATE ON enablement_servicebooking
    FOR EACH ROW EXECUTE FUNCTION enablement_booking_goes_on();
CREATE TRIGGER booking_is_kept BEFORE DELETE ON enablement_servicebooking
    FOR EACH ROW EXECUTE FUNCTION enablement_append_only();
"""
_NO_TRIGGERS = """
DROP TRIGGER booking_place_is_free ON enablement_servicebooking;
DROP TRIGGER booking_goes_on ON enablement_servicebooking;
DROP TRIGGER booking_is_kept ON enablement_servicebooking;
"""


class Migration(migrations.Migration):
    dependencies = [("enablement", "0033_booked_services")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.RunSQL(
            _TASK.replace("{proof}", _ERASED).replace("{over}", _WORDS),
            _TASK.replace("{proof}", "").replace("{over}", ""),
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
