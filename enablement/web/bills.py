"""Vendors' bills in the supplier's office: the list, one entered against its order, one decided on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import BillLine, PurchaseOrder, VendorBill
from enablement.selectors import bills, purchases, vendors
from enablement.services import bills as services
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import steps, table, toast
from s2b2c.ui.states import State

STATES: dict[Any, State] = {
    "held": State("warn", pgettext_lazy("bill", "Held"), "hold"),
    "approved": State("info", pgettext_lazy("bill", "To pay")),
    "filed": State("info", pgettext_lazy("bill", "With the bank"), "half"),
    "paid": State("ok", pgettext_lazy("bill", "Paid")),
    "refused": State("bad", pgettext_lazy("bill", "Refused"), "stop"),
}
TROUBLE: dict[str, Any] = {
    "pieces": _("More pieces than came and are unbilled"),
    "price": _("Dearer than ordered"),
}
DECISIONS: dict[str, State] = {
    "": State("warn", pgettext_lazy("bill", "Held"), "hold"),
    "fits": State("ok", pgettext_lazy("bill", "Fits")),
    "accept": State("info", pgettext_lazy("bill", "Accepted")),
    "short": State("info", pgettext_lazy("bill", "Paid short"), "down"),
    "credit": State("warn", pgettext_lazy("bill", "Credit note asked"), "back"),
}


def address(bill: VendorBill) -> str:
    """Give the address of a bill's page."""
    return reverse("supply:bill", args=[bill.pk])


class Bills(table.Table):
    """Every bill, what is due first at the top."""

    id, caption, order, csv_name = "bills", _("Bills"), "-id", "bills"
    columns = [
        table.Column("number", _("Bill"), link=address, card=1, fixed=True),
        table.Column("vendor", _("Vendor"), value="vendor.name", card=3, clip=True),
        table.state_column("state", _("State"), STATES),
        table.Column("order", _("Purchase order"), value="order.number", muted=True),
        table.date_column("billed_on", _("Written"), time=False, hidden=True),
        table.date_column("due_on", pgettext_lazy("bill", "Due"), sort="due_on", time=False, card=5),
        table.money_column("total_minor", _("Billed"), bare=False, card=2),
        table.money_column("payable_minor", _("To pay"), bare=False),
    ]
    filters = [
        table.Text(fields=["number__istartswith", "vendor__name__icontains", "order__number__istartswith"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
        table.DateRange("due", pgettext_lazy("bill", "Due"), field="due_on"),
    ]
    search_hint = _("Number, vendor, purchase order")
    empty = table.Empty(_("No bills yet"), _("Enter a vendor’s bill on the page of its purchase order; what fits is approved at once."), "receipt-text")  # fmt: skip


@supplier_role(*shown.COSTS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List vendors' bills."""
    counts = bills.states()
    views = [
        table.View(_("All")),
        table.View(STATES["held"].word, "state=held", counts.get("held", 0)),
        table.View(STATES["approved"].word, "state=approved", counts.get("approved", 0)),
        table.View(STATES["paid"].word, "state=paid"),
    ]
    context = {**shown.tabs(request, "bills"), "rules": RulesForm(rules=services.rules()), "pays": shown.may(request, ("finance",))}  # fmt: skip
    return table.respond(request, Bills(request, bills.listed(), views=views), "supplier/buying/bills.html", context)


class RulesForm(forms.Form):
    """How far a bill may differ."""

    price = forms.IntegerField(label=_("Price, per cent above the order"), min_value=0, max_value=50)
    pieces = forms.IntegerField(label=_("Pieces, per cent above what came"), min_value=0, max_value=50)

    def __init__(self, data: Any = None, *, rules: Any = None) -> None:
        told = {"price": rules.price_bps // 100, "pieces": rules.pieces_bps // 100} if rules else None
        super().__init__(data, initial=told)


@supplier_role("finance")
@require_POST
def rules(request: Request) -> HttpResponseBase:
    """Set how far bills may differ."""
    form = RulesForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        services.set_rules(price_bps=told["price"] * 100, pieces_bps=told["pieces"] * 100, actor_id=request.user.pk)
        toast.add(request, gettext("Saved"))
    else:
        toast.add(request, gettext("Between 0 and 50 per cent."), tone="warn")
    return redirect("supply:bills")


# --- Entered -------------------------------------------------------------------------------------------------
class BillForm(forms.Form):
    """A bill against an order: its lines as they came, to be changed to what stands on the paper."""

    vendor = forms.TypedChoiceField(label=_("Billed by"), coerce=int)
    number = forms.CharField(label=_("Number of the bill"), max_length=40)
    billed_on = forms.DateField(label=_("Written on"), widget=forms.DateInput({"type": "date"}))
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any = None, *, order: PurchaseOrder) -> None:
        self.order = order
        today = timezone.localdate(clock.now()).isoformat()
        super().__init__(data, initial={"vendor": order.vendor_id, "billed_on": today, "due_on": today})
        self.fields["vendor"].choices = [(each.pk, each.name) for each in vendors.active()]  # type: ignore[attr-defined]
        before = bills.billed(order)
        self.lines = purchases.lines(order)
        for line in self.lines:
            left = max(0, line.received - before.get(line.pk, 0))
            self.fields[f"pieces-{line.pk}"] = forms.IntegerField(
                label=_("Pieces"), min_value=0, max_value=1_000_000, required=False, initial=left
            )
            self.fields[f"unit-{line.pk}"] = _amount(_("Each"), money.to_decimal(line.unit_minor, order.currency))
        self.charges = [each for each in bills.charges(order) if each.kind != "difference"]
        for charge in self.charges:
            self.fields[f"charge-{charge.pk}"] = _amount(charge.get_kind_display(), "")

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Give each line with its fields."""
        return [(line, self[f"pieces-{line.pk}"], self[f"unit-{line.pk}"]) for line in self.lines]

    @property
    def costs(self) -> list[tuple[Any, forms.BoundField]]:
        """Give each cost with its field."""
        return [(charge, self[f"charge-{charge.pk}"]) for charge in self.charges]

    @property
    def facts(self) -> dict[str, Any]:
        """Give the bill. :raises Refused: an amount is none."""
        told = self.cleaned_data
        goods, costs = {}, {}
        for line in self.lines:
            if told.get(f"pieces-{line.pk}"):
                unit = money.parse_amount(told.get(f"unit-{line.pk}") or "0", self.order.currency, field=f"unit-{line.pk}")  # fmt: skip
                goods[line.pk] = (told[f"pieces-{line.pk}"], unit)
        for charge in self.charges:
            if told.get(f"charge-{charge.pk}"):
                costs[charge.pk] = money.parse_amount(told[f"charge-{charge.pk}"], charge.currency, field=f"charge-{charge.pk}")  # fmt: skip
        return {
            "vendor_id": told["vendor"], "number": told["number"], "billed_on": told["billed_on"], "due_on": told["due_on"],
            "goods": goods, "charges": costs,
        }  # fmt: skip


def _amount(label: Any, initial: Any) -> forms.CharField:
    field = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=20, required=False, initial=initial, widget=field)


@supplier_role(*shown.COSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, number: str) -> HttpResponseBase:
    """Enter a bill for an order."""
    order = purchases.find(number)
    form = BillForm(request.POST or None, order=order)
    if form.is_valid():
        try:
            made = services.enter(order_number=number, actor_id=request.user.pk, **form.facts)
            said = (
                gettext("It fits and is approved.")
                if made.state == "approved"
                else gettext("Held: somebody must decide.")
            )
            toast.add(request, said, tone="ok" if made.state == "approved" else "warn")
            return redirect(address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {**shown.tabs(request, "bills"), "order": order, "form": form}
    return render(request, "supplier/buying/bill_new.html", context, status=422 if form.errors else 200)


# --- Decided on ----------------------------------------------------------------------------------------------
@supplier_role(*shown.READERS)
@require_safe
def page(request: Request, bill_id: int) -> HttpResponseBase:
    """Show a bill beside what was ordered and what came."""
    return _show(request, bill_id)


def _show(request: Request, bill_id: int, error: str = "") -> HttpResponseBase:
    bill = bills.find(bill_id)
    tabs = shown.tabs(request, "bills")
    context = {
        **tabs,
        "bill": bill,
        "state": STATES[bill.state],
        "rows": [_row(request, line) for line in bills.lines(bill)],
        "refuses": bill.state == "held" and shown.may(request, shown.COSTS),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "supplier/buying/bill.html", context, status=422 if error else 200)


def _row(request: Request, line: BillLine) -> dict[str, Any]:
    return {
        "it": line,
        "state": DECISIONS[line.decision],
        "trouble": [TROUBLE[code] for code in line.trouble],
        "who": gettext("Buying") if "price" in line.trouble else gettext("Warehouse"),
        "decides": line.decision == "" and _decides(request, line),
    }


def _decides(request: Request, line: BillLine) -> bool:
    """Whoever bought decides on a price, whoever counts on pieces; both are wrong: whoever bought."""
    return shown.may(request, shown.BUYERS if "price" in line.trouble else shown.RECEIVERS)


@supplier_role(*shown.READERS)
@require_POST
def decide(request: Request, bill_id: int, line_id: int) -> HttpResponseBase:
    """Decide on a held line."""
    line = next((each for each in bills.lines(bills.find(bill_id)) if each.pk == line_id), None)
    if line is None or not _decides(request, line):
        raise PermissionDenied
    return _step(
        request,
        bill_id,
        lambda: services.decide(bill_id=bill_id, line_id=line_id, decision=request.POST.get("decision", ""), reason=request.POST.get("reason", ""), actor_id=request.user.pk),
        gettext("Decided"),
    )  # fmt: skip


@supplier_role(*shown.COSTS)
@require_POST
def refuse(request: Request, bill_id: int) -> HttpResponseBase:
    """Refuse a bill whole."""
    return _step(
        request,
        bill_id,
        lambda: services.refuse(bill_id=bill_id, reason=request.POST.get("reason", ""), actor_id=request.user.pk),
        gettext("Refused"),
    )


@supplier_role(*shown.COSTS)
@require_POST
def credit(request: Request, bill_id: int, line_id: int) -> HttpResponseBase:
    """Write down a credit note that came."""
    return _step(
        request,
        bill_id,
        lambda: services.credit_came(bill_id=bill_id, line_id=line_id, number=request.POST.get("credit_note", ""), actor_id=request.user.pk),
        gettext("Saved"),
    )  # fmt: skip


def _step(request: Request, bill_id: int, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request,
        step,
        said=said,
        onward=lambda: reverse("supply:bill", args=[bill_id]),
        refused=lambda why: _show(request, bill_id, why),
    )
