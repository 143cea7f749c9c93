"""Prove that what helping c cost is in the books as the cases say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from supplier.selectors.audit import Finding

_NAME = "help_is_booked_as_its_cases_say"
_COSTS = """
    WITH booked AS (
        SELECT j.key, sum(t.amount_minor) FILTER (WHERE c.kind = 'help_work') AS work,
               COALESCE(sum(t.amount_minor) FILTER (WHERE d.kind = 'reseller_payable'), 0) AS borne
        FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id
        JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
        WHERE j.kind = 'help' GROUP BY 1)
    SELECT COALESCE(b.key, c.number), b.work, b.borne, c.cost_minor, c.cause FROM booked b
    FULL JOIN (SELECT 'help:' || reseller_id || ':' || number AS key, number, cost_minor, cause
               FROM enablement_deskcase WHERE cost_minor > 0) c USING (key)
    WHERE b.work IS DISTINCT FROM c.cost_minor
       OR b.borne IS DISTINCT FROM CASE WHEN c.cause = 'reseller' THEN c.cost_minor ELSE 0 END
"""


def names() -> tuple[str, ...]:
    """Give the names of the checks."""
    return (_NAME,)


def books() -> Iterator[Finding]:
    """Give what is wrong, at most twenty."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTS)
        for row in cursor.fetchmany(20):
            yield Finding(_NAME, str(row))
