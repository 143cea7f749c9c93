"""The warehouses: which there are, and which is drawn from first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries, toast
from supplier.models import Warehouse
from supplier.selectors import stock
from supplier.services import warehouses
from supplier.web import shown


class WarehouseForm(forms.Form):
    """One warehouse."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]+$", label=_("Code"), max_length=12, help_text=_("Short and for good, such as OAK")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: [("", gettext("Not said")), *countries.choices()]
    )
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=32_000, initial=10, help_text=_("The lowest is drawn from first")
    )
    active = forms.BooleanField(label=_("Ships orders"), required=False, initial=True)


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """List warehouses; a POST adds one."""
    form = WarehouseForm(request.POST or None)
    if form.is_valid() and _kept(request, form, warehouses.add):
        toast.add(request, gettext("Warehouse added"))
        return redirect("supply:warehouses")
    pieces = stock.pieces_by_warehouse()
    rows = [(each, shown.local(each), pieces.get(each.pk, stock.Level())) for each in stock.warehouses()]
    return render(
        request, "supplier/stock/warehouses.html", {"rows": rows, "form": form}, status=422 if form.errors else 200
    )


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, warehouse_id: int) -> HttpResponse:
    """Change one warehouse."""
    found = stock.warehouse(warehouse_id)
    form = _form(request, found)
    if form.is_valid() and _kept(request, form, warehouses.change, warehouse_id=found.pk):
        toast.add(request, gettext("Saved"))
        return redirect("supply:warehouses")
    return render(
        request,
        "supplier/stock/warehouse.html",
        {"warehouse": found, "form": form},
        status=422 if form.errors else 200,
    )


def _form(request: Request, found: Warehouse) -> WarehouseForm:
    initial = {name: getattr(found, name) for name in warehouses.FIELDS}
    form = WarehouseForm(request.POST or None, initial=initial)
    del form.fields["code"]
    return form


def _kept(request: Request, form: WarehouseForm, service: Any, **more: Any) -> bool:
    try:
        service(actor_id=request.user.pk, **form.cleaned_data, **more)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
