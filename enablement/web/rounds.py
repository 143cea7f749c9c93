"""Buying rounds in the supplier's office: opened, watched, given up."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import BuyingRound
from enablement.selectors import rounds
from enablement.services import purchases as ordering
from enablement.services import rounds as services
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import steps, table, toast
from s2b2c.ui.states import State
from supplier.selectors import stock

STATES: dict[Any, State] = {
    "open": State("info", pgettext_lazy("round", "Open"), "open"),
    "reached": State("ok", _("Reached")),
    "missed": State("warn", _("Not reached")),
    "cancelled": State("", _("Cancelled"), "stop"),
    "ended": State("ok", pgettext_lazy("round", "Ended")),
}
_NUMBER = {"inputmode": "numeric"}


def address(round_: BuyingRound) -> str:
    """Give the address of a round's page."""
    return reverse("supply:round", args=[round_.number])


class Rounds(table.Table):
    """Every round, the newest first."""

    id, caption, order, csv_name = "rounds", _("Buying rounds"), "-id", "rounds"
    columns = [
        table.Column("name", _("Round"), value=lambda each: local(each, "name"), link=address, card=1, fixed=True),
        table.state_column("state", _("State"), STATES),
        table.date_column("closes_at", _("Closes"), sort="closes_at", card=3),
        table.Column("shops", _("Shops"), align="end"),
        table.Column("pieces", _("Pieces"), align="end", card=2),
        table.Column("least", _("Needed"), align="end"),
        table.money_column("deposits_minor", _("Deposits"), bare=False),
    ]
    filters = [
        table.Text(fields=["name_en__icontains", "name_zh__icontains", "number__istartswith"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
    ]
    search_hint = _("Name, number")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = _("No buying rounds yet"), _("Shops commit pieces with a deposit; the more they commit together, the lower the price.")  # fmt: skip
        if not shown.may(self.request, shown.BUYERS):  # type: ignore[arg-type]
            return table.Empty(*words, "users")
        return table.Empty(*words, "users", reverse("supply:round_new"), _("Open a round"))


@supplier_role(*shown.COSTS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List rounds."""
    listed = Rounds(request, rounds.listed())
    return table.respond(request, listed, "supplier/buying/rounds.html", shown.tabs(request, "rounds"))


class New(forms.Form):
    """What a round is opened with."""

    name_en = forms.CharField(label=_("Name, English"), max_length=80)
    name_zh = forms.CharField(label=_("Name, Chinese"), max_length=80, required=False)
    skus = forms.CharField(label=_("SKUs"), widget=forms.Textarea({"rows": 4}), max_length=20_000)
    warehouse = forms.TypedChoiceField(label=_("To warehouse"), coerce=int)
    closes_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))
    least = forms.IntegerField(
        label=_("Pieces needed"), min_value=1, max_value=10_000_000, initial=100, widget=forms.NumberInput(_NUMBER)
    )
    volume = forms.IntegerField(
        label=_("Closes early at"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        widget=forms.NumberInput(_NUMBER),
    )
    deposit = forms.IntegerField(
        label=_("Deposit"), min_value=0, max_value=100, initial=10, widget=forms.NumberInput(_NUMBER)
    )
    shared = forms.IntegerField(
        label=_("Of the saving, shops get"), min_value=0, max_value=100, initial=50, widget=forms.NumberInput(_NUMBER)
    )
    sell_days = forms.IntegerField(label=_("Days to sell"), min_value=1, max_value=365, initial=60, widget=forms.NumberInput(_NUMBER))  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        places = [(each.pk, f"{local(each, 'name')} ({each.code})") for each in stock.warehouses() if each.active]
        self.fields["warehouse"].choices = places  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """Give what the round is opened with. :raises Refused: a SKU is unknown."""
        told = self.cleaned_data
        closes = timezone.make_aware(datetime.combine(told["closes_on"], time(23, 59)))
        return {
            "name_en": told["name_en"], "name_zh": told["name_zh"], "warehouse_id": told["warehouse"],
            "variant_ids": [ordering.variant_by_sku(sku) for sku in told["skus"].replace(",", " ").split()],
            "closes_at": closes, "least": told["least"], "volume": told["volume"],
            "deposit_bps": told["deposit"] * 100, "shared_bps": told["shared"] * 100, "sell_days": told["sell_days"],
        }  # fmt: skip


_FIELDS = {"closes_at": "closes_on", "items": "skus", "sku": "skus"}


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Open a round."""
    form = New(request.POST or None)
    if form.is_valid():
        try:
            made = services.open_(actor_id=request.user.pk, **form.facts)
            toast.add(request, gettext("Round opened"))
            return redirect(address(made))
        except Refused as refusal:
            field = _FIELDS.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
    return render(request, "supplier/buying/round_new.html", {"form": form}, status=422 if form.errors else 200)


@supplier_role(*shown.COSTS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a round."""
    return _show(request, number)


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    found: Any = rounds.find(number)
    ordered = found.plan is not None and found.plan.state in ("ordered", "settled")
    context = {
        **shown.tabs(request, "rounds"),
        "round": found,
        "state": STATES[found.state],
        "items": rounds.items(found),
        "commitments": rounds.commitments(found).order_by("reseller__name", "item__variant__sku"),
        "missing": max(0, found.least - found.pieces),
        "deposit": found.deposit_bps // 100,
        "shared": found.shared_bps // 100,
        "may_cancel": found.state in ("open", "reached") and not ordered,
        "error": error,
    }
    return render(request, "supplier/buying/round.html", context, status=422 if error else 200)


@supplier_role(*shown.BUYERS)
@require_POST
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Give a round up."""
    return steps.take(
        request,
        lambda: services.cancel(number=number, actor_id=request.user.pk),
        said=gettext("Cancelled: every deposit went back"),
        onward=lambda: address(rounds.find(number)),
        refused=lambda why: _show(request, number, why),
    )
