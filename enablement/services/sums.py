"""Sums of the facts by day and by week, kept up by what came since the last look: pages never add up facts of the whole network.

Numbers given to transactions say what came: a fact of a transaction before the oldest one still open will never be
joined by another, so that what lies between the last mark and this one is complete, and added exactly once.
"""

from __future__ import annotations

from django.db import connection, transaction

from enablement.models import MartState, SalesSum, SalesWeek
from s2b2c.kernel import clock

_ADDED = ("pieces", "sales_minor", "discount_minor", "tax_minor", "wholesale_minor", "margin_minor", "fee_minor",
          "shipping_minor", "funded_minor", "paid_minor", "orders", "refunds", "back_pieces", "back_minor")  # fmt: skip
# An order is counted by its head; a product or category by its lines.
SUMMED = """
    SELECT CASE GROUPING(reseller_id, product_id, category_id)
               WHEN 7 THEN 'all' WHEN 3 THEN 'reseller' WHEN 5 THEN 'product' ELSE 'category' END AS grain,
           day, currency, COALESCE(reseller_id, product_id, category_id, 0) AS thing_id,
           sum(pieces) AS pieces, sum(sales_minor) AS sales_minor, sum(discount_minor) AS discount_minor,
           sum(tax_minor) AS tax_minor, sum(wholesale_minor) AS wholesale_minor, sum(margin_minor) AS margin_minor,
           sum(fee_minor) AS fee_minor, sum(shipping_minor) AS shipping_minor, sum(funded_minor) AS funded_minor,
           sum(paid_minor) AS paid_minor,
           CASE GROUPING(product_id, category_id) WHEN 3 THEN count(*) FILTER (WHERE kind = 'sold' AND line_id = 0)
               ELSE count(*) FILTER (WHERE kind = 'sold' AND line_id <> 0) END AS orders,
           CASE GROUPING(product_id, category_id) WHEN 3 THEN count(*) FILTER (WHERE kind <> 'sold' AND line_id = 0)
               ELSE count(*) FILTER (WHERE kind <> 'sold' AND line_id <> 0) END AS refunds,
           -COALESCE(sum(pieces) FILTER (WHERE kind <> 'sold'), 0) AS back_pieces,
           -COALESCE(sum(sales_minor) FILTER (WHERE kind <> 'sold'), 0) AS back_minor
    FROM enablement_salesfact WHERE tx >= %s AND tx < %s
    GROUP BY GROUPING SETS ((day, currency), (day, currency, reseller_id), (day, currency, product_id),
                            (day, currency, category_id))
    HAVING GROUPING(product_id) = 1 AND GROUPING(category_id) = 1
        OR GROUPING(product_id) = 0 AND product_id IS NOT NULL
        OR GROUPING(category_id) = 0 AND category_id IS NOT NULL
"""
_NAMED = ", ".join(_ADDED)
_ADD = f"""
    WITH came AS MATERIALIZED ({SUMMED}),
    weeks AS (
        INSERT INTO enablement_salesweek AS kept (grain, day, currency, thing_id, {_NAMED})
        SELECT grain, date_trunc('week', day)::date, currency, thing_id, {", ".join(f"sum({name})" for name in _ADDED)}
        FROM came WHERE grain <> 'all' GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 2, 4
        ON CONFLICT (grain, currency, day, thing_id) DO UPDATE
        SET {", ".join(f"{name} = kept.{name} + EXCLUDED.{name}" for name in _ADDED)})
    INSERT INTO enablement_salessum AS kept (grain, day, currency, thing_id, {_NAMED})
    SELECT grain, day, currency, thing_id, {_NAMED} FROM came ORDER BY 1, 3, 2, 4
    ON CONFLICT (grain, currency, day, thing_id) DO UPDATE
    SET {", ".join(f"{name} = kept.{name} + EXCLUDED.{name}" for name in _ADDED)}
"""


@transaction.atomic
def refresh() -> int:
    """Add what came since the last time; give how many sums of days were touched. Two at once: the second waits.

    In a database that was restored elsewhere numbers begin anew: then all is summed anew.
    """
    state = lock()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        upto = cursor.fetchone()[0]
        if upto < state.summed_tx:
            clear()
            cursor.execute("UPDATE enablement_salesfact SET tx = 0")
            state.summed_tx = 0
        cursor.execute(_ADD, [state.summed_tx, upto])
        touched = cursor.rowcount
    state.summed_tx, state.summed_at = upto, clock.now()
    state.save(update_fields=["summed_tx", "summed_at"])
    return touched


@transaction.atomic
def anew() -> int:
    """Throw the sums away and sum all facts again; give how many sums of days there are."""
    state = lock()
    clear()
    state.summed_tx = 0
    state.save(update_fields=["summed_tx"])
    return refresh()


def clear() -> None:
    """Throw all sums away. Call inside the transaction that makes them anew, or says that it will."""
    SalesSum.objects.all().delete()
    SalesWeek.objects.all().delete()


def lock() -> MartState:
    """Give the one row of the mart's state, locked. Call inside a transaction."""
    MartState.objects.get_or_create(pk=1)
    return MartState.objects.select_for_update().get(pk=1)
