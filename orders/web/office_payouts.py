"""Where the shop's money goes: its account at Stripe or its bank, its statements and the papers of the fee."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role, step_up, step_up_to_write
from s2b2c.kernel import events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from s2b2c.tenancy import hosts
from s2b2c.tenancy.context import reading
from s2b2c.ui import countries, toast
from supplier.selectors import papers as found_papers
from supplier.selectors import settlement, terms
from supplier.services.settlement import accounts
from supplier.web import papers, party_form

# What Stripe asks for, by the beginning of its own name.
ASKED: tuple[tuple[str, str | Promise], ...] = (
    ("external_account", _("Your bank account")),
    ("tos_acceptance", _("Your consent to Stripe's terms")),
    ("individual", _("Who you are")),
    ("person", _("Who you are")),
    ("representative", _("Who you are")),
    ("company", _("Your company")),
    ("business", _("What you do")),
)


def asked(due: list[str]) -> list[str]:
    """Say in words what Stripe still wants to know, each once."""
    words = (
        next((str(word) for start, word in ASKED if name.startswith(start)), gettext("Other details")) for name in due
    )
    return list(dict.fromkeys(words))


# Why a bank sent money back, by Stripe's word for it.
RETURNED: dict[str, str | Promise] = {
    "account_closed": _("The account at the bank is closed."),
    "account_frozen": _("The account at the bank is frozen."),
    "bank_account_restricted": _("The bank lets nothing be paid into this account."),
    "bank_ownership_changed": _("The bank now belongs to another; its details have changed."),
    "incorrect_account_holder_name": _("The holder's name is not the one the bank knows."),
    "incorrect_account_holder_address": _("The holder's address is not the one the bank knows."),
    "invalid_account_number": _("The account number is wrong."),
    "invalid_currency": _("The account does not take this currency."),
    "no_account": _("The bank knows no such account."),
}


def returned(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Say what the bank sent back, and why; None where nothing."""
    if not found:
        return None
    why = RETURNED.get(found["code"], _("The bank could not book it."))
    return {**found, "at": datetime.fromisoformat(found["at"]), "why": why}


class Bank(forms.Form):
    """Where the bank is to pay."""

    holder = forms.CharField(label=_("Holder of the account"), max_length=70)
    account = forms.CharField(label=_("IBAN or account number"), max_length=40)
    routing = forms.CharField(label=_("BIC or bank code"), max_length=14)
    bank = forms.CharField(label=_("Name of the bank"), max_length=70, required=False)
    country = forms.ChoiceField(label=_("Country of the bank"), choices=countries.choices)


@reseller_role("owner")
@step_up_to_write
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Show where the money goes; change the bank account."""
    reseller = shops.reseller()
    form = Bank(request.POST or None, initial={"country": reseller.country})
    if form.is_valid():
        try:
            accounts.set_bank(reseller=reseller, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast.add(request, gettext("The next payout goes to this account"))
            return redirect("office:payout_account", shop=reseller.slug)
    with reading():
        found = accounts.of(reseller.pk)
        in_force = terms.row_of(reseller.pk)
    context = {
        "form": form,
        "account": found,
        "due": asked(found.due) if found else [],
        "returned": returned(found.returned) if found else None,
        "bank": accounts.shown(found),
        "method": in_force.payout_method if in_force else "stripe",
    }
    return render(request, "office/payout_account.html", context, status=422 if form.errors else 200)


@reseller_role("owner")
@require_http_methods(["GET", "HEAD", "POST"])
def on_papers(request: Request) -> HttpResponse:
    """Show who the shop's owner is on statements and invoices; change it for those to come."""
    reseller = shops.reseller()
    with reading():
        known = found_papers.party_of(reseller.pk)
    form = party_form.bound(request, known, name=reseller.name, country=reseller.country)
    if request.method == "POST" and party_form.kept(form, reseller=reseller, request=request):
        toast.add(request, gettext("Papers from now on show this"))
        return redirect("office:money", shop=reseller.slug)
    return render(request, "office/papers.html", {"form": form}, status=422 if form.errors else 200)


@reseller_role("owner")
@step_up
@require_POST
def connect(request: Request) -> HttpResponse:
    """Open an account at Stripe if there is none, and go there to finish it."""
    reseller = shops.reseller()
    back = hosts.office_url(reverse("office:payout_account_back", args=[reseller.slug]))
    with reading():
        email = shops.get().email or request.user.email
    try:
        accounts.connect(reseller=reseller, email=email, url=hosts.shop_url(reseller), actor=request.user)
        url = accounts.onboarding_url(reseller=reseller, return_url=back, refresh_url=back)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
        return redirect("office:payout_account", shop=reseller.slug)
    return HttpResponseRedirect(url)


@reseller_role("owner")
@require_safe
def back(request: Request) -> HttpResponse:
    """Come back from Stripe: a worker asks how the account stands now."""
    reseller = shops.reseller()
    publisher.publish(events.PayoutAccountReported(reseller_id=reseller.pk, order_number=""))
    toast.add(request, gettext("Stripe is asked how your account stands"), tone="info")
    return redirect("office:payout_account", shop=reseller.slug)


@reseller_role("manager")
@require_safe
def statement(request: Request, settlement_id: int) -> HttpResponse:
    """Show a statement, or give it as CSV."""
    reseller = shops.reseller()
    row = settlement.statement(settlement_id, reseller.pk)
    if "csv" in request.GET:
        return papers.statement_csv(row)
    shown: dict[str, Any] = papers.statement(row, lambda each: reverse("office:invoice", args=[reseller.slug, each]))
    return render(request, "office/statement.html", shown)


@reseller_role("manager")
@require_safe
def invoice(request: Request, invoice_id: int) -> HttpResponse:
    """Show an invoice of the platform fee, or a credit note."""
    found = settlement.invoice(invoice_id, shops.reseller().pk)
    return render(request, "office/invoice.html", papers.invoice(found))
