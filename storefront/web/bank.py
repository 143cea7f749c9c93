"""Where c's cash goes back to: the bank account, told on the order's page and never shown again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from orders.models import Order, Refund
from s2b2c.tenancy import context as tenancy
from storefront.selectors import order as orders
from storefront.web import doors, frame
from storefront.words import gettext as _
from supplier.models import BankRefund
from supplier.selectors import returns as supply
from supplier.services import bank_accounts
from supplier.web import bank_form


def shown(order: Order, reseller_id: int, refunds: list[orders.Back]) -> dict[str, Any]:
    """Give what the order's page says about it; asked only where cash goes back."""
    if order.method != Order.Method.COD or not any(back.state == Refund.State.REQUESTED for back in refunds):
        return {"bank": None}
    rows = list(supply.bank_refunds_of(reseller_id, order.number).exclude(state=BankRefund.State.PAID))
    known = next((each.account.get("account", "") for each in rows if each.account), "")
    return {
        "bank": {
            "minor": sum(each.amount_minor for each in rows),
            "wanted": any(each.state == BankRefund.State.DUE and not each.account for each in rows),
            "again": any(each.returned for each in rows),
            "sent": any(each.state == BankRefund.State.SENT for each in rows),
            "account": bank_accounts.masked(known),
        }
        if rows
        else None
    }


@doors.also_closed
@doors.form
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the account, and keep it for who pays."""
    with tenancy.reading():
        order = _found(token)
    reseller = request.reseller  # type: ignore[attr-defined]
    form = bank_form.Account(request.POST or None, initial={"country": reseller.country, "holder": order.name})
    if request.method == "POST" and bank_form.kept(
        form, reseller_id=reseller.pk, order_number=order.number, by="customer"
    ):
        return doors.go(request, f"/order/{token}/")
    with tenancy.reading():
        rows = list(supply.bank_refunds_of(reseller.pk, order.number).filter(state=BankRefund.State.DUE))
        shell = frame.shell(request)
        context = {"order": order, "form": form, "minor": sum(each.amount_minor for each in rows)}
        meta = frame.Meta(f"{_('Your bank account')} · {shell.shop.name}")
        answer = frame.respond(request, shell, "shop/bank.html", context, meta, status=422 if form.errors else 200)
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return answer


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None or order.method != Order.Method.COD:
        raise Http404
    return order
