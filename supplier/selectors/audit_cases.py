"""What must hold of single cases, disputes and claims on carriers: lines of ``check_books``.

Each case is looked at by itself: two wrong ones of the same size don't hide each other, and what was booked for no
case at all is found too, under the key of its journal.
"""

from __future__ import annotations

from supplier.models import Account

# What stands on an account of S, by journal: ``minor`` is positive where it is owed to us.
_ON = """
    SELECT j.id, j.kind, j.key, a.currency, e.minor FROM supplier_account a
    CROSS JOIN LATERAL (
        SELECT d.journal_id, d.amount_minor AS minor FROM supplier_transfer d WHERE d.debit_id = a.id
        UNION ALL SELECT c.journal_id, -c.amount_minor FROM supplier_transfer c WHERE c.credit_id = a.id) e
    JOIN supplier_journal j ON j.id = e.journal_id
    WHERE a.kind = '{kind}'"""
_DISPUTED, _CLAIMED = _ON.format(kind=Account.Kind.DISPUTED), _ON.format(kind=Account.Kind.CARRIER_CLAIM)

CHECKS = {
    "open_disputes_hold_what_they_took_closed_ones_nothing": f"""
        SELECT name, currency, COALESCE(b.minor, 0), COALESCE(p.minor, 0) FROM (
            SELECT CASE WHEN kind = 'dispute' THEN split_part(key, ':', 2) ELSE key END AS name, currency,
                   sum(minor) AS minor FROM ({_DISPUTED}) x GROUP BY 1, 2) b
        FULL JOIN (
            SELECT provider_id AS name, currency,
                   CASE WHEN state NOT IN ('needs_response', 'under_review') THEN 0
                        WHEN unused THEN COALESCE(stake_minor, 0) ELSE amount_minor END AS minor
            FROM supplier_dispute) p USING (name, currency)
        WHERE COALESCE(b.minor, 0) <> COALESCE(p.minor, 0)""",
    "open_claims_are_what_carriers_owe_closed_ones_nothing": f"""
        SELECT name, currency, COALESCE(b.minor, 0), COALESCE(r.minor, 0) FROM (
            SELECT CASE WHEN kind IN ('claim', 'claim_end') THEN split_part(key, ':', 3) ELSE key END AS name, currency,
                   sum(minor) AS minor FROM ({_CLAIMED}) x GROUP BY 1, 2) b
        FULL JOIN (
            SELECT r.number AS name, o.currency, CASE WHEN r.claim_state = 'open' THEN r.claim_minor ELSE 0 END AS minor
            FROM supplier_returnorder r JOIN supplier_salesorder o ON o.id = r.order_id
            WHERE r.claim_state <> '') r USING (name, currency)
        WHERE COALESCE(b.minor, 0) <> COALESCE(r.minor, 0)""",
    "ended_claims_brought_what_was_said": """
        SELECT r.number, r.claim_paid_minor, COALESCE(b.paid, 0) FROM supplier_returnorder r
        LEFT JOIN LATERAL (
            SELECT sum(t.amount_minor) AS paid FROM supplier_journal j
            JOIN supplier_transfer t ON t.journal_id = j.id JOIN supplier_account d ON d.id = t.debit_id
            WHERE j.key = 'claim-end:' || r.reseller_id || ':' || r.number AND d.kind = 'bank') b ON true
        WHERE r.claim_state IN ('paid', 'written_off') AND r.claim_paid_minor <> COALESCE(b.paid, 0)""",
    "payouts_are_held_while_something_holds_them": """
        SELECT o.reseller_id, o.order_number, o.payout_held, h.open FROM supplier_salesorder o
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM supplier_payouthold x
                                           WHERE x.order_id = o.id AND x.released_at IS NULL) AS open) h
        WHERE o.payout_held <> h.open""",
    "open_disputes_hold_their_payouts_closed_ones_do_not": """
        SELECT d.provider_id, d.state, h.cause FROM supplier_dispute d
        FULL JOIN (SELECT cause, substr(cause, 9) AS dispute FROM supplier_payouthold
                   WHERE released_at IS NULL AND cause LIKE 'dispute:%%') h ON h.dispute = d.provider_id
        WHERE (d.closed_at IS NULL AND NOT d.unused) <> (h.cause IS NOT NULL) OR d.id IS NULL""",
    "nothing_goes_back_twice": """
        SELECT s.reseller_id, s.order_number, s.refunded_minor, d.lost, s.captured_minor FROM supplier_salesorder s
        JOIN (SELECT reseller_id, order_number, sum(amount_minor) AS lost FROM supplier_dispute
              WHERE state = 'lost' AND NOT unused GROUP BY 1, 2) d USING (reseller_id, order_number)
        WHERE s.refunded_minor + d.lost > s.captured_minor""",
}
