"""The catalogue of the file, as a spreadsheet that goes through the supplier's import wizard."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from s2b2c.management.worlds.online_retail.reading import Book
from supplier.models import Category, Company, ImportJob, ImportRow, Variant, Warehouse
from supplier.services import categories
from supplier.services.imports import jobs, runner
from supplier.services.imports.mapping import Choices

CURRENCY = "GBP"
CATEGORY = "online-retail"
WAREHOUSE = "OLR"
# The file says at what price the shop sold, not at what price it bought: assumed, of its lowest price.
WHOLESALE_PERCENT = 60

COLUMNS = (
    "sku", "name_en", "category", "wholesale", "suggested", "floor", "ceiling", "currency", "status", "warehouse", "on_hand"
)  # fmt: skip


@dataclass(slots=True)
class Item:
    """What the file knows of one stock code."""

    names: Counter[str] = field(default_factory=Counter)
    prices: Counter[int] = field(default_factory=Counter)
    pieces: int = 0


def load(book: Book) -> tuple[Category, dict[str, int]]:
    """Import the products with their stock; give their category and the variant ids by stock code.

    :raises RuntimeError: the wizard refused a row: the file is not the one this was written for.
    """
    items = _items(book)
    category = _ground()
    job = jobs.upload(file_name="online_retail.csv", chunks=_spreadsheet(items, category))
    jobs.check(token=job.token, choices=Choices({str(i): name for i, name in enumerate(COLUMNS)}, new_status="active"))
    runner.run(job.id)
    failed = ImportRow.objects.filter(job=job, state=ImportRow.State.ERROR)
    if failed.exists():
        raise RuntimeError(f"row refused: {failed.values_list('data', 'errors').first()}")
    jobs.apply(token=job.token)
    runner.run(job.id)
    job.refresh_from_db()
    if job.state != ImportJob.State.APPLIED:
        raise RuntimeError(f"the import ended as {job.state}: {job.error}")
    ids = dict(Variant.objects.filter(sku__in=[_sku(code) for code in items]).values_list("sku", "id"))
    return category, {code: ids[_sku(code)] for code in items}


def _items(book: Book) -> dict[str, Item]:
    items: dict[str, Item] = defaultdict(Item)
    for invoice in book.invoices:
        for line in invoice.lines:
            item = items[line.code]
            item.names[line.description] += 1
            item.prices[line.price_minor] += line.quantity
            item.pieces += line.quantity
    return items


def _sku(code: str) -> str:
    return f"OLR-{code}"


@transaction.atomic
def _ground() -> Category:
    """The supplier, a warehouse and a category, where they are not there yet."""
    Company.objects.get_or_create(id=1, defaults={"name": "Online Retail", "currency": CURRENCY})
    Warehouse.objects.get_or_create(code=WAREHOUSE, defaults={"name_en": "Online Retail", "country": "GB"})
    found = Category.objects.filter(slug=CATEGORY).first()
    return found or categories.create(name_en="Online Retail", name_zh="在线零售", slug=CATEGORY, plate="parcel")


def _spreadsheet(items: dict[str, Item], category: Category) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for code, item in sorted(items.items()):
        low, high = min(item.prices), max(item.prices)
        usual = item.prices.most_common(1)[0][0]
        wholesale = low * WHOLESALE_PERCENT // 100
        name = item.names.most_common(1)[0][0].title() or code
        amounts = [f"{minor // 100}.{minor % 100:02}" for minor in (wholesale, usual, low, high)]
        writer.writerow([_sku(code), name, category.name_en, *amounts, CURRENCY, "active", WAREHOUSE, item.pieces])
    yield text.getvalue().encode()
