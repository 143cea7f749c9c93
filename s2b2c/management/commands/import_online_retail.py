"""``manage.py import_online_retail FILE``: real invoices as catalogue, orders and refunds of a shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s2b2c.kernel.errors import Refused
from s2b2c.management.worlds.online_retail import loading, reading
from s2b2c.management.worlds.online_retail.reading import Book
from supplier.selectors import audit


class Command(BaseCommand):
    help = "Import the UCI data set Online Retail through the services, and hold the books against the file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="online_retail.csv or .csv.xz")
        parser.add_argument("--shop", default="online-retail", help="the new shop's address")
        parser.add_argument("--rows", type=int, help="only the first so many rows")

    def handle(self, *args: Any, file: Path, shop: str, rows: int | None, **options: Any) -> None:
        try:
            book = reading.read(reading.rows(file, limit=rows))
        except (OSError, ValueError, UnicodeError, EOFError) as error:
            raise CommandError(f"{file}: {error}") from error
        if not book.invoices:
            raise CommandError(f"{file}: no sales in it")
        try:
            result = loading.load(book, slug=shop, say=self.stdout.write)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self._report(book, result)
        found = [
            *loading.differences(book, result),
            *(f"{finding.check}: {finding.detail}" for finding in (*audit.books(), *audit.stock())),
        ]
        if found:
            raise CommandError("; ".join(found))
        self.stdout.write("Books and stock are clean, and agree with the file to the penny.")

    def _report(self, book: Book, result: loading.Result) -> None:
        """Explain the file's total, class of rows by class of rows."""
        for name in reading.CLASSES:
            self.stdout.write(f"{name:<55}{book.counts[name]:>9,} rows {book.mills[name] / 1000:>16,.3f}")
        self.stdout.write(f"{'the whole file':<55}{book.rows:>9,} rows {book.total_mills / 1000:>16,.3f}")
        rate = book.rows / result.seconds if result.seconds else 0
        self.stdout.write(f"{result.orders:,} orders in {result.seconds:.0f} s, {rate:,.0f} rows/s")
