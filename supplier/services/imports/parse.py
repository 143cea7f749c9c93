"""Read a CSV or XLSX file of unknown origin: encoding, delimiter, headings, rows; within limits."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_UNPACKED_RATIO = 200
MAX_ROWS = 250_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
MAX_LINE = 1_000_000
UNREADABLE = "\ufffd"
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "cp1252", "latin-1")
DELIMITERS = (",", ";", "\t", "|")
_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"MZ",
    b"SQLite format",
)

csv.field_size_limit(MAX_LINE)


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file. ``kind``: csv or xlsx; the others say something for csv only."""

    kind: str
    encoding: str = ""
    delimiter: str = ""


def examine(path: Path) -> Layout:
    """Find out how a file is to be read.

    :raises Refused: empty, too large, packed too tightly, or no table at all.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty_file", _("This file is empty."), field="file")
    if size > MAX_BYTES:
        raise Refused("too_large", _("A file has at most %(most)s MB."), field="file", most=MAX_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        _check_zip(path)
        return Layout("xlsx")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("old_excel", _("This is an old Excel file. Save it as .xlsx or CSV."), field="file")
    if head.startswith(_SIGNATURES):
        raise _no_table()
    content = path.read_bytes()
    encoding = _encoding(content)
    sample = content[: 256 * 1024].decode(encoding, errors="ignore")
    _check_text(sample)
    return Layout("csv", encoding, _delimiter(sample))


def _no_table() -> Refused:
    return Refused("not_a_table", _("This is no table. Choose a CSV or XLSX file."), field="file")


def _check_zip(path: Path) -> None:
    """Look at the table of contents only: what it would unpack to, and whether it is a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Refused("broken_file", _("This workbook is damaged."), field="file") from None
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise _no_table()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 50_000_000 and unpacked / packed > MAX_UNPACKED_RATIO):
        raise Refused("packed_too_tight", _("This workbook unpacks to too much."), field="file")


def _encoding(content: bytes) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(content, "utf-8"):
        return "utf-8-sig"
    if _looks_chinese(content) and _decodes(content, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(content: bytes) -> bool:
    """Bytes above 127 come in runs in Chinese and alone in western text (measured on the first 64 kB)."""
    high = alone = 0
    padded = b"\0" + content[: 64 * 1024] + b"\0"
    for index in range(1, len(padded) - 1):
        if padded[index] > 127:
            high += 1
            alone += padded[index - 1] < 128 and padded[index + 1] < 128
    return high > 0 and alone / high < 0.35


def _check_text(sample: str) -> None:
    """:raises Refused: so many control characters that this is no text."""
    controls = sum(1 for sign in sample if sign < " " and sign not in "\r\n\t\f\v")
    if controls > max(8, len(sample) // 200):
        raise _no_table()
    if not sample.strip():
        raise Refused("empty_file", _("This file is empty."), field="file")


def _delimiter(sample: str) -> str:
    """Give the delimiter that cuts the first lines into the most columns, the same number in most lines."""

    def score(delimiter: str) -> tuple[float, int]:
        try:
            widths = [
                len(row)
                for _n, row in zip(range(30), csv.reader(io.StringIO(sample), delimiter=delimiter), strict=False)
                if row
            ]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count) if widths else 0
        return (widths.count(usual) / len(widths) if usual > 1 else 0, usual)

    best = max(DELIMITERS, key=lambda delimiter: (round(score(delimiter)[0], 1), score(delimiter)[1]))
    return best if score(best)[1] > 1 else ","


def rows(path: Path, layout: Layout) -> Iterator[list[str]]:
    """Give the rows of a file as texts, the headings first; empty rows are given as empty lists.

    :raises Refused: broken in the middle, too many rows or columns, or a line too long; says which row.
    """
    source = _csv_rows(path, layout) if layout.kind == "csv" else _xlsx_rows(path)
    for number, row in enumerate(source, start=1):
        if number > MAX_ROWS + 1:
            raise Refused("too_many_rows", _("A file has at most %(most)s rows."), field="file", most=MAX_ROWS)
        while row and not row[-1]:
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise Refused(
                "too_many_columns",
                _("Row %(row)s has more than %(most)s columns."),
                field="file",
                row=number,
                most=MAX_COLUMNS,
            )
        yield row


def _csv_rows(path: Path, layout: Layout) -> Iterator[list[str]]:
    number = 0
    with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        reader = csv.reader(_lines(file), delimiter=layout.delimiter)
        try:
            for row in reader:
                number += 1
                yield [_cell(cell) for cell in row]
        except csv.Error:
            raise _long_line(number + 1) from None
        except UnicodeError:
            raise Refused(
                "encoding", _("Row %(row)s can't be read in this encoding."), field="file", row=number + 1
            ) from None


def _lines(file: io.TextIOBase | Any) -> Iterator[str]:
    """Give lines within the limit, with NUL made visible."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise _long_line(number)
        yield line.replace("\x00", UNREADABLE)


def _long_line(number: int) -> Refused:
    return Refused(
        "line_too_long",
        _("Row %(row)s is too long, or a quotation mark in it is never closed."),
        field="file",
        row=number,
    )


def _cell(value: str) -> str:
    return value.strip() if len(value) <= MAX_CELL else value[: MAX_CELL + 1]


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    """Read the first sheet; formulas by the value the workbook holds."""
    import openpyxl  # noqa: PLC0415 - heavy, and only this needs it

    try:
        with path.open("rb") as file:  # by name it would judge by the name's ending
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
                yield [_cell(_text(value)) for value in row]
    except Refused:
        raise
    except Exception as error:  # the parser lets many kinds through on broken workbooks
        raise Refused("broken_file", _("This workbook is damaged."), field="file") from error


def _text(value: Any) -> str:
    """Give a cell as a person would type it: 12 not 12.0, ISO dates, no binary noise of floats."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() or abs(value) >= 1e15 else f"{value:.10g}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\x00", UNREADABLE)
