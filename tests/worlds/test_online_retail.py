"""Real invoices: read exactly, and in the books to the penny."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from s2b2c.management.worlds.online_retail import loading, reading
from supplier.selectors import audit
from tests import factories

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_retail.csv.xz"
needs_file = pytest.mark.skipif(not FILE.exists(), reason="the data set Online Retail is not beside the project")

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
SMALL = HEAD + (
    "1,10001,MUG,6,2010-12-01 08:00:00,2.55,17850.0,United Kingdom\n"
    "1,10001,MUG,2,2010-12-01 08:00:00,2.10,17850.0,United Kingdom\n"
    "1,POST,POSTAGE,1,2010-12-01 08:00:00,18.00,17850.0,United Kingdom\n"
    "C2,10001,MUG,-4,2010-12-02 08:00:00,2.55,17850.0,United Kingdom\n"
    "C3,10001,MUG,-4,2010-12-03 08:00:00,2.55,17850.0,United Kingdom\n"
    "4,10002,TRAY,1,2010-12-03 09:00:00,0.00,,EIRE\n"
    "5,10002,TRAY,-3,2010-12-03 10:00:00,0.00,,EIRE\n"
    "6,10002,TRAY,3,2010-12-04 09:00:00,1.00,,EIRE\n"
)


@pytest.fixture
def small(tmp_path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def rows(path: Path, limit: int | None = None) -> Iterator[reading.Row]:
    return reading.rows(path, limit=limit)


def test_every_row_is_of_one_class_and_sums_are_exact(small):
    book = reading.read(rows(small))
    assert dict(book.counts) == {
        reading.SALE: 3,
        reading.REFUND: 1,
        reading.ORPHAN: 1,
        reading.NOT_A_PRODUCT: 1,
        reading.FREE: 1,
        reading.CORRECTION: 1,
    }
    assert book.total_mills == 6 * 2550 + 2 * 2100 + 18_000 - 4 * 2550 - 4 * 2550 + 3 * 1000


def test_cancellation_takes_back_the_same_customers_pieces_at_the_same_price(small):
    book = reading.read(rows(small))
    assert [(back.row.invoice, back.pieces) for back in book.backs] == [("C2", {1: 4})]


@pytest.mark.django_db(transaction=True)
def test_small_file_is_in_the_books_to_the_penny(small):
    book = reading.read(rows(small))
    result = loading.load(book, slug="online-retail", say=lambda line: None)
    assert (result.orders, result.captured_minor, result.refunded_minor) == (2, 6 * 255 + 2 * 210 + 300, 4 * 255)
    assert loading.differences(book, result) == []
    assert [*audit.books(), *audit.stock()] == []


@needs_file
@pytest.mark.django_db(transaction=True)
def test_slice_of_the_file_is_in_the_books_to_the_penny():
    book = reading.read(rows(FILE, limit=1_500))
    result = loading.load(book, slug="online-retail", say=lambda line: None)
    assert result.orders == len(book.invoices) > 50
    assert loading.differences(book, result) == []
    assert [*audit.books(), *audit.stock()] == []


@needs_file
def test_whole_file_is_explained_class_by_class():
    book = reading.read(rows(FILE))
    assert (book.rows, sum(book.counts.values())) == (541_909, 541_909)
    assert book.total_mills == 9_747_747_934


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", HEAD, HEAD + "1,2,3\n", HEAD + "1,10001,M,x,2010-12-01,1,,\n"])
def test_file_of_another_kind_is_refused_with_its_line(tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_online_retail", path)


@pytest.mark.django_db(transaction=True)
def test_taken_address_is_refused(small):
    factories.reseller("online-retail")
    with pytest.raises(CommandError):
        call_command("import_online_retail", small)
