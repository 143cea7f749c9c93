"""What the database guards of recalls, complaints and reviews; vendors from before there was vetting are approved."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_recall_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'running'), ('running', 'running'), ('running', 'done'), ('done', 'done'))
       OR (OLD.state <> 'draft' AND (OLD.remedy, OLD.reason_en, OLD.reason_zh, OLD.advice_en, OLD.advice_zh)
           IS DISTINCT FROM (NEW.remedy, NEW.reason_en, NEW.reason_zh, NEW.advice_en, NEW.advice_zh)) THEN
        RAISE EXCEPTION 'a recall goes on, and says what it said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_recall_lots_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM enablement_recall
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.recall_id ELSE NEW.recall_id END) <> 'draft' THEN
        RAISE EXCEPTION 'a recall goes on, of the lots it began with' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION enablement_recall_order_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'told' OR
       (OLD.recall_id, OLD.reseller_id, OLD.order_number, OLD.lines) IS DISTINCT FROM
       (NEW.recall_id, NEW.reseller_id, NEW.order_number, NEW.lines) THEN
        RAISE EXCEPTION 'whom a recall told stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_complaint_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state = 'answered' AND NEW.state <> 'answered') OR
       (OLD.number, OLD.reseller_id, OLD.order_number, OLD.about, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.reseller_id, NEW.order_number, NEW.about, NEW.created_at) THEN
        RAISE EXCEPTION 'a complaint stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_recall_stays();
DROP FUNCTION enablement_recall_lots_stay();
DROP FUNCTION enablement_recall_order_stays();
DROP FUNCTION enablement_complaint_stays();
"""
_TRIGGERS = (
    ("recall_stays", "enablement_recall", "BEFORE UPDATE OR DELETE", "enablement_recall_stays"),
    ("recall_lots_stay", "enablement_recall_lots", "BEFORE INSERT OR DELETE OR UPDATE", "enablement_recall_lots_stay"),
    ("recall_order_stays", "enablement_recallorder", "BEFORE UPDATE OR DELETE", "enablement_recall_order_stays"),
    ("complaint_stays", "enablement_complaint", "BEFORE UPDATE OR DELETE", "enablement_complaint_stays"),
)


class Migration(migrations.Migration):
    dependencies = [("enablement", "0012_care")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();",
                f"DROP TRIGGER {name} ON {table};",
            )
            for name, table, when, function in _TRIGGERS
        ],
        migrations.RunSQL(
            """INSERT INTO enablement_vetting (vendor_id, state, reason, origin_en, origin_zh, published)
               SELECT id, 'approved', '', '', '', false FROM enablement_vendor;""",
            migrations.RunSQL.noop,
        ),
    ]
