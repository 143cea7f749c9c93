"""Files of every kind: encodings, delimiters, workbooks, and things that are no table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

from s2b2c.kernel.errors import Refused
from supplier.models import ImportJob, ImportRow
from supplier.services.imports import jobs, parse
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files

pytestmark = pytest.mark.django_db

CHINESE = files.text(["N-1", "潮汐马克杯", "9.60"], ["N-2", "退潮碗", "8.00"], headings=("货号", "名称", "批发价"))


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_chinese_is_read_in_every_encoding_it_comes_in(encoding: str) -> None:
    job = files.upload(CHINESE.encode(encoding))
    assert job.columns == [
        {"name": "货号", "sample": "N-1"},
        {"name": "名称", "sample": "潮汐马克杯"},
        {"name": "批发价", "sample": "9.60"},
    ]
    assert job.mapping["columns"] == {"0": "sku", "1": "name_zh", "2": "wholesale"}


@pytest.mark.parametrize("word", ["Café crème brûlée", "Größe für Töpfe", "L’été – “déjà”"])
def test_western_text_is_not_taken_for_chinese(word: str) -> None:
    job = files.upload(files.text(["N-1", word], headings=("SKU", "Name")).encode("cp1252"))
    assert (job.mapping["layout"]["encoding"], job.columns[1]["sample"]) == ("cp1252", word)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    content = files.text(
        ["N-1", 'a, "b"; c | d', "9,60"], ["N-2", "x", "1,20"], headings=("SKU", "Name", "List"), delimiter=delimiter
    )
    job = files.upload(content)
    assert [column["name"] for column in job.columns] == ["SKU", "Name", "List"]


def test_the_encoding_can_be_chosen_by_hand() -> None:
    job = files.upload("SKU;Name\nN-1;Größe\n".encode("cp1252"))
    assert jobs.reread(token=job.token, encoding="latin-1", delimiter=";").mapping["layout"]["encoding"] == "latin-1"
    with pytest.raises(Refused):
        jobs.reread(token=job.token, encoding="rot13")


def test_a_workbook_is_read_with_numbers_as_people_see_them() -> None:
    world.category("Mugs")
    raw = workbook(
        ["SKU", "Name", "EAN", "List", "RRP", "Category"],
        ["N-1", "Bowl", 4006381333931, 9.6, 15.5, "mugs"],
        [],
        [10002, "Dish", None, 0.1 + 0.2, 1, "mugs"],
    )
    job = files.applied(raw)
    assert files.states(job) == ["applied", "applied"]
    assert (world.variant("N-1").barcode, world.variant("N-1").wholesale_minor) == ("4006381333931", 960)
    assert world.variant("10002").wholesale_minor == 30


def _zip(**names: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def _kept() -> set[Path]:
    return set(Path(settings.VAR_DIR, "imports").glob("*"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"SKU,Name\n", "no_rows"),
        (b",,,\nN-1,x\n", "no_headings"),
        (bytes(range(256)) * 200, "not_a_table"),
        (b"\0" * 5000, "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "not_a_table"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "old_excel"),
        (_zip(readme=b"hello"), "not_a_table"),
        (b"PK\x03\x04 but no archive", "broken_file"),
        (_zip(xl__workbook_xml=b"<not", xl__bomb_xml=b"0" * 60_000_000), "packed_too_tight"),
        (_zip(xl__workbook_xml=b"<not"), "broken_file"),
        (workbook(["SKU", "Name"])[:2000], "broken_file"),
        (b"SKU,Name\n" + b"x" * 10_000_000, "line_too_long"),
        (b'SKU,Name\nN-1,"never closed' + b"\nN-2,x" * 300_000, "line_too_long"),
        ((",".join("ABC" * 50) + "\n1\n").encode(), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_at_once_and_not_kept(content: bytes, code: str) -> None:
    before = _kept()
    with pytest.raises(Refused) as refusal:
        files.upload(content)
    assert refusal.value.code == code
    assert not ImportJob.objects.exists()
    assert _kept() == before


def test_a_file_that_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_BYTES", 1000)
    sent = []

    def endless() -> object:
        for _ in range(10_000):
            sent.append(1)
            yield b"x" * 100

    with pytest.raises(Refused):
        jobs.upload(file_name="big.csv", chunks=endless())  # type: ignore[arg-type]
    assert len(sent) == 11


def test_a_file_broken_in_the_middle_stops_the_job_with_its_row() -> None:
    job = files.checked("SKU,Name\n" + "N,x\n" * 50 + "y" * 2_000_000 + "\n")
    assert (job.state, job.error) == ("failed", "Row 52 is too long, or a quotation mark in it is never closed.")


def test_too_many_rows_stop_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_ROWS", 100)
    job = files.checked("SKU,Name\n" + "N,x\n" * 101)
    assert (job.state, job.error) == ("failed", "A file has at most 100 rows.")


def test_empty_rows_are_passed_over_and_numbers_are_those_of_the_file() -> None:
    job = files.checked("SKU,Name\n\n,,\nN-1,x\n\n")
    assert list(ImportRow.objects.filter(job=job).values_list("number", "data")) == [(4, ["N-1", "x"])]


def test_a_file_name_is_only_words() -> None:
    job = files.upload(b"SKU,Name\nN-1,x\n")
    assert jobs.upload(file_name="../../etc/pass\x00wd", chunks=[b"SKU,Name\nN-1,x\n"]).file_name == "../../etc/passwd"
    assert set(job.file_path) <= set("0123456789abcdefghjkmnpqrstvwxyz")
