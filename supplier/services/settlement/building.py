"""The statements of a run, a few hundred resellers at a time and in as many statements whatever their number.

An order's lines come in when it is due; a transfer that stands on a statement already never does again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from supplier.models import SettlementRun
from supplier.selectors.holding import IS_HELD, OPEN_RETURNS

CHUNK = 500

# %(after)s: the last account of the chunk before
_CHUNK = """
    SELECT max(id), count(*) FROM (
        SELECT id FROM supplier_account WHERE kind = 'reseller_payable' AND currency = %(currency)s AND id > %(after)s
        ORDER BY id LIMIT %(limit)s) a
"""
_OPEN = """
    INSERT INTO supplier_settlement (run_id, reseller_id, currency, released, opening_minor, sales_minor, refunds_minor,
        claims_minor, adjustments_minor, reserve_released_minor, reserve_held_minor, payout_minor, closing_minor, orders,
        method, min_payout_minor, reserve_until, blocked, digest)
    SELECT %(run)s, a.reseller_id, a.currency, false, COALESCE(l.closing_minor, 0), 0, 0, 0, 0, 0, 0, 0,
           COALESCE(l.closing_minor, 0), 0, COALESCE(t.payout_method, 'stripe'), COALESCE(t.min_payout_minor, 0),
           %(until)s + make_interval(days => COALESCE(t.reserve_days, 90)), '', ''
    FROM supplier_account a
    LEFT JOIN LATERAL (
        SELECT * FROM supplier_terms x
        WHERE (x.reseller_id = a.reseller_id OR x.reseller_id IS NULL) AND x.valid_from <= %(until)s
        ORDER BY x.reseller_id NULLS LAST, x.version DESC LIMIT 1) t ON true
    LEFT JOIN LATERAL (
        SELECT s.closing_minor, r.until FROM supplier_settlement s JOIN supplier_settlementrun r ON r.id = s.run_id
        WHERE s.reseller_id = a.reseller_id AND s.currency = a.currency AND s.released
        ORDER BY s.id DESC LIMIT 1) l ON true
    WHERE a.kind = 'reseller_payable' AND a.currency = %(currency)s AND a.id > %(after)s AND a.id <= %(to)s
      AND (l.until IS NULL OR l.until <= %(until)s - CASE COALESCE(t.payout_schedule, 'weekly')
               WHEN 'daily' THEN interval '0' WHEN 'weekly' THEN interval '6 days 12 hours'
               ELSE interval '27 days 12 hours' END)
    RETURNING id
"""
_LINES = f"""
    INSERT INTO supplier_statementline (settlement_id, transfer_id, amount_minor, kind)
    SELECT s.id, t.id, t.signed, j.kind
    FROM supplier_settlement s
    JOIN supplier_account a ON a.kind = 'reseller_payable' AND a.reseller_id = s.reseller_id AND a.currency = s.currency
    CROSS JOIN LATERAL (
        SELECT c.id, c.journal_id, c.amount_minor AS signed FROM supplier_transfer c WHERE c.credit_id = a.id
        UNION ALL
        SELECT d.id, d.journal_id, -d.amount_minor FROM supplier_transfer d WHERE d.debit_id = a.id) t
    JOIN supplier_journal j ON j.id = t.journal_id
    LEFT JOIN supplier_salesorder o ON o.reseller_id = s.reseller_id AND o.order_number = j.order_number
                                   AND j.order_number <> ''
    WHERE s.id = ANY(%(ids)s) AND j.at < %(until)s
      AND NOT EXISTS (SELECT 1 FROM supplier_statementline x WHERE x.transfer_id = t.id)
      AND (j.order_number = '' OR (o.due_at <= %(until)s AND NOT {IS_HELD}))
"""
# What came to be held back since the draft comes off it, unless that would pay more.
_TAKE_OFF = f"""
    WITH off AS (
        SELECT l.settlement_id, j.order_number, array_agg(l.id) AS lines
        FROM supplier_statementline l
        JOIN supplier_transfer t ON t.id = l.transfer_id JOIN supplier_journal j ON j.id = t.journal_id
        JOIN supplier_salesorder o ON o.reseller_id = j.reseller_id AND o.order_number = j.order_number
        WHERE l.settlement_id = ANY(%(ids)s) AND {IS_HELD}
        GROUP BY 1, 2 HAVING sum(l.amount_minor) > 0
    ), gone AS (
        DELETE FROM supplier_statementline WHERE id IN (SELECT unnest(lines) FROM off)
    )
    SELECT settlement_id, order_number FROM off ORDER BY 1, 2
"""
_BEGIN_AGAIN = """
    UPDATE supplier_settlement s
    SET sales_minor = 0, refunds_minor = 0, claims_minor = 0, adjustments_minor = 0, orders = 0, payout_minor = 0,
        reserve_held_minor = 0, reserve_released_minor = 0, closing_minor = opening_minor, blocked = ''
    WHERE s.id = ANY(%(ids)s)
"""
_SUMS = """
    UPDATE supplier_settlement s
    SET sales_minor = n.sales, refunds_minor = n.refunds, claims_minor = n.claims,
        adjustments_minor = n.total - n.sales - n.refunds - n.claims, orders = n.orders,
        reserve_held_minor = n.held, closing_minor = s.opening_minor + n.total - n.held
    FROM (
        SELECT l.settlement_id,
               sum(l.amount_minor)::bigint AS total,
               COALESCE(sum(l.amount_minor) FILTER (WHERE l.kind = 'sale'), 0)::bigint AS sales,
               COALESCE(sum(l.amount_minor) FILTER (WHERE l.kind = 'refund'), 0)::bigint AS refunds,
               COALESCE(sum(l.amount_minor) FILTER (WHERE l.kind = 'claim'), 0)::bigint AS claims,
               count(DISTINCT t.journal_id) FILTER (WHERE l.kind = 'sale') AS orders,
               COALESCE(sum(l.amount_minor * o.reserve_bps / 10000)
                        FILTER (WHERE l.kind = 'sale' AND l.amount_minor > 0), 0)::bigint AS held
        FROM supplier_statementline l
        JOIN supplier_transfer t ON t.id = l.transfer_id JOIN supplier_journal j ON j.id = t.journal_id
        LEFT JOIN supplier_salesorder o ON o.reseller_id = j.reseller_id AND o.order_number = j.order_number
        WHERE l.settlement_id = ANY(%(ids)s) GROUP BY 1) n
    WHERE s.id = n.settlement_id
"""
# Reserve: what has waited long enough comes back; where the reseller owes, as much of the rest as that takes; and
# nothing is kept of what isn't there.
_RESERVE = """
    UPDATE supplier_settlement s
    SET reserve_held_minor = n.held, reserve_released_minor = n.back,
        closing_minor = n.before - n.held + n.back
    FROM (
        SELECT m.id, m.before, m.held,
               m.ripe + GREATEST(0, LEAST(-(m.before + m.ripe), m.kept - m.ripe)) AS back
        FROM (
            SELECT x.id, x.closing_minor + x.reserve_held_minor AS before,
                   LEAST(x.reserve_held_minor, GREATEST(0, x.closing_minor + x.reserve_held_minor)) AS held,
                   COALESCE(k.kept, 0)::bigint AS kept,
                   LEAST(GREATEST(0, COALESCE(k.ripe, 0)), COALESCE(k.kept, 0))::bigint AS ripe
            FROM supplier_settlement x
            LEFT JOIN LATERAL (
                SELECT sum(e.reserve_held_minor) - sum(e.reserve_released_minor) AS kept,
                       COALESCE(sum(e.reserve_held_minor) FILTER (WHERE e.reserve_until <= %(until)s), 0)
                       - sum(e.reserve_released_minor) AS ripe
                FROM supplier_settlement e
                WHERE e.reseller_id = x.reseller_id AND e.currency = x.currency AND e.released) k ON true
            WHERE x.id = ANY(%(ids)s)) m) n
    WHERE s.id = n.id
"""
# What earlier statements carried of orders that are held back now stays carried. An order was paid if money went out from
# its statement on, unless it was kept from just that payout. What stays in reserve of it is not carried.
_KEEP = f"""
    WITH held AS MATERIALIZED (
        SELECT order_id FROM supplier_payouthold WHERE released_at IS NULL
        UNION SELECT order_id FROM supplier_returnorder WHERE state IN ({OPEN_RETURNS})
        UNION SELECT k.order_id::bigint FROM supplier_settlement x, jsonb_array_elements_text(x.kept) AS k(order_id)
              WHERE x.id = ANY(%(ids)s)
    ), kept AS (
        SELECT x.id, o.id AS order_id, o.order_number,
               sum(l.amount_minor - CASE WHEN l.kind = 'sale' AND l.amount_minor > 0
                                         THEN l.amount_minor * o.reserve_bps / 10000 ELSE 0 END)::bigint AS minor
        FROM held
        JOIN supplier_salesorder o ON o.id = held.order_id
        JOIN supplier_settlement x ON x.reseller_id = o.reseller_id AND x.currency = o.currency AND x.id = ANY(%(ids)s)
        JOIN supplier_journal j ON j.reseller_id = o.reseller_id AND j.order_number = o.order_number
        JOIN supplier_transfer t ON t.journal_id = j.id
        JOIN supplier_statementline l ON l.transfer_id = t.id
        JOIN supplier_settlement s ON s.id = l.settlement_id AND (s.released OR s.id = x.id)
        WHERE EXISTS (
            SELECT 1 FROM supplier_journal v JOIN supplier_transfer w ON w.journal_id = v.id
            JOIN supplier_statementline m ON m.transfer_id = w.id
            JOIN supplier_settlement f ON f.id = m.settlement_id AND f.released
            WHERE v.key = 'sale:' || o.reseller_id || ':' || o.order_number
              AND NOT EXISTS (SELECT 1 FROM supplier_payout p JOIN supplier_settlement e ON e.id = p.settlement_id
                              WHERE p.reseller_id = o.reseller_id AND p.currency = o.currency AND p.settlement_id >= f.id
                                AND p.state <> 'failed' AND NOT e.kept @> to_jsonb(o.id)))
        GROUP BY 1, 2, 3
    ), sums AS (
        SELECT id, sum(minor)::bigint AS minor, jsonb_agg(order_id ORDER BY order_id) AS orders
        FROM kept WHERE minor > 0 GROUP BY 1
    )
    UPDATE supplier_settlement s SET kept_minor = GREATEST(0, LEAST(sums.minor, s.closing_minor)), kept = sums.orders
    FROM sums WHERE s.id = sums.id
"""
_PAY = """
    UPDATE supplier_settlement s SET blocked = n.why,
        payout_minor = CASE WHEN n.why = '' THEN s.closing_minor - s.kept_minor ELSE 0 END,
        closing_minor = CASE WHEN n.why = '' THEN s.kept_minor ELSE s.closing_minor END
    FROM (
        SELECT x.id, CASE
            WHEN x.closing_minor < 0 THEN 'negative'
            WHEN x.closing_minor = 0 THEN 'nothing'
            WHEN x.closing_minor = x.kept_minor THEN 'held_back'
            WHEN x.closing_minor - x.kept_minor < x.min_payout_minor THEN 'below_minimum'
            WHEN b.status IN ('suspended', 'closed') THEN 'suspended'
            WHEN x.method = 'stripe' AND NOT COALESCE(p.ready, false) THEN 'account_not_ready'
            WHEN x.method = 'bank' AND COALESCE(p.bank, '{}'::jsonb) = '{}'::jsonb THEN 'no_bank'
            ELSE '' END AS why
        FROM supplier_settlement x
        JOIN tenancy_reseller b ON b.id = x.reseller_id
        LEFT JOIN supplier_payoutaccount p ON p.reseller_id = x.reseller_id
        WHERE x.id = ANY(%(ids)s)) n
    WHERE s.id = n.id
"""
_DROP = """
    DELETE FROM supplier_settlement s
    WHERE s.id = ANY(%(ids)s) AND s.payout_minor = 0 AND s.reserve_held_minor = 0 AND s.reserve_released_minor = 0
      AND NOT EXISTS (SELECT 1 FROM supplier_statementline l WHERE l.settlement_id = s.id)
"""


# Carried orders that are held back since the draft, of statements that would pay them.
_HELD_SINCE = f"""
    SELECT x.id, o.order_number
    FROM (SELECT order_id FROM supplier_payouthold WHERE released_at IS NULL
          UNION SELECT order_id FROM supplier_returnorder WHERE state IN ({OPEN_RETURNS})) held
    JOIN supplier_salesorder o ON o.id = held.order_id
    JOIN supplier_settlement x ON x.reseller_id = o.reseller_id AND x.currency = o.currency AND x.id = ANY(%(ids)s)
                              AND x.payout_minor > 0 AND NOT x.kept @> to_jsonb(o.id)
    JOIN supplier_journal v ON v.key = 'sale:' || o.reseller_id || ':' || o.order_number
    JOIN supplier_transfer w ON w.journal_id = v.id
    JOIN supplier_statementline m ON m.transfer_id = w.id
    JOIN supplier_settlement f ON f.id = m.settlement_id AND f.released
    WHERE NOT EXISTS (SELECT 1 FROM supplier_payout p JOIN supplier_settlement e ON e.id = p.settlement_id
                      WHERE p.reseller_id = o.reseller_id AND p.currency = o.currency AND p.settlement_id >= f.id
                        AND p.state <> 'failed' AND NOT e.kept @> to_jsonb(o.id))
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def accounts(currency: str) -> int:
    """Give how many resellers ever earned in this currency."""
    with connection.cursor() as cursor:
        cursor.execute(_CHUNK, {"currency": currency, "after": 0, "limit": 10_000_000})
        return int(cursor.fetchone()[1])


def chunk(run: SettlementRun) -> bool:
    """Build the next statements of a run and move its ``position``; False where none was left.

    Call inside a transaction that has the run's row locked.
    """
    words: dict[str, Any] = {
        "run": run.pk,
        "currency": run.currency,
        "until": run.until,
        "after": run.position,
        "limit": CHUNK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHUNK, words)
        last, many = cursor.fetchone()
        if last is None:
            return False
        cursor.execute(_OPEN, {**words, "to": last})
        found: dict[str, Any] = {**words, "ids": [row[0] for row in cursor.fetchall()]}
        for step in (_LINES, _SUMS, _RESERVE, _KEEP, _PAY, _DROP) if found["ids"] else ():
            cursor.execute(step, found)
    run.position, run.done = last, run.done + many
    return True


def take_off_held(run: SettlementRun, settlement_ids: Sequence[int]) -> dict[int, list[str]]:
    """Take orders off drafted statements that a dispute, a return or a person holds back since; give which, by statement.

    What earlier statements carried of such an order is kept from the payout, too; what was kept in the draft stays kept. A
    statement of nothing goes. Call inside a transaction that has the run's row locked.
    """
    off: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        for step in (_TAKE_OFF, _HELD_SINCE):
            cursor.execute(step, {"ids": list(settlement_ids)})
            for settlement_id, number in cursor.fetchall():
                if number not in off[settlement_id]:
                    off[settlement_id].append(number)
        again: dict[str, Any] = {"until": run.until, "ids": list(off)}
        for step in (_BEGIN_AGAIN, _SUMS, _RESERVE, _KEEP, _PAY, _DROP) if off else ():
            cursor.execute(step, again)
    return dict(off)
