"""What must hold of statements and payouts: lines of ``check_books``."""

from __future__ import annotations

CHECKS = {
    "statement_line_is_its_transfer": """
        SELECT l.id, l.amount_minor, t.amount_minor FROM supplier_statementline l
        JOIN supplier_settlement s ON s.id = l.settlement_id
        JOIN supplier_transfer t ON t.id = l.transfer_id
        JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
        WHERE NOT ((c.kind = 'reseller_payable' AND c.reseller_id = s.reseller_id AND l.amount_minor = t.amount_minor)
                OR (d.kind = 'reseller_payable' AND d.reseller_id = s.reseller_id AND l.amount_minor = -t.amount_minor))
           OR t.currency <> s.currency""",
    "statement_is_the_sum_of_its_lines": """
        SELECT s.number, s.closing_minor - s.opening_minor, COALESCE(l.total, 0) FROM supplier_settlement s
        LEFT JOIN (SELECT settlement_id, sum(amount_minor) AS total FROM supplier_statementline GROUP BY 1) l
          ON l.settlement_id = s.id
        WHERE s.released AND s.closing_minor - s.opening_minor <> COALESCE(l.total, 0)""",
    "statements_carry_on_from_each_other": """
        SELECT number, opening_minor, before FROM (
            SELECT number, opening_minor,
                   COALESCE(lag(closing_minor) OVER (PARTITION BY reseller_id, currency ORDER BY id), 0) AS before
            FROM supplier_settlement WHERE released) s
        WHERE opening_minor <> before""",
    "no_payout_is_above_what_was_available": """
        SELECT p.id, p.amount_minor, s.opening_minor + COALESCE(l.total, 0) FROM supplier_payout p
        JOIN supplier_settlement s ON s.id = p.settlement_id
        LEFT JOIN (SELECT settlement_id, sum(amount_minor) AS total FROM supplier_statementline
                   WHERE kind <> 'payout' GROUP BY 1) l ON l.settlement_id = s.id
        WHERE p.amount_minor > s.opening_minor + COALESCE(l.total, 0)""",
    "payouts_on_their_way_are_the_open_ones": """
        SELECT reseller_id, currency, sum(booked), sum(open) FROM (
            SELECT a.reseller_id, a.currency, t.amount_minor AS booked, 0::bigint AS open
            FROM supplier_transfer t JOIN supplier_account a ON a.id = t.credit_id WHERE a.kind = 'payout_transit'
            UNION ALL
            SELECT a.reseller_id, a.currency, -t.amount_minor, 0
            FROM supplier_transfer t JOIN supplier_account a ON a.id = t.debit_id WHERE a.kind = 'payout_transit'
            UNION ALL
            SELECT p.reseller_id, p.currency, 0, p.amount_minor FROM supplier_payout p
            WHERE p.state IN ('created', 'sent', 'unresolved')) x
        GROUP BY 1, 2 HAVING sum(booked) <> sum(open)""",
    "reserve_is_what_statements_kept": """
        SELECT reseller_id, currency, sum(booked), sum(kept) FROM (
            SELECT a.reseller_id, a.currency, t.amount_minor AS booked, 0::bigint AS kept
            FROM supplier_transfer t JOIN supplier_account a ON a.id = t.credit_id WHERE a.kind = 'reseller_reserve'
            UNION ALL
            SELECT a.reseller_id, a.currency, -t.amount_minor, 0
            FROM supplier_transfer t JOIN supplier_account a ON a.id = t.debit_id WHERE a.kind = 'reseller_reserve'
            UNION ALL
            SELECT s.reseller_id, s.currency, 0, s.reserve_held_minor - s.reserve_released_minor
            FROM supplier_settlement s WHERE s.released) x
        GROUP BY 1, 2 HAVING sum(booked) <> sum(kept)""",
    "numbers_have_no_gaps": """
        SELECT series, n, last FROM (
            SELECT substring(number FROM '^[SFC]-[0-9]{4}') AS series, count(*) AS n FROM (
                SELECT number FROM supplier_settlement WHERE released
                UNION ALL SELECT number FROM supplier_invoice) x GROUP BY 1) c
        JOIN supplier_numbering m USING (series) WHERE n <> last""",
}
