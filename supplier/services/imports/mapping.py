"""The mapping of a file: which column becomes what, and what is taken where the file says nothing.

Kept on the job as ``{"columns": {index: field}, "layout": {…}, "category": id | null, "new_status":
"draft" | "active", "floor_below_bps": …, "ceiling_above_bps": …, "loaded": bool}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import Category, ImportJob
from supplier.services.imports import fields, parse


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose on the mapping page. Floor and ceiling are in basis points off the suggested price."""

    columns: dict[str, str]
    category_id: int | None = None
    new_status: str = "draft"
    floor_below_bps: int = 2000
    ceiling_above_bps: int = 3000


def initial(layout: parse.Layout, headings: list[str]) -> dict[str, Any]:
    """Give the mapping of a file just uploaded: guessed columns and the usual choices."""
    return {
        **_kept(Choices(fields.guess(headings))),
        "layout": {"kind": layout.kind, "encoding": layout.encoding, "delimiter": layout.delimiter},
        "loaded": False,
    }


def chosen(job: ImportJob, choices: Choices) -> dict[str, Any]:
    """Give the job's mapping with what was chosen.

    :raises Refused: no SKU column, a field twice, a column that isn't there, stock without its other half.
    """
    columns = {index: name for index, name in choices.columns.items() if name}
    names = list(columns.values())
    if any(
        name not in fields.FIELDS or not index.isdigit() or int(index) >= len(job.columns)
        for index, name in columns.items()
    ):
        raise Refused("columns", _("A column is no longer there. Reload the page."), field="columns")
    if "sku" not in names:
        raise Refused("sku_column", _("Choose the column that holds the SKU."), field="columns")
    twice = {name for name in names if names.count(name) > 1 and not fields.FIELDS[name].many}
    if twice:
        label = str(fields.FIELDS[sorted(twice)[0]].label)
        raise Refused("column_twice", _("Two columns become “%(label)s”."), field="columns", label=label)
    if ("warehouse" in names) != ("on_hand" in names):
        raise Refused("stock_half", _("Stock needs both columns: the warehouse and the pieces."), field="columns")
    if choices.category_id is not None and not Category.objects.filter(id=choices.category_id).exists():
        raise Refused("category", _("Choose a category."), field="category")
    if choices.new_status not in ("draft", "active"):
        raise Refused("status", _("There is no such status."), field="new_status")
    if not (0 <= choices.floor_below_bps <= 10_000 and 0 <= choices.ceiling_above_bps <= 100_000):
        raise Refused(
            "band", _("Enter a share between 0 and 100 % below and 0 and 1,000 % above."), field="floor_below"
        )
    return {**job.mapping, **_kept(Choices(columns, *_rest(choices)))}


def _rest(choices: Choices) -> tuple[int | None, str, int, int]:
    return choices.category_id, choices.new_status, choices.floor_below_bps, choices.ceiling_above_bps


def _kept(choices: Choices) -> dict[str, Any]:
    return {
        "columns": choices.columns,
        "category": choices.category_id,
        "new_status": choices.new_status,
        "floor_below_bps": choices.floor_below_bps,
        "ceiling_above_bps": choices.ceiling_above_bps,
    }


def layout(job: ImportJob) -> parse.Layout:
    """Give how the job's file is read."""
    return parse.Layout(**job.mapping["layout"])
