"""Imports from upload to revert."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from s2b2c.kernel.errors import Refused, StateRefused
from supplier.models import ImportJob, ImportRow, Movement, Product, Stock, Variant
from supplier.services import catalogue, stock, variants
from supplier.services.imports import fields, jobs, runner
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _category() -> None:
    world.category("Mugs", name_zh="杯")


def test_headings_in_both_languages_are_recognised() -> None:
    headings = ["货号", "Name EN", "名称", "List, USD", "MAP", "EAN", "Weight (g)", "仓库", "Qty", "Colour", "Remarks"]
    assert fields.guess(headings) == {
        "0": "sku", "1": "name_en", "2": "name_zh", "3": "wholesale", "4": "floor", "5": "barcode", "6": "weight",
        "7": "warehouse", "8": "on_hand", "9": "option",
    }  # fmt: skip


def test_a_dry_run_writes_nothing_and_says_what_would_happen() -> None:
    world.product("HL-MUG", skus=("HL-1", "HL-2"))
    job = files.checked(files.text(
        files.row("N-1", "N"),
        files.row("N-2", "N"),
        ["HL-1", "", "", "", "", "9.90", "", "", ""],
        ["HL-2", "", "", "", "", "9.60", "", "", ""],
        files.row("N-3", "N", map="26.00"),
    ))  # fmt: skip
    assert (job.state, job.total_rows, job.done_rows) == ("checked", 5, 5)
    assert files.states(job) == ["ok", "ok", "ok", "unchanged", "error"]
    assert list(ImportRow.objects.order_by("number").values_list("action", flat=True)) == [
        "create",
        "create",
        "update",
        "skip",
        "",
    ]
    assert files.faults(job) == [(6, "floor", "floor_above_ceiling")]
    assert (Product.objects.count(), world.variant("HL-1").wholesale_minor) == (1, 960)


def test_apply_makes_products_with_variants_and_changes_others() -> None:
    world.product("HL-MUG", skus=("HL-1",))
    job = files.applied(files.text(
        files.row("N-1", "N"), files.row("N-2", "N", list="8.00", name="Ebb Bowl"), ["HL-1", "", "", "潮", "", "9.90", "", "", ""],
    ), new_status="active")  # fmt: skip
    made = Product.objects.get(code="N")
    assert job.state == "applied"
    assert (made.name_en, made.name_zh, made.slug, made.status) == ("Ebb Bowl", "退潮碗", "ebb-bowl", "active")
    assert made.search_text == "ebb bowl 退潮碗  n   n-1 n-2"
    assert list(made.variants.order_by("position").values_list("sku", "wholesale_minor", "position")) == [
        ("N-1", 960, 0),
        ("N-2", 800, 1),
    ]
    assert (world.variant("HL-1").wholesale_minor, world.variant("HL-1").product.name_zh) == (990, "潮")


def test_apply_twice_applies_once() -> None:
    job = files.applied(files.text(files.row()))
    jobs.apply(token=job.token)
    files.run(job)
    runner.run_due()
    assert Variant.objects.count() == 1


def test_the_same_file_again_changes_nothing() -> None:
    content = files.text(files.row("N-1"), files.row("N-2"))
    files.applied(content)
    assert files.states(files.checked(content)) == ["unchanged", "unchanged"]


def test_floor_and_ceiling_come_from_the_suggested_price_where_the_file_has_none() -> None:
    content = files.text(
        ["N-1", "Bowl", "mugs", "4.00", "10.01"], headings=("SKU", "Name", "Category", "Wholesale", "RRP")
    )
    files.applied(content, floor_below_bps=1500, ceiling_above_bps=2500)
    made = world.variant("N-1")
    assert (made.floor_minor, made.suggested_minor, made.ceiling_minor) == (851, 1001, 1251)


def test_a_product_without_a_code_column_is_named_by_its_sku() -> None:
    files.applied(
        files.text(["N-1", "Bowl", "4", "9"], headings=("SKU", "Name", "Wholesale", "RRP")),
        category_id=world.category("X").id,
    )
    assert world.variant("N-1").product.code == "N-1"


def test_options_and_attributes_come_from_their_columns() -> None:
    headings = ("SKU", "Product code", "Name", "Category", "List", "RRP", "Colour", "尺寸", "Material")
    files.applied(files.text(
        ["N-1", "N", "Bowl", "mugs", "4", "9", "Kelp", "大", "Stoneware"], ["N-2", "N", "", "", "4", "9", "Rust", "大", "Stoneware"], headings=headings,
    ))  # fmt: skip
    made = Product.objects.get(code="N")
    assert {code: list(option["values"]) for code, option in made.options.items()} == {
        "colour": ["Kelp", "Rust"],
        "size": ["大"],
    }
    assert made.attributes == {"material": {"en": "Material", "zh": "", "value_en": "Stoneware", "value_zh": ""}}
    assert world.variant("N-2").options == {"colour": "Rust", "size": "大"}
    assert world.variant("N-2").label_en == "Rust, 大"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"list": "-1"}, [("wholesale", "amount_negative")]),
        ({"list": "abc"}, [("wholesale", "amount")]),
        ({"list": "1.234"}, [("wholesale", "amount_fine")]),
        ({"list": "1e5"}, [("wholesale", "amount")]),
        ({"list": "99999999999999999"}, [("wholesale", "amount_large")]),
        ({"list": "12 EUR"}, [("wholesale", "currency_other")]),
        ({"list": ""}, [("wholesale", "required")]),
        ({"name": "", "zh": ""}, [("name_en", "required")]),
        ({"category": "Nowhere"}, [("category", "category_unknown")]),
        ({"category": ""}, [("category", "required")]),
        ({"max": "15.00"}, [("ceiling", "ceiling_below_suggested")]),
        ({"map": "9.00"}, [("floor", "floor_below_wholesale")]),
        ({"name": "=HYPERLINK(1)"}, [("name_en", "formula")]),
        ({"name": "a\x00b"}, [("name_en", "unreadable")]),
        ({"name": "x" * 161}, [("name_en", "too_long")]),
        ({"extra": "", "more": "x"}, [("", "cells")]),
    ],
)
def test_a_wrong_cell_is_told_by_field_and_reason(cells: dict[str, str], expected: list[tuple[str, str]]) -> None:
    job = files.checked(files.text(files.row("GOOD", "G"), files.row("N-1", "N", **cells)))
    assert [(field, code) for _row, field, code in files.faults(job)] == expected
    assert files.states(job) == ["ok", "error"]


@pytest.mark.parametrize("amount", ["9.6", "9,60", "$9.60", "9.60 USD", "USD 9.60", " 9.60 ", "£9.60"])
def test_amounts_are_read_as_people_write_them(amount: str) -> None:
    files.applied(files.text(files.row(list=amount)))
    assert world.variant("N-1").wholesale_minor == 960


@pytest.mark.parametrize(
    ("amount", "minor"), [("1,234.50", 123_450), ("1.234,50", 123_450), ("1,234", 123_400), ("0", 0)]
)
def test_thousands_are_told_from_cents(amount: str, minor: int) -> None:
    files.applied(files.text(files.row(list=amount, rrp="2000", map="1500", max="3000")))
    assert world.variant("N-1").wholesale_minor == minor


@pytest.mark.parametrize("sku", ["", "two words", "a/b", "x" * 61])
def test_a_row_without_a_usable_sku_fails_alone(sku: str) -> None:
    job = files.checked(files.text(files.row("GOOD", "G"), files.row(sku, "N")))
    assert files.states(job) == ["ok", "error"]
    assert files.faults(job)[0][1] == "sku"


def test_a_sku_said_twice_fails_the_second_time() -> None:
    job = files.applied(files.text(files.row("N-1", list="9.60"), files.row("N-1", list="9.70")))
    assert files.faults(job) == [(3, "sku", "twice")]
    assert world.variant("N-1").wholesale_minor == 960


def test_a_wrong_check_digit_names_the_right_one() -> None:
    job = files.checked(files.text(["HL-1", "8401267004418"], ["HL-2", "4006381333931"], headings=("SKU", "EAN")))
    errors = ImportRow.objects.get(job=job, number=2).errors
    assert {"field": "barcode", "code": "barcode", "params": {"right": 1}} in errors
    assert [error["field"] for error in ImportRow.objects.get(job=job, number=3).errors] == [
        "name_en",
        "category",
        "wholesale",
        "suggested",
    ]


def test_a_variant_of_another_product_or_currency_is_not_touched() -> None:
    world.product("HL-MUG", skus=("HL-1",))
    headings = ("SKU", "Product code", "Currency", "Name")
    job = files.checked(files.text(["HL-1", "OTHER", "EUR", "x"], headings=headings))
    assert files.faults(job) == [(2, "code", "product_other"), (2, "currency", "currency_other")]


def test_stock_is_counted_per_warehouse_with_movements() -> None:
    world.product("HL-MUG", skus=("HL-1",))
    oak, mem = world.warehouse("OAK"), world.warehouse("MEM")
    stock.receive(variant_id=world.variant("HL-1").id, warehouse_id=oak.id, quantity=10)
    job = files.applied(
        files.text(
            ["HL-1", "oak", "7"], ["HL-1", "MEM", "1,200"], ["HL-1", "DAL", "1"], headings=("SKU", "Site", "Qty")
        )
    )
    assert files.faults(job) == [(4, "warehouse", "warehouse_unknown")]
    assert dict(Stock.objects.values_list("warehouse_id", "available")) == {oak.id: 7, mem.id: 1200}
    assert list(Movement.objects.order_by("id").values_list("quantity", "kind")) == [
        (10, "receipt"),
        (-3, "adjustment"),
        (1200, "adjustment"),
    ]
    files.reverted(job)
    assert dict(Stock.objects.values_list("warehouse_id", "available")) == {oak.id: 10, mem.id: 0}


def test_corrected_rows_are_tried_again_before_and_after_applying() -> None:
    job = files.checked(files.text(files.row("N-1", map="26"), files.row("N-2", map="27"), files.row("N-3")))
    assert jobs.correct(token=job.token, cells={(2, 7): "13.00", (3, 7): "28"}) == 2
    jobs.retry(token=job.token)
    job = files.run(job)
    assert files.states(job) == ["ok", "error", "ok"]
    jobs.apply(token=job.token)
    job = files.run(job)
    jobs.correct(token=job.token, cells={(3, 7): "14.00"})
    jobs.retry(token=job.token)
    job = files.run(job)
    assert (job.state, files.states(job)) == ("applied", ["applied"] * 3)
    assert world.variant("N-2").floor_minor == 1400


def test_revert_puts_back_what_was_before_and_removes_drafts() -> None:
    world.product("HL-MUG", skus=("HL-1",), brand="Harbour")
    job = files.applied(
        files.text(files.row("N-1", "N"), files.row("N-2", "N"), ["HL-1", "", "New name", "", "", "9.90", "", "", ""])
    )
    job = files.reverted(job)
    assert (job.state, files.states(job)) == ("reverted", ["reverted"] * 3)
    assert list(Product.objects.values_list("code", "name_en")) == [("HL-MUG", "Tidewater Mug")]
    assert list(Variant.objects.values_list("sku", "wholesale_minor")) == [("HL-1", 960)]
    assert Product.objects.get().search_text == "tidewater mug  harbour hl-mug   hl-1"


def test_revert_keeps_what_was_changed_since_and_says_so() -> None:
    made = world.product("HL-MUG", skus=("HL-1", "HL-2"))
    job = files.applied(
        files.text(["HL-1", "9.90", "16.00"], ["HL-2", "9.90", "16.00"], headings=("SKU", "List", "RRP"))
    )
    variants.update(product_id=made.id, changes={world.variant("HL-2").id: {"suggested_minor": 1700}})
    job = files.reverted(job)
    assert files.states(job) == ["reverted", "kept"]
    assert files.faults(job) == [(3, "suggested", "changed_since")]
    assert [(v.wholesale_minor, v.suggested_minor) for v in Variant.objects.order_by("sku")] == [
        (960, 1550),
        (960, 1700),
    ]


def test_revert_withdraws_what_shops_may_know() -> None:
    job = files.applied(files.text(files.row("N-1", "N")), new_status="active")
    job = files.reverted(job)
    assert (world.variant("N-1").status, Product.objects.get(code="N").status) == ("withdrawn", "withdrawn")
    assert files.faults(job) == [(2, "sku", "in_use")]


def test_revert_keeps_a_made_product_that_was_edited() -> None:
    job = files.applied(files.text(files.row("N-1", "N")))
    catalogue.update_product(product_id=Product.objects.get(code="N").id, name_en="By hand")
    job = files.reverted(job)
    assert files.states(job) == ["kept"]
    assert Product.objects.get(code="N").name_en == "By hand"


def test_revert_takes_option_values_back_that_nobody_uses() -> None:
    headings = ("SKU", "Product code", "Name", "Category", "List", "RRP", "Colour")
    files.applied(files.text(["N-1", "N", "Bowl", "mugs", "4", "9", "Kelp"], headings=headings))
    job = files.applied(files.text(["N-2", "N", "", "", "4", "9", "Rust"], headings=headings))
    files.reverted(job)
    assert list(Product.objects.get(code="N").options["colour"]["values"]) == ["Kelp"]


def test_revert_gives_a_field_changed_by_several_rows_its_first_value() -> None:
    world.product("HL-MUG", skus=("HL-1", "HL-2"))
    job = files.applied(files.text(["HL-1", "One"], ["HL-2", "Two"], headings=("SKU", "Name")))
    assert Product.objects.get().name_en == "Two"
    files.reverted(job)
    assert Product.objects.get().name_en == "Tidewater Mug"


def test_steps_out_of_turn_are_refused() -> None:
    job = files.upload(files.text(files.row()))
    for step in (jobs.apply, jobs.retry, jobs.revert):
        with pytest.raises(StateRefused):
            step(token=job.token)
    job = files.applied(files.text(files.row()))
    with pytest.raises(StateRefused):
        jobs.discard(token=job.token)
    with pytest.raises(StateRefused):
        jobs.check(token=job.token, choices=files.chosen(job))


def test_discard_leaves_nothing(django_capture_on_commit_callbacks: Any) -> None:
    from pathlib import Path

    job = files.checked(files.text(files.row()))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.discard(token=job.token)
    assert not ImportJob.objects.filter(id=job.id).exists()
    assert not Path(settings.VAR_DIR, "imports", job.file_path).exists()


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"1": "name_en"}, "sku_column"),
        ({"0": "sku", "1": "sku"}, "column_twice"),
        ({"0": "sku", "99": "name_en"}, "columns"),
        ({"0": "sku", "1": "on_hand"}, "stock_half"),
        ({"0": "sku", "1": "password"}, "columns"),
    ],
)
def test_a_mapping_that_can_not_work_is_refused(columns: dict[str, str], code: str) -> None:
    job = files.upload(files.text(files.row()))
    with pytest.raises(Refused) as refusal:
        jobs.check(token=job.token, choices=files.chosen(job, columns=columns))
    assert refusal.value.code == code
    assert ImportJob.objects.get(id=job.id).state == "uploaded"


def test_a_row_the_database_refuses_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from supplier.services.imports.weigh import Scale

    weigh = Scale.weigh

    def poisoned(self: Scale, data: list[str]) -> Any:
        if data[0] == "N-7" and self.book.variants.keys() is not None and armed:
            raise RuntimeError("poison")
        return weigh(self, data)

    armed: list[bool] = []
    monkeypatch.setattr(Scale, "weigh", poisoned)
    job = files.checked(files.text(*[files.row(f"N-{n}", f"P{n}") for n in range(20)]))
    armed.append(True)
    jobs.apply(token=job.token)
    job = files.run(job)
    assert files.faults(job) == [(9, "", "unexpected")]
    assert Variant.objects.count() == 19
