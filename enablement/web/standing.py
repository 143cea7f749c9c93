"""How a vendor stands: its score with how it is counted, its papers, whether one may order from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from enablement.models import PaperFile, VendorPaper, Vetting
from enablement.selectors import scores, vendors
from enablement.services import vetting
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import steps
from s2b2c.ui.states import State
from supplier.web.quality_tabs import WORKERS

STATES: dict[Any, State] = {
    "new": State("warn", _("To be vetted"), "open"),
    "approved": State("ok", pgettext_lazy("vendor", "Approved")),
    "refused": State("bad", pgettext_lazy("vendor", "Refused"), "stop"),
}
PARTS: dict[str, str | Promise] = {
    "time": _("Pieces that came on time"),
    "whole": _("Pieces that came of those ordered"),
    "inspected": _("Lots accepted at their first inspection"),
    "complaints": _("Justified complaints, of pieces that came"),
}


@supplier_role(*shown.READERS)
@require_safe
def page(request: Request, vendor_id: int) -> HttpResponseBase:
    """Show how a vendor stands."""
    return _show(request, vendor_id)


def _show(request: Request, vendor_id: int, error: str = "") -> HttpResponseBase:
    vendor = vendors.find(vendor_id)
    found = Vetting.objects.filter(vendor=vendor).select_related("actor").first() or Vetting(vendor=vendor)
    score = scores.of(vendor)
    today = clock.now().date()
    context = {
        "vendor": vendor,
        "vetting": found,
        "state": STATES[found.state],
        "score": score,
        "parts": [(PARTS[part.name], part) for part in score.parts],
        "papers": [
            (each, bool(each.valid_until and each.valid_until < today))
            for each in VendorPaper.objects.filter(vendor=vendor)
            .select_related("file")
            .defer("file__content")
            .order_by("-id")
        ],
        "kinds": VendorPaper.Kind.choices,
        "error": error,
        "typed": request.POST,
        "may_vet": shown.may(request, WORKERS),
        **shown.tabs(request, "vendors"),
    }
    return render(request, "supplier/buying/standing.html", context, status=422 if error else 200)


def _step(request: Request, vendor_id: int, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request,
        step,
        said=said,
        onward=lambda: reverse("supply:vendor_standing", args=[vendor_id]),
        refused=lambda why: _show(request, vendor_id, why),
    )


@supplier_role(*WORKERS)
@require_POST
def paper(request: Request, vendor_id: int) -> HttpResponseBase:
    """Write down a paper."""
    told = request.POST

    def add() -> None:
        vetting.add_paper(
            vendor_id=vendor_id, kind=told.get("kind", ""), name=told.get("name", ""),
            valid_until=_day(told.get("valid_until", "")), actor_id=request.user.pk,
            file=vetting.read_paper(upload) if (upload := request.FILES.get("file")) else None,
        )  # fmt: skip

    return _step(request, vendor_id, add, gettext("Saved"))


@supplier_role(*WORKERS)
@require_safe
def paper_file(request: Request, vendor_id: int, paper_id: int) -> HttpResponseBase:
    """Give the file of a paper, to be saved: it is never shown within our pages."""
    found = PaperFile.objects.filter(paper=paper_id, paper__vendor=vendor_id).select_related("paper").first()
    if found is None:
        raise NotFound()
    answer = HttpResponse(bytes(found.content), content_type=found.type)
    ending = {PaperFile.Type.PDF: "pdf", PaperFile.Type.PICTURE: "webp"}[PaperFile.Type(found.type)]
    name = "".join(sign if sign.isalnum() else "-" for sign in found.paper.name)[:80]
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}") or "attachment"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("valid_until", gettext("This is no day."), field="valid_until") from None


@supplier_role(*WORKERS)
@require_POST
def decide(request: Request, vendor_id: int) -> HttpResponseBase:
    """Approve or refuse a vendor."""
    approve = request.POST.get("approve") == "1"
    return _step(
        request,
        vendor_id,
        lambda: vetting.decide(
            vendor_id=vendor_id, approve=approve, reason=request.POST.get("reason", ""), actor_id=request.user.pk
        ),
        gettext("Approved: it can be ordered from")
        if approve
        else gettext("Refused: nothing more is ordered from it"),
    )


@supplier_role(*WORKERS)
@require_POST
def origin(request: Request, vendor_id: int) -> HttpResponseBase:
    """Say where it makes its goods."""
    told = request.POST
    return _step(
        request,
        vendor_id,
        lambda: vetting.say_origin(
            vendor_id=vendor_id,
            origin_en=told.get("origin_en", ""),
            origin_zh=told.get("origin_zh", ""),
            published=bool(told.get("published")),
            actor_id=request.user.pk,
        ),
        gettext("Saved"),
    )
