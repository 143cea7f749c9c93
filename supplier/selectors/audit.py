"""Prove that books and stock hold together. Each check gives what is wrong, in words; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from supplier.selectors import audit_cases, audit_lots, audit_settlement, seals


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is stable; ``detail`` names the rows concerned (at most twenty per check)."""

    check: str
    detail: str


_STOCK = {
    "on_hand_is_sum_of_movements": """
        SELECT COALESCE(s.variant_id, m.variant_id), COALESCE(s.warehouse_id, m.warehouse_id),
               COALESCE(s.good, 0), COALESCE(m.good, 0), COALESCE(s.broken, 0), COALESCE(m.broken, 0),
               COALESCE(s.aside, 0), COALESCE(m.aside, 0)
        FROM (SELECT variant_id, warehouse_id, sum(available + held) AS good, sum(damaged) AS broken,
                     sum(quarantined) AS aside FROM supplier_stock GROUP BY 1, 2) s
        FULL JOIN (SELECT variant_id, warehouse_id,
                          COALESCE(sum(quantity) FILTER (WHERE NOT damaged AND NOT quarantined), 0) AS good,
                          COALESCE(sum(quantity) FILTER (WHERE damaged), 0) AS broken,
                          COALESCE(sum(quantity) FILTER (WHERE quarantined), 0) AS aside
                   FROM supplier_movement GROUP BY 1, 2) m USING (variant_id, warehouse_id)
        WHERE COALESCE(s.good, 0) <> COALESCE(m.good, 0) OR COALESCE(s.broken, 0) <> COALESCE(m.broken, 0)
           OR COALESCE(s.aside, 0) <> COALESCE(m.aside, 0)""",
    "transfers_moved_what_they_say": """
        WITH m AS MATERIALIZED (
            SELECT cause, variant_id, warehouse_id, sum(quantity) FILTER (WHERE quantity < 0) AS gone,
                   sum(quantity) FILTER (WHERE quantity > 0) AS come
            FROM supplier_movement WHERE kind = 'transfer' GROUP BY 1, 2, 3)
        SELECT t.number, l.variant_id, t.state, COALESCE(g.gone, 0), COALESCE(c.come, 0)
        FROM supplier_stocktransferline l JOIN supplier_stocktransfer t ON t.id = l.transfer_id
        LEFT JOIN m g ON (g.cause, g.variant_id, g.warehouse_id) = ('transfer:' || t.number, l.variant_id, t.source_id)
        LEFT JOIN m c ON (c.cause, c.variant_id, c.warehouse_id) = ('transfer:' || t.number, l.variant_id, t.target_id)
        WHERE COALESCE(g.gone, 0) <> CASE WHEN t.state IN ('sent', 'received') THEN -l.quantity ELSE 0 END
           OR COALESCE(c.come, 0) <> l.received
           OR (t.state = 'received' AND l.received + l.lost <> l.quantity)
           OR (t.state <> 'received' AND l.received + l.lost <> 0)""",
    "transit_is_what_left_and_did_not_arrive": """
        SELECT m.variant_id, m.away, l.away FROM (
            SELECT variant_id, -sum(quantity) AS away FROM supplier_movement
            WHERE kind = 'transfer' AND cause LIKE 'transfer:%%' GROUP BY 1) m
        FULL JOIN (
            SELECT l.variant_id, sum(l.quantity - l.received) AS away FROM supplier_stocktransferline l
            JOIN supplier_stocktransfer t ON t.id = l.transfer_id AND t.state IN ('sent', 'received') GROUP BY 1) l
        USING (variant_id)
        WHERE COALESCE(m.away, 0) <> COALESCE(l.away, 0)""",
    "counts_corrected_what_they_found": """
        SELECT c.number, l.variant_id, l.counted - l.expected, COALESCE(m.moved, 0)
        FROM supplier_stockcountline l JOIN supplier_stockcount c ON c.id = l.sheet_id
        LEFT JOIN (SELECT cause, variant_id, sum(quantity) AS moved FROM supplier_movement
                   WHERE kind = 'count' GROUP BY 1, 2) m
          ON (m.cause, m.variant_id) = ('count:' || c.number, l.variant_id)
        WHERE COALESCE(m.moved, 0) <> CASE WHEN c.state = 'posted' THEN COALESCE(l.counted - l.expected, 0) ELSE 0 END""",
    "arrivals_received_what_was_booked": """
        SELECT a.id, a.variant_id, a.received, COALESCE(m.moved, 0) FROM supplier_arrival a
        LEFT JOIN (SELECT split_part(cause, ':', 2) AS arrival, variant_id, sum(quantity) AS moved FROM supplier_movement
                   WHERE cause LIKE 'arrival:%%' GROUP BY 1, 2) m
          ON (m.arrival, m.variant_id) = (a.id::text, a.variant_id)
        WHERE a.received <> COALESCE(m.moved, 0)""",
    "held_is_sum_of_open_reservations": """
        SELECT s.id, s.variant_id, s.held, COALESCE(r.kept, 0)
        FROM supplier_stock s
        LEFT JOIN (SELECT l.stock_id, sum(l.quantity - l.shipped - l.released) AS kept
                   FROM supplier_reservationline l GROUP BY 1) r ON r.stock_id = s.id
        WHERE s.held <> COALESCE(r.kept, 0)""",
    "every_place_has_its_first_bucket": """
        SELECT b.variant_id, b.warehouse_id, b.bucket FROM supplier_stock b
        WHERE b.bucket > 0 AND NOT EXISTS (
            SELECT 1 FROM supplier_stock f
            WHERE f.variant_id = b.variant_id AND f.warehouse_id = b.warehouse_id AND f.bucket = 0 AND f.id < b.id)""",
    "reservations_keep_pieces_where_they_lie": """
        SELECT l.id, l.variant_id, l.warehouse_id, l.stock_id FROM supplier_reservationline l
        JOIN supplier_stock s ON s.id = l.stock_id
        WHERE s.variant_id <> l.variant_id OR s.warehouse_id <> l.warehouse_id""",
    "ended_reservations_keep_nothing": """
        SELECT r.id, r.order_number, r.state FROM supplier_reservation r
        JOIN supplier_reservationline l ON l.reservation_id = r.id
        WHERE r.state IN ('released', 'expired') AND l.quantity > l.shipped + l.released""",
    "fulfilment_is_within_its_reservation": """
        SELECT f.order_id, f.variant_id, f.shipped, l.shipped
        FROM (SELECT o.order_id, l.variant_id, sum(l.shipped) AS shipped
              FROM supplier_fulfilmentline l JOIN supplier_fulfilmentorder o ON o.id = l.fulfilment_id
              GROUP BY 1, 2) f
        JOIN supplier_salesorder s ON s.id = f.order_id
        JOIN (SELECT reservation_id, variant_id, sum(shipped) AS shipped
              FROM supplier_reservationline GROUP BY 1, 2) l
          ON l.reservation_id = s.reservation_id AND l.variant_id = f.variant_id
        WHERE f.shipped <> l.shipped""",
    **audit_lots.CHECKS,
    "bundles_are_sent_whole": """
        SELECT l.fulfilment_id, l.line_id, l.variant_id, l.quantity, l.shipped, l.cancelled, l.per
        FROM supplier_fulfilmentline l
        JOIN supplier_fulfilmentline f ON f.fulfilment_id = l.fulfilment_id AND f.line_id = l.line_id AND f.lead
        WHERE (NOT l.lead OR l.per > 1)
          AND (l.quantity * f.per <> f.quantity * l.per OR l.shipped * f.per <> f.shipped * l.per
               OR l.cancelled * f.per <> f.cancelled * l.per
               OR l.quantity % l.per + l.shipped % l.per + l.cancelled % l.per > 0)""",
    "bundles_have_no_stock_of_their_own": """
        SELECT s.variant_id, s.warehouse_id FROM supplier_stock s JOIN supplier_bundle b ON b.variant_id = s.variant_id""",
}

_BOOKS = {
    "balances_sum_to_zero": """
        SELECT a.currency, sum(b.balance) FROM supplier_account a
        JOIN (SELECT account_id, sum(amount) AS balance FROM (
                SELECT debit_id AS account_id, amount_minor AS amount FROM supplier_transfer
                UNION ALL SELECT credit_id, -amount_minor FROM supplier_transfer) t GROUP BY 1) b
          ON b.account_id = a.id
        GROUP BY 1 HAVING sum(b.balance) <> 0""",
    "every_order_is_booked_once": """
        SELECT s.reseller_id, s.order_number FROM supplier_salesorder s
        LEFT JOIN supplier_journal j ON j.key = 'sale:' || s.reseller_id || ':' || s.order_number
        WHERE j.id IS NULL""",
    "sale_is_split_as_frozen": """
        SELECT s.reseller_id, s.order_number, a.kind, sum(e.minor)
        FROM supplier_salesorder s
        JOIN supplier_journal j ON j.key = 'sale:' || s.reseller_id || ':' || s.order_number
        JOIN supplier_transfer t ON t.journal_id = j.id
        CROSS JOIN LATERAL (VALUES (t.credit_id, t.amount_minor), (t.debit_id, -t.amount_minor)) e(account_id, minor)
        JOIN supplier_account a ON a.id = e.account_id
        GROUP BY s.id, a.kind
        HAVING sum(e.minor) <> CASE a.kind
            WHEN 'service_held' THEN s.service_minor
            WHEN 'wholesale_deferred' THEN s.wholesale_minor WHEN 'fee' THEN s.fee_minor - s.fee_tax_minor
            WHEN 'reseller_payable' THEN
                s.margin_minor - CASE WHEN s.shipping_funder = 'b' THEN s.shipping_funded_minor ELSE 0 END
            WHEN 'promotion' THEN
                -s.funded_minor - CASE WHEN s.shipping_funder = 's' THEN s.shipping_funded_minor ELSE 0 END
            WHEN 'fee_tax' THEN s.fee_tax_minor WHEN 'tax_payable' THEN s.tax_minor
            WHEN 'shipping' THEN s.shipping_minor + s.shipping_funded_minor ELSE -s.captured_minor END""",
    "order_money_is_captured_less_refunded": """
        SELECT s.reseller_id, s.order_number, s.captured_minor - s.refunded_minor, m.money
        FROM supplier_salesorder s
        JOIN (SELECT j.reseller_id, j.order_number,
                     sum(CASE WHEN d.kind IN ('clearing', 'cod_clearing', 'cash', 'receivable', 'disputed') THEN t.amount_minor ELSE 0 END)
                   - sum(CASE WHEN c.kind IN ('clearing', 'cod_clearing', 'cash', 'receivable', 'disputed') THEN t.amount_minor ELSE 0 END) AS money
              FROM supplier_transfer t JOIN supplier_journal j ON j.id = t.journal_id
              JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
              GROUP BY 1, 2) m ON m.reseller_id = s.reseller_id AND m.order_number = s.order_number
        WHERE s.captured_minor - s.refunded_minor - COALESCE(
                (SELECT sum(CASE WHEN p.unused THEN COALESCE(p.stake_minor, 0) ELSE p.amount_minor END)
                 FROM supplier_dispute p
                 WHERE p.reseller_id = s.reseller_id AND p.order_number = s.order_number AND p.state = 'lost'), 0)
              <> m.money""",
    "cash_on_delivery_is_settled_to_the_cent": """
        SELECT s.reseller_id, s.order_number, s.cash, m.due
        FROM supplier_salesorder s
        JOIN (SELECT j.reseller_id, j.order_number,
                     sum(CASE WHEN d.kind = 'cod_clearing' THEN t.amount_minor ELSE -t.amount_minor END) AS due
              FROM supplier_transfer t JOIN supplier_journal j ON j.id = t.journal_id
              JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
              WHERE 'cod_clearing' IN (d.kind, c.kind)
              GROUP BY 1, 2) m ON m.reseller_id = s.reseller_id AND m.order_number = s.order_number
        WHERE m.due <> CASE WHEN s.cash = 'collected' THEN 0 ELSE s.captured_minor - s.refunded_minor END
           OR (s.cash = 'refused' AND m.due <> 0
               AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e
                               WHERE e.key = s.reseller_id || ':' || s.order_number
                                 AND e.state IN ('pending', 'dead')))""",
    "deferred_wholesale_is_never_negative": """
        SELECT j.reseller_id, j.order_number,
               sum(CASE WHEN c.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END)
             - sum(CASE WHEN d.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END)
        FROM supplier_transfer t JOIN supplier_journal j ON j.id = t.journal_id
        JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
        GROUP BY 1, 2
        HAVING sum(CASE WHEN c.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END)
             < sum(CASE WHEN d.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END)""",
    "fully_sent_orders_defer_nothing": """
        SELECT s.reseller_id, s.order_number, m.deferred
        FROM supplier_salesorder s
        JOIN (SELECT j.reseller_id, j.order_number,
                     sum(CASE WHEN c.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END)
                   - sum(CASE WHEN d.kind = 'wholesale_deferred' THEN t.amount_minor ELSE 0 END) AS deferred
              FROM supplier_transfer t JOIN supplier_journal j ON j.id = t.journal_id
              JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
              GROUP BY 1, 2) m ON m.reseller_id = s.reseller_id AND m.order_number = s.order_number
        WHERE s.status IN ('shipped', 'cancelled') AND m.deferred <> 0
          AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e
                          WHERE e.key = s.reseller_id || ':' || s.order_number AND e.state IN ('pending', 'dead'))""",
    "refunds_are_what_went_back": """
        SELECT s.reseller_id, s.order_number, s.refunded_minor, COALESCE(m.back, 0) FROM supplier_salesorder s
        LEFT JOIN (SELECT j.reseller_id, j.order_number,
                          sum(CASE WHEN c.kind IN ('clearing', 'cod_clearing', 'cash', 'receivable', 'bank') THEN t.amount_minor ELSE 0 END)
                        - sum(CASE WHEN d.kind IN ('clearing', 'cod_clearing', 'cash', 'receivable', 'bank') THEN t.amount_minor ELSE 0 END) AS back
                   FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id
                   JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
                   WHERE j.key LIKE 'refund:%' GROUP BY 1, 2) m
          ON m.reseller_id = s.reseller_id AND m.order_number = s.order_number
        WHERE s.refunded_minor <> COALESCE(m.back, 0) OR s.refunded_minor NOT BETWEEN 0 AND s.captured_minor""",
    "cash_is_booked_as_it_was_said": """
        SELECT s.reseller_id, s.order_number, s.cash, COALESCE(m.n, 0) FROM supplier_salesorder s
        LEFT JOIN (SELECT reseller_id, order_number, count(*) AS n FROM supplier_journal j
                   WHERE kind = 'cash' AND NOT EXISTS (SELECT 1 FROM supplier_journal r WHERE r.reverses_id = j.id)
                   GROUP BY 1, 2) m ON m.reseller_id = s.reseller_id AND m.order_number = s.order_number
        WHERE s.method = 'cod' AND COALESCE(m.n, 0) <> CASE WHEN s.cash = 'collected' THEN 1 ELSE 0 END""",
    "reversal_is_the_other_way_round": """
        SELECT r.key, o.key FROM supplier_journal r JOIN supplier_journal o ON o.id = r.reverses_id
        WHERE EXISTS (
            (SELECT debit_id, credit_id, amount_minor, currency FROM supplier_transfer WHERE journal_id = o.id
             EXCEPT ALL SELECT credit_id, debit_id, amount_minor, currency FROM supplier_transfer WHERE journal_id = r.id)
            UNION ALL
            (SELECT credit_id, debit_id, amount_minor, currency FROM supplier_transfer WHERE journal_id = r.id
             EXCEPT ALL SELECT debit_id, credit_id, amount_minor, currency FROM supplier_transfer WHERE journal_id = o.id))""",
    "kept_sums_are_the_sums_anew": """
        SELECT x.account_id, sum(x.debit), sum(x.credit) FROM (
            SELECT s.account_id, s.debit_minor AS debit, s.credit_minor AS credit FROM supplier_accountsum s
            WHERE s.seal_id = (SELECT max(seal_id) FROM supplier_accountsum)
            UNION ALL
            SELECT e.account_id, -e.debit, -e.credit FROM supplier_transfer t
            CROSS JOIN LATERAL (VALUES (t.debit_id, t.amount_minor, 0::bigint), (t.credit_id, 0::bigint, t.amount_minor))
                e(account_id, debit, credit)
            WHERE t.journal_id <= (SELECT d.up_to FROM supplier_dailyseal d
                                   WHERE d.id = (SELECT max(seal_id) FROM supplier_accountsum))) x
        GROUP BY 1 HAVING sum(x.debit) <> 0 OR sum(x.credit) <> 0""",
    **audit_cases.CHECKS,
    **audit_settlement.CHECKS,
}
SEALED, WRITTEN = "sealed_days_are_unchanged", "entries_are_as_they_were_written"


def stock() -> Iterator[Finding]:
    """Check every stock invariant over all variants and warehouses."""
    yield from _run(_STOCK)


def books() -> Iterator[Finding]:
    """Check every invariant of the ledger over all orders."""
    yield from _run(_BOOKS)
    yield from (Finding(SEALED, day) for day in seals.broken())
    last = seals.latest()
    yield from (Finding(WRITTEN, key) for key in islice(seals.altered(last.up_to if last else 0), 20))


def names(which: str) -> list[str]:
    """Give the names of the checks of ``stock`` or ``books``."""
    return list(_STOCK) if which == "stock" else [*_BOOKS, SEALED, WRITTEN]


def _run(checks: dict[str, str]) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for name, sql in checks.items():
            cursor.execute(f"{sql} LIMIT 20")
            for row in cursor.fetchall():
                yield Finding(name, " ".join(str(value) for value in row))
