"""What papers are made of: who stands on them, the fee and its tax by rate, what consumers were taxed by rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from supplier.models import PaperParty


class Taxed(NamedTuple):
    """``net`` was taxed at a rate (None: not noted at the time) with ``tax``; minor units."""

    rate_bps: int | None
    net: int
    tax: int


def party_of(reseller_id: int | None) -> PaperParty | None:
    """Give who a reseller, or S (None), is on papers; None where it never said."""
    return PaperParty.objects.filter(reseller_id=reseller_id).first()


def parties(reseller_ids: Collection[int]) -> dict[int | None, dict[str, str]]:
    """Give who S (None) and these resellers are on papers, where they said. One query."""
    rows = PaperParty.objects.filter(Q(reseller_id__in=reseller_ids) | Q(reseller=None))
    return {row.reseller_id: row.as_json() for row in rows}


# The rate of a fee's tax stands in the terms an order was sold under; older orders have it from the terms of their day.
_FEES = """
    SELECT q.settlement_id, q.rate,
           COALESCE(sum(t.amount_minor) FILTER (WHERE c.kind IN ('fee', 'fee_tax')), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE c.kind = 'fee_tax'), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE d.kind IN ('fee', 'fee_tax')), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE d.kind = 'fee_tax'), 0)::bigint
    FROM (SELECT DISTINCT l.settlement_id, t.journal_id,
                 COALESCE((o.agreed->>'fee_tax_bps')::int,
                          (SELECT x.fee_tax_bps FROM supplier_terms x
                           WHERE (x.reseller_id = o.reseller_id OR x.reseller_id IS NULL) AND x.valid_from <= o.placed_at
                           ORDER BY x.reseller_id NULLS LAST, x.version DESC LIMIT 1)) AS rate
          FROM supplier_statementline l
          JOIN supplier_transfer t ON t.id = l.transfer_id JOIN supplier_journal j ON j.id = t.journal_id
          LEFT JOIN supplier_salesorder o ON o.reseller_id = j.reseller_id AND o.order_number = j.order_number
                                         AND j.order_number <> ''
          WHERE l.settlement_id = ANY(%s)) q
    JOIN supplier_transfer t ON t.journal_id = q.journal_id
    JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
    GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST
"""
# Delivery is taxed at the highest rate of its goods, as on the order.
_SALES = """
    WITH w AS (
        SELECT DISTINCT l.settlement_id, l.kind, j.key, o.id AS order_id
        FROM supplier_statementline l
        JOIN supplier_transfer t ON t.id = l.transfer_id JOIN supplier_journal j ON j.id = t.journal_id
        JOIN supplier_salesorder o ON o.reseller_id = j.reseller_id AND o.order_number = j.order_number
        WHERE l.settlement_id = ANY(%s) AND l.kind IN ('sale', 'refund')
    ), top AS (
        SELECT s.order_id, max(s.tax_bps) AS rate, sum(s.tax_minor) AS tax FROM supplier_salesline s
        WHERE s.order_id IN (SELECT order_id FROM w) GROUP BY 1
    ), booked AS (
        SELECT o.id AS order_id, b.* FROM supplier_salesorder o
        CROSS JOIN LATERAL jsonb_to_recordset(COALESCE(o.services, '[]')) AS b(
            line_id bigint, cost_minor bigint, margin_minor bigint, fee_minor bigint, tax_minor bigint, tax_bps int)
        WHERE o.id IN (SELECT order_id FROM w)
    ), parts AS (
        SELECT w.settlement_id, w.kind, s.tax_bps AS rate, s.wholesale_minor + s.margin_minor + s.fee_minor - s.funded_minor AS net,
               s.tax_minor AS tax
        FROM w JOIN supplier_salesline s ON s.order_id = w.order_id WHERE w.kind = 'sale'
        UNION ALL
        SELECT w.settlement_id, w.kind, b.tax_bps, b.cost_minor + b.margin_minor + b.fee_minor, b.tax_minor
        FROM w JOIN booked b ON b.order_id = w.order_id WHERE w.kind = 'sale'
        UNION ALL
        SELECT w.settlement_id, w.kind, b.tax_bps, g.cost_minor + g.margin_minor + g.fee_minor, g.tax_minor
        FROM w JOIN supplier_salesrefund r ON r.key = w.key
        CROSS JOIN LATERAL jsonb_to_recordset(COALESCE(r.granted->'services', '[]')) AS g(
            line_id bigint, cost_minor bigint, margin_minor bigint, fee_minor bigint, tax_minor bigint)
        JOIN booked b ON b.order_id = w.order_id AND b.line_id = g.line_id
        UNION ALL
        SELECT w.settlement_id, w.kind, top.rate, o.shipping_minor,
               o.tax_minor - top.tax - COALESCE((SELECT sum(b.tax_minor) FROM booked b WHERE b.order_id = o.id), 0)
        FROM w JOIN supplier_salesorder o ON o.id = w.order_id JOIN top ON top.order_id = o.id WHERE w.kind = 'sale'
        UNION ALL
        SELECT w.settlement_id, w.kind, s.tax_bps,
               b.wholesale_minor + b.margin_minor + b.fee_minor - COALESCE(b.funded_minor, 0), b.tax_minor
        FROM w JOIN supplier_salesrefund r ON r.key = w.key
        CROSS JOIN LATERAL jsonb_to_recordset(r.granted->'lines') AS b(
            line_id bigint, wholesale_minor bigint, margin_minor bigint, fee_minor bigint, tax_minor bigint,
            funded_minor bigint)
        LEFT JOIN supplier_salesline s ON s.order_id = w.order_id AND s.line_id = b.line_id
        UNION ALL
        SELECT w.settlement_id, w.kind, top.rate, (r.granted->>'shipping_minor')::bigint,
               (r.granted->>'shipping_tax_minor')::bigint
        FROM w JOIN supplier_salesrefund r ON r.key = w.key JOIN top ON top.order_id = w.order_id
    )
    SELECT settlement_id, kind, rate, sum(net)::bigint, sum(tax)::bigint FROM parts
    GROUP BY 1, 2, 3 HAVING sum(net) <> 0 OR sum(tax) <> 0 ORDER BY 1, 2 DESC, 3 NULLS FIRST
"""


def fees(settlement_ids: Sequence[int]) -> dict[tuple[int, str], list[Taxed]]:
    """Give the fee charged (``invoice``) and given back (``credit_note``) by statement and rate of its tax. One query."""
    found: dict[tuple[int, str], list[Taxed]] = defaultdict(list)
    for id_, rate, charged, charged_tax, back, back_tax in _read(_FEES, settlement_ids):
        for kind, gross, tax in (("invoice", charged, charged_tax), ("credit_note", back, back_tax)):
            if gross:
                found[id_, kind].append(Taxed(rate, gross - tax, tax))
    return found


def taxes(settlement_ids: Sequence[int]) -> dict[int, list[tuple[str, int | None, int, int]]]:
    """Give by statement what consumers were charged (``sale``) and given back (``refund``): rate, net, tax. One query."""
    found: dict[int, list[tuple[str, int | None, int, int]]] = defaultdict(list)
    for id_, kind, rate, net, tax in _read(_SALES, settlement_ids):
        found[id_].append((kind, rate, net, tax))
    return found


def _read(sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        return cursor.fetchall()
