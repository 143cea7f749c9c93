"""What an import would do or did: the tally, samples of changes, and what failed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from s2b2c.accounts.http import Request
from s2b2c.ui import figures
from s2b2c.ui.nav import NavItem
from supplier.models import ImportJob, ImportRow
from supplier.selectors import imports as selectors
from supplier.services.imports import fields, messages

_S = ImportJob.State
PAGE = 25


def describe(request: Request, job: ImportJob) -> dict[str, Any]:
    """Say what would happen or happened, and list what failed."""
    tally = selectors.tally(job)
    reason = request.GET.get("field", "")[:40]
    word = request.GET.get("after", "")
    after = int(word) if word.isdigit() and len(word) < 10 else 0
    rows = selectors.failed(job, field_name=reason, after=after, most=PAGE + 1)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    query = f"&field={reason}" if reason else ""
    return {
        "tally": tally,
        "bar": _bar([("create", tally.create), ("update", tally.update), ("skip", tally.skip), ("fail", tally.fail)]),
        "tabs": _tabs(job, reason),
        "lines": [line for row in rows for line in _lines(job, row, reason)],
        "older": f"?after={rows[-1].number}{query}#failed" if more else "",
        "newer": f"?{query.removeprefix('&')}#failed" if after else "",
        "can_correct": job.state in (_S.CHECKED, _S.APPLIED),
        "sample": [_change(each) for each in selectors.sample(job)] if job.state == _S.CHECKED else [],
    }


def _bar(parts: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Give the widths of a bar of 1,000, with two between parts; what is there is at least seen."""
    total = sum(count for _name, count in parts) or 1
    found, x = [], 0.0
    for name, count in parts:
        width = max(count / total * 994, 4) if count else 0
        if width:
            found.append({"name": name, "x": round(x, 1), "width": round(width, 1)})
            x += width + 2
    return found


def _tabs(job: ImportJob, reason: str) -> list[NavItem]:
    found = selectors.reasons(job)
    if len(found) < 2:
        return []
    everything = NavItem(gettext("All"), "?#failed", active=not reason)
    return [
        everything,
        *(
            NavItem(label(name), f"?field={name}#failed", count=f"{count:,}", active=name == reason)
            for name, count in found
        ),
    ]


def label(name: str) -> str:
    """Name a field as the wizard does."""
    return str(fields.FIELDS[name].label) if name in fields.FIELDS else gettext("The row")


def _lines(job: ImportJob, row: ImportRow, reason: str) -> list[dict[str, Any]]:
    """Give one line per thing wrong with a row."""
    by_field = {name: int(index) for index, name in reversed(job.mapping["columns"].items())}
    sku = _cell(row, by_field["sku"])
    lines = []
    for error in row.errors:
        column = by_field.get(error["field"])
        if reason and error["field"] != reason:
            continue
        lines.append(
            {
                "row": row,
                "sku": sku,
                "label": label(error["field"]),
                "value": _cell(row, column),
                "why": messages.words(error["code"], error["params"]),
                "column": column,
                "note": row.state == ImportRow.State.KEPT,
            }
        )
    return lines


def _cell(row: ImportRow, column: int | None) -> str:
    return row.data[column] if column is not None and column < len(row.data) else ""


def _change(row: dict[str, Any]) -> dict[str, Any]:
    """Give a few of the fields a row changes, with before and after as people read them."""
    currency = row["variant"].currency if row["variant"] else "USD"
    parts = []
    for part in ("product", "variant", "stock"):
        before, after = row["before"].get(part) or {}, row["after"].get(part) or {}
        for name in after:
            if name in _SHOWN and before.get(name) != after[name]:
                old, new = (_shown(name, each.get(name), currency) for each in (before, after))
                parts.append({"label": _SHOWN[name], "before": old, "after": new})
    return {"number": row["number"], "sku": row["variant"].sku if row["variant"] else "", "parts": parts[:4]}


_SHOWN = {
    **{
        name: fields.FIELDS[name].label for name in (*fields.PRODUCT_TEXTS, *fields.VARIANT_TEXTS, "status", "on_hand")
    },
    **{f"{name}_minor": fields.FIELDS[name].label for name in fields.PRICES},
    "serials": fields.FIELDS["serials"].label,
    "weight_g": fields.FIELDS["weight"].label,
}


def _shown(name: str, value: Any, currency: str) -> str:
    if name.endswith("_minor") and isinstance(value, int):
        return figures.amount(value, currency, bare=True)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str("" if value is None else value)[:60]
