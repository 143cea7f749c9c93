"""Orders that a held lot keeps waiting: the longest first, each with what to do next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import ids
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.selectors import held_orders as selectors
from supplier.selectors.held_orders import Stuck
from supplier.services import held_orders
from supplier.web import orders, quality_tabs, shown

READERS = ("warehouse", "support", "quality")
WORKERS = ("warehouse", "quality")
LONG = timedelta(hours=24)


class Step(forms.Form):
    """What becomes of an order: ``out``, ``wait`` or ``refund``; the last two say why, for shop and consumer."""

    number = forms.CharField(max_length=20)
    action = forms.ChoiceField(choices=[("out", ""), ("wait", ""), ("refund", "")])
    reason = forms.CharField(max_length=160, required=False)
    expected_on = forms.DateField(required=False)
    key = forms.CharField(max_length=40, required=False)


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponseBase:
    """List orders that wait; a POST takes the next step of one."""
    error, typed = "", Step(request.POST or None)
    if request.method == "POST" and _may_work(request):
        try:
            if not typed.is_valid():
                raise Refused("form", _("Please look at what you filled in."))
            toast.add(request, _take(request, typed.cleaned_data))
            return redirect("supply:held_orders")
        except Refused as refusal:
            error = str(refusal)
    context = {
        "rows": [_row(each) for each in selectors.stuck()],
        "most": selectors.MOST,
        "error": error,
        "typed": request.POST if error else {},
        "key": ids.token(),
        "may_work": _may_work(request),
        "today": timezone.localdate().isoformat(),
        "tabs": quality_tabs.tabs("held_orders"),
    }
    return render(request, "supplier/quality/held_orders.html", context, status=422 if error else 200)


def _may_work(request: Request) -> bool:
    return request.membership is not None and request.membership.role in ("admin", *WORKERS)


def _take(request: Request, told: dict[str, Any]) -> str:
    facts = {"number": told["number"].upper(), "actor_id": request.user.pk}
    if told["action"] == "out":
        taken = held_orders.take_out(**facts)
        text = ngettext("%(n)s piece taken out; pick others now", "%(n)s pieces taken out; pick others now", taken)
        return text % {"n": taken}
    if told["action"] == "wait":
        held_orders.let_wait(
            **facts, reason=told["reason"], expected_on=told["expected_on"], request_key=told["key"]
        )  # fmt: skip
        return gettext("The order waits for them; the shop and the consumer are told")
    held_orders.give_up(**facts, reason=told["reason"], request_key=told["key"])
    return gettext("Taken off the order; the shop gives the money back")


def _row(each: Stuck) -> dict[str, Any]:
    fulfilment = each.line.fulfilment
    return {
        "number": fulfilment.number,
        "order": fulfilment.order,
        "order_url": orders.address(fulfilment.order),
        "place": fulfilment.warehouse.code,
        "product": f"{shown.local(each.line.variant.product)} {shown.local(each.line.variant, 'label')}".strip(),
        "sku": each.line.variant.sku,
        "lots": each.lots,
        "tote": each.tote,
        "lacks": each.lacks,
        "age": shown.age(each.since),
        "over": shown.is_over(each.since, LONG),
    }
