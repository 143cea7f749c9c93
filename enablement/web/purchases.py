"""Orders to vendors: the list, the page of one, the paper for the vendor, what pieces cost since."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from enablement.models import PurchaseCharge, PurchaseLine, PurchaseOrder
from enablement.selectors import bills, inspections, ladder, purchases, vendors
from enablement.services import charges as charging
from enablement.services import purchases as services
from enablement.web import shown
from enablement.web.bills import STATES as BILLS
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import table
from supplier.models import Company
from supplier.selectors import stock
from supplier.web import filters


def address(order: PurchaseOrder) -> str:
    """Give the address of an order's page."""
    return reverse("supply:purchase", args=[order.number])


def _expected(order: Any) -> Any:
    return order.next_on if order.state in ("draft", "sent", "part") else None


class Purchases(table.Table):
    """Every order to a vendor, the newest first."""

    id, caption, order, csv_name = "purchases", _("Purchase orders"), "-id", "purchases"
    columns = [
        table.Column("number", _("Number"), link=address, card=1, fixed=True),
        table.Column("vendor", _("Vendor"), value="vendor.name", card=3, clip=True),
        table.state_column("state", _("State"), shown.STATES),
        table.Column("warehouse", _("Warehouse"), value=lambda each: local(each.warehouse, "name"), muted=True),
        table.date_column("created_at", pgettext_lazy("purchase", "Written"), sort="created_at", time=False, hidden=True),
        table.date_column("sent_at", pgettext_lazy("purchase", "Sent"), time=False),
        table.date_column("expected", pgettext_lazy("purchase", "Expected"), value=_expected, time=False, card=5),
        table.Column("pieces", _("Pieces"), align="end"),
        table.Column("due", pgettext_lazy("purchase", "Still to come"), value=lambda each: each.due if each.state in ("sent", "part") else None, align="end"),
        table.money_column("goods_minor", _("Goods"), bare=False, card=2),
    ]  # fmt: skip
    filters = [
        table.Text(apply=purchases.matching),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in shown.STATES.items()]),
        filters.From("to", pgettext_lazy("purchase", "To"), choices=filters.warehouses, field="warehouse__code"),
        table.DateRange("written", pgettext_lazy("purchase", "Written"), field="created_at"),
    ]
    search_hint = _("Number, vendor, SKU")

    def __init__(self, request: Request, *rest: Any, **more: Any) -> None:
        self.columns = shown.without_costs(request, type(self).columns, "goods_minor")
        super().__init__(request, *rest, **more)

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = _("No purchase orders yet"), _("Begin one here, or let “To buy” say what is running out.")
        if not shown.may(self.request, shown.BUYERS):  # type: ignore[arg-type]
            return table.Empty(*words, "clipboard-list")
        return table.Empty(*words, "clipboard-list", reverse("supply:purchase_new"), _("New purchase order"))


@supplier_role(*shown.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List orders to vendors."""
    counts = purchases.states()
    views = [
        table.View(_("All")),
        table.View(_("Drafts"), "state=draft", counts.get("draft", 0)),
        table.View(_("On their way"), "state=sent&state=part", counts.get("sent", 0) + counts.get("part", 0)),
        table.View(_("Received"), "state=received"),
    ]
    listed = Purchases(request, purchases.listed(), views=views)
    return table.respond(request, listed, "supplier/buying/orders.html", shown.tabs(request, "orders"))


class New(forms.Form):
    """To whom, and where to."""

    vendor = forms.TypedChoiceField(label=_("Vendor"), coerce=int)
    warehouse = forms.TypedChoiceField(label=_("To warehouse"), coerce=int)
    note = forms.CharField(label=_("Note to the vendor"), max_length=240, required=False)

    def __init__(self, data: Any = None, *, vendor: str = "") -> None:
        super().__init__(data, initial={"vendor": vendor})
        names = [(each.pk, each.name) for each in vendors.active()]
        places = [(each.pk, f"{local(each, 'name')} ({each.code})") for each in stock.warehouses() if each.active]
        self.fields["vendor"].choices, self.fields["warehouse"].choices = names, places  # type: ignore[attr-defined]


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Begin an order."""
    form = New(request.POST or None, vendor=request.GET.get("vendor", ""))
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = services.draft(
                vendor_id=told["vendor"], warehouse_id=told["warehouse"], note=told["note"], actor_id=request.user.pk
            )
            return redirect(address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "vendors": form.fields["vendor"].choices}  # type: ignore[attr-defined]
    return render(request, "supplier/buying/order_new.html", context, status=422 if form.errors else 200)


# --- One order -----------------------------------------------------------------------------------------
@supplier_role(*shown.READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show an order and its next step."""
    return show(request, number)


class ChargeForm(forms.Form):
    """A cost of an order beside its price."""

    kind = forms.ChoiceField(label=_("What"), choices=lambda: [(each.value, each.label) for each in charging.TOLD])
    basis = forms.ChoiceField(label=_("Shared"), choices=PurchaseCharge.Basis.choices)
    amount = forms.CharField(label=_("Amount"), max_length=20, widget=forms.TextInput({"inputmode": "decimal"}))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.OFFERED])
    rate = forms.DecimalField(label=_("Exchange rate"), min_value=0, max_digits=14, decimal_places=6, required=False)
    note = forms.CharField(label=_("Bill or note"), max_length=160, required=False)


def show(request: Request, number: str, error: str = "", charge: ChargeForm | None = None) -> HttpResponseBase:
    """Show an order; ``error`` says why a step was refused, and what was typed is kept."""
    order: Any = purchases.find(number)
    lines = purchases.lines(order)
    goods = ladder.total((line.quantity, line.unit_minor) for line in lines)
    own = vendors.own_currency()
    tabs = shown.tabs(request, "orders")
    context = {
        **tabs,
        "order": order,
        "state": shown.STATES[order.state],
        "rows": [(line, _typed(request, line, order)) for line in lines],
        "numbered": any(line.variant.serials and line.left for line in lines),
        "lotted": [(line, request.POST.get(f"lots-{line.pk}", ""), request.POST.get(f"expires-{line.pk}", ""), inspections.covering(vendor_id=order.vendor_id, variant_id=line.variant_id)) for line in lines if line.left] if order.state in ("sent", "part") else [],
        "goods": goods,
        "total": goods + order.order_fee_minor,
        "in_own": shown.cost(ladder.in_own(goods + order.order_fee_minor, order.currency, order.rate, own), own, bare=False) if own != order.currency else "",
        "own": own,
        "offers": vendors.offers(order.vendor).order_by("variant__sku")[:500] if order.state == "draft" else [],
        "receipts": purchases.receipts(order),
        **(_money(order, lines, own, charge) if tabs["sees_costs"] and order.state in ("sent", "part", "received") else {}),
        "events": [shown.event(note) for note in purchases.notes(order)],
        "writes": order.state == "draft" and tabs["may_buy"],
        "receives": order.state in ("sent", "part") and tabs["may_receive"],
        "buys": tabs["may_buy"],
        "late": order.state in ("sent", "part") and order.next_on and order.due and order.next_on < timezone.localdate(clock.now()),
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "typed": request.POST,
        "error": error,
    }  # fmt: skip
    return render(request, "supplier/buying/order.html", context, status=422 if error or charge else 200)


def _money(order: Any, lines: list[PurchaseLine], own: str, charge: ChargeForm | None) -> dict[str, Any]:
    """Give the costs and bills of an order that was sent."""
    bears = bills.landed(order)
    return {
        "money": True,
        "charges": bills.charges(order),
        "bears": [(line, *bears[line.pk]) for line in lines if line.pk in bears],
        "charge_form": charge or ChargeForm(initial={"currency": own}),
        "bills": [(bill, BILLS[bill.state]) for bill in bills.of_order(order)],
    }


def _typed(request: Request, line: PurchaseLine, order: PurchaseOrder) -> str:
    usual = line.quantity if order.state == "draft" else line.left
    return request.POST.get(f"line-{line.pk}", str(usual))


@supplier_role(*shown.COSTS)
@require_safe
def paper(request: Request, number: str) -> HttpResponseBase:
    """Show an order as its vendor gets it, in its own language or the one asked for."""
    order = purchases.find(number)
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else order.vendor.language
    lines = purchases.lines(order)
    goods = ladder.total((line.quantity, line.unit_minor) for line in lines)
    told = {"order": order, "lines": lines, "goods": goods, "total": goods + order.order_fee_minor, "company": Company.objects.first()}  # fmt: skip
    with translation.override(language):
        drawn = render_to_string("papers/_purchase.html", told)
    context = {
        "order": order,
        "paper": drawn,
        "language": language,
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        **shown.tabs(request, "orders"),
    }
    return render(request, "supplier/buying/paper.html", context)


# --- What pieces cost ------------------------------------------------------------------------------------
class Costs(table.Table):
    """What a piece of each variant costs S, by what was received."""

    id, caption, order, csv_name = "costs", _("Costs"), "variant__sku", "costs"
    columns = [
        table.Column("sku", _("SKU"), value="variant.sku", link=lambda each: reverse("supply:stock_of", args=[each.variant_id]), sort="variant__sku", card=1, fixed=True),
        table.Column("product", _("Product"), value=lambda each: shown.title(each.variant), cell=lambda each: shown.named(each.variant), card=3, clip=True),
        table.Column("average_minor", _("Average cost"), cell=lambda each: shown.cost(each.average_minor, each.currency), sort="average_minor", align="end", card=2),
        table.Column("last_minor", _("Last cost"), cell=lambda each: shown.cost(each.last_minor, each.currency), align="end"),
        table.money_column("wholesale", _("Wholesale"), value="variant.wholesale_minor"),
        table.Column("margin_minor", _("Left per piece"), cell=lambda each: shown.cost(each.margin_minor, each.currency), align="end", card=4),
        table.Column("vendor", _("Last from"), muted=True),
        table.Column("number", _("Purchase order"), link=lambda each: reverse("supply:purchase", args=[each.number]) if each.number else None),
        table.date_column("received_at", _("Received"), sort="received_at", time=False),
    ]  # fmt: skip
    filters = [table.Text(fields=["variant__sku__istartswith", "variant__product__search_text__icontains"])]
    search_hint = _("SKU, name")
    empty = table.Empty(_("No costs yet"), _("They come with what is received for purchase orders."), "calculator")


@supplier_role(*shown.COSTS)
@require_safe
def costs(request: Request) -> HttpResponseBase:
    """List what pieces cost."""
    rows = purchases.costs().prefetch_related("variant__product__media", "variant__media")
    return table.respond(request, Costs(request, rows), "supplier/buying/costs.html", shown.tabs(request, "costs"))
