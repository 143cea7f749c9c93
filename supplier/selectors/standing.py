"""How one reseller's money stands: what it has coming, month by month, and where it is paid. Minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject

from s2b2c.kernel import clock
from supplier.models import Company, Payout, PayoutAccount, Settlement, Terms
from supplier.selectors import terms
from supplier.selectors.holding import IS_HELD
from supplier.selectors.statement import EARNED, SETTLING, Month


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reseller has coming: orders being served, orders in the return window, ready for the next payout, kept in
    reserve, payouts under way, paid so far. ``next_due``: when the first order in the window becomes ready, None where
    all that wait are held back for another reason. ``months``: what was earned and given back in each, newest first."""

    on_the_way: int
    in_window: int
    ready: int
    next_due: datetime | None
    under_way: int
    paid: int
    payouts: int
    reserve: int
    months: list[Month]

    @property
    def total(self) -> int:
        return self.on_the_way + self.in_window + self.ready

    @property
    def owed_to_supplier(self) -> int:
        """What remains for the reseller to make good when all that is under way has come."""
        return max(0, -self.total)

    @property
    def debt(self) -> int:
        """What was given back beyond what was left to take it from; the next payouts are that much less."""
        return max(0, -self.ready)


_STANDING = f"""
    WITH t AS (
        SELECT x.signed, o.due_at, j.at, j.kind, j.order_number,
               CASE WHEN j.order_number = '' THEN 'ready' WHEN o.due_at IS NULL THEN 'way'
                    WHEN o.due_at > %(now)s OR {IS_HELD} THEN 'window' ELSE 'ready' END AS place
        FROM supplier_account a
        CROSS JOIN LATERAL (
            SELECT c.journal_id, c.amount_minor AS signed FROM supplier_transfer c WHERE c.credit_id = a.id
            UNION ALL
            SELECT d.journal_id, -d.amount_minor FROM supplier_transfer d WHERE d.debit_id = a.id) x
        JOIN supplier_journal j ON j.id = x.journal_id
        LEFT JOIN supplier_salesorder o ON o.reseller_id = a.reseller_id AND o.order_number = j.order_number
        WHERE a.kind = 'reseller_payable' AND a.reseller_id = %(reseller)s AND a.currency = %(currency)s
    ), m AS (
        SELECT date_trunc('month', t.at AT TIME ZONE 'UTC')::date AS first,
               COALESCE(sum(t.signed) FILTER (WHERE t.kind = ANY(%(earned)s)), 0)::bigint AS earned,
               COALESCE(sum(t.signed) FILTER (WHERE t.kind <> ALL(%(earned)s)), 0)::bigint AS back,
               count(DISTINCT t.order_number) FILTER (WHERE t.kind = 'sale') AS orders
        FROM t WHERE t.kind <> ALL(%(settling)s) GROUP BY 1
    ), p AS (
        SELECT COALESCE(sum(amount_minor) FILTER (WHERE state = ANY(%(open)s)), 0)::bigint AS under_way,
               COALESCE(sum(amount_minor) FILTER (WHERE state = 'paid'), 0)::bigint AS paid,
               count(*) FILTER (WHERE state = 'paid') AS payouts
        FROM supplier_payout WHERE reseller_id = %(reseller)s AND currency = %(currency)s
    )
    SELECT (SELECT COALESCE(sum(t.signed) FILTER (WHERE t.place = 'way'), 0)::bigint FROM t),
           (SELECT COALESCE(sum(t.signed) FILTER (WHERE t.place = 'window'), 0)::bigint FROM t),
           (SELECT COALESCE(sum(t.signed) FILTER (WHERE t.place = 'ready'), 0)::bigint FROM t),
           (SELECT min(t.due_at) FILTER (WHERE t.place = 'window' AND t.due_at > %(now)s) FROM t),
           p.under_way, p.paid, p.payouts,
           (SELECT COALESCE(sum(reserve_held_minor - reserve_released_minor), 0)::bigint FROM supplier_settlement
            WHERE reseller_id = %(reseller)s AND currency = %(currency)s AND released),
           (SELECT array_agg(ARRAY[m.first::text, m.earned::text, m.back::text, m.orders::text] ORDER BY m.first DESC)
            FROM m)
    FROM p
"""


def of(reseller_id: int, currency: str) -> Standing:
    """Give how a reseller's money stands. One query."""
    asked: dict[str, Any] = {
        "now": clock.now(), "reseller": reseller_id, "currency": currency, "settling": list(SETTLING), "earned": list(EARNED),
        "open": list(Payout.OPEN),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, asked)
        row = cursor.fetchone()
    return Standing(*row[:8], months=[_month(*each) for each in row[8] or []])


def _month(first: str, *numbers: str) -> Month:
    return Month(date.fromisoformat(first), *(int(number) for number in numbers))


def statements(reseller_id: int) -> QuerySet[Settlement]:
    """Give a reseller's released statements with their payouts, newest first."""
    rows = Settlement.objects.filter(reseller_id=reseller_id, released=True).defer("document")
    return rows.select_related("run", "payout").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Agreed:
    """The terms in force, where the money goes (empty: nothing was ever set), and S's name."""

    terms: Terms
    account: dict[str, Any]
    supplier: str


def agreed(reseller_id: int) -> Agreed:
    """Give what a reseller's payouts follow. One query where there are terms."""
    fields = JSONObject(
        ready="ready", stripe_id="stripe_id", stripe_bank="stripe_bank", bank="bank", returned="returned"
    )
    account = PayoutAccount.objects.filter(reseller_id=reseller_id).values(found=fields)
    company = Company.objects.filter(id=1).values("name")
    found: Any = terms.rows_of(reseller_id).annotate(account=Subquery(account), supplier=Subquery(company)).first()
    return Agreed(found, found.account or {}, found.supplier or "") if found else Agreed(Terms(fee_bps=0), {}, "")
