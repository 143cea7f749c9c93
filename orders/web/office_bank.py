"""Where cash goes back to, as a customer tells the shop."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.models import Order
from orders.selectors import office
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context
from s2b2c.ui import toast
from supplier.models import BankRefund
from supplier.selectors import returns
from supplier.web import bank_form


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: str) -> HttpResponse:
    """Give the bank account of a refund for a customer who can't."""
    reseller = shops.reseller()
    with context.reading():
        order = office.by_number(number)
        if order.method != Order.Method.COD:
            raise NotFound()
        due = list(returns.bank_refunds_of(reseller.pk, order.number).filter(state=BankRefund.State.DUE))
    form = bank_form.Account(request.POST or None, initial={"country": reseller.country, "holder": order.name})
    if request.method == "POST" and bank_form.kept(
        form, reseller_id=reseller.pk, order_number=order.number, by="shop", actor_id=request.user.pk
    ):
        toast.add(request, _("The supplier sends the money there"))
        return redirect("office:order", shop=reseller.slug, number=order.number)
    with context.reading():
        view = {"order": order, "form": form, "minor": sum(each.amount_minor for each in due)}
        return render(request, "office/orders/bank.html", view, status=422 if form.errors else 200)
