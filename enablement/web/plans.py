"""Purchase plans: all that should be bought, over all vendors at once; what each shop alone would have paid; the saving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from enablement.models import PlanLine, PlanShare, PurchasePlan, Vendor
from enablement.selectors import plans
from enablement.services import plans as services
from enablement.web import plan_words, shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.selectors import stock

STATES: dict[Any, State] = {
    "waiting": State("", pgettext_lazy("plan", "Waiting"), "open"),
    "planning": State("info", _("Being planned")),
    "done": State("warn", pgettext_lazy("plan", "Ready")),
    "ordered": State("info", _("Ordered")),
    "settled": State("ok", _("Saving shared")),
    "failed": State("bad", _("Failed")),
}


def address(plan: PurchasePlan) -> str:
    """Give the address of a plan's page."""
    return reverse("supply:plan", args=[plan.number])


def _percent(bps: int) -> str:
    return f"{bps / 100:.2f} %"


class Plans(table.Table):
    """Every plan, the newest first."""

    id, caption, order, csv_name = "plans", _("Plans"), "-id", "plans"
    columns = [
        table.Column("number", _("Number"), link=address, card=1, fixed=True),
        table.state_column("state", _("State"), STATES),
        table.date_column("created_at", _("Made"), card=3),
        table.Column("vendors", _("Vendors"), align="end"),
        table.Column("pieces", _("Pieces"), align="end"),
        table.Column("total", _("Shops"), align="end"),
        table.money_column("cost_minor", pgettext_lazy("plan", "Together"), bare=False, card=2),
        table.money_column("alone_minor", _("Each alone"), bare=False),
        table.money_column("saving_minor", _("Saving"), bare=False),
        table.Column("gap_bps", _("At most above the least"), value=lambda each: _percent(each.gap_bps) if each.method else None, align="end"),
    ]  # fmt: skip
    filters = [table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()])]
    empty = table.Empty(
        _("No plans yet"),
        _("A plan takes all that should be bought and finds the cheapest vendors for it together."),
        "split",
    )


class Start(forms.Form):
    """Where to, and which part of the saving shops get."""

    warehouse = forms.TypedChoiceField(label=_("To warehouse"), coerce=int)
    shared = forms.IntegerField(
        label=_("Of the saving, shops get"), min_value=0, max_value=100, initial=50, widget=forms.NumberInput({"inputmode": "numeric"})
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        places = [(each.pk, f"{local(each, 'name')} ({each.code})") for each in stock.warehouses() if each.active]
        self.fields["warehouse"].choices = places  # type: ignore[attr-defined]


@supplier_role(*shown.COSTS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List plans."""
    return _index(request, Start())


def _index(request: Request, form: Start) -> HttpResponseBase:
    context = {**shown.tabs(request, "plans"), "form": form, "table": Plans(request, plans.listed())}
    if form.errors:
        return render(request, "supplier/buying/plans.html", context, status=422)
    return table.respond(request, context["table"], "supplier/buying/plans.html", context)


@supplier_role(*shown.BUYERS)
@require_POST
def start(request: Request) -> HttpResponseBase:
    """Begin a plan."""
    form = Start(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = services.start(
                warehouse_id=told["warehouse"], shared_bps=told["shared"] * 100, actor_id=request.user.pk
            )
            return redirect(address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _index(request, form)


# --- One plan ----------------------------------------------------------------------------------------------
class Lines(table.Table):
    """What a plan buys."""

    id, caption, order, csv_name, allow_views = "plan_lines", _("What to buy"), "variant__sku", "plan", False
    filters = [table.Text(fields=["variant__sku__istartswith", "vendor__name__icontains", "variant__product__search_text__icontains"])]  # fmt: skip
    search_hint = _("SKU, vendor, name")
    empty = table.Empty(_("Nothing to buy"), "", "circle-check")

    def __init__(self, request: Request, plan: PurchasePlan) -> None:
        self.plan = plan
        self.columns = [
            table.Column("sku", _("SKU"), value="variant.sku", link=lambda each: reverse("supply:stock_of", args=[each.variant_id]), sort="variant__sku", card=1, fixed=True),
            table.Column("product", _("Product"), value=lambda each: shown.title(each.variant), cell=lambda each: shown.named(each.variant), card=3, clip=True),
            table.Column("vendor", _("Vendor"), value=lambda each: each.vendor.name if each.vendor else pgettext("vendor", "Nobody"), cell=self._vendor, card=4),
            table.Column("quantity", _("Pieces"), align="end"),
            table.Column("cost_minor", _("Cost"), value="cost_minor", cell=lambda each: figures.amount(each.cost_minor, plan.currency, bare=True) if each.vendor_id else "–", align="end", card=2),
            table.Column("why", _("Why"), value=self._why, wrap=True, muted=True, card=5),
        ]  # fmt: skip
        super().__init__(request, plans.lines(plan))

    @cached_property
    def names(self) -> dict[int, str]:
        """Vendors by id: reasons name others, too."""
        return dict(Vendor.objects.values_list("id", "name"))

    def _vendor(self, line: PlanLine) -> Any:
        if line.vendor is None:
            return format_html('<span class="hot">{}</span>', pgettext("vendor", "Nobody"))
        each = gettext("at %(unit)s") % {"unit": figures.amount(line.unit_minor, line.vendor.currency)}
        return format_html(
            '<span class="m-in">{} × </span>{}<span class="sub">{}</span>',
            f"{line.quantity:,}",
            line.vendor.name,
            each,
        )

    def _why(self, line: PlanLine) -> str:
        return plan_words.why(line, self.names, self.plan.currency)


@supplier_role(*shown.COSTS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a plan."""
    return _show(request, number)


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    plan = plans.find(number)
    lines = Lines(request, plan)
    context = {
        **shown.tabs(request, "plans"),
        "plan": plan,
        "state": STATES[plan.state],
        "gap": _percent(plan.gap_bps),
        "seconds": f"{plan.milliseconds / 1000:.1f}",
        "saved": _percent(plan.saving_minor * 10_000 // plan.alone_minor) if plan.alone_minor else "",
        "kept_minor": plan.saving_minor - plan.shared_minor,
        "percent": plan.shared_bps // 100,
        "vendors": plans.by_vendor(plan),
        "missing": plans.missing(plan),
        "shares": plans.shares(plan).order_by("-share_minor", "reseller__name")[:8],
        "table": lines,
        "error": error,
    }
    if error:
        return render(request, "supplier/buying/plan.html", context, status=422)
    return table.respond(request, lines, "supplier/buying/plan.html", context)


@supplier_role(*shown.COSTS)
@require_safe
def progress(request: Request, number: str) -> HttpResponseBase:
    """Show how far a plan has come; the page is shown anew when it is done."""
    plan = plans.find(number)
    answer = render(request, "supplier/buying/_plan_progress.html", {"plan": plan})
    if not plan.is_at_work:
        answer["HX-Refresh"] = "true"
    return answer


@supplier_role(*shown.BUYERS)
@require_POST
def order(request: Request, number: str) -> HttpResponseBase:
    """Put a plan into drafts."""
    try:
        n = len(services.order(number=number, actor_id=request.user.pk))
    except Refused as refusal:
        return _show(request, number, str(refusal))
    toast.add(request, ngettext("%(n)s draft made", "%(n)s drafts made", n) % {"n": n})
    return redirect(address(plans.find(number)))


class Shares(table.Table):
    """What each shop would have paid alone, and its part of the saving."""

    id, caption, order, csv_name, allow_views = "plan_shares", _("Shops"), "-share_minor", "saving", False
    filters = [table.Text(fields=["reseller__name__icontains"])]
    search_hint = _("Name of the shop")

    def __init__(self, request: Request, plan: PurchasePlan) -> None:
        def money(key: str, label: Any, card: int = 0, named: bool = False) -> table.Column:
            def cell(each: PlanShare) -> Any:
                minor = getattr(each, key)
                if minor is None:
                    return "–"
                if key == "share_minor" and each.reseller.currency != plan.currency:
                    return gettext("none, it counts in %(currency)s") % {"currency": each.reseller.currency}
                word = format_html('<span class="m-in">{} </span>', label) if named else ""
                return format_html("{}{}", word, figures.amount(minor, plan.currency, bare=True))

            sort = None if key == "credited_minor" else key
            return table.Column(key, label, cell=cell, sort=sort, align="end", card=card)

        self.columns = [
            table.Column("shop", _("Shop"), value="reseller.name", link=lambda each: reverse("supply:reseller", args=[each.reseller.slug]), card=1, fixed=True),
            money("alone_minor", _("Alone"), 3, named=True),
            money("pays_minor", pgettext_lazy("plan", "Together")),
            money("share_minor", _("Its part of the saving"), 2),
            money("credited_minor", _("Credited"), 4, named=True),
        ]  # fmt: skip
        super().__init__(request, plans.shares(plan))


@supplier_role(*shown.COSTS)
@require_safe
def shops(request: Request, number: str) -> HttpResponseBase:
    """Show how a plan's saving is divided."""
    plan = plans.find(number)
    listed = Shares(request, plan)
    foreign = plans.shares(plan).exclude(reseller__currency=plan.currency).count()
    context = {**shown.tabs(request, "plans"), "plan": plan, "percent": plan.shared_bps // 100, "table": listed, "foreign": foreign}  # fmt: skip
    return table.respond(request, listed, "supplier/buying/plan_shops.html", context)
