"""Paying vendors in the supplier's office: what is due, files for the bank, where a vendor is paid."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.selectors import bills, vendors
from enablement.services import vendor_pay as services
from enablement.web import shown
from enablement.web.bills import STATES
from enablement.web.provider_forms import BankForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import step_up, step_up_to_write, supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.services import bank_accounts
from supplier.services.settlement import bank


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show what is to be paid, and the files for the bank."""
    return _index(request)


def _index(request: Request, error: str = "") -> HttpResponseBase:
    context: dict[str, Any] = {
        **shown.tabs(request, "bills"),
        "due": bills.to_pay(),
        "waiting": bills.listed().filter(state="approved").order_by("due_on", "id")[:50],
        "files": [(each, [(bill, STATES[bill.state]) for bill in each.bills.all()], any(bill.state == "filed" for bill in each.bills.all())) for each in bills.payments()],
        "error": error,
    }  # fmt: skip
    return render(request, "supplier/buying/vendor_pay.html", context, status=422 if error else 200)


@supplier_role("finance")
@step_up
@require_POST
def file_new(request: Request) -> HttpResponseBase:
    """Make a file for the bank."""
    currency = request.POST.get("currency", "")
    if currency not in money.OFFERED:
        return _index(request, gettext("Choose a currency."))
    try:
        made = services.make(currency=currency, actor=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        return _index(request, str(refusal))
    toast.add(request, ngettext("%(n)s bill is in the file.", "%(n)s bills are in the file.", made.count) % {"n": made.count})  # fmt: skip
    return redirect("supply:vendor_pay")


@supplier_role("finance")
@require_safe
def file(request: Request, number: str) -> HttpResponseBase:
    """Download a file for the bank, as XML (ISO 20022) or CSV."""
    made = bills.payment(number)
    rows, as_csv = services.transfers(made), request.GET.get("as") == "csv"
    body: str | bytes = bank.as_csv(made, rows) if as_csv else bank.as_pain(made, rows)
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8" if as_csv else "application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{made.number}.{"csv" if as_csv else "xml"}"'
    return answer


@supplier_role("finance")
@step_up
@require_POST
def paid(request: Request, number: str) -> HttpResponseBase:
    """Say that the bank carried a file out."""
    n = services.paid(number=number, actor_id=request.user.pk)
    toast.add(request, ngettext("%(n)s bill is paid and booked.", "%(n)s bills are paid and booked.", n) % {"n": n})
    return redirect("supply:vendor_pay")


@supplier_role("finance")
@step_up
@require_POST
def came_back(request: Request, number: str, bill_id: int) -> HttpResponseBase:
    """Say that the bank did not carry out one transfer."""
    try:
        services.came_back(number=number, bill_id=bill_id, actor_id=request.user.pk)
    except Refused as refusal:
        return _index(request, str(refusal))
    toast.add(request, gettext("It is to be paid again."))
    return redirect("supply:vendor_pay")


@supplier_role("finance")
@step_up_to_write
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request, vendor_id: int) -> HttpResponseBase:
    """Write where a vendor is paid. The account is never shown whole again."""
    vendor = vendors.find(vendor_id)
    form = BankForm(request.POST or None, initial={"country": vendor.country, "holder": vendor.name})
    if form.is_valid():
        try:
            services.set_bank(vendor_id=vendor_id, details=form.cleaned_data, actor_id=request.user.pk)
            toast.add(request, gettext("Saved"))
            return redirect("supply:vendor", vendor_id)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    known = bank_accounts.masked(vendor.bank.get("account", ""))
    context = {**shown.tabs(request, "vendors"), "vendor": vendor, "form": form, "known": known}
    return render(request, "supplier/buying/vendor_bank.html", context, status=422 if form.errors else 200)
