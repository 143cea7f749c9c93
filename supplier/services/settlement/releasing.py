"""Make statements final, a few hundred at a time: entries in the books, lines, numbers, papers, payouts.

The reseller's accounts are locked first. A posting takes a share lock of the accounts it touches, so what is read
of their balance holds until the commit, and nothing is paid out that was given back meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, events
from s2b2c.kernel import ids as codes
from s2b2c.outbox import publisher
from supplier.models import Account, Payout, PayoutAccount, Settlement, SettlementRun, Terms
from supplier.selectors import ledger as books
from supplier.selectors.holding import IS_HELD
from supplier.services import ledger
from supplier.services.ledger import Entry, Leg
from supplier.services.settlement import building, papers

Kind = Account.Kind
CHUNK = 250

_LINES = """
    INSERT INTO supplier_statementline (settlement_id, transfer_id, amount_minor, kind)
    SELECT w.id, t.id, CASE WHEN c.kind = 'reseller_payable' THEN t.amount_minor ELSE -t.amount_minor END, j.kind
    FROM unnest(%s::bigint[]) AS w(id)
    JOIN supplier_journal j ON j.key IN ('reserve:' || w.id, 'payout:' || w.id)
    JOIN supplier_transfer t ON t.journal_id = j.id
    JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
    WHERE 'reseller_payable' IN (c.kind, d.kind)
"""
# What unsettled orders not due yet will earn: it is there, and no cover for what was given back since the draft.
# Only of accounts something was taken from since; the others have all that was drafted.
_NOT_DUE = f"""
    SELECT a.id, sum(GREATEST(0, n.net))::bigint
    FROM supplier_account a
    CROSS JOIN LATERAL (
        SELECT sum(t.signed) AS net
        FROM (SELECT c.id, c.journal_id, c.amount_minor AS signed FROM supplier_transfer c WHERE c.credit_id = a.id
              UNION ALL
              SELECT d.id, d.journal_id, -d.amount_minor FROM supplier_transfer d WHERE d.debit_id = a.id) t
        JOIN supplier_journal j ON j.id = t.journal_id AND j.order_number <> ''
        LEFT JOIN supplier_salesorder o ON o.reseller_id = a.reseller_id AND o.order_number = j.order_number
        WHERE NOT EXISTS (SELECT 1 FROM supplier_statementline x WHERE x.transfer_id = t.id)
          AND (o.due_at IS NULL OR o.due_at > %(until)s OR {IS_HELD})
        GROUP BY j.order_number) n
    WHERE a.id = ANY(%(ids)s)
      AND EXISTS (SELECT 1 FROM supplier_transfer d WHERE d.debit_id = a.id
                  AND NOT EXISTS (SELECT 1 FROM supplier_statementline x WHERE x.transfer_id = d.id))
    GROUP BY a.id
"""
_NOT_THERE = "refunded_meanwhile"


def chunk(run: SettlementRun) -> bool:
    """Release the next statements of a run and move its ``position``; False where none was left.

    Call inside a transaction that has the run's row locked.
    """
    following = Settlement.objects.filter(run=run, pk__gt=run.position).order_by("pk")
    ids = list(following.values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return False
    held = _hold_back(run, ids)
    rows = list(following.filter(pk__in=ids).select_related("reseller"))
    _keep_to_what_is_there(rows, run)
    ledger.write_all([entry for row in rows for entry in _entries(row)])
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [[row.pk for row in rows]])
    payouts = _payouts(rows)
    papers.write(rows, run, held)
    Settlement.objects.bulk_update(rows, ["number", "document", "digest", "released"])
    _publish(payouts)
    run.position, run.done = ids[-1], run.done + len(ids)
    return True


def _hold_back(run: SettlementRun, ids: Sequence[int]) -> dict[int, list[str]]:
    """Take off what is held back since the draft was made, and note it for who reviewed another sum."""
    held = building.take_off_held(run, ids)
    if held:
        orders = sorted(number for numbers in held.values() for number in numbers)
        audit.record(actor=None, action="settlement.held_back", subject=run.number, detail={"orders": orders})
    return held


def _keep_to_what_is_there(rows: Sequence[Settlement], run: SettlementRun) -> None:
    """Pay nothing to whom the books owe less by now, of what is due."""
    owners = {row.reseller_id for row in rows}
    accounts = Account.objects.filter(kind=Kind.RESELLER_PAYABLE, currency=run.currency, reseller_id__in=owners)
    locked = list(accounts.order_by("pk").select_for_update())
    owed, later = books.balances(locked), _not_due(locked, run)
    there = {account.reseller_id: owed[account.pk] - later.get(account.pk, 0) for account in locked}
    late = [row for row in rows if row.payout_minor and there.get(row.reseller_id, 0) < _leaves(row)]
    for row in late:
        row.closing_minor, row.payout_minor, row.blocked = row.closing_minor + row.payout_minor, 0, _NOT_THERE
    if late:
        Settlement.objects.bulk_update(late, ["closing_minor", "payout_minor", "blocked"])


def _not_due(accounts: Sequence[Account], run: SettlementRun) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOT_DUE, {"ids": [account.pk for account in accounts], "until": run.until})
        return dict(cursor.fetchall())


def _leaves(row: Settlement) -> int:
    return row.payout_minor + row.reserve_held_minor - row.reserve_released_minor


def _entries(row: Settlement) -> list[Entry]:
    moved = [
        Leg(Kind.RESELLER_PAYABLE, Kind.RESELLER_RESERVE, row.reserve_held_minor, "held"),
        Leg(Kind.RESELLER_RESERVE, Kind.RESELLER_PAYABLE, row.reserve_released_minor, "released"),
    ]
    paid = [Leg(Kind.RESELLER_PAYABLE, Kind.PAYOUT_TRANSIT, row.payout_minor)]
    legs = {"reserve": moved, "payout": paid}
    return [_entry(row, kind, some) for kind, some in legs.items() if any(leg.amount_minor for leg in some)]


def _entry(row: Settlement, kind: str, legs: list[Leg]) -> Entry:
    return Entry(
        key=f"{kind}:{row.pk}",
        kind=kind,
        currency=row.currency,
        legs=legs,
        at=clock.now(),
        reseller_id=row.reseller_id,
    )


def _payouts(rows: Sequence[Settlement]) -> list[Payout]:
    """Make the payouts, each with the key that moves its money once."""
    accounts = {
        each.reseller_id: each for each in PayoutAccount.objects.filter(reseller__in=[r.reseller_id for r in rows])
    }
    return Payout.objects.bulk_create(
        [_payout(row, accounts.get(row.reseller_id)) for row in rows if row.payout_minor > 0]
    )


def _payout(row: Settlement, account: PayoutAccount | None) -> Payout:
    where = {}
    if account is not None:
        where = {"account": account.stripe_id} if row.method == Terms.Method.STRIPE else dict(account.bank)
    return Payout(
        settlement=row, reseller=row.reseller, currency=row.currency, amount_minor=row.payout_minor, method=row.method,
        key=f"payout-{codes.token()}", destination=where, created_at=clock.now(),
    )  # fmt: skip


def _publish(payouts: Sequence[Payout]) -> None:
    publisher.publish(
        *(
            events.PayoutRequested(reseller_id=each.reseller_id, order_number="", payout_id=each.pk)
            for each in payouts
            if each.method == Terms.Method.STRIPE
        )
    )
