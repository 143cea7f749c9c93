"""Prove that what buying promised to shops is what the books say. Each check gives what is wrong; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from enablement.selectors.audit import Finding

_CHECKS = {
    "savings_are_booked_once": """
        SELECT p.number, s.reseller_id, COALESCE(s.credited_minor, 0), COALESCE(b.minor, 0)
        FROM enablement_planshare s JOIN enablement_purchaseplan p ON p.id = s.plan_id
        FULL JOIN (
            SELECT j.key, sum(t.amount_minor) AS minor FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id
            JOIN supplier_account a ON a.id = t.credit_id AND a.kind = 'reseller_payable' AND a.reseller_id = j.reseller_id
            WHERE j.kind = 'buying_saving' GROUP BY 1) b ON b.key = 'saving:' || p.number || ':' || s.reseller_id
        WHERE COALESCE(s.credited_minor, 0) <> COALESCE(b.minor, 0)""",
    "no_more_is_credited_than_shared": """
        SELECT p.number, p.shared_minor, sum(s.credited_minor) FROM enablement_purchaseplan p
        JOIN enablement_planshare s ON s.plan_id = p.id GROUP BY p.id HAVING sum(s.credited_minor) > p.shared_minor""",
    "savings_are_in_the_shops_currency": """
        SELECT p.number, s.reseller_id, p.currency, r.currency, s.share_minor, s.credited_minor
        FROM enablement_planshare s JOIN enablement_purchaseplan p ON p.id = s.plan_id
        JOIN tenancy_reseller r ON r.id = s.reseller_id
        WHERE p.currency <> r.currency AND s.credited_minor > 0""",
    "deposits_are_the_books": """
        SELECT reseller_id, currency, COALESCE(c.minor, 0), COALESCE(b.minor, 0)
        FROM (
            SELECT c.reseller_id, r.currency, sum(c.deposit_minor) FILTER (WHERE c.released_minor IS NULL) AS minor
            FROM enablement_commitment c JOIN enablement_rounditem i ON i.id = c.item_id
            JOIN enablement_buyinground r ON r.id = i.round_id GROUP BY 1, 2) c
        FULL JOIN (
            SELECT a.reseller_id, a.currency,
                   sum(CASE WHEN t.credit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END) AS minor
            FROM supplier_account a JOIN supplier_transfer t ON a.id IN (t.debit_id, t.credit_id)
            WHERE a.kind = 'reseller_deposit' GROUP BY 1, 2) b USING (reseller_id, currency)
        WHERE COALESCE(c.minor, 0) <> COALESCE(b.minor, 0)""",
    "deposits_end_as_booked": """
        SELECT r.number, c.reseller_id, c.item_id, c.released_minor, c.kept_minor, COALESCE(b.back, 0), COALESCE(b.kept, 0)
        FROM enablement_commitment c JOIN enablement_rounditem i ON i.id = c.item_id
        JOIN enablement_buyinground r ON r.id = i.round_id
        LEFT JOIN LATERAL (
            SELECT sum(t.amount_minor) FILTER (WHERE a.kind = 'reseller_payable') AS back,
                   sum(t.amount_minor) FILTER (WHERE a.kind = 'deposit_kept') AS kept
            FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id JOIN supplier_account a ON a.id = t.credit_id
            WHERE j.key = 'round:' || r.number || ':' || c.reseller_id || ':' || c.item_id || ':end') b ON true
        WHERE c.released_minor IS NOT NULL
          AND (c.released_minor, c.kept_minor) <> (COALESCE(b.back, 0), COALESCE(b.kept, 0))""",
    "closed_rounds_keep_no_deposit": """
        SELECT r.number, r.state, c.reseller_id FROM enablement_buyinground r
        JOIN enablement_rounditem i ON i.round_id = r.id JOIN enablement_commitment c ON c.item_id = i.id
        WHERE (r.state IN ('missed', 'cancelled', 'ended')) <> (c.released_minor IS NOT NULL)
           OR (r.state IN ('missed', 'cancelled') AND c.kept_minor > 0)""",
    "vendors_are_owed_what_was_approved": """
        SELECT currency, COALESCE(o.minor, 0), COALESCE(b.minor, 0)
        FROM (SELECT currency, sum(payable_minor) AS minor FROM enablement_vendorbill WHERE state IN ('approved', 'filed')
              GROUP BY 1) o
        FULL JOIN (
            SELECT a.currency, sum(CASE WHEN t.credit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END) AS minor
            FROM supplier_account a JOIN supplier_transfer t ON a.id IN (t.debit_id, t.credit_id)
            WHERE a.kind = 'vendor_payable' GROUP BY 1) b USING (currency)
        WHERE COALESCE(o.minor, 0) <> COALESCE(b.minor, 0)""",
    "goods_unbilled_are_receipts_less_bills": """
        SELECT x.came - x.billed, y.minor FROM
            (SELECT (SELECT COALESCE(sum(booked_minor), 0) FROM enablement_receiptline) AS came,
                    (SELECT COALESCE(sum(accrued_minor), 0) FROM enablement_billline WHERE line_id IS NOT NULL) AS billed) x,
            (SELECT COALESCE(sum(CASE WHEN t.credit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END), 0) AS minor
             FROM supplier_account a JOIN supplier_transfer t ON a.id IN (t.debit_id, t.credit_id)
             WHERE a.kind = 'goods_unbilled') y
        WHERE x.came - x.billed <> y.minor""",
    "costs_unbilled_are_landed_less_bills": """
        SELECT x.landed - x.billed, y.minor FROM
            (SELECT (SELECT COALESCE(sum(minor), 0) FROM enablement_costchange WHERE NOT of_bill) AS landed,
                    (SELECT COALESCE(sum(accrued_minor), 0) FROM enablement_billline WHERE charge_id IS NOT NULL)
                    + (SELECT COALESCE(sum(own_minor), 0) FROM enablement_purchasecharge WHERE kind = 'difference') AS billed) x,
            (SELECT COALESCE(sum(CASE WHEN t.credit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END), 0) AS minor
             FROM supplier_account a JOIN supplier_transfer t ON a.id IN (t.debit_id, t.credit_id)
             WHERE a.kind = 'costs_unbilled') y
        WHERE x.landed - x.billed <> y.minor""",
    "costs_of_closed_orders_have_landed": """
        SELECT o.number, l.id, p.minor, COALESCE(c.minor, 0) FROM enablement_purchaseorder o
        JOIN enablement_purchaseline l ON l.order_id = o.id
        JOIN (SELECT line_id, sum(own_minor) AS minor FROM enablement_chargepart GROUP BY 1) p ON p.line_id = l.id
        LEFT JOIN (SELECT line_id, sum(minor) AS minor FROM enablement_costchange WHERE NOT of_bill GROUP BY 1) c
          ON c.line_id = l.id
        WHERE o.state IN ('received', 'cancelled') AND p.minor <> COALESCE(c.minor, 0)""",
}


def books() -> Iterator[Finding]:
    """Check savings and deposits against the ledger, to the cent per shop."""
    with connection.cursor() as cursor:
        for name, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT 20")
            for row in cursor.fetchall():
                yield Finding(name, " ".join(str(value) for value in row))


def names() -> list[str]:
    """Give the names of the checks."""
    return list(_CHECKS)
