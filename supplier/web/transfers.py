"""Transfers between warehouses: planned, sent, received."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import steps, table
from s2b2c.ui.states import State
from supplier.models import StockTransfer
from supplier.selectors import stock, transit
from supplier.services import transfers as services
from supplier.web import filters, shown
from supplier.web.pieces import Pieces
from supplier.web.stock import READERS, may_work

STATES = {
    "draft": State("", _("Draft")),
    "sent": State("info", _("In transit")),
    "received": State("ok", _("Received")),
    "cancelled": State("", _("Cancelled"), "stop"),
}


class Transfers(table.Table):
    """Every transfer, the newest first."""

    id, caption, order, csv_name = "transfers", _("Transfers"), "-id", "transfers"
    filters = [
        table.Choice("state", _("State"), choices=StockTransfer.State.choices),
        filters.From("from", pgettext_lazy("transfer", "From"), choices=filters.warehouses, field="source__code"),
        filters.From("to", pgettext_lazy("transfer", "To"), choices=filters.warehouses, field="target__code"),
    ]
    columns = [
        table.Column("number", _("Number"), link=lambda each: address(each.number), card=1, fixed=True),
        table.Column(
            "source",
            pgettext_lazy("transfer", "From"),
            value=lambda each: shown.local(each.source),
            card=3,
            headed=True,
        ),
        table.Column(
            "target", pgettext_lazy("transfer", "To"), value=lambda each: shown.local(each.target), card=5, headed=True
        ),
        table.state_column("state", _("State"), STATES),
        table.date_column("created_at", _("Planned")),
        table.date_column("sent_at", _("Sent")),
        table.Column("lost", _("Lost"), align="end", value=lambda each: each.lost or None),
        table.Column("pieces", _("Pieces"), align="end", card=2),
    ]
    empty = table.Empty(_("No transfers yet"), _("Move pieces from one warehouse to another."), "truck")


def address(number: str) -> str:
    """Give the address of a transfer."""
    return reverse("supply:transfer", args=[number])


class New(forms.Form):
    """What goes from where to where."""

    source = forms.ChoiceField(label=pgettext_lazy("transfer", "From"))
    target = forms.ChoiceField(label=pgettext_lazy("transfer", "To"))
    pieces = Pieces(label=_("Pieces"), help_text=_("A SKU and a number in each line, such as MUG-1 12"))
    note = forms.CharField(label=pgettext_lazy("transfer", "Note"), max_length=160, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        places = [(each.pk, f"{shown.local(each)} ({each.code})") for each in stock.warehouses()]
        for name in ("source", "target"):
            self.fields[name].choices = places  # type: ignore[attr-defined]
        if len(places) > 1:
            self.fields["target"].initial = places[1][0]  # never from a place to itself


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List transfers."""
    listed = Transfers(request, transit.transfers())
    return table.respond(request, listed, "supplier/stock/transfers.html", {"may_work": may_work(request)})


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Plan a transfer."""
    form = New(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = services.draft(
                source_id=int(told["source"]),
                target_id=int(told["target"]),
                pieces=told["pieces"],
                note=told["note"],
                actor_id=request.user.pk,
            )
            return redirect(address(made.number))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "supplier/stock/transfer_new.html", {"form": form}, status=422 if form.errors else 200)


@supplier_role(*READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a transfer and its next step."""
    return _show(request, number)


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    found = transit.transfer(number)
    lines = list(found.lines.select_related("variant__product").order_by("variant__sku"))
    context = {
        "transfer": found, "lines": lines, "may_work": may_work(request), "error": error, "state": STATES[found.state],
        "source": shown.local(found.source), "target": shown.local(found.target), "typed": request.POST,
    }  # fmt: skip
    return render(request, "supplier/stock/transfer.html", context, status=422 if error else 200)


def _step(request: Request, number: str, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request, step, said=said, onward=lambda: address(number), refused=lambda why: _show(request, number, why)
    )


@supplier_role("warehouse")
@require_POST
def send(request: Request, number: str) -> HttpResponseBase:
    """Let the pieces leave."""
    return _step(
        request, number, lambda: services.send(number=number, actor_id=request.user.pk), gettext("In transit now")
    )


@supplier_role("warehouse")
@require_POST
def receive(request: Request, number: str) -> HttpResponseBase:
    """Take in what arrived."""
    lines = transit.transfer(number).lines.values_list("id", flat=True)
    try:
        received = {line: int(request.POST.get(f"line-{line}", "")) for line in lines}
    except ValueError:
        return _show(request, number, gettext("Enter how many pieces arrived, in each line."))
    shortage = request.POST.get("shortage", "")
    return _step(
        request,
        number,
        lambda: services.receive(number=number, received=received, shortage=shortage, actor_id=request.user.pk),
        gettext("Received"),
    )


@supplier_role("warehouse")
@require_POST
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Drop a draft."""
    return _step(
        request, number, lambda: services.cancel(number=number, actor_id=request.user.pk), gettext("Cancelled")
    )
