"""The desk of disputes: what is open until when, what we hand in, how it ended."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import GatewayError, Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.gateways.disputes import LONGEST, OPEN, Evidence
from supplier.models import Dispute
from supplier.selectors.disputes import order_of
from supplier.services import disputes
from supplier.web import filters

STATES: dict[Any, State] = {
    "warning_needs_response": State("warn", _("Inquiry, to be answered"), "open"),
    "warning_under_review": State("info", _("Inquiry, with the bank"), "half"),
    "warning_closed": State("", _("Inquiry closed"), "stop"),
    "needs_response": State("bad", _("To be answered"), "open"),
    "under_review": State("info", _("With the bank"), "half"),
    "won": State("ok", _("Won")),
    "lost": State("bad", pgettext_lazy("dispute", "Lost"), "stop"),
    "prevented": State("", _("Prevented"), "stop"),
}
REASONS = {
    "fraudulent": _("Not bought by the cardholder"),
    "product_not_received": _("Nothing arrived"),
    "product_unacceptable": _("Not as described"),
    "duplicate": _("Charged twice"),
    "credit_not_processed": _("Refund missing"),
    "subscription_canceled": _("Cancelled before"),
    "unrecognized": _("Not recognised"),
    "general": _("No reason given"),
}
_LABELS = {
    "customer_name": _("Customer"),
    "customer_email_address": _("E-mail"),
    "customer_purchase_ip": _("Address on the internet at the purchase"),
    "product_description": _("What was sold"),
    "billing_address": _("Billing address"),
    "shipping_address": _("Ship to"),
    "shipping_carrier": _("Carrier"),
    "shipping_date": _("Sent on"),
    "shipping_tracking_number": _("Tracking number"),
    "refund_policy_disclosure": _("Where the customer saw the terms of refunds"),
    "refund_refusal_explanation": _("Why no refund was due"),
    "uncategorized_text": _("What else speaks for us"),
}
_LONG = ("product_description", "refund_policy_disclosure", "refund_refusal_explanation", "uncategorized_text")


def _order(each: Dispute) -> str:
    return reverse("supply:order", args=[each.reseller.slug, each.order_number])


class Disputes(table.Table):
    """All disputes, the newest first; the desk itself opens with what is to be answered."""

    id, caption, order, csv_name = "disputes", _("Disputes"), "-opened_at", "disputes"
    columns = [
        table.Column("order_number", _("Order"), link=lambda each: reverse("supply:dispute", args=[each.pk]), card=1, fixed=True),
        table.state_column("state", _("State"), STATES),
        table.date_column("due_at", _("Answer by"), value=lambda each: None if each.closed_at else each.due_at, card=5),
        table.Column("reason", _("Reason"), value=lambda each: str(REASONS.get(each.reason, each.reason)), card=3),
        table.Column("shop", _("Shop"), value="reseller.name", clip=True),
        table.date_column("opened_at", pgettext_lazy("dispute", "Opened"), sort="opened_at"),
        table.money_column("amount_minor", _("Disputed"), bare=False, card=2, sort="amount_minor"),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["order_number__istartswith", "provider_id__istartswith"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
        filters.Shop("shop", _("Shop")),
    ]
    search_hint = _("Order, dispute")
    empty = table.Empty(_("No disputes"), _("When a customer's bank takes a payment back, it stands here."), "scale")


class EvidenceForm(forms.Form):
    """What we hand in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in fields(Evidence):
            long = each.name in _LONG
            self.fields[each.name] = forms.CharField(
                label=_LABELS[each.name], required=False, max_length=LONGEST if long else 500,
                widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
            )  # fmt: skip


@supplier_role("finance", "support")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List disputes."""
    waiting = Dispute.objects.filter(state__in=OPEN).count()
    views = [
        table.View(_("To be answered"), "state=needs_response&state=warning_needs_response&sort=due_at", waiting),
        table.View(_("With the bank"), "state=under_review&state=warning_under_review"),
        table.View(_("Won"), "state=won"),
        table.View(pgettext_lazy("dispute", "Lost"), "state=lost"),
        table.View(_("All")),
    ]
    listed = Disputes(request, Dispute.objects.select_related("reseller"), views=views)
    return table.respond(request, listed, "supplier/disputes/list.html")


@supplier_role("finance", "support")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, dispute_id: int) -> HttpResponse:
    """Show a dispute; a POST keeps or hands in evidence."""
    dispute = _find(dispute_id)
    form = EvidenceForm(request.POST or None, initial=disputes.usual_evidence(dispute))
    if request.method == "POST" and form.is_valid():
        final = request.POST.get("action") == "final"
        try:
            disputes.submit(
                dispute_pk=dispute.pk, evidence=Evidence(**form.cleaned_data), final=final, actor_id=request.user.pk
            )
        except (Refused, GatewayError) as problem:
            form.add_error(None, str(problem))
        else:
            toast.add(request, gettext("Handed in to the bank") if final else gettext("Kept; not handed in yet"))
            return redirect("supply:dispute", dispute_id)
    order = order_of(dispute)
    context = {
        "dispute": dispute,
        "state": STATES[dispute.state],
        "reason": REASONS.get(dispute.reason, dispute.reason),
        "can_answer": dispute.state in OPEN,
        "form": form,
        "order_url": _order(dispute) if order else "",
        "bearers": Dispute.Bearer.choices,
        "may_bearer": not dispute.unused
        and bool(request.membership and request.membership.role in ("admin", "finance")),
        "agreed": Dispute.Bearer(disputes.agreed_bearer(dispute, order)).label,
        "kept": [(_LABELS[name], value) for name, value in dispute.evidence.items() if name in _LABELS],
        "fee": figures.amount(dispute.fee_minor, dispute.currency) if dispute.fee_minor else "",
    }
    return render(request, "supplier/disputes/page.html", context, status=422 if form.errors else 200)


@supplier_role("finance")
@require_POST
def accept(request: Request, dispute_id: int) -> HttpResponse:
    """Give in."""
    try:
        disputes.accept(dispute_pk=_find(dispute_id).pk, actor_id=request.user.pk)
    except (Refused, GatewayError) as problem:
        toast.add(request, str(problem), tone="warn")
    else:
        toast.add(request, gettext("The customer keeps the money"))
    return redirect("supply:dispute", dispute_id)


@supplier_role("finance")
@require_POST
def bearer(request: Request, dispute_id: int) -> HttpResponse:
    """Say who bears it if it is lost."""
    try:
        disputes.set_bearer(
            dispute_pk=_find(dispute_id).pk,
            bearer=request.POST.get("bearer", ""),
            reason=request.POST.get("reason", ""),
            actor_id=request.user.pk,
        )
    except Refused as problem:
        toast.add(request, str(problem), tone="warn")
    else:
        toast.add(request, gettext("Noted"))
    return redirect("supply:dispute", dispute_id)


def _find(dispute_id: int) -> Dispute:
    found = Dispute.objects.select_related("reseller").filter(pk=dispute_id).first()
    if found is None:
        raise Http404
    return found
