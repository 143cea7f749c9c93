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
from supplier.models import Company, Invoice, Settlement, SettlementRun
from supplier.services.settlement import numbers

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
# What was charged and what was given back of the fee, and the tax inside each.
_FEES = """
    SELECT q.settlement_id,
           COALESCE(sum(t.amount_minor) FILTER (WHERE c.kind IN ('fee', 'fee_tax')), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE c.kind = 'fee_tax'), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE d.kind IN ('fee', 'fee_tax')), 0)::bigint,
           COALESCE(sum(t.amount_minor) FILTER (WHERE d.kind = 'fee_tax'), 0)::bigint
    FROM (SELECT DISTINCT l.settlement_id, t.journal_id FROM supplier_statementline l
          JOIN supplier_transfer t ON t.id = l.transfer_id WHERE l.settlement_id = ANY(%s)) q
    JOIN supplier_transfer t ON t.journal_id = q.journal_id
    JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
    GROUP BY 1
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
    supplier = Company.objects.values_list("name", flat=True).first() or ""
    for row, number in zip(rows, numbers.take(f"S-{run.until:%Y}", len(rows)), strict=True):
        row.number, row.released = number, True
        row.document = _statement(row, run, supplier, lines[row.pk])
        if row.pk in held:
            row.document["held_back"] = held[row.pk]
        row.digest = digest(row.document)
    _invoices(rows, supplier)


def _read(sql: str, ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return cursor.fetchall()


def _statement(row: Settlement, run: SettlementRun, supplier: str, lines: list[list[Any]]) -> dict[str, Any]:
    return {
        **_head(row, supplier, str(row.number)),
        "run": run.number,
        "until": run.until.isoformat(),
        "sums": {name: getattr(row, f"{name}_minor") for name in SUMS},
        "orders": row.orders,
        "method": row.method,
        "blocked": row.blocked,
        "lines": lines,
    }


def _head(row: Settlement, supplier: str, number: str) -> dict[str, Any]:
    return {
        "number": number,
        "issued": clock.now().isoformat(),
        "currency": row.currency,
        "supplier": supplier,
        "reseller": {"name": row.reseller.name, "slug": row.reseller.slug, "country": row.reseller.country},
    }


def _invoices(rows: Sequence[Settlement], supplier: str) -> None:
    """Write an invoice for the fee of what was sold, and a credit note for the fee that was given back."""
    fees = {row[0]: row[1:] for row in _read(_FEES, [each.pk for each in rows])}
    made: list[Invoice] = []
    for place, (kind, letter) in enumerate((("invoice", "F"), ("credit_note", "C"))):
        amounts = [(row, *fees.get(row.pk, (0, 0, 0, 0))[2 * place : 2 * place + 2]) for row in rows]
        mine = [each for each in amounts if each[1]]
        taken = numbers.take(f"{letter}-{clock.now():%Y}", len(mine))
        made += [
            _invoice(row, kind, gross, tax, number, supplier)
            for (row, gross, tax), number in zip(mine, taken, strict=True)
        ]
    Invoice.objects.bulk_create(made)


def _invoice(row: Settlement, kind: str, gross: int, tax: int, number: str, supplier: str) -> Invoice:
    document = {
        **_head(row, supplier, number),
        "kind": kind,
        "statement": row.number,
        "orders": row.orders,
        "net": gross - tax,
        "tax": tax,
        "gross": gross,
    }
    return Invoice(
        number=number, kind=kind, settlement=row, reseller=row.reseller, currency=row.currency, net_minor=gross - tax,
        tax_minor=tax, gross_minor=gross, document=document, digest=digest(document), issued_at=clock.now(),
    )  # fmt: skip
