"""Statements as they were released, and the invoices of the platform fee. Call each inside a transaction.

A paper is frozen as JSON with its SHA-256, so that it can be printed again at any time, to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from s2b2c.kernel import clock
from supplier.models import Company, Invoice, SalesOrder, Settlement, SettlementRun
from supplier.selectors import papers as found
from supplier.selectors.papers import Taxed
from supplier.services.settlement import numbers

Parties = dict[int | None, dict[str, str]]
SUMS = (
    "opening",
    "sales",
    "refunds",
    "claims",
    "adjustments",
    "reserve_released",
    "reserve_held",
    "payout",
    "closing",
)

_LINES = """
    SELECT l.settlement_id, j.at, l.kind, j.order_number, l.amount_minor, t.memo
    FROM supplier_statementline l JOIN supplier_transfer t ON t.id = l.transfer_id
    JOIN supplier_journal j ON j.id = t.journal_id
    WHERE l.settlement_id = ANY(%s) ORDER BY l.settlement_id, j.at, l.id
"""


def digest(document: Any) -> str:
    """Give the SHA-256 of a document, the same however the database orders its keys."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write(rows: Sequence[Settlement], run: SettlementRun, held: Mapping[int, list[str]]) -> None:
    """Give statements their numbers and documents, mark them released (the caller writes them), and write invoices.

    ``held``: the orders taken off since the draft, by statement.
    """
    ids = [row.pk for row in rows]
    lines: dict[int, list[list[Any]]] = defaultdict(list)
    for settlement_id, at, kind, order_number, amount, memo in _read(_LINES, ids):
        lines[settlement_id].append([at.isoformat(), kind, order_number, amount, memo])
    parties, taxed = _parties(rows), found.taxes(ids)
    kept = dict(
        SalesOrder.objects.filter(id__in={id_ for row in rows for id_ in row.kept}).values_list("id", "order_number")
    )
    for row, number in zip(rows, numbers.take(f"S-{run.until:%Y}", len(rows)), strict=True):
        row.number, row.released = number, True
        row.document = _statement(row, run, parties, lines[row.pk])
        row.document["taxes"] = [list(each) for each in taxed.get(row.pk, ())]
        if row.pk in held:
            row.document["held_back"] = held[row.pk]
        if row.kept_minor:
            row.document["kept"] = {"minor": row.kept_minor, "orders": [kept[id_] for id_ in row.kept]}
        row.digest = digest(row.document)
    _invoices(rows, parties)


def _parties(rows: Sequence[Settlement]) -> Parties:
    """Give who stands on the papers; who never said is named by the name it has."""
    said = found.parties({row.reseller_id for row in rows})
    name = Company.objects.values_list("name", flat=True).first() or ""
    return {None: {"name": name}, **said}


def _read(sql: str, ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return cursor.fetchall()


def _statement(row: Settlement, run: SettlementRun, parties: Parties, lines: list[list[Any]]) -> dict[str, Any]:
    return {
        **_head(row, parties, str(row.number)),
        "run": run.number,
        "until": run.until.isoformat(),
        "sums": {name: getattr(row, f"{name}_minor") for name in SUMS},
        "orders": row.orders,
        "method": row.method,
        "blocked": row.blocked,
        "lines": lines,
    }


def _head(row: Settlement, parties: Parties, number: str) -> dict[str, Any]:
    shop = {"name": row.reseller.name, "slug": row.reseller.slug, "country": row.reseller.country}
    return {
        "number": number,
        "issued": clock.now().isoformat(),
        "currency": row.currency,
        "supplier": parties[None]["name"],
        "reseller": shop,
        "parties": {"supplier": parties[None], "reseller": parties.get(row.reseller_id, {"name": row.reseller.name})},
    }


def _invoices(rows: Sequence[Settlement], parties: Parties) -> None:
    """Write an invoice for the fee of what was sold, and a credit note for the fee that was given back."""
    fees = found.fees([each.pk for each in rows])
    made: list[Invoice] = []
    for kind, letter in (("invoice", "F"), ("credit_note", "C")):
        mine = [row for row in rows if fees.get((row.pk, kind))]
        taken = numbers.take(f"{letter}-{clock.now():%Y}", len(mine))
        made += [
            _invoice(row, kind, fees[row.pk, kind], number, parties) for row, number in zip(mine, taken, strict=True)
        ]
    Invoice.objects.bulk_create(made)


def _invoice(row: Settlement, kind: str, rates: list[Taxed], number: str, parties: Parties) -> Invoice:
    net, tax = sum(each.net for each in rates), sum(each.tax for each in rates)
    document = {
        **_head(row, parties, number),
        "kind": kind,
        "statement": row.number,
        "orders": row.orders,
        "rates": [list(each) for each in rates],
        "net": net,
        "tax": tax,
        "gross": net + tax,
    }
    return Invoice(
        number=number, kind=kind, settlement=row, reseller=row.reseller, currency=row.currency, net_minor=net,
        tax_minor=tax, gross_minor=net + tax, document=document, digest=digest(document), issued_at=clock.now(),
    )  # fmt: skip
