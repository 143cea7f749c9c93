"""Vendors: the list, the page of one, what it offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import PurchaseOrder, Vendor, VendorOffer
from enablement.selectors import ladder, purchases, vendors
from enablement.services import purchases as ordering
from enablement.services import vendors as services
from enablement.web import shown
from enablement.web.vendor_forms import OfferForm, VendorForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries, figures, table, toast
from s2b2c.ui.states import State

_ACTIVE = {True: State("ok", pgettext_lazy("vendor", "Active")), False: State("", _("Archived"), "stop")}


def address(vendor: Vendor) -> str:
    """Give the address of a vendor's page."""
    return reverse("supply:vendor", args=[vendor.pk])


def _lead(vendor: Vendor) -> str:
    return ngettext("%(n)s day", "%(n)s days", vendor.lead_days) % {"n": vendor.lead_days}


class Vendors(table.Table):
    """All vendors, by name."""

    id, caption, order, csv_name = "vendors", _("Vendors"), "name", "vendors"
    columns = [
        table.Column("name", _("Vendor"), link=address, sub="contact", sort="name", card=1, fixed=True),
        table.Column("country", _("Country"), value=lambda each: countries.name(each.country), card=3),
        table.Column("currency", _("Currency"), muted=True),
        table.Column("lead_days", _("Lead time"), value=_lead, export=lambda each: each.lead_days, sort="lead_days", align="end", card=2),
        table.Column("offered", pgettext_lazy("vendor", "Offers"), align="end"),
        table.Column("open_orders", _("Open orders"), align="end"),
        table.state_column("active", _("State"), _ACTIVE),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["name__icontains", "contact__icontains", "email__icontains"]),
        table.Choice(
            "active", _("State"), choices=[("True", pgettext_lazy("vendor", "Active")), ("False", _("Archived"))]
        ),
        table.Choice("currency", _("Currency"), choices=[(code, code) for code in money.OFFERED]),
    ]
    search_hint = _("Name, contact, e-mail")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = _("No vendors yet"), _("Whom you buy from, with what they offer and at which prices.")
        if not shown.may(self.request, shown.BUYERS):  # type: ignore[arg-type]
            return table.Empty(*words, "factory")
        return table.Empty(*words, "factory", reverse("supply:vendor_new"), _("Add a vendor"))


@supplier_role(*shown.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List vendors."""
    views = [
        table.View(_("All")),
        table.View(pgettext_lazy("vendor", "Active"), "active=True"),
        table.View(_("Archived"), "active=False"),
    ]
    listed = Vendors(request, vendors.listed(), views=views)
    return table.respond(request, listed, "supplier/buying/vendors.html", shown.tabs(request, "vendors"))


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Add a vendor."""
    form = VendorForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.add(facts=form.facts, actor_id=request.user.pk)
            toast.add(request, gettext("Vendor added"))
            return redirect(address(made))
        except Refused as refusal:
            refused(form, refusal)
    return render(request, "supplier/buying/vendor_new.html", {"form": form}, status=422 if form.errors else 200)


def refused(form: forms.Form, refusal: Refused) -> None:
    """Let what was refused stand on the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


# --- One vendor ----------------------------------------------------------------------------------------
def _steps(offer: VendorOffer) -> str:
    found = [
        f"{start:,}: {figures.amount(unit, offer.vendor.currency, bare=True)}"
        for start, unit in ladder.of(offer).steps
    ]
    return " · ".join(found)


class Offers(table.Table):
    """What one vendor offers."""

    id, order, csv_name, allow_views, size = "vendor_offers", "variant__sku", "offers", False, 25
    caption = pgettext_lazy("vendor", "Offers")
    columns = [
        table.Column("sku", _("SKU"), value="variant.sku", link=lambda each: reverse("supply:vendor_offer", args=[each.pk]), sort="variant__sku", card=1, fixed=True),
        table.Column("product", _("Product"), value=lambda each: shown.title(each.variant), cell=lambda each: shown.named(each.variant), card=3, clip=True),
        table.Column("code", _("Its own number"), muted=True, hidden=True),
        table.Column("steps", _("From pieces: each"), value=_steps, card=5),
        table.money_column("cheapest", _("Cheapest"), currency="vendor.currency", card=2),
        table.Column("minimum", _("Smallest quantity"), align="end"),
        table.Column("pack", _("Pack of"), align="end"),
        table.Column("weekly", _("Most in a week"), align="end"),
    ]  # fmt: skip
    filters = [
        table.Text(
            fields=["variant__sku__istartswith", "code__istartswith", "variant__product__search_text__icontains"]
        )
    ]
    search_hint = _("SKU, its number, name")

    def __init__(self, request: Request, *rest: Any, **more: Any) -> None:
        self.columns = shown.without_costs(request, type(self).columns, "steps", "cheapest")
        super().__init__(request, *rest, **more)

    empty = table.Empty(_("No offers yet"), _("Write down what it asks for a product: then you can order it."), "tag")


@supplier_role(*shown.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, vendor_id: int) -> HttpResponseBase:
    """Show a vendor; a POST changes it."""
    vendor = vendors.find(vendor_id)
    if request.method != "POST":
        return _page(request, vendor, VendorForm(vendor=vendor))
    return _change(request, vendor)


def _change(request: Request, vendor: Vendor) -> HttpResponseBase:
    if not shown.may(request, shown.BUYERS):
        raise PermissionDenied
    form = VendorForm(request.POST, vendor=vendor)
    if form.is_valid():
        try:
            services.change(vendor_id=vendor.pk, facts=form.facts, actor_id=request.user.pk)
            toast.add(request, gettext("Saved"))
            return redirect(address(vendor))
        except Refused as refusal:
            refused(form, refusal)
    return _page(request, vendors.find(vendor.pk), form)


def _page(request: Request, vendor: Vendor, form: VendorForm) -> HttpResponseBase:
    orders = PurchaseOrder.objects.filter(vendor=vendor)
    context = {
        **shown.tabs(request, "vendors"),
        "vendor": vendor,
        "form": form,
        "state": _ACTIVE[vendor.active],
        "own": vendors.own_currency(),
        "pays": shown.may(request, ("finance",)),
        "orders": [
            (each, shown.STATES[each.state]) for each in purchases.listed().filter(pk__in=orders).order_by("-id")[:8]
        ],
        "table": Offers(request, vendors.offers(vendor)),
    }
    if form.errors:
        return render(request, "supplier/buying/vendor.html", context, status=422)
    return table.respond(request, context["table"], "supplier/buying/vendor.html", context)


@supplier_role(*shown.BUYERS)
@require_POST
def archive(request: Request, vendor_id: int) -> HttpResponseBase:
    """Order from a vendor no longer, or again."""
    active = request.POST.get("active") == "1"
    vendor = services.set_active(vendor_id=vendor_id, active=active, actor_id=request.user.pk)
    toast.add(request, gettext("Active again") if active else gettext("Archived"))
    return redirect(address(vendor))


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_new(request: Request, vendor_id: int) -> HttpResponseBase:
    """Write down what a vendor asks for a variant."""
    vendor = vendors.find(vendor_id)
    return _offer(request, vendor, OfferForm(request.POST or None, vendor=vendor), None)


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Request, offer_id: int) -> HttpResponseBase:
    """Change what a vendor asks."""
    found = vendors.offer(offer_id)
    return _offer(request, found.vendor, OfferForm(request.POST or None, vendor=found.vendor, offer=found), found)


def _offer(request: Request, vendor: Vendor, form: OfferForm, found: VendorOffer | None) -> HttpResponseBase:
    if form.is_valid():
        try:
            variant_id = found.variant_id if found else ordering.variant_by_sku(form.cleaned_data["sku"])
            services.put_offer(vendor_id=vendor.pk, variant_id=variant_id, actor_id=request.user.pk, **form.facts)
            toast.add(request, gettext("Saved"))
            return redirect(address(vendor))
        except Refused as refusal:
            refused(form, refusal)
    context: dict[str, Any] = {"vendor": vendor, "form": form, "offer": found}
    return render(request, "supplier/buying/offer.html", context, status=422 if form.errors else 200)


@supplier_role(*shown.BUYERS)
@require_POST
def offer_remove(request: Request, offer_id: int) -> HttpResponseBase:
    """Take an offer away."""
    vendor = vendors.offer(offer_id).vendor
    services.remove_offer(offer_id=offer_id, actor_id=request.user.pk)
    toast.add(request, gettext("Offer taken away"))
    return redirect(address(vendor))
