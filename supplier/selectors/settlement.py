"""Runs, statements, payouts and the provider's lines, to be read. Minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.models import (
    Account,
    BankFile,
    Clawback,
    Invoice,
    Payout,
    ProviderEntry,
    SalesOrder,
    Settlement,
    SettlementRun,
)

GRACE = timedelta(hours=6)  # what the provider booked and we don't know of yet may be on its way
SUMS = ("sales", "refunds", "claims", "adjustments", "reserve_released", "reserve_held", "payout")

_PAID = """
    SELECT count(*), COALESCE(sum(o.captured_minor), 0)::bigint, COALESCE(sum(o.wholesale_minor), 0)::bigint,
           COALESCE(sum(o.margin_minor), 0)::bigint, COALESCE(sum(o.fee_minor), 0)::bigint,
           COALESCE(sum(o.tax_minor), 0)::bigint, COALESCE(sum(o.shipping_minor), 0)::bigint
    FROM (SELECT DISTINCT j.reseller_id, j.order_number
          FROM supplier_statementline l JOIN supplier_settlement s ON s.id = l.settlement_id
          JOIN supplier_transfer t ON t.id = l.transfer_id JOIN supplier_journal j ON j.id = t.journal_id
          WHERE s.run_id = %s AND l.kind = 'sale') w
    JOIN supplier_salesorder o USING (reseller_id, order_number)
"""


def runs() -> QuerySet[SettlementRun]:
    """Give all runs with how many statements each has and what it pays."""
    return SettlementRun.objects.annotate(
        statements=Count("settlements"),
        payouts=Count("settlements", filter=Q(settlements__payout_minor__gt=0)),
        payout_minor=Sum("settlements__payout_minor", default=0),
    )


def currencies() -> list[str]:
    """Give the currencies in which resellers earn."""
    kinds = Account.objects.filter(kind=Account.Kind.RESELLER_PAYABLE)
    return list(kinds.order_by("currency").values_list("currency", flat=True).distinct())


def run(run_id: int) -> SettlementRun:
    """Give a run. :raises NotFound: there is none."""
    found = SettlementRun.objects.select_related("made_by", "reviewed_by", "released_by").filter(pk=run_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Money:
    """What consumers paid for the orders a run settles, by who gets it."""

    orders: int
    paid: int
    wholesale: int
    margin: int
    fee: int
    tax: int
    shipping: int

    def parts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("wholesale", "margin", "fee", "tax", "shipping")}


def money(run_: SettlementRun) -> Money:
    """Give the split of the orders whose sale this run settles. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [run_.pk])
        return Money(*cursor.fetchone())


def sums(run_: SettlementRun) -> dict[str, int]:
    """Give a run's statements together."""
    fields = {name: Sum(f"{name}_minor", default=0) for name in SUMS}
    counts = {"statements": Count("pk"), "paying": Count("pk", filter=Q(payout_minor__gt=0))}
    return Settlement.objects.filter(run=run_).aggregate(**fields, **counts)


def statements(**which: Any) -> QuerySet[Settlement]:
    """Give statements with their reseller, without their documents."""
    return Settlement.objects.filter(**which).select_related("reseller", "run").defer("document")


def statement(settlement_id: int, reseller_id: int | None = None) -> Settlement:
    """Give a statement; of one reseller's only where it is named. :raises NotFound: there is none."""
    rows = Settlement.objects.select_related("reseller", "run").filter(pk=settlement_id)
    found = (rows if reseller_id is None else rows.filter(reseller_id=reseller_id, released=True)).first()
    if found is None:
        raise NotFound()
    return found


def invoice(invoice_id: int, reseller_id: int | None = None) -> Invoice:
    """Give an invoice or credit note; of one reseller's only where it is named. :raises NotFound: there is none."""
    rows = Invoice.objects.select_related("reseller", "settlement").filter(pk=invoice_id)
    found = (rows if reseller_id is None else rows.filter(reseller_id=reseller_id)).first()
    if found is None:
        raise NotFound()
    return found


def draft_lines(row: Settlement, limit: int = 500) -> list[list[Any]]:
    """Give the lines of a statement that has no document yet, as its document will have them."""
    lines = row.lines.select_related("transfer__journal").order_by("transfer__journal__at", "pk")[:limit]
    return [
        [
            line.transfer.journal.at.isoformat(),
            line.kind,
            line.transfer.journal.order_number,
            line.amount_minor,
            line.transfer.memo,
        ]
        for line in lines
    ]


# --- Payouts ---------------------------------------------------------------------------------------------
def payouts() -> QuerySet[Payout]:
    """Give all payouts with reseller, statement and bank file."""
    return Payout.objects.select_related("reseller", "settlement__run", "file").defer("settlement__document")


def payout(payout_id: int) -> Payout:
    """Give a payout. :raises NotFound: there is none."""
    found = payouts().filter(pk=payout_id).first()
    if found is None:
        raise NotFound()
    return found


def waiting_for_bank() -> list[tuple[str, int, int]]:
    """Give what waits to be handed to the bank: currency, how many, how much."""
    rows = Payout.objects.filter(method="bank", state=Payout.State.CREATED).values_list("currency")
    return list(rows.annotate(Count("pk"), Sum("amount_minor")).order_by("currency"))


def bank_files(limit: int = 12) -> list[BankFile]:
    """Give the last bank files."""
    return list(BankFile.objects.order_by("-pk")[:limit])


def bank_file(file_id: int) -> BankFile:
    """Give a bank file. :raises NotFound: there is none."""
    found = BankFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found


_OWING = """
    SELECT a.reseller_id, a.currency, -b.balance FROM supplier_account a
    JOIN LATERAL (
        SELECT COALESCE((SELECT sum(amount_minor) FROM supplier_transfer WHERE credit_id = a.id), 0)
             - COALESCE((SELECT sum(amount_minor) FROM supplier_transfer WHERE debit_id = a.id), 0) AS balance) b ON true
    WHERE a.kind = 'reseller_payable' AND b.balance < 0
      AND EXISTS (SELECT 1 FROM supplier_payout p WHERE p.reseller_id = a.reseller_id)
    ORDER BY b.balance LIMIT 50
"""


def owing() -> list[tuple[Reseller, str, int]]:
    """Give resellers that were paid and owe now, those who owe most first."""
    with connection.cursor() as cursor:
        cursor.execute(_OWING)
        rows = cursor.fetchall()
    shops = Reseller.objects.in_bulk([row[0] for row in rows])
    return [(shops[reseller_id], currency, int(amount)) for reseller_id, currency, amount in rows]


def clawbacks(limit: int = 20) -> list[Clawback]:
    """Give what was taken back last."""
    return list(Clawback.objects.select_related("payout__reseller").order_by("-pk")[:limit])


def clawbacks_for(cause: str) -> list[Clawback]:
    """Give what was taken back by itself because of this return, order or dispute."""
    return list(Clawback.objects.filter(cause=cause).select_related("payout").order_by("pk"))


_PAID_OUT = """
    SELECT o.id FROM supplier_salesorder o
    WHERE o.id = ANY(%s) AND EXISTS (
        SELECT 1 FROM supplier_journal j
        JOIN supplier_transfer t ON t.journal_id = j.id
        JOIN supplier_statementline l ON l.transfer_id = t.id
        JOIN supplier_settlement s ON s.id = l.settlement_id AND s.released
        JOIN supplier_payout p ON p.reseller_id = o.reseller_id AND p.currency = o.currency
                              AND p.settlement_id >= s.id AND p.state <> 'failed'
        JOIN supplier_settlement e ON e.id = p.settlement_id AND NOT e.kept @> to_jsonb(o.id)
        WHERE j.key = 'sale:' || o.reseller_id || ':' || o.order_number)
"""


def paid_out_of(order_ids: Sequence[int]) -> set[int]:
    """Give the orders, of these by id, whose margin was paid: on a statement from which on money went out. One query.

    Money that went out beside an order that was held back (``Settlement.kept``) did not pay that order.
    A payout that failed does not count: what it held is owed again.
    """
    if not order_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_PAID_OUT, [list(order_ids)])
        return {row[0] for row in cursor.fetchall()}


def paid_out(order: SalesOrder) -> bool:
    """Tell whether a reseller was paid its margin of an order."""
    return bool(paid_out_of([order.pk]))


# --- The provider ----------------------------------------------------------------------------------------
def entries() -> QuerySet[ProviderEntry]:
    """Give the provider's lines."""
    return ProviderEntry.objects.select_related("explained_by", "reseller")


def unexplained() -> QuerySet[ProviderEntry]:
    """Give the lines that fit nothing of ours, though there was time."""
    return ProviderEntry.objects.filter(state=ProviderEntry.State.OPEN, booked_at__lt=clock.now() - GRACE)


@dataclass(frozen=True, slots=True)
class Compared:
    """The provider's balance by its lines, and our clearing account; ``open`` and ``unexplained`` are sums of lines."""

    currency: str
    theirs: int
    ours: int
    open: int
    matched: int
    missing: int
    unexplained: int

    @property
    def difference(self) -> int:
        return self.ours - self.theirs


_OURS = """
    SELECT a.currency, (COALESCE((SELECT sum(amount_minor) FROM supplier_transfer WHERE debit_id = a.id), 0)
                      - COALESCE((SELECT sum(amount_minor) FROM supplier_transfer WHERE credit_id = a.id), 0))::bigint
    FROM supplier_account a WHERE a.kind = 'clearing'
"""


def compared() -> list[Compared]:
    """Put the clearing account beside the sum of the provider's lines, by currency."""
    with connection.cursor() as cursor:
        cursor.execute(_OURS)
        ours = dict(cursor.fetchall())
    is_open = Q(state=ProviderEntry.State.OPEN)
    rows = ProviderEntry.objects.values("currency").annotate(
        theirs=Sum("net_minor", default=0),
        open=Sum("net_minor", filter=is_open, default=0),
        matched=Count("pk", filter=~is_open),
        missing=Count("pk", filter=is_open),
        late=Sum("net_minor", filter=is_open & Q(booked_at__lt=clock.now() - GRACE), default=0),
    )
    theirs = {row["currency"]: row for row in rows}
    nothing = {"theirs": 0, "open": 0, "matched": 0, "missing": 0, "late": 0}
    found = []
    for currency in sorted({*ours, *theirs}):
        row = theirs.get(currency, nothing)
        found.append(
            Compared(
                currency,
                row["theirs"],
                ours.get(currency, 0),
                row["open"],
                row["matched"],
                row["missing"],
                row["late"],
            )
        )
    return found


def waiting() -> dict[str, tuple[int, datetime | None]]:
    """Give what waits for a person: how many, and since when."""
    wanted: dict[str, tuple[QuerySet[Any], str]] = {
        "settlements": (SettlementRun.objects.filter(state__in=("draft", "reviewed")), "created_at"),
        "payouts_unresolved": (Payout.objects.filter(state=Payout.State.UNRESOLVED), "sent_at"),
        "payouts_bank": (Payout.objects.filter(state=Payout.State.CREATED, method="bank"), "created_at"),
        "provider": (unexplained(), "booked_at"),
    }
    found = {}
    for name, (rows, since) in wanted.items():
        row = rows.aggregate(n=Count("pk"), oldest=Min(since))
        found[name] = (row["n"], row["oldest"])
    return found
