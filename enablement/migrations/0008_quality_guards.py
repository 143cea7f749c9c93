"""What the database guards of quality: whom a lot came from stays, and what an inspection decided stays as decided."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_inspection_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'due' OR NEW.lot_id <> OLD.lot_id OR (NEW.state <> 'due' AND
       (OLD.lot_id, OLD.variant_id, OLD.original, OLD.level, OLD.severity, OLD.lot_size, OLD.aql_major, OLD.aql_minor,
        OLD.sample_major, OLD.accept_major, OLD.strict_major, OLD.sample_minor, OLD.accept_minor) IS DISTINCT FROM
       (NEW.lot_id, NEW.variant_id, NEW.original, NEW.level, NEW.severity, NEW.lot_size, NEW.aql_major, NEW.aql_minor,
        NEW.sample_major, NEW.accept_major, NEW.strict_major, NEW.sample_minor, NEW.accept_minor)) THEN
        RAISE EXCEPTION 'an inspection stays as it was planned and decided'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("enablement", "0007_quality")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, "DROP FUNCTION enablement_inspection_stays();"),
        migrations.RunSQL(
            """CREATE TRIGGER inspection_stays BEFORE UPDATE OR DELETE ON enablement_inspection
               FOR EACH ROW EXECUTE FUNCTION enablement_inspection_stays();""",
            "DROP TRIGGER inspection_stays ON enablement_inspection;",
        ),
        migrations.RunSQL(
            """CREATE TRIGGER lot_origin_only_added BEFORE UPDATE OR DELETE ON enablement_lotorigin
               FOR EACH ROW EXECUTE FUNCTION enablement_append_only();""",
            "DROP TRIGGER lot_origin_only_added ON enablement_lotorigin;",
        ),
    ]
