"""Count sheets: counted blind or not, and posted as corrections."""

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
from supplier.models import StockCount, StockCountLine
from supplier.selectors import stock, transit
from supplier.services import counting as services
from supplier.web import filters, shown
from supplier.web.pieces import MOST_LINES, Pieces
from supplier.web.stock import MOST, READERS, may_work

STATES = {
    "open": State("info", pgettext_lazy("count", "Open"), "open"),
    "posted": State("ok", _("Posted")),
    "cancelled": State("", _("Cancelled"), "stop"),
}


class Sheets(table.Table):
    """Every count, the newest first."""

    id, caption, order, csv_name = "counts", _("Counts"), "-id", "counts"
    filters = [
        table.Choice("state", _("State"), choices=StockCount.State.choices),
        filters.From("in", _("In"), choices=filters.warehouses, field="warehouse__code"),
    ]
    columns = [
        table.Column("number", _("Number"), link=lambda each: address(each.number), card=1, fixed=True),
        table.Column("warehouse", _("Warehouse"), value=lambda each: shown.local(each.warehouse), card=3),
        table.state_column("state", _("State"), STATES),
        table.date_column("created_at", _("Begun")),
        table.date_column("posted_at", _("Posted")),
        table.Column("actor", _("Who"), value=lambda each: str(each.actor or ""), muted=True),
        table.Column("done", _("Counted"), value=lambda each: f"{each.done} / {each.total}", align="end", card=2),
    ]
    empty = table.Empty(_("No counts yet"), _("Count a part of a warehouse; differences are posted with a reason."), "clipboard-list")  # fmt: skip


def address(number: str) -> str:
    """Give the address of a count."""
    return reverse("supply:count", args=[number])


class New(forms.Form):
    """Where to count, and what."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    variants = Pieces(label=_("SKUs"), required=False, numbers=False, help_text=_("One in each line. Empty: everything that lies there."))  # fmt: skip
    blind = forms.BooleanField(label=_("Blind: do not show what is expected"), required=False, initial=True)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        places = [(each.pk, f"{shown.local(each)} ({each.code})") for each in stock.warehouses()]
        self.fields["warehouse"].choices = places  # type: ignore[attr-defined]


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List counts."""
    listed = Sheets(request, transit.sheets())
    return table.respond(request, listed, "supplier/stock/counts.html", {"may_work": may_work(request)})


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Make a sheet."""
    form = New(request.POST or None)
    if form.is_valid():
        place = int(form.cleaned_data["warehouse"])
        variants = list(form.cleaned_data["variants"]) or transit.lying_in(place, most=MOST_LINES)
        try:
            made = services.start(
                warehouse_id=place,
                variant_ids=variants,
                blind=form.cleaned_data["blind"],
                actor_id=request.user.pk,
            )
            return redirect(address(made.number))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "supplier/stock/count_new.html", {"form": form}, status=422 if form.errors else 200)


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a sheet; a POST writes down what was counted."""
    if request.method != "POST":
        return _show(request, number)
    lines = transit.sheet(number).lines.values_list("id", flat=True)
    try:
        counted = {line: _number(request.POST.get(f"line-{line}", "")) for line in lines}
    except ValueError:
        return _show(request, number, gettext("Enter whole numbers of pieces."))
    return _step(request, number, lambda: services.record(number=number, counted=counted), gettext("Written down"))


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    number = int(text)
    if not 0 <= number <= MOST:
        raise ValueError(text)
    return number


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    found = transit.sheet(number)
    lines: list[StockCountLine] = list(found.lines.select_related("variant__product").order_by("variant__sku"))
    context = {
        "sheet": found, "state": STATES[found.state], "lines": lines, "error": error, "typed": request.POST, "place": shown.local(found.warehouse),
        "reveal": not found.blind or found.state == StockCount.State.POSTED,
        "different": sum(1 for line in lines if line.counted is not None and line.difference),
        "may_work": may_work(request),
    }  # fmt: skip
    return render(request, "supplier/stock/count.html", context, status=422 if error else 200)


def _step(request: Request, number: str, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request, step, said=said, onward=lambda: address(number), refused=lambda why: _show(request, number, why)
    )


@supplier_role("warehouse")
@require_POST
def post(request: Request, number: str) -> HttpResponseBase:
    """Correct what is on hand by what was found."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        number,
        lambda: services.post(number=number, reason=reason, actor_id=request.user.pk),
        gettext("Posted"),
    )


@supplier_role("warehouse")
@require_POST
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Throw a sheet away."""
    return _step(request, number, lambda: services.cancel(number=number), gettext("Cancelled"))
