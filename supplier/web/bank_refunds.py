"""Refunds of cash, which finance pays by bank transfer."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import step_up, supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.models import BankRefund
from supplier.selectors import returns
from supplier.services import bank_accounts, bank_refunds
from supplier.web import filters, orders

STATES = {
    "due": State("warn", _("To pay"), "open"),
    "sent": State("info", _("With the bank"), "half"),
    "paid": State("ok", _("Paid")),
}


def where(refund: BankRefund) -> str:
    """Say in a word whether it can be paid."""
    if refund.account:
        return bank_accounts.masked(str(refund.account.get("account", "")))
    return gettext("Came back; asked anew") if refund.returned else gettext("Not told yet")


class Refunds(table.Table):
    """Refunds by bank transfer, the newest first."""

    id, caption, order, csv_name = "bank-refunds", _("Refunds by bank transfer"), "-pk", "bank-refunds"
    columns = [
        table.Column("order", _("Order"), value="order.order_number", card=1, fixed=True,
                     link=lambda each: reverse("supply:bank_refund", args=[each.pk])),
        table.state_column("state", _("State"), STATES),
        table.date_column("created_at", pgettext_lazy("request", "Since")),
        table.Column("consumer", _("Consumer"), value="order.recipient_name", card=3, clip=True),
        table.Column("shop", _("Shop"), value="order.reseller.name", clip=True),
        table.Column("account", _("Account"), value=where, muted=True),
        table.Column("reference", _("Reference"), muted=True, clip=True),
        table.Column("amount", _("Amount"), align="end", card=2,
                     value=lambda each: figures.amount(each.amount_minor, each.order.currency)),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["order__order_number__istartswith", "order__recipient_name__icontains", "reference"]),
        table.Choice("state", _("State"), choices=[(key, state.word) for key, state in STATES.items()]),
        filters.Shop("shop", _("Shop"), field="order__reseller"),
    ]
    search_hint = _("Order, name, reference")
    empty = table.Empty(
        _("Nothing to pay back"),
        _("A refund of what was paid in cash stands here until it is transferred."),
        "banknote",
    )


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List what is to be paid back by bank transfer."""
    due = returns.bank_refunds().filter(state="due").count()
    views = [table.View(STATES["due"].word, "state=due", due), table.View(_("All"))]
    listed = Refunds(request, returns.bank_refunds(), views=views)
    more = {"for_bank": returns.bank_refunds_waiting(), "files": returns.bank_refund_files()}
    return table.respond(request, listed, "supplier/returns/bank_refunds.html", more)


@supplier_role("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, refund_id: int) -> HttpResponse:
    """Show one; a POST says it was transferred."""
    error = ""
    if request.method == "POST":
        try:
            bank_refunds.mark_paid(
                refund_id=refund_id, reference=request.POST.get("reference", "")[:80], actor_id=request.user.pk
            )
        except NotFound:
            raise
        except Refused as refusal:
            error = str(refusal)
        else:
            toast.add(request, gettext("Paid; the shop and the consumer see it"))
            return redirect("supply:bank_refunds")
    found = _find(refund_id)
    context = {"each": found, "state": STATES[found.state], "order_url": orders.address(found.order), "error": error}
    return render(request, "supplier/returns/bank_refund.html", context, status=422 if error else 200)


@supplier_role("finance")
@step_up
@require_POST
def make_file(request: Request) -> HttpResponse:
    """Put the refunds whose account is known into one file for the bank."""
    try:
        file = bank_refunds.make_file(currency=request.POST.get("currency", "")[:3], actor=request.user)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("Bank file %(number)s is ready") % {"number": file.number})
    return redirect("supply:bank_refunds")


@supplier_role("finance")
@require_POST
def file_paid(request: Request, file_id: int) -> HttpResponse:
    """Note that the bank has paid a whole file."""
    done = bank_refunds.mark_file_paid(file_id=file_id, actor_id=request.user.pk)
    toast.add(request, ngettext("%(n)s refund is paid", "%(n)s refunds are paid", done) % {"n": done})
    return redirect("supply:bank_refunds")


@supplier_role("finance")
@require_POST
def came_back(request: Request, refund_id: int) -> HttpResponse:
    """Note that the bank sent one back."""
    try:
        bank_refunds.came_back(
            refund_id=refund_id, reason=request.POST.get("reason", "")[:300], actor_id=request.user.pk
        )
    except NotFound:
        raise
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, gettext("The consumer is asked for another account"))
    return redirect("supply:bank_refund", refund_id=refund_id)


def _find(refund_id: int) -> BankRefund:
    found = returns.bank_refunds().filter(pk=refund_id).first()
    if found is None:
        raise NotFound()
    return found
