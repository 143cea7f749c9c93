"""The list of imports, and one import as far as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import table
from supplier.models import ImportJob
from supplier.selectors import imports as selectors
from supplier.services.imports import fields, jobs, parse
from supplier.web.catalogue_forms import category_choices
from supplier.web.imports import outcome, states

_S = ImportJob.State


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
        table.state_column("state", _("State"), states.STATES),
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
def page(request: Request, token: str) -> HttpResponse:
    """Show an import as far as it is."""
    return show(request, selectors.find(token))


def show(
    request: Request, job: ImportJob, *, refused: str = "", columns: dict[str, str] | None = None
) -> HttpResponse:
    """Draw the page an import's state asks for; ``columns`` as typed, when they were refused."""
    context = {
        "job": job,
        "state": states.STATES[job.state],
        "steps": states.STEPS,
        "step": states.STEP[_S(job.state)],
        "refused": refused,
        "earlier": [
            {"job": each, "state": states.STATES[each.state]}
            for each in selectors.listed().exclude(id=job.id).order_by("-id")[:5]
        ],
    }
    mapping_asked = job.state == _S.CHECKED and "map" in request.GET
    if job.state == _S.UPLOADED or mapping_asked or columns is not None:
        template = "supplier/imports/map.html"
        context |= {**_mapping(job, columns), "step": 2}
    elif job.state in states.RUNNING:
        template = "supplier/imports/running.html"
        context |= {"progress": states.progress(job)}
    elif job.state == _S.FAILED:
        template = "supplier/imports/failed.html"
    else:
        template = "supplier/imports/outcome.html"
        context |= {**_mapping(job, None), **outcome.describe(request, job)}
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


@supplier_role("catalogue")
@require_safe
def progress(request: Request, token: str) -> HttpResponse:
    """Give the progress alone, for htmx; when the work is over, the page is loaded anew."""
    job = selectors.find(token)
    if job.state not in states.RUNNING:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("supply:import", args=[job.token])})
    return render(request, "supplier/imports/_progress.html", {"job": job, "progress": states.progress(job)})
