"""Read the file, say of every row what it is, and find for each cancellation the sale it takes back.

Amounts are exact: a few prices are finer than a penny, so sums are kept in tenths of a penny (mills).
"""

from __future__ import annotations

import csv
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TextIO, cast

# Five digits, and letters for the variant; "DCGS…" are party bags. All else is postage, fees and corrections.
_PRODUCT = re.compile(r"\d{5}[A-Z]*|DCGS[A-Z]*\d*[A-Z]*")

SALE = "sale"
REFUND = "refund of an earlier sale"
ORPHAN = "cancellation without its sale in the file"
NOT_A_PRODUCT = "not a product (postage, fees, vouchers, corrections)"
FREE = "product given away or counted (price 0)"
CORRECTION = "stock correction (negative quantity, price 0)"
BAD_DEBT = "bad debt adjustment"
TOO_FINE = "price finer than a penny"

CLASSES = (SALE, REFUND, ORPHAN, NOT_A_PRODUCT, FREE, CORRECTION, BAD_DEBT, TOO_FINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file. ``price_mills`` is in tenths of a penny."""

    number: int
    invoice: str
    code: str
    description: str
    quantity: int
    at: datetime
    price_mills: int
    customer: str
    country: str

    @property
    def amount_mills(self) -> int:
        return self.quantity * self.price_mills

    @property
    def price_minor(self) -> int:
        return self.price_mills // 10


@dataclass(slots=True)
class Invoice:
    """The sale lines of one invoice, under its first time."""

    number: str
    at: datetime
    customer: str
    country: str
    lines: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Back:
    """A cancellation row and the sale lines (row number → pieces) it takes back."""

    row: Row
    pieces: dict[int, int]


@dataclass(slots=True)
class Book:
    """Everything there is to do, in order of time, and what every row is."""

    invoices: list[Invoice]
    backs: list[Back]
    rows: int
    counts: Counter[str]
    mills: Counter[str]

    @property
    def total_mills(self) -> int:
        return sum(self.mills.values())


def rows(path: Path, *, limit: int | None = None) -> Iterator[Row]:
    """Read the lines of the file, packed (.xz) or plain; ``limit``: only the first so many.

    :raises ValueError: a line is not as the data set's columns say.
    """
    unpack = lzma.open if path.suffix == ".xz" else open
    with unpack(path, "rt", encoding="utf-8", newline="") as file:
        for number, raw in enumerate(csv.DictReader(cast(TextIO, file)), start=1):
            if limit is not None and number > limit:
                return
            yield _row(number, raw)


def _row(number: int, raw: dict[str, str]) -> Row:
    try:
        return Row(
            number=number,
            invoice=raw["InvoiceNo"].strip(),
            code=raw["StockCode"].strip().upper(),
            description=" ".join(raw["Description"].split()),
            quantity=int(raw["Quantity"]),
            at=datetime.fromisoformat(raw["InvoiceDate"]).replace(tzinfo=UTC),
            price_mills=int(Decimal(raw["UnitPrice"]) * 1000),
            customer=raw["CustomerID"].removesuffix(".0"),
            country=raw["Country"].strip(),
        )
    except (KeyError, ValueError, ArithmeticError, AttributeError, TypeError) as error:
        raise ValueError(f"line {number + 1} of the file can't be read: {error!r}") from error


def classify(row: Row) -> str:
    """Say what a row is by itself; a cancellation counts as a refund until its sale is looked for."""
    if not _PRODUCT.fullmatch(row.code):
        return BAD_DEBT if row.invoice.startswith("A") else NOT_A_PRODUCT
    if row.price_mills == 0:
        return FREE if row.quantity > 0 else CORRECTION
    if row.price_mills < 0:
        return BAD_DEBT
    if row.price_mills % 10:
        return TOO_FINE
    return SALE if row.quantity > 0 else REFUND


def read(source: Iterable[Row]) -> Book:
    """Sort rows into invoices and cancellations, the latter matched to what they take back.

    A cancellation takes back pieces of the same customer's sales of the same code at the same price, the
    latest first, as far as they have not been taken back before. All or nothing: what does not match in
    full is reported as an orphan.
    """
    invoices: dict[str, Invoice] = {}
    counts: Counter[str] = Counter()
    mills: Counter[str] = Counter()
    cancellations: list[Row] = []
    total = 0
    for row in source:
        total += 1
        kind = classify(row)
        if kind == REFUND:
            cancellations.append(row)
            continue
        counts[kind] += 1
        mills[kind] += row.amount_mills
        if kind == SALE:
            invoice = invoices.setdefault(row.invoice, Invoice(row.invoice, row.at, row.customer, row.country))
            invoice.lines.append(row)
    ordered = sorted(invoices.values(), key=lambda invoice: (invoice.at, invoice.number))
    backs = []
    for row, pieces in _match(ordered, cancellations):
        kind = REFUND if pieces else ORPHAN
        counts[kind] += 1
        mills[kind] += row.amount_mills
        if pieces:
            backs.append(Back(row, pieces))
    return Book(ordered, backs, total, counts, mills)


def _match(invoices: list[Invoice], cancellations: list[Row]) -> Iterator[tuple[Row, dict[int, int]]]:
    sold: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for invoice in invoices:
        for line in invoice.lines:
            sold[line.customer, line.code, line.price_mills].append(line)
    left = {line.number: line.quantity for invoice in invoices for line in invoice.lines}
    began = {line.number: invoice.at for invoice in invoices for line in invoice.lines}
    for row in sorted(cancellations, key=lambda row: (row.at, row.number)):
        pieces: dict[int, int] = {}
        missing = -row.quantity
        same = sold[row.customer, row.code, row.price_mills] if row.customer else []
        for line in reversed(same):
            take = min(missing, left[line.number]) if began[line.number] <= row.at else 0
            if take:
                pieces[line.number] = take
                missing -= take
        if missing:
            pieces = {}
        for number, take in pieces.items():
            left[number] -= take
        yield row, pieces
