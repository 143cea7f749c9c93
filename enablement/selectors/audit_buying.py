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
}


def books() -> Iterator[Finding]:
    """Check savings against the ledger, to the cent per shop."""
    with connection.cursor() as cursor:
        for name, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT 20")
            for row in cursor.fetchall():
                yield Finding(name, " ".join(str(value) for value in row))


def names() -> list[str]:
    """Give the names of the checks."""
    return list(_CHECKS)
