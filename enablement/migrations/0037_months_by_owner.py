from django.db import migrations

# Who asks for a month of facts need not own their table: the function runs as who made it.
_FORTH = """
    CREATE FUNCTION enablement_make_month(first date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        month text := 'enablement_salesfact_' || to_char(first, 'YYYY_MM');
        after date := first + interval '1 month';
    BEGIN
        IF first <> date_trunc('month', first)::date THEN
            RAISE EXCEPTION 'a month begins with its first day, not with %', first USING ERRCODE = 'check_violation';
        END IF;
        EXECUTE format('CREATE TABLE public.%I (LIKE public.enablement_salesfact INCLUDING ALL)', month);
        EXECUTE format('ALTER TABLE public.enablement_salesfact ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                       month, first, after);
    END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0036_weeks'),
    ]

    operations = [migrations.RunSQL(_FORTH, "DROP FUNCTION enablement_make_month(date);")]
