"""The invoices of Online Retail as goods sold by day and by basket; see ``bench/retail.py`` for the file."""

from __future__ import annotations

import csv
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bench.retail import FILE

_GOODS = re.compile(r"^\d{5}")  # postage, fees and vouchers have words for codes


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of an invoice that sold goods; what came back is left out."""

    on: date
    invoice: str
    buyer: str
    code: str
    pieces: int


def sold() -> Iterator[Sold]:
    """Give the lines in the file's order."""
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pieces, code = int(row["Quantity"]), row["StockCode"].upper()
            if pieces > 0 and float(row["UnitPrice"]) > 0 and _GOODS.match(code) and row["InvoiceNo"][0].isdigit():
                on = datetime.fromisoformat(row["InvoiceDate"]).date()
                yield Sold(on, row["InvoiceNo"], row["CustomerID"], code, pieces)
