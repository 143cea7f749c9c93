"""Resellers: the list, the page of one, applications, suspension, terms, opening a shop for somebody."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Invitation
from s2b2c.accounts.permissions import supplier_role
from s2b2c.accounts.services import staff
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import hosts
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import countries, table, toast
from supplier.selectors import resellers, terms
from supplier.services import resellers as services
from supplier.web import orders, shown
from supplier.web.terms_form import NewTerms

READERS = ("finance", "support")


def address(reseller: Reseller) -> str:
    """Give the address of a reseller's page."""
    return reverse("supply:reseller", args=[reseller.slug])


class Resellers(table.Table):
    """All resellers, the newest first."""

    id, caption, order, csv_name = "resellers", _("Resellers"), "-created_at", "resellers"
    columns = [
        table.Column("name", _("Reseller"), link=address, card=1, fixed=True, sort="name"),
        table.Column("slug", _("Address"), muted=True, card=3),
        table.state_column("status", _("State"), shown.RESELLER),
        table.Column("country", _("Country"), value=lambda each: countries.name(each.country), muted=True),
        table.date_column("created_at", _("Since"), sort="created_at", time=False),
        table.Column("orders_30", _("Orders, 30 days"), align="end"),
        table.money_column("turnover_30", _("Turnover, 30 days"), bare=False, card=2),
    ]
    filters = [
        table.Text(apply=resellers.matching),
        table.Choice("status", _("State"), choices=[(code, state.word) for code, state in shown.RESELLER.items()]),
        table.Choice("currency", _("Currency"), choices=[(code, code) for code in money.OFFERED]),
        table.DateRange("since", _("Since"), field="created_at"),
    ]
    search_hint = _("Name or address")
    empty = table.Empty(
        _("No resellers yet"),
        _("They sign up themselves, or you open a shop for one."),
        "store",
        "new/",
        _("Open a shop"),
    )


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List resellers."""
    waiting = Reseller.objects.filter(status=Reseller.Status.APPLIED)[:1000].count()
    views = [
        table.View(_("All")),
        table.View(_("Applications"), "status=applied", waiting),
        table.View(_("Open"), "status=open"),
        table.View(_("Suspended"), "status=suspended"),
    ]
    context = {"may_open": _may(request, "support"), "may_terms": _may(request, "finance"), "everybody": terms.of(0)}
    listed = Resellers(request, resellers.listed(), views=views)
    return table.respond(request, listed, "supplier/resellers/list.html", context)


def _may(request: Request, *roles: str) -> bool:
    return request.membership is not None and request.membership.role in ("admin", *roles)


class Reason(forms.Form):
    """Why a door closes."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@supplier_role(*READERS)
@require_safe
def page(request: Request, slug: str) -> HttpResponse:
    """Show one reseller."""
    return _page(request, resellers.find(slug))


def _page(request: Request, reseller: Reseller, **forms_: forms.Form) -> HttpResponse:
    in_force = terms.of(reseller.pk)
    context = {
        "reseller": reseller,
        "state": shown.RESELLER[reseller.status],
        "shop_url": hosts.shop_url(reseller),
        "balances": resellers.balances(reseller),
        "in_force": in_force,
        "terms": resellers.terms(reseller),
        "members": resellers.members(reseller),
        "invited": resellers.invited(reseller),
        "orders": [
            (order, orders.address(order), shown.STEPS[orders.orders.step(order)])
            for order in resellers.recent_orders(reseller)
        ],
        "log": [_entry(entry) for entry in resellers.log(reseller)],
        "may_decide": _may(request, "support"),
        "may_terms": _may(request, "finance"),
        "suspend": Reason(auto_id="suspend-%s"),
        "decline": Reason(auto_id="decline-%s"),
        "fee": _terms(reseller),
        **forms_,
    }
    status = 422 if any(form.errors for form in forms_.values()) else 200
    return render(request, "supplier/resellers/page.html", context, status=status)


_ACTIONS = {
    "reseller.approved": (_("Application accepted"), "check", "done"),
    "reseller.declined": (_("Application turned down"), "x", "bad"),
    "reseller.suspended": (_("Suspended"), "pause", "warn"),
    "reseller.reopened": (_("Opened again"), "play", ""),
    "reseller.opened": (_("Shop opened"), "store", ""),
    "reseller.terms": (_("New terms"), "handshake", ""),
}


def _entry(entry: Any) -> dict[str, Any]:
    title, icon, state = _ACTIONS.get(entry.action, (entry.action, "circle", ""))
    detail = entry.detail or {}
    note = detail.get("reason", "")
    if "fee_bps" in detail:
        note = gettext("Version %(version)s, fee %(fee)s %%") % {
            "version": detail.get("version"),
            "fee": Decimal(detail["fee_bps"]) / 100,
        }
    return {"title": title, "icon": icon, "state": state, "at": entry.at, "by": str(entry.actor or ""), "note": note}


def _step(request: Request, slug: str, step: Callable[[Reseller], Any], text: str, *, undo: str = "") -> HttpResponse:
    reseller = resellers.find(slug)
    step(reseller)
    toast.add(request, text % {"name": reseller.name}, undo_url=reverse(undo, args=[slug]) if undo else "")
    return redirect(address(reseller))


@supplier_role("support")
@require_POST
def approve(request: Request, slug: str) -> HttpResponse:
    """Accept an application."""
    return _step(
        request, slug, lambda each: services.approve(reseller=each, actor=request.user), gettext("%(name)s is open")
    )


@supplier_role("support")
@require_POST
def reopen(request: Request, slug: str) -> HttpResponse:
    """Open a suspended shop again."""
    return _step(
        request,
        slug,
        lambda each: services.reopen(reseller=each, actor=request.user),
        gettext("%(name)s is open again"),
    )


@supplier_role("support")
@require_POST
def suspend(request: Request, slug: str) -> HttpResponse:
    """Close a shop's doors for now."""
    form = Reason(request.POST, auto_id="suspend-%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        text = gettext("%(name)s is suspended; its doors close within seconds")
        return _step(
            request,
            slug,
            lambda each: services.suspend(reseller=each, actor=request.user, reason=reason),
            text,
            undo="supply:reseller_reopen",
        )
    return _page(request, resellers.find(slug), suspend=form)


@supplier_role("support")
@require_POST
def decline(request: Request, slug: str) -> HttpResponse:
    """Turn an application down."""
    form = Reason(request.POST, auto_id="decline-%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        text = gettext("The application of %(name)s is turned down")
        return _step(
            request, slug, lambda each: services.turn_down(reseller=each, actor=request.user, reason=reason), text
        )
    return _page(request, resellers.find(slug), decline=form)


def _terms(reseller: Reseller | None, data: Any = None) -> NewTerms:
    currency = reseller.currency if reseller else orders.home_currency()
    return NewTerms(data, row=terms.row_of(reseller.pk if reseller else None), currency=currency)


@supplier_role("finance")
@require_POST
def set_terms(request: Request, slug: str) -> HttpResponse:
    """Agree on new terms with one reseller."""
    reseller = resellers.find(slug)
    form = _terms(reseller, request.POST)
    if form.is_valid():
        made = services.set_terms(reseller=reseller, actor=request.user, **form.agreed())
        toast.add(request, gettext("Terms version %(version)s are in force") % {"version": made.version})
        return redirect(address(reseller))
    return _page(request, reseller, fee=form)


@supplier_role("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def everybody(request: Request) -> HttpResponse:
    """Show and change the terms of everybody who has none of its own."""
    in_force = terms.of(0)
    form = _terms(None, request.POST or None)
    if form.is_valid():
        made = services.set_terms(reseller=None, actor=request.user, **form.agreed())
        toast.add(request, gettext("Terms version %(version)s are in force") % {"version": made.version})
        return redirect("supply:resellers")
    context = {"form": form, "in_force": in_force}
    return render(request, "supplier/resellers/terms.html", context, status=422 if form.errors else 200)


# --- Opening a shop for somebody -------------------------------------------------------------------
class NewShop(forms.Form):
    """What a shop needs to exist; the rest its owner does."""

    name = forms.CharField(label=_("Name of the shop"), max_length=80)
    slug = forms.CharField(label=_("Address"), max_length=40, help_text=_("Small letters, digits and hyphens"))
    email = forms.EmailField(
        label=_("E-mail of the owner"), help_text=_("They get an invitation, good for seven days")
    )
    country = forms.ChoiceField(label=_("Country"), initial="US", choices=countries.choices)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.OFFERED])
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("zh-hans", "中文")])

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip().lower()


@supplier_role("support")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Open a shop for somebody and invite them to be its owner."""
    form = NewShop(request.POST or None, initial={"currency": orders.home_currency()})
    if form.is_valid():
        try:
            made, invitation, token = services.open_for(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            _invite(request, made, invitation, token)
            return redirect(address(made))
    context = {"form": form, "signup_url": hosts.platform_url()}
    return render(request, "supplier/resellers/new.html", context, status=422 if form.errors else 200)


def _invite(request: Request, made: Reseller, invitation: Invitation | None, token: str) -> None:
    """Send the invitation; the shop is open even where the mail server is down."""
    if invitation is None:
        toast.add(request, gettext("%(name)s is open") % {"name": made.name})
        return
    path = reverse("account:invitation", urlconf="s2b2c.urls.office", args=[token])
    try:
        staff.send_invitation(invitation, url=hosts.office_url(path))
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("%(name)s is open; the invitation is on its way") % {"name": made.name})
