"""Recalls: written with what everybody will read, begun once, watched until everybody is told and made good."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Recall
from enablement.selectors import care
from enablement.services import recalls
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.selectors import lots as lot_selectors
from supplier.web import quality_tabs
from supplier.web.quality_tabs import READERS, WORKERS

STATES: dict[Any, State] = {
    "draft": State("", _("Draft"), "open"),
    "running": State("warn", pgettext_lazy("recall", "Running")),
    "done": State("ok", pgettext_lazy("recall", "Everybody told")),
}


def address(each: Recall) -> str:
    """Give the address of a recall."""
    return reverse("supply:recall", args=[each.number])


class Recalls(table.Table):
    """Every recall, the latest first."""

    id, caption, order, csv_name = "recalls", _("Recalls"), "-id", "recalls"
    columns = [
        table.Column("number", _("Recall"), link=address, card=1, fixed=True),
        table.Column("lots", pgettext_lazy("recall", "Lots"), value=lambda each: ", ".join(lot.code for lot in each.lots.all()), card=3, clip=True),
        table.state_column("state", _("State"), STATES),
        table.Column("remedy", _("What they get"), value=lambda each: each.get_remedy_display()),
        table.date_column("started_at", _("Begun")),
        table.Column("found", _("Orders"), align="end"),
        table.Column("told", _("Told"), align="end", card=2),
    ]  # fmt: skip
    empty = table.Empty(_("No recalls"), _("May it stay so. A lot’s page begins one."), "megaphone")


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List recalls."""
    context = {"tabs": quality_tabs.tabs("recalls"), "may_work": _may(request)}
    return table.respond(request, Recalls(request, care.recalls()), "supplier/quality/recalls.html", context)


def _may(request: Request) -> bool:
    return request.membership is not None and request.membership.role in ("admin", *WORKERS)


class New(forms.Form):
    """What is called back, why, and what people shall do and get."""

    lots = forms.CharField(
        label=pgettext_lazy("recall", "Lots"), max_length=400, help_text=_("Their codes, with spaces between them")
    )
    reason_en = forms.CharField(label=_("Why, in English"), max_length=300)
    reason_zh = forms.CharField(label=_("Why, in Chinese"), max_length=300, required=False)
    advice_en = forms.CharField(label=_("What to do, in English"), max_length=300)
    advice_zh = forms.CharField(label=_("What to do, in Chinese"), max_length=300, required=False)
    remedy = forms.ChoiceField(label=_("What consumers get"), choices=Recall.Remedy.choices)


@supplier_role(*WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Write a recall; its page shows whom it reaches before anything happens."""
    form = New(request.POST or None, initial={"lots": request.GET.get("lot", "")})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            chosen = [lot.pk for lot in care.by_codes(told.pop("lots"))]
            made = recalls.draft(lot_ids=chosen, actor_id=request.user.pk, **told)
        except NotFound:
            form.add_error("lots", gettext("There is no lot of this code, or more than one."))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect(address(made))
    context = {"form": form, "tabs": quality_tabs.tabs("recalls")}
    return render(request, "supplier/quality/recall_new.html", context, status=422 if form.errors else 200)


@supplier_role(*READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show whom a recall reaches and how far it is."""
    return _show(request, number)


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    recall = care.recall(number)
    lots = list(recall.lots.all())
    shops = lot_selectors.shops([lot.pk for lot in lots])
    context = {
        "recall": recall,
        "state": STATES[recall.state],
        "lots": lots,
        "shops": shops,
        "parcels": sum(each.parcels for each in shops),
        "orders": sum(each.orders for each in shops),
        "pieces": sum(each.pieces for each in shops),
        "here": sum(place.pieces for lot in lots for place in lot_selectors.places(lot)),
        "progress": care.progress(recall),
        "told": care.told(recall) if recall.state != Recall.State.DRAFT else [],
        "error": error,
        "may_work": _may(request),
        "tabs": quality_tabs.tabs("recalls"),
    }
    return render(request, "supplier/quality/recall.html", context, status=422 if error else 200)


@supplier_role(*WORKERS)
@require_POST
def start(request: Request, number: str) -> HttpResponseBase:
    """Begin a recall; its number is typed, so that nobody begins one by a slip of the finger."""
    if request.POST.get("number", "").strip().upper() != number.upper():
        return _show(request, number, gettext("Type the recall’s number to begin it."))
    try:
        recalls.start(number=number, actor_id=request.user.pk)
    except Refused as refusal:
        return _show(request, number, str(refusal))
    toast.add(request, gettext("Begun: the lots are withdrawn, and everybody is being told"))
    return redirect("supply:recall", number)
