"""The steps of an import: read it again, check, correct, apply, take back, forget."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.selectors import imports as selectors
from supplier.services.imports import jobs
from supplier.services.imports.mapping import Choices
from supplier.web.imports import pages


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
        return pages.show(request, job, refused=str(refusal), columns=columns)
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
