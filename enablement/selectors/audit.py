"""Prove that the mart says what the books say. Each check gives what is wrong, in words; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

_PARTS = ("wholesale", "margin", "fee", "tax", "shipping", "funded", "paid")
_SUMS = ("pieces", "sales_minor", "margin_minor", "orders", "refunds", "back_pieces", "back_minor")


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is stable; ``detail`` names the rows concerned (at most twenty per check)."""

    check: str
    detail: str


_CHECKS = {
    # What was withheld of a refund, for the way back or because the bank gave it back already, is no sale: left out.
    "facts_are_the_ledger": f"""
        WITH books AS (
            SELECT j.reseller_id, t.currency,
                COALESCE(sum(e.minor) FILTER (WHERE a.kind IN ('wholesale_deferred', 'wholesale_revenue', 'service_held')), 0) AS wholesale,
                COALESCE(sum(e.minor) FILTER (WHERE a.kind = 'reseller_payable'), 0) AS margin,
                COALESCE(sum(e.minor) FILTER (WHERE a.kind IN ('fee', 'fee_tax')), 0) AS fee,
                COALESCE(sum(e.minor) FILTER (WHERE a.kind = 'tax_payable'), 0) AS tax,
                COALESCE(sum(e.minor) FILTER (WHERE a.kind = 'shipping'), 0) AS shipping,
                -COALESCE(sum(e.minor) FILTER (WHERE a.kind = 'promotion'), 0) AS funded,
                -COALESCE(sum(e.minor) FILTER (WHERE a.kind IN
                    ('clearing', 'cod_clearing', 'cash', 'receivable')), 0) AS paid
            FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id
            CROSS JOIN LATERAL (VALUES (t.credit_id, t.amount_minor), (t.debit_id, -t.amount_minor)) e(account_id, minor)
            JOIN supplier_account a ON a.id = e.account_id
            WHERE j.kind IN ('sale', 'refund') AND t.memo NOT IN ('way back', 'dispute') GROUP BY 1, 2),
        mart AS (
            SELECT reseller_id, currency, {", ".join(f"sum({name}_minor) AS {name}" for name in _PARTS)}
            FROM enablement_salesfact GROUP BY 1, 2)
        SELECT reseller_id, currency, {", ".join(f"COALESCE(b.{name}, 0) || '/' || COALESCE(m.{name}, 0)" for name in _PARTS)}
        FROM books b FULL JOIN mart m USING (reseller_id, currency)
        WHERE ({", ".join(f"COALESCE(b.{name}, 0)" for name in _PARTS)})
           <> ({", ".join(f"COALESCE(m.{name}, 0)" for name in _PARTS)})""",
    "every_order_is_a_fact": """
        SELECT s.reseller_id, s.order_number FROM supplier_salesorder s
        LEFT JOIN enablement_salesfact f ON f.day = (s.placed_at AT TIME ZONE 'UTC')::date
             AND f.cause = 'sale:' || s.reseller_id || ':' || s.order_number AND f.line_id = 0
        WHERE f.cause IS NULL""",
    "sums_are_the_facts": """
        WITH f AS (
            SELECT day, currency, reseller_id AS thing_id, sum(sales_minor) AS sales, sum(pieces) AS pieces,
                   sum(margin_minor) AS margin FROM enablement_salesfact
            WHERE tx < (SELECT summed_tx FROM enablement_martstate) GROUP BY 1, 2, 3),
        k AS (SELECT day, currency, thing_id, sales_minor, pieces, margin_minor FROM enablement_salessum
              WHERE grain = 'reseller')
        SELECT day, currency, thing_id, f.sales, k.sales_minor FROM f FULL JOIN k USING (day, currency, thing_id)
        WHERE (f.sales, f.pieces, f.margin) IS DISTINCT FROM (k.sales_minor, k.pieces, k.margin_minor)""",
    "sums_agree_with_each_other": """
        SELECT day, currency, sum(sales_minor) FILTER (WHERE grain = 'all'),
               sum(sales_minor) FILTER (WHERE grain = 'product'), sum(sales_minor) FILTER (WHERE grain = 'category')
        FROM enablement_salessum GROUP BY 1, 2
        HAVING COALESCE(sum(sales_minor) FILTER (WHERE grain = 'all'), 0) <> COALESCE(sum(sales_minor) FILTER (WHERE grain = 'product'), 0)
            OR COALESCE(sum(sales_minor) FILTER (WHERE grain = 'all'), 0) <> COALESCE(sum(sales_minor) FILTER (WHERE grain = 'category'), 0)
            OR COALESCE(sum(sales_minor) FILTER (WHERE grain = 'all'), 0) <> COALESCE(sum(sales_minor) FILTER (WHERE grain = 'reseller'), 0)""",
    "weeks_are_their_days": f"""
        WITH d AS (
            SELECT grain, currency, date_trunc('week', day)::date AS day, thing_id,
                   {", ".join(f"sum({name}) AS {name}" for name in _SUMS)}
            FROM enablement_salessum WHERE grain <> 'all' GROUP BY 1, 2, 3, 4)
        SELECT grain, currency, day, thing_id, d.sales_minor, w.sales_minor
        FROM d FULL JOIN enablement_salesweek w USING (grain, currency, day, thing_id)
        WHERE ({", ".join(f"d.{name}" for name in _SUMS)})
            IS DISTINCT FROM ({", ".join(f"w.{name}" for name in _SUMS)})""",
}


def mart() -> Iterator[Finding]:
    """Check the facts against the ledger, to the cent per reseller and currency, and the sums against the facts."""
    with connection.cursor() as cursor:
        for name, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT 20")
            for row in cursor.fetchall():
                yield Finding(name, " ".join(str(value) for value in row))


def names() -> list[str]:
    """Give the names of the checks."""
    return list(_CHECKS)
