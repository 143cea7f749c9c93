"""The desk of inspections: what is due, one lot under the lens – made for a phone – and the plans behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Inspection, InspectionPlan
from enablement.selectors import inspections as selectors
from enablement.selectors import sampling, switching, vendors
from enablement.services import inspections, purchases
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.web import quality_tabs
from supplier.web.quality_tabs import READERS, WORKERS

STATES: dict[Any, State] = {
    "due": State("warn", pgettext_lazy("inspection", "Due"), "open"),
    "accepted": State("ok", pgettext_lazy("inspection", "Accepted")),
    "rejected": State("bad", pgettext_lazy("inspection", "Rejected"), "stop"),
}
SEVERITIES: dict[str, str | Promise] = {
    sampling.NORMAL: _("Normal inspection"),
    sampling.TIGHTENED: _("Tightened inspection"),
    sampling.REDUCED: _("Reduced inspection"),
    switching.STOPPED: _("Stopped: too many lots were bad"),
}
_TABLES = {sampling.NORMAL: "2-A", sampling.TIGHTENED: "2-B", sampling.REDUCED: "2-C"}


def may_work(request: Request) -> bool:
    """Tell whether the reader may inspect, or only look."""
    return request.membership is not None and request.membership.role in ("admin", *WORKERS)


def address(each: Inspection) -> str:
    """Give the address of an inspection."""
    return reverse("supply:inspection", args=[each.pk])


class Inspections(table.Table):
    """Every inspection, the latest first."""

    id, caption, order, csv_name = "inspections", _("Inspections"), "-id", "inspections"
    columns = [
        table.Column("lot", _("Lot"), value="lot.code", link=address, sub="variant.sku", card=1, fixed=True),
        table.Column("product", _("Product"), value=lambda each: shown.title(each.variant), cell=lambda each: shown.named(each.variant), card=3, clip=True),
        table.Column("vendor", _("Vendor"), value=lambda each: each.vendor.name if each.vendor else ""),
        table.state_column("state", _("State"), STATES),
        table.date_column("due_at", _("Due since")),
        table.date_column("decided_at", _("Decided")),
        table.Column("found", _("Defects"), value=lambda each: "" if each.state == "due" else f"{each.critical} / {each.major} / {each.minor}", align="end"),
        table.Column("sample", _("Sample"), value=lambda each: each.sample, align="end", card=2),
    ]  # fmt: skip
    filters = [
        table.Text(apply=selectors.matching),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
        table.DateRange("due", _("Due since"), field="due_at"),
    ]
    search_hint = _("Lot, SKU, vendor")
    empty = table.Empty(
        _("Nothing was inspected yet"),
        _("Write a plan: lots it covers wait for their inspection when they are received."),
        "clipboard-check",
    )


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List inspections."""
    views = [table.View(STATES[code].word, f"state={code}") for code in ("due", "rejected", "accepted")]
    listed = Inspections(request, selectors.listed(), views=[*views, table.View(_("All"))])
    context = {"tabs": quality_tabs.tabs("inspections")}
    return table.respond(request, listed, "supplier/quality/inspections.html", context)


class Found(forms.Form):
    """Defects in the sample by class."""

    critical = forms.IntegerField(
        label=_("Critical"), min_value=0, initial=0, help_text=_("Dangerous, or against the law")
    )
    major = forms.IntegerField(
        label=_("Major"), min_value=0, initial=0, help_text=_("The consumer would send it back")
    )
    minor = forms.IntegerField(label=_("Minor"), min_value=0, initial=0, help_text=_("A flaw one can live with"))
    note = forms.CharField(
        label=_("What was seen"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, inspection_id: int) -> HttpResponseBase:
    """Show an inspection; a POST writes what was found."""
    form = Found(request.POST or None)
    if request.method == "POST":
        if not may_work(request):
            return _show(request, inspection_id, Found(None), status=403)
        if form.is_valid() and _decided(request, inspection_id, form):
            return redirect(address(selectors.find(inspection_id)))
    return _show(request, inspection_id, form, status=422 if request.method == "POST" else 200)


def _decided(request: Request, inspection_id: int, form: Found) -> bool:
    try:
        found = inspections.decide(inspection_id=inspection_id, actor_id=request.user.pk, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    if found.state == Inspection.State.ACCEPTED:
        toast.add(request, gettext("Accepted: it can be sold in all shops"))
    else:
        toast.add(request, gettext("Rejected: it is held in all shops"), tone="warn")
    return True


def _show(request: Request, inspection_id: int, form: Found, status: int = 200) -> HttpResponseBase:
    each = selectors.find(inspection_id)
    form.auto_id = "found-%s"
    context = {
        "each": each,
        "state": STATES[each.state],
        "severity": SEVERITIES[each.severity],
        "table_name": _TABLES[each.severity],
        "major_aql": selectors.plain(each.aql_major),
        "minor_aql": selectors.plain(each.aql_minor),
        "rows": _rows(each),
        "form": form,
        "may_work": may_work(request),
        "before": [(one, STATES[one.state]) for one in selectors.before(each)],
        "tabs": quality_tabs.tabs("inspections"),
    }
    return render(request, "supplier/quality/inspection.html", context, status=status)


def _rows(each: Inspection) -> list[tuple[Any, int, int, int, int]]:
    """Give class, sample, acceptance and rejection number, and what was found."""
    return [
        (_("Critical"), each.sample, 0, 1, each.critical),
        (_("Major"), each.sample_major, each.accept_major, each.accept_major + 1, each.major),
        (_("Minor"), each.sample_minor, each.accept_minor, each.accept_minor + 1, each.minor),
    ]


@supplier_role(*WORKERS)
@require_POST
def again(request: Request, lot_id: int) -> HttpResponseBase:
    """Let a lot be inspected once more."""
    try:
        made = inspections.look_again(lot_id=lot_id, actor_id=request.user.pk)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
        return redirect("supply:lot", lot_id)
    return redirect(address(made))


# --- Plans -----------------------------------------------------------------------------------------
class Plan(forms.Form):
    """How lots are inspected."""

    vendor = forms.ChoiceField(label=_("Vendor"), required=False)
    sku = forms.CharField(label=_("SKU"), required=False, max_length=60, help_text=_("Empty: everything it sends"))
    level = forms.ChoiceField(label=_("Level"), choices=InspectionPlan.Level.choices, initial="II")
    aql_major = forms.TypedChoiceField(label=_("Limit for major defects, %"), coerce=Decimal, initial="2.5")
    aql_minor = forms.TypedChoiceField(label=_("Limit for minor defects, %"), coerce=Decimal, initial="4.0")
    reduced = forms.BooleanField(label=_("Inspect good vendors less"), required=False, initial=True)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="plan-%s")
        limits = [(str(each), selectors.plain(each)) for each in sampling.AQLS if each >= Decimal("0.065")]
        self.fields["aql_major"].choices = self.fields["aql_minor"].choices = limits  # type: ignore[attr-defined]
        named = [(str(each.pk), each.name) for each in vendors.active()]
        self.fields["vendor"].choices = [("", _("All vendors")), *named]  # type: ignore[attr-defined]


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: Request) -> HttpResponseBase:
    """Show the plans; a POST writes one."""
    form = Plan(request.POST or None)
    if request.method == "POST" and may_work(request) and form.is_valid() and _planned(request, form):
        toast.add(request, gettext("Lots that come from now on wait for their inspection"))
        return redirect("supply:inspection_plans")
    listed = [(each, selectors.plain(each.aql_major), selectors.plain(each.aql_minor)) for each in selectors.plans()]
    context = {
        "plans": [row for row in listed if row[0].active],
        "form": form,
        "may_work": may_work(request),
        "tabs": quality_tabs.tabs("plans"),
    }
    return render(request, "supplier/quality/plans.html", context, status=422 if form.errors else 200)


def _planned(request: Request, form: Plan) -> bool:
    told = form.cleaned_data
    try:
        inspections.write_plan(
            vendor_id=int(told["vendor"]) if told["vendor"] else None,
            variant_id=purchases.variant_by_sku(told["sku"]) if told["sku"].strip() else None,
            actor_id=request.user.pk,
            **{name: told[name] for name in ("level", "aql_major", "aql_minor", "reduced")},
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


@supplier_role(*WORKERS)
@require_POST
def plan_end(request: Request, plan_id: int) -> HttpResponseBase:
    """Inspect by a plan no longer."""
    inspections.end_plan(plan_id=plan_id, actor_id=request.user.pk)
    toast.add(request, gettext("Lots that come from now on are no longer inspected by it"))
    return redirect("supply:inspection_plans")


@supplier_role(*WORKERS)
@require_POST
def plan_resume(request: Request, plan_id: int) -> HttpResponseBase:
    """Begin the series of a plan anew."""
    try:
        inspections.resume(plan_id=plan_id, reason=request.POST.get("reason", ""), actor_id=request.user.pk)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("The series begins anew, with normal inspection"))
    return redirect("supply:inspection_plans")
