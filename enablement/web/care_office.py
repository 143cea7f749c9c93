"""What a shop's consumers complain of its service: the reseller answers; what is about goods it sees, and S answers."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from enablement.models import Complaint
from enablement.selectors import care
from enablement.services import complaints
from enablement.web import shown
from enablement.web.care import COMPLAINTS
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import table, toast


class Complaints(table.Table):
    """What consumers of this shop complain of, the latest first."""

    id, caption, order, csv_name = "complaints", _("Complaints"), "-id", "complaints"
    filters = [
        table.Choice("about", _("About"), choices=Complaint.About.choices),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in COMPLAINTS.items()]),
    ]
    empty = table.Empty(
        _("No complaints"), _("What your customers write on their order’s page appears here."), "message-square"
    )

    def __init__(self, request: Request, slug: str) -> None:
        assert request.reseller is not None
        super().__init__(request, care.complaints().filter(reseller=request.reseller.pk))
        self.columns = [
            table.Column("number", _("Number"), link=lambda each: reverse("office:complaint", args=[slug, each.number]), card=1, fixed=True),
            table.Column("about", _("About"), value=lambda each: each.get_about_display(), card=4),
            table.Column("text", pgettext_lazy("complaint", "What was said"), value=lambda each: each.text[:120], clip=True, card=3),
            table.Column("order_number", _("Order")),
            table.state_column("state", _("State"), COMPLAINTS),
            table.date_column("created_at", pgettext_lazy("complaint", "Written"), card=2, time=False),
        ]  # fmt: skip


@reseller_role("manager", "clerk")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List complaints."""
    assert request.reseller is not None
    listed: Any = Complaints(request, request.reseller.slug)
    return table.respond(request, listed, "office/complaints.html")


@reseller_role("manager", "clerk")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a complaint; a POST answers what is about the service."""
    assert request.reseller is not None
    error = ""
    if request.method == "POST":
        with context.reading():
            each = care.complaint(number, reseller_id=request.reseller.pk)
        try:
            complaints.answer(
                number=each.number, text=request.POST.get("answer", ""), justified=None, actor_id=request.user.pk, about="service"
            )  # fmt: skip
        except Refused as refusal:
            error = str(refusal)
        else:
            toast.add(request, gettext("Answered"))
            return redirect("office:complaint", request.reseller.slug, each.number)
    with context.reading():
        return _show(request, care.complaint(number, reseller_id=request.reseller.pk), error)


def _show(request: Request, each: Complaint, error: str) -> HttpResponseBase:
    assert request.reseller is not None
    shown_ = {
        "each": each,
        "state": COMPLAINTS[each.state],
        "title": shown.title(each.variant) if each.variant else "",
        "error": error,
        "typed": request.POST.get("answer", ""),
        "list_url": reverse("office:complaints", args=[request.reseller.slug]),
    }
    return render(request, "office/complaint.html", shown_, status=422 if error else 200)
