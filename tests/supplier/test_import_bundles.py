"""The column that says what is in a bundle: dry run, apply, revert."""

from __future__ import annotations

import pytest

from supplier.models import Bundle, BundlePart, ImportRow
from supplier.services import bundles, stock
from supplier.services.imports import fields, made
from tests import factories
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files
from tests.supplier import office

pytestmark = pytest.mark.django_db

HEADINGS = (*files.HEADINGS, "Bundle of", "Qty", "Warehouse")


@pytest.fixture(autouse=True)
def parts(db):
    """A mug and a tray, of which some are there, and a draft variant."""
    factories.company()
    world.category("Mugs")
    place = world.warehouse()
    for code in ("MUG", "TRAY"):
        world.product(code, skus=(f"{code}-1",), on_sale=True)
        stock.receive(variant_id=world.variant(f"{code}-1").id, warehouse_id=place.id, quantity=9)
    world.product("SET", skus=("SET-1",))


def table(*rows):
    return files.text(*rows, headings=HEADINGS)


def line(sku, parts, on_hand="", new=False):
    """A row about a variant that is there, or a new one."""
    start = files.row(sku, sku) if new else [sku, *[""] * 8]
    return [*start, parts, on_hand, "OAK" if on_hand else ""]


def inside(sku):
    return dict(BundlePart.objects.filter(bundle__variant__sku=sku).values_list("component__sku", "pieces"))


@pytest.mark.parametrize("text", ["2 × MUG-1; TRAY-1", "2*MUG-1, 1x TRAY-1", "MUG-1 * 2 + TRAY-1", "MUG-1:2；TRAY-1"])
def test_parts_are_read_however_they_are_written(text):
    assert made.read(text) == {"MUG-1": 2, "TRAY-1": 1}


def test_headings_in_both_languages_are_recognised():
    assert fields.guess(["SKU", "套装内容"])["1"] == fields.guess(["SKU", "Bundle of"])["1"] == "parts"


def test_a_dry_run_says_what_is_wrong_and_writes_nothing():
    world.product("OTHER", skus=("OTHER-1",))
    bundles.put(variant_id=world.variant("OTHER-1").id, parts={world.variant("TRAY-1").id: 1})
    job = files.checked(table(
        line("SET-1", "2 × MUG-1; TRAY-1"), line("N-1", "2 × MUG-1", new=True), line("N-2", "NONE-1", new=True),
        line("N-3", "0 × MUG-1", new=True), line("N-4", "N-4", new=True), line("N-5", "OTHER-1", new=True),
        line("MUG-1", "TRAY-1"), line("N-6", "MUG-1", on_hand="3", new=True), line("OTHER-1", "", on_hand="3"),
    ))  # fmt: skip
    assert files.states(job) == ["ok", "ok", *["error"] * 7]
    assert files.faults(job) == [
        (4, "parts", "parts_unknown"), (5, "parts", "parts"), (6, "parts", "parts_itself"), (7, "parts", "parts_nested"),
        (8, "parts", "bundle_used"), (9, "on_hand", "parts_on_hand"), (10, "on_hand", "parts_on_hand"),
    ]  # fmt: skip
    assert Bundle.objects.count() == 1


def test_bundles_are_made_and_taken_back():
    job = files.applied(table(line("SET-1", "2 × MUG-1; TRAY-1"), line("N-1", "3 × MUG-1", new=True)))
    assert (inside("SET-1"), inside("N-1")) == ({"MUG-1": 2, "TRAY-1": 1}, {"MUG-1": 3})
    again = files.checked(table(line("SET-1", "2 × MUG-1; TRAY-1")))
    assert files.states(again) == ["unchanged"]
    other = files.applied(table(line("SET-1", "TRAY-1")))
    assert inside("SET-1") == {"TRAY-1": 1}
    files.reverted(other)
    assert inside("SET-1") == {"MUG-1": 2, "TRAY-1": 1}
    files.reverted(job)
    assert not Bundle.objects.exists()
    assert not type(world.variant("SET-1")).objects.filter(sku="N-1").exists()


def test_an_ordered_bundle_is_not_taken_back_and_that_is_said():
    job = files.applied(table(line("SET-1", "2 × MUG-1")))
    office.order(factories.reseller("juniper-row"), [(world.variant("SET-1"), 1)])
    files.reverted(job)
    assert inside("SET-1") == {"MUG-1": 2}
    assert files.states(job) == ["kept"]
    assert ImportRow.objects.get(job=job).errors[0]["field"] == "parts"
    changed = files.checked(table(line("SET-1", "3 × MUG-1")))
    assert files.faults(changed) == [(2, "parts", "bundle_fixed")]
