"""The arithmetic of a shop's pricing rule, for prices that follow S's: the same as ``reseller.selectors.prices.by_rule``."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION public.price_by_rule(
    base text, markup_bps integer, ending integer,
    wholesale bigint, suggested bigint, floor bigint, ceiling bigint
) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT GREATEST(1, CASE
        WHEN ending IS NOT NULL AND lowest <= highest
        THEN LEAST(GREATEST((raw + 50 - ending) / 100 * 100 + ending, lowest), highest)
        ELSE LEAST(GREATEST(raw, floor), ceiling) END)
    FROM (SELECT ((CASE base WHEN 'cost' THEN wholesale ELSE suggested END) * (10000 + markup_bps) + 5000) / 10000 AS raw,
                 floor + ((ending - floor) % 100 + 100) % 100 AS lowest,
                 ceiling - ((ceiling - ending) % 100 + 100) % 100 AS highest) AS n
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("supplier", "0005_cash_on_delivery")]

    operations = [
        migrations.RunSQL(
            _FUNCTION,
            "DROP FUNCTION public.price_by_rule(text, integer, integer, bigint, bigint, bigint, bigint);",
        )
    ]
