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
