"""The import wizard: upload → map columns → check → apply → result."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.nav import NavItem
from s2b2c.ui.states import State
from supplier.models import ImportJob, ImportRow
from supplier.selectors import imports as selectors
from supplier.services.imports import fields, jobs, messages, parse
from supplier.services.imports.mapping import Choices
from supplier.web.catalogue_forms import category_choices

_S = ImportJob.State
STATES: dict[Any, State] = {
    _S.UPLOADED: State("", _("To map"), "open"),
    _S.CHECKING: State("info", _("Checking"), "half"),
    _S.CHECKED: State("", _("Checked"), "open"),
    _S.APPLYING: State("info", _("Applying"), "half"),
    _S.APPLIED: State("ok", _("Applied")),
    _S.REVERTING: State("info", _("Taking back"), "half"),
    _S.REVERTED: State("", _("Taken back"), "back"),
    _S.FAILED: State("bad", _("Failed"), "stop"),
}
RUNNING = (_S.CHECKING, _S.APPLYING, _S.REVERTING)
STEPS = [_("Upload"), _("Map columns"), _("Check"), _("Apply"), _("Result")]
_STEP = {
    _S.UPLOADED: 2, _S.CHECKING: 3, _S.CHECKED: 3, _S.APPLYING: 4, _S.APPLIED: 5, _S.REVERTING: 5, _S.REVERTED: 5, _S.FAILED: 3,
}  # fmt: skip
PAGE = 25
_SAMPLE = (
    ("SKU", "Product code", "Name EN", "名称", "Category", "Wholesale", "Floor price", "Suggested price", "Ceiling price", "EAN", "Weight g", "Colour", "Warehouse", "Qty"),
    ("HL-MUG-350-KEL", "HL-MUG", "Tidewater Mug", "潮汐马克杯", "Mugs", "11.00", "15.00", "18.00", "24.00", "", "340", "Kelp", "OAK", "120"),
)  # fmt: skip


class Imports(table.Table):
    """All imports."""

    id, caption, order, csv_name = "imports", _("Imports"), "-id", "imports"
    size = 25
    columns = [
        table.Column(
            "file_name",
            _("File"),
            link=lambda job: reverse("supply:import", args=[job.token]),
            card=1,
            fixed=True,
            clip=True,
        ),
        table.state_column("state", _("State"), STATES),
        table.Column("total_rows", _("Rows"), value=lambda job: f"{job.total_rows:,}", align="end", card=2),
        table.Column("created_by", _("By"), value=lambda job: str(job.created_by or ""), muted=True, card=3),
        table.date_column("created_at", _("Uploaded"), sort="created_at"),
        table.date_column("finished_at", _("Finished")),
    ]
    filters = [table.Text(fields=["file_name__icontains"]), table.Choice("state", _("State"), choices=_S.choices)]
    search_hint = _("File name")
    empty = table.Empty(
        _("No imports yet"),
        _(
            "Upload a price list above. You see what it would change before anything is written, and can take it back afterwards."
        ),
        "file-spreadsheet",
    )


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponseBase:
    """List imports; a POST uploads a file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            job = jobs.upload(file_name=upload.name, chunks=upload.chunks(), actor_id=request.user.pk)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("supply:import", job.token)
    listed = Imports(request, selectors.listed())
    if request.method == "POST":
        context = {"form": form, "table": listed, "most": parse.MAX_ROWS}
        return render(request, "supplier/imports/list.html", context, status=422)
    return table.respond(request, listed, "supplier/imports/list.html", {"form": UploadForm(), "most": parse.MAX_ROWS})


@supplier_role("catalogue")
@require_safe
def sample(request: Request) -> HttpResponse:
    """Give a file to start from."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="catalogue-sample.csv"'
    csv.writer(response).writerows(_SAMPLE)
    return response


@supplier_role("catalogue")
@require_safe
def page(request: Request, token: str) -> HttpResponse:
    """Show an import as far as it is."""
    return _page(request, selectors.find(token))


def _page(
    request: Request, job: ImportJob, *, refused: str = "", columns: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "job": job,
        "state": STATES[job.state],
        "steps": STEPS,
        "step": _STEP[_S(job.state)],
        "refused": refused,
        "earlier": [
            {"job": each, "state": STATES[each.state]}
            for each in selectors.listed().exclude(id=job.id).order_by("-id")[:5]
        ],
    }
    mapping_asked = job.state == _S.CHECKED and "map" in request.GET
    if job.state == _S.UPLOADED or mapping_asked or columns is not None:
        template = "supplier/imports/map.html"
        context |= {**_mapping(job, columns), "step": 2}
    elif job.state in RUNNING:
        template = "supplier/imports/running.html"
        context |= {"progress": _progress(job)}
    elif job.state == _S.FAILED:
        template = "supplier/imports/failed.html"
    else:
        template = "supplier/imports/outcome.html"
        context |= {**_mapping(job, None), **_outcome(request, job)}
    return render(request, template, context, status=422 if refused else 200)


def _mapping(job: ImportJob, typed: dict[str, str] | None) -> dict[str, Any]:
    mapped = job.mapping["columns"] if typed is None else typed
    shown = []
    for index, column in enumerate(job.columns):
        name = mapped.get(str(index), "")
        shown.append(
            {
                "index": index,
                "letter": _letter(index),
                "name": column["name"],
                "sample": column["sample"],
                "field": name,
                "label": fields.FIELDS[name].label if name in fields.FIELDS else "",
            }
        )
    return {
        "columns": shown,
        "fields": list(fields.FIELDS.values()),
        "categories": category_choices(),
        "mapping": job.mapping,
        "floor_below": f"{job.mapping['floor_below_bps'] / 100:g}",
        "ceiling_above": f"{job.mapping['ceiling_above_bps'] / 100:g}",
        "encodings": parse.ENCODINGS,
        "delimiters": [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", _("bar"))],
    }


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def _outcome(request: Request, job: ImportJob) -> dict[str, Any]:
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
            NavItem(_label(name), f"?field={name}#failed", count=f"{count:,}", active=name == reason)
            for name, count in found
        ),
    ]


def _label(name: str) -> str:
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
                "label": _label(error["field"]),
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
    "weight_g": fields.FIELDS["weight"].label,
}


def _shown(name: str, value: Any, currency: str) -> str:
    if name.endswith("_minor") and isinstance(value, int):
        return figures.amount(value, currency, bare=True)
    return str("" if value is None else value)[:60]


def _progress(job: ImportJob) -> dict[str, Any]:
    """Say how far a running job is."""
    reading = job.state == _S.CHECKING and not job.mapping["loaded"]
    left = ImportRow.objects.none()
    if job.state == _S.CHECKING:
        left = ImportRow.objects.filter(job=job, state=ImportRow.State.NEW)
    elif job.state == _S.APPLYING:
        left = ImportRow.objects.filter(job=job, state__in=(ImportRow.State.OK, ImportRow.State.NEW))
    elif job.state == _S.REVERTING:
        left = ImportRow.objects.filter(job=job, state=ImportRow.State.APPLIED)
    rest = 0 if reading else left.count()
    words = {
        _S.CHECKING: gettext("Checking: nothing is changed yet"),
        _S.APPLYING: gettext("Applying"),
        _S.REVERTING: gettext("Taking back"),
    }
    return {
        "reading": reading,
        "done": job.total_rows if reading else job.done_rows,
        "all": None if reading else job.done_rows + rest,
        "title": gettext("Reading the file") if reading else words[_S(job.state)],
        "waits": job.heartbeat_at is None,
    }


@supplier_role("catalogue")
@require_safe
def progress(request: Request, token: str) -> HttpResponse:
    """Give the progress alone, for htmx; when the work is over, the page is loaded anew."""
    job = selectors.find(token)
    if job.state not in RUNNING:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("supply:import", args=[job.token])})
    return render(request, "supplier/imports/_progress.html", {"job": job, "progress": _progress(job)})


@supplier_role("catalogue")
@require_POST
def reread(request: Request, token: str) -> HttpResponse:
    """Read the headings again in another encoding or with another delimiter."""
    jobs.reread(token=token, encoding=request.POST.get("encoding", ""), delimiter=request.POST.get("delimiter", ""))
    return redirect("supply:import", token)


@supplier_role("catalogue")
@require_POST
def check(request: Request, token: str) -> HttpResponse:
    """Take the mapping and start the dry run."""
    job = selectors.find(token)
    columns = {str(index): request.POST.get(f"column-{index}", "") for index in range(len(job.columns))}
    try:
        jobs.check(token=token, choices=_choices(request.POST, columns))
    except Refused as refusal:
        return _page(request, job, refused=str(refusal), columns=columns)
    return redirect("supply:import", token)


def _choices(data: QueryDict, columns: dict[str, str]) -> Choices:
    category = data.get("category", "")
    return Choices(
        columns,
        category_id=int(category) if category.isdigit() and len(category) < 19 else None,
        new_status=data.get("new_status", "draft"),
        floor_below_bps=_bps(data.get("floor_below", "20")),
        ceiling_above_bps=_bps(data.get("ceiling_above", "30")),
    )


def _bps(text: str) -> int:
    try:
        return round(float(text.replace("%", "").replace(",", ".")) * 100)
    except (ValueError, OverflowError):
        raise Refused("share", _("“%(text)s” is not a share in per cent."), text=text[:20]) from None


@supplier_role("catalogue")
@require_POST
def correct(request: Request, token: str) -> HttpResponse:
    """Keep corrected cells, and try the rows that failed again."""
    cells = {}
    for name, text in request.POST.items():
        parts = name.split("-")
        if len(parts) == 3 and parts[0] == "cell" and parts[1].isdigit() and parts[2].isdigit() and len(name) < 30:
            cells[int(parts[1]), int(parts[2])] = str(text)
    jobs.correct(token=token, cells=cells)
    jobs.retry(token=token)
    return redirect("supply:import", token)


@supplier_role("catalogue")
@require_POST
def apply(request: Request, token: str) -> HttpResponse:
    """Write the rows that are ready."""
    jobs.apply(token=token)
    return redirect("supply:import", token)


@supplier_role("catalogue")
@require_POST
def revert(request: Request, token: str) -> HttpResponse:
    """Take the import back."""
    jobs.revert(token=token)
    return redirect("supply:import", token)


@supplier_role("catalogue")
@require_POST
def discard(request: Request, token: str) -> HttpResponse:
    """Forget an import that changed nothing."""
    name = selectors.find(token).file_name
    jobs.discard(token=token, actor_id=request.user.pk)
    toast.add(request, gettext("%(name)s is gone. Nothing was changed.") % {"name": name})
    return redirect("supply:imports")


@supplier_role("catalogue")
@require_safe
def errors(request: Request, token: str) -> HttpResponseBase:
    """Give the rows that failed as a file, with the reason at the end: correct it and upload it again."""
    job = selectors.find(token)
    response = StreamingHttpResponse(_error_lines(job), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="failed-{job.token[:8]}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _error_lines(job: ImportJob) -> Iterator[str]:
    writer = csv.writer(_Echo())
    headings = [column["name"] for column in job.columns]
    yield "\ufeff" + writer.writerow([*map(_harmless, headings), gettext("Row"), gettext("Why")])
    last = 0
    while rows := selectors.failed(job, after=last, most=1000):
        for row in rows:
            why = "; ".join(
                f"{_label(error['field'])}: {messages.words(error['code'], error['params'])}" for error in row.errors
            )
            cells = [*row.data, *[""] * (len(headings) - len(row.data))]
            yield writer.writerow([*map(_harmless, cells), row.number, why])
        last = rows[-1].number


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; numbers stay numbers."""
    if text[:1] in "=+-@\t\r" and text and not text[1:].replace(".", "", 1).replace(",", "").isdigit():
        return f"'{text}"
    return text
