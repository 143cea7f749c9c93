"""Prove that the books of the service network say what its tasks say: lines of ``check_books``. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from enablement.selectors.audit import Finding

_BALANCE = """
    SELECT a.currency, sum(e.minor) AS minor FROM supplier_transfer t
    CROSS JOIN LATERAL (VALUES (t.credit_id, t.amount_minor), (t.debit_id, -t.amount_minor)) e(account_id, minor)
    JOIN supplier_account a ON a.id = e.account_id WHERE a.kind = '{kind}' GROUP BY 1
"""
_CHECKS = {
    "kept_for_services_is_what_runs": f"""
        SELECT currency, COALESCE(b.minor, 0), COALESCE(r.minor, 0) FROM ({_BALANCE.format(kind="service_held")}) b
        FULL JOIN (SELECT currency, sum(minor) AS minor FROM (
                SELECT currency, budget_minor AS minor FROM enablement_servicetask
                WHERE reseller_id IS NOT NULL AND state IN ('open', 'offered', 'accepted', 'done')
                UNION ALL
                SELECT b.currency, b.cost_minor FROM enablement_servicebooking b
                LEFT JOIN enablement_servicetask t ON t.id = b.task_id
                WHERE b.booked_at IS NOT NULL AND b.refunded_at IS NULL
                  AND COALESCE(t.state, '') NOT IN ('approved', 'paid')) x GROUP BY 1) r
        USING (currency) WHERE COALESCE(b.minor, 0) <> COALESCE(r.minor, 0)""",
    "owed_to_providers_is_what_was_approved": f"""
        SELECT currency, COALESCE(b.minor, 0), COALESCE(r.minor, 0) FROM ({_BALANCE.format(kind="service_payable")}) b
        FULL JOIN (SELECT currency, sum(price_minor) AS minor FROM enablement_servicetask
                   WHERE state = 'approved' GROUP BY 1) r
        USING (currency) WHERE COALESCE(b.minor, 0) <> COALESCE(r.minor, 0)""",
    "services_have_their_journals": """
        SELECT t.number, t.state, j.kinds FROM enablement_servicetask t
        CROSS JOIN LATERAL (
            SELECT COALESCE(string_agg(k.kind, ' ' ORDER BY k.id), '') AS kinds FROM supplier_journal k
            WHERE k.key IN ('service-booked:' || t.number, 'service-done:' || t.number,
                            'service-cancelled:' || t.number)) j
        WHERE j.kinds <> concat_ws(' ', CASE WHEN t.reseller_id IS NOT NULL THEN 'service_booked' END,
            CASE WHEN t.state IN ('approved', 'paid') THEN 'service_done'
                 WHEN t.state = 'cancelled' AND t.reseller_id IS NOT NULL THEN 'service_cancelled' END)""",
    "sold_services_are_booked": """
        SELECT o.reseller_id, o.order_number, s.line_id FROM supplier_salesorder o
        CROSS JOIN LATERAL jsonb_to_recordset(COALESCE(o.services, '[]')) AS s(line_id bigint, cost_minor bigint)
        LEFT JOIN enablement_servicebooking b ON b.reseller_id = o.reseller_id
              AND b.order_number = o.order_number AND b.line_id = s.line_id
        WHERE b.booked_at IS NULL OR b.cost_minor <> s.cost_minor""",
    "days_of_providers_are_not_promised_twice": """
        SELECT p.id, d."on", count(*), p.capacity FROM enablement_serviceprovider p
        JOIN (SELECT provider_id, "on" FROM enablement_servicebooking WHERE provider_id IS NOT NULL
              UNION ALL SELECT provider_id, "on" FROM enablement_servicetask
              WHERE state IN ('offered', 'accepted') AND "on" >= current_date) d ON d.provider_id = p.id
        WHERE EXISTS (SELECT FROM enablement_servicebooking b WHERE b.provider_id = p.id AND b."on" = d."on")
        GROUP BY p.id, d."on" HAVING count(*) > p.capacity""",
    "provider_statements_are_booked_when_paid": """
        SELECT s.number, s.state, count(j.id) FROM enablement_servicestatement s
        LEFT JOIN supplier_journal j ON j.key = 'service-paid:' || s.number
        GROUP BY s.id HAVING count(j.id) <> (s.state = 'paid')::int""",
}


def books() -> Iterator[Finding]:
    """Check every invariant of the service network's money."""
    with connection.cursor() as cursor:
        for name, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT 20")
            for row in cursor.fetchall():
                yield Finding(name, " ".join(str(value) for value in row))


def names() -> list[str]:
    """Give the names of the checks."""
    return list(_CHECKS)
