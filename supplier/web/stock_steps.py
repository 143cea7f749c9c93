"""Damage, arrivals, and the history of one variant as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import sheets
from s2b2c.kernel.errors import Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.models import Arrival, Variant
from supplier.selectors import stock, transit
from supplier.services import arrivals
from supplier.services import stock as services
from supplier.web import causes, filters, shown
from supplier.web import stock as page


@supplier_role("warehouse")
@require_POST
def damage(request: Request, variant_id: int) -> HttpResponseBase:
    """Set pieces aside as damaged, put them back, or throw them away."""
    variant = stock.find(variant_id)
    form = page.Damage(request.POST, stock.warehouses())
    steps = {"damage": services.damage, "repair": services.repair, "scrap": services.scrap}
    if form.is_valid() and page.moved(
        request, form, lambda facts: steps[form.cleaned_data["what"]](variant_id=variant.pk, **facts)
    ):
        toast.add(request, gettext("Saved"))
        return redirect(page.address(variant))
    return page.show(request, variant, damage=form)


@supplier_role("warehouse")
@require_POST
def announce(request: Request, variant_id: int) -> HttpResponseBase:
    """Expect pieces on a day."""
    variant = stock.find(variant_id)
    form = page.Announce(request.POST, stock.warehouses())
    if form.is_valid():
        told = form.cleaned_data
        arrivals.announce(
            variant_id=variant.pk,
            warehouse_id=int(told["warehouse"]),
            quantity=told["quantity"],
            arrives_on=told["arrives_on"],
            reference=told["reason"],
            actor_id=request.user.pk,
        )
        toast.add(request, gettext("Expected"))
        return redirect(page.address(variant))
    return page.show(request, variant, announce=form)


class _Received(forms.Form):
    quantity = forms.IntegerField(min_value=1, max_value=page.MOST)
    key = forms.CharField(max_length=40, required=False)


@supplier_role("warehouse")
@require_POST
def arrival_receive(request: Request, arrival_id: int) -> HttpResponseBase:
    """Book pieces of an arrival."""
    found = transit.arrival(arrival_id)
    form = _Received(request.POST)
    if not form.is_valid():
        toast.add(request, gettext("Enter at least one piece."), tone="bad")
        return redirect(page.address(found.variant))
    try:
        arrivals.receive(arrival_id=found.pk, actor_id=request.user.pk, **form.cleaned_data)
        toast.add(request, gettext("%(n)s received") % {"n": form.cleaned_data["quantity"]})
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    return redirect(page.address(found.variant))


@supplier_role("warehouse")
@require_POST
def arrival_cancel(request: Request, arrival_id: int) -> HttpResponseBase:
    """Expect an arrival no longer."""
    found = transit.arrival(arrival_id)
    try:
        arrivals.cancel(arrival_id=found.pk)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    return redirect(page.address(found.variant))


STATES = {
    "open": State("info", _("Expected"), "open"),
    "received": State("ok", _("Received")),
    "cancelled": State("", _("Cancelled"), "stop"),
}


def _state(each: Arrival) -> State:
    """Say how an arrival stands; one whose day is over is overdue."""
    if each.state == Arrival.State.OPEN and each.arrives_on < timezone.localdate():
        return State("warn", _("Overdue"))
    return STATES[each.state]


def _reference(each: Arrival) -> Any:
    return format_html("{} {}", causes.link(each.source), each.reference) if each.source else each.reference


class Arrivals(table.Table):
    """Everything that is or was expected, the next first."""

    id, caption, order, csv_name = "arrivals", _("Expected arrivals"), "arrives_on", "arrivals"
    filters = [
        table.Choice("state", _("State"), choices=Arrival.State.choices),
        filters.From("in", _("In"), choices=filters.warehouses, field="warehouse__code"),
        table.DateRange("at", _("Arrives on"), field="arrives_on"),
    ]
    columns = [
        table.date_column("arrives_on", _("Arrives on"), time=False, card=5, headed=True),
        table.Column("sku", _("SKU"), value=lambda each: each.variant.sku, link=lambda each: page.address(each.variant), card=1, fixed=True),
        table.Column("product", _("Product"), value=lambda each: shown.local(each.variant.product), card=3, clip=True),
        table.Column("warehouse", _("Warehouse"), value=lambda each: shown.local(each.warehouse)),
        table.Column("reference", _("Reference"), cell=_reference),
        table.Column("state", _("State"), value=_state, card=4),
        table.Column("received", _("Received"), align="end"),
        table.Column("quantity", _("Pieces"), align="end", card=2),
    ]  # fmt: skip
    empty = table.Empty(
        _("Nothing is expected"), _("Announce an arrival on the stock page of a product."), "package-plus"
    )


@supplier_role(*page.READERS)
@require_safe
def arrivals_index(request: Request) -> HttpResponseBase:
    """List expected arrivals."""
    views = [table.View(STATES["open"].word, "state=open"), table.View(_("All"))]
    return table.respond(request, Arrivals(request, transit.arrivals(), views=views), "supplier/stock/arrivals.html")


@supplier_role(*page.READERS)
@require_safe
def why(request: Request, variant_id: int) -> HttpResponseBase:
    """Give every movement of a variant with running sums, up to the end of a day where one is named."""
    variant = stock.find(variant_id)
    day = page.day_of(request.GET.get("day", ""))
    answer = StreamingHttpResponse(_lines(variant, day), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = format_html('attachment; filename="stock-{}.csv"', variant.pk)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(variant: Variant, day: date | None) -> Iterator[str]:
    writer = csv.writer(_Echo())
    heads = (_("When"), _("Kind"), _("Warehouse"), _("Why"), _("Cause"), _("Who"), _("Pieces"), _("On hand there after"), _("On hand after"))  # fmt: skip
    yield "\ufeff" + writer.writerow([str(head) for head in heads])
    for step in transit.history(variant, page.end_of(day) if day else None):
        moved = step.movement
        words = (page.kind_of(moved), moved.warehouse.code, page.reason_of(moved), causes.word(moved.cause), str(moved.actor or ""))  # fmt: skip
        yield writer.writerow(
            [moved.at.isoformat(), *map(sheets.harmless, words), moved.quantity, step.here, step.everywhere]
        )
