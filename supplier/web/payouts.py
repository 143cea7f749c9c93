"""The payouts desk: what is on its way, what failed and what comes next; files for the bank; taking back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import step_up, supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.models import Payout, Terms
from supplier.selectors import resellers, settlement
from supplier.services import bank_accounts
from supplier.services.settlement import bank, clawback
from supplier.services.settlement import payouts as services
from supplier.web import filters
from supplier.web.settlement import tabs

STATES = {
    "created": State("", pgettext_lazy("payout", "To send"), "open"),
    "sent": State("info", pgettext_lazy("payout", "Sent")),
    "paid": State("ok", pgettext_lazy("payout", "Paid")),
    "failed": State("bad", pgettext_lazy("payout", "Failed"), "back"),
    "unresolved": State("warn", pgettext_lazy("payout", "Not known")),
}
TAKEN = {
    "created": State("info", pgettext_lazy("clawback", "To take back"), "open"),
    "done": State("ok", pgettext_lazy("clawback", "Taken back")),
    "failed": State("bad", pgettext_lazy("clawback", "Refused"), "stop"),
    "unresolved": State("warn", pgettext_lazy("clawback", "Not known")),
}
REASONS: dict[str, str | Promise] = {
    "balance_insufficient": _("There isn't enough money available at Stripe yet."),
    "account_not_ready": _("The reseller's account at Stripe can't receive money."),
    "no_answer": _("Stripe did not answer; it may have been sent."),
}
METHODS = dict(Terms.Method.choices)
_FAILED = _("Owed again; the next run pays it")
_AT_BANK: dict[str, str | Promise] = {
    "created": _("Put it into a bank file"),
    "sent": _("Say whether the bank carried it out"),
    "failed": _FAILED,
}
_AT_STRIPE: dict[str, str | Promise] = {
    "created": _("Is sent within seconds"),
    "sent": _("The answer is awaited"),
    "unresolved": _("Stripe is asked by itself; nothing is paid twice"),
    "failed": _FAILED,
}


def next_step(payout: Payout) -> str:
    """Say what comes next."""
    found = (_AT_BANK if payout.method == Terms.Method.BANK else _AT_STRIPE).get(payout.state, "")
    if payout.state == Payout.State.CREATED and payout.reason:
        found = _("Waits for money at Stripe; asked again every hour")
    return str(found)


def why(payout: Payout) -> str:
    """Say what was wrong."""
    return str(REASONS.get(payout.reason, payout.reason))


class Payouts(table.Table):
    """All payouts, the newest first."""

    id, caption, order, csv_name = "payouts", _("Payouts"), "-pk", "payouts"
    columns = [
        table.Column("statement", _("Statement"), value="settlement.number", card=3, fixed=True,
                     link=lambda each: reverse("supply:payout", args=[each.pk])),
        table.Column("reseller", _("Shop"), value="reseller.name", card=1, clip=True),
        table.state_column("state", _("State"), STATES, card=4),
        table.Column("method", pgettext_lazy("payout", "By"), value=lambda each: METHODS[each.method], muted=True),
        table.date_column("created_at", _("Made"), sort="created_at"),
        table.Column("next", _("Next step"), value=lambda each: next_step(each) or None, muted=True, wrap=True, card=5),
        table.money_column("amount_minor", _("Amount"), bare=False, card=2),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["settlement__number__startswith", "provider_id", "reseller__name__icontains"]),
        table.Choice("state", _("State"), choices=[(key, state.word) for key, state in STATES.items()]),
        table.Choice("method", pgettext_lazy("payout", "By"), choices=Terms.Method.choices),
        filters.Shop("shop", _("Shop")),
        table.DateRange("made", _("Made"), field="created_at"),
    ]
    search_hint = _("Statement, shop or id at Stripe")
    empty = table.Empty(_("No payouts"), _("A released run makes them."), "hand-coins")


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List payouts, what waits for the bank, and who owes."""
    views = [
        table.View(_("All")),
        table.View(_("Under way"), "state=created&state=sent&state=unresolved"),
        table.View(STATES["unresolved"].word, "state=unresolved"),
        table.View(STATES["failed"].word, "state=failed"),
    ]
    plain = "csv" not in request.GET
    context = {
        "tabs": tabs("payouts"),
        "for_bank": settlement.waiting_for_bank() if plain else [],
        "files": settlement.bank_files() if plain else [],
        "owing": settlement.owing() if plain else [],
        "taken": [(row, TAKEN[row.state], REASONS.get(row.reason, row.reason)) for row in settlement.clawbacks()] if plain else [],
    }  # fmt: skip
    listed = Payouts(request, settlement.payouts(), views=views)
    return table.respond(request, listed, "supplier/settlement/payouts.html", context)


class Failed(forms.Form):
    """Why the bank did not carry a payout out."""

    reason = forms.CharField(label=_("What the bank says"), max_length=40)


@supplier_role("finance")
@require_safe
def page(request: Request, payout_id: int) -> HttpResponse:
    """Show one payout."""
    return _page(request, payout_id, Failed())


def _page(request: Request, payout_id: int, form: forms.Form) -> HttpResponse:
    payout = settlement.payout(payout_id)
    where = dict(payout.destination)
    if "holder" in where:
        where["account"] = bank_accounts.masked(str(where.get("account", "")))
    context: dict[str, Any] = {
        "payout": payout,
        "state": STATES[payout.state],
        "method": METHODS[payout.method],
        "where": where,
        "next": next_step(payout),
        "why": why(payout),
        "may_ask": payout.method == Terms.Method.STRIPE and payout.state in Payout.OPEN,
        "may_tell": payout.method == Terms.Method.BANK and payout.state == Payout.State.SENT,
        "form": form,
        "taken": [(row, TAKEN[row.state]) for row in payout.clawbacks.order_by("pk")],
    }
    return render(request, "supplier/settlement/payout.html", context, status=422 if form.errors else 200)


@supplier_role("finance")
@require_POST
def ask(request: Request, payout_id: int) -> HttpResponse:
    """Send a payout that waits, or ask the provider about one."""
    services.ask_again(payout_id=payout_id, actor=request.user)
    toast.add(request, gettext("Stripe is asked now"))
    return redirect("supply:payout", payout_id)


@supplier_role("finance")
@require_POST
def paid(request: Request, payout_id: int) -> HttpResponse:
    """Say that the bank carried a payout out."""
    services.tell(payout_id=payout_id, actor=request.user, paid=True)
    toast.add(request, gettext("Booked as paid"))
    return redirect("supply:payout", payout_id)


@supplier_role("finance")
@require_POST
def failed(request: Request, payout_id: int) -> HttpResponse:
    """Say that a payout came back from the bank."""
    form = Failed(request.POST)
    if not form.is_valid():
        return _page(request, payout_id, form)
    services.tell(payout_id=payout_id, actor=request.user, paid=False, reason=form.cleaned_data["reason"])
    toast.add(request, gettext("Booked as failed; it is owed again"))
    return redirect("supply:payout", payout_id)


@supplier_role("finance")
@step_up
@require_POST
def make_file(request: Request) -> HttpResponse:
    """Put what waits for the bank into one file."""
    try:
        file = bank.make(currency=request.POST.get("currency", "")[:3], actor=request.user)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("Bank file %(number)s is ready") % {"number": file.number})
    return redirect("supply:payouts")


@supplier_role("finance")
@require_safe
def download(request: Request, file_id: int) -> HttpResponse:
    """Give a bank file: ISO 20022 (pain.001), or CSV with ``?csv``."""
    file = settlement.bank_file(file_id)
    as_csv = "csv" in request.GET
    body: str | bytes = bank.as_csv(file) if as_csv else bank.as_pain(file)
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8" if as_csv else "application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{file.number}.{"csv" if as_csv else "xml"}"'
    answer["Cache-Control"] = "no-store"
    return answer


@supplier_role("finance")
@step_up
@require_POST
def take_back(request: Request, slug: str) -> HttpResponse:
    """Take back what a reseller owes from its last payouts."""
    try:
        clawback.ask(reseller=resellers.find(slug), currency=request.POST.get("currency", "")[:3], actor=request.user)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("It is being taken back; the result is here within seconds"))
    return redirect("supply:payouts")
