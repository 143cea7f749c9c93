"""The import wizard as a person goes through it, and what it does with nonsense."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from supplier import tasks
from supplier.models import ImportJob, Variant
from tests import factories
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings: Any) -> Client:
    settings.SUPPLIER_MFA_REQUIRED = False
    world.category("Mugs")
    client = Client(HTTP_HOST="supply.localhost", raise_request_exception=False)
    client.force_login(factories.staff("catalogue"))
    return client


def upload(client: Client, content: str | bytes) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/imports/", {"file": SimpleUploadedFile("prices.csv", raw)})


def start(client: Client, content: str) -> str:
    """Upload, take the guessed mapping and check."""
    page = upload(client, content).headers["Location"]
    columns = ImportJob.objects.latest("id").mapping["columns"]
    client.post(f"{page}check/", {f"column-{index}": name for index, name in columns.items()})
    tasks.run_imports()
    return page


def test_a_person_goes_from_file_to_catalogue_and_back(client: Client) -> None:
    page = start(client, files.text(files.row("N-1"), files.row("N-2", map="26.00")))
    checked = client.get(page)
    assert (checked.context["tally"].create, checked.context["tally"].fail) == (1, 1)
    assert "The floor 26.00 is above the ceiling 21.00." in checked.content.decode()

    client.post(f"{page}correct/", {"cell-3-7": "13.00"})
    tasks.run_imports()
    assert "Apply 2 rows" in client.get(page).content.decode()

    client.post(f"{page}apply/")
    assert client.get(f"{page}progress/").status_code == 200
    tasks.run_imports()
    assert client.get(f"{page}progress/").headers["HX-Redirect"] == page
    assert Variant.objects.count() == 2

    client.post(f"{page}revert/")
    tasks.run_imports()
    assert "Everything is as it was before." in client.get(page).content.decode()
    assert Variant.objects.count() == 0


def test_failed_rows_come_as_a_file_that_runs_nothing(client: Client) -> None:
    page = start(client, files.text(files.row("N-1", name="=cmd|x"), files.row("N-2", list="-5")))
    lines = b"".join(client.get(f"{page}failed.csv")).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[1] == 'N-1,N,\'=cmd|x,退潮碗,mugs,9.60,15.50,13.00,21.00,2,"Name, English: A formula, not a value."'
    assert lines[2] == "N-2,N,Ebb Bowl,退潮碗,mugs,-5,15.50,13.00,21.00,3,Wholesale price: Negative."


def test_failed_rows_are_shown_by_reason_and_page(client: Client) -> None:
    rows = [
        files.row(f"N-{n}", f"P{n}", map="26.00" if n % 2 else "13.00", category="mugs" if n % 2 else "x")
        for n in range(60)
    ]
    page = start(client, files.text(*rows))
    assert [(str(tab.label), tab.count) for tab in client.get(page).context["tabs"]] == [
        ("All", None),
        ("Category", "30"),
        ("Floor price", "30"),
    ]
    only = client.get(f"{page}?field=floor")
    assert {str(line["label"]) for line in only.context["lines"]} == {"Floor price"}
    rest = client.get(page + only.context["older"].partition("#")[0])
    assert [len(each.context["lines"]) for each in (only, rest)] == [25, 5]


@pytest.mark.parametrize("content", [b"", b"\0" * 3000, b"\x89PNG\r\n\x1a\n", b"SKU\n", b"%PDF-1.4", b"PK\x03\x04zip"])
def test_a_file_that_is_no_table_is_refused_on_the_form(client: Client, content: bytes) -> None:
    answer = upload(client, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_a_mapping_that_can_not_work_keeps_what_was_chosen(client: Client) -> None:
    page = upload(client, files.text(files.row())).headers["Location"]
    answer = client.post(f"{page}check/", {"column-0": "", "column-2": "name_en"})
    assert answer.status_code == 422
    assert "Choose the column that holds the SKU." in answer.content.decode()
    assert [column["field"] for column in answer.context["columns"]][:3] == ["", "", "name_en"]


@pytest.mark.parametrize("share", ["nan", "inf", "abc", "-5", "1e9", ""])
def test_a_share_that_is_none_is_refused(client: Client, share: str) -> None:
    page = upload(client, files.text(files.row())).headers["Location"]
    assert client.post(f"{page}check/", {"column-0": "sku", "floor_below": share}).status_code == 422


def test_steps_out_of_turn_are_refused_politely(client: Client) -> None:
    page = upload(client, files.text(files.row())).headers["Location"]
    for step in ("apply", "revert", "correct"):
        assert client.post(f"{page}{step}/").status_code == 409
    assert client.post(f"{page}reread/", {"encoding": "rot13"}).status_code == 422
    assert client.get("/imports/nothing-here/").status_code == 404
    client.post(f"{page}discard/")
    assert client.get(page).status_code == 404


def test_cells_of_other_rows_and_columns_are_not_touched(client: Client) -> None:
    page = start(client, files.text(files.row("N-1"), files.row("N-2", map="26")))
    client.post(
        f"{page}correct/", {"cell-2-7": "1", "cell-3-99": "x", "cell-99-1": "x", "cell-a-b": "x", "cell-3-7": "13"}
    )
    tasks.run_imports()
    assert client.get(page).context["tally"].ready == 2


def test_the_sample_file_can_be_imported(client: Client) -> None:
    world.warehouse("OAK")
    content = client.get("/imports/sample.csv").content
    page = upload(client, content).headers["Location"]
    columns = ImportJob.objects.get().mapping["columns"]
    client.post(f"{page}check/", {f"column-{index}": name for index, name in columns.items()})
    tasks.run_imports()
    assert client.get(page).context["tally"].create == 1


def test_only_the_catalogue_role_may_import(client: Client) -> None:
    other = Client(HTTP_HOST="supply.localhost", raise_request_exception=False)
    other.force_login(factories.staff("support"))
    assert other.get("/imports/").status_code == 403
