"""Returns in the shop's office: what waits for a decision, one return, and starting one for a customer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from orders.models import Order, ReturnRequest
from orders.selectors import office
from orders.selectors import returns as selectors
from orders.services import returns
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import ids, texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import toast
from s2b2c.ui.states import State

STATES: dict[Any, State] = {
    "requested": State("warn", gettext_lazy("Asked for"), "open"),
    "approved": State("info", gettext_lazy("Approved"), "quarter"),
    "shipped": State("info", pgettext_lazy("goods", "On its way back"), "half"),
    "received": State("info", gettext_lazy("With the supplier"), "full"),
    "inspected": State("info", gettext_lazy("Looked at"), "full"),
    "closed": State("ok", pgettext_lazy("return", "Closed")),
    "refused": State("", pgettext_lazy("return", "Refused"), "stop"),
    "withdrawn": State("", gettext_lazy("Withdrawn"), "stop"),
}


# What happens next, where nothing is left to do here.
THEN: dict[Any, Any] = {
    "approved": gettext_lazy("The customer has the slip. The supplier books the parcel in when it comes."),
    "shipped": gettext_lazy("The supplier looks at it when it comes; the customer then gets what they wish."),
    "received": gettext_lazy("The supplier looks at it; the customer then gets what they wish."),
}


def rows(order: Order) -> list[tuple[ReturnRequest, State]]:
    """Give an order's returns with how their state is shown."""
    return [(back, STATES[back.state]) for back in selectors.of_order(order)]


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: str, back: str) -> HttpResponseBase:
    """Show a return; a POST decides on it."""
    refused: Refused | None = None
    with context.reading():
        found = selectors.find(back, order=office.by_number(number))
    if request.method == "POST":
        try:
            toast.add(request, _decide(request, found.number))
            return redirect(request.path)
        except Refused as problem:
            refused = problem
    with context.reading():
        return _page(request, selectors.find(back), refused)


def _decide(request: Request, number: str) -> str:
    actor, answer = str(request.user)[:80], plain(request.POST.get("answer", ""))[:300]
    match request.POST.get("action"):
        case "approve":
            shipping = bool(request.POST.get("shipping"))
            returns.approve(number=number, actor=actor, answer=answer, shipping=shipping)
            return _("Approved; the customer gets the slip.")
        case "keep":
            returns.approve(number=number, actor=actor, answer=answer, keep=True)
            return _("The customer keeps it and gets what is due.")
        case "refuse":
            returns.refuse(number=number, actor=actor, answer=answer)
            return _("Refused; the customer is told why.")
        case "withdraw":
            returns.withdraw(number=number, actor=actor, answer=answer)
            return _("The return is taken back.")
    raise Refused("action", _("Choose what to do."))


def _page(request: Request, back: ReturnRequest, refused: Refused | None) -> HttpResponse:
    order, policy = back.order, selectors.policy(back.order)
    worth = selectors.worth(back)
    decides = policy.approval != "supplier"
    view = {
        "order": order,
        "back": back,
        "state": STATES[back.state],
        "things": selectors.things(back),
        "worth": worth,
        "photos": [f"{settings.MEDIA_URL}{name}" for name in back.photos],
        "may_decide": decides and back.state == "requested",
        "waits_for_supplier": not decides and back.state == "requested",
        "may_keep": worth <= policy.keep_below_minor,
        "may_drop": back.state == "approved",
        "then": "" if back.keep else THEN.get(back.state, ""),
        "postage": policy.postage_minor if back.state in selectors.OPEN and back.reason != "lost" else 0,
        "postage_by": policy.postage_by if back.reason == "mind" else "",
        "refused": refused,
        "answer": request.POST.get("answer", ""),
    }
    return render(request, "office/orders/return.html", view, status=refused.status if refused else 200)


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request, number: str) -> HttpResponseBase:
    """Start a return for a customer, also after the window; it is approved where the shop may."""
    refused: Refused | None = None
    with context.reading():
        found = office.by_number(number)
        left = selectors.returnable(found)
    if request.method == "POST":
        try:
            made = _start(request, found, left)
            toast.add(request, _("Return %(number)s is started.") % {"number": made.number})
            slug = request.reseller.slug if request.reseller else ""
            return redirect(reverse("office:return", kwargs={"shop": slug, "number": number, "back": made.number}))
        except Refused as problem:
            refused = problem
    view = {
        "order": found,
        "rows": [_row(request, each) for each in left],
        "whole_only": not selectors.policy(found).parts and any(each.parts for each in left),
        "reasons": ReturnRequest.Reason.choices,
        "chosen": request.POST.get("reason", ""),
        "wish": request.POST.get("wish", "refund"),
        "key": request.POST.get("key") or ids.token(),
        "refused": refused,
    }
    with context.reading():
        return render(request, "office/orders/return_start.html", view, status=refused.status if refused else 200)


def _row(request: Request, each: selectors.Left) -> tuple[selectors.Left, str, list[tuple[str, str, int, str]]]:
    """Give a line with what was typed for it, and its parts: name of the field, what it is, how many, what was typed."""
    names = [(f"p{each.line.pk}_{part.variant.pk}", part) for part in each.parts]
    parts = [
        (name, texts.local(part.variant.product, "name"), part.pieces, request.POST.get(name, ""))
        for name, part in names
    ]
    return each, request.POST.get(f"p{each.line.pk}", ""), parts


def _typed(request: Request, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _start(request: Request, order: Order, left: list[selectors.Left]) -> ReturnRequest:
    return returns.request(
        order_number=order.number,
        pieces={each.line.pk: _typed(request, f"p{each.line.pk}") for each in left},
        parts={
            (each.line.pk, part.variant.pk): _typed(request, f"p{each.line.pk}_{part.variant.pk}")
            for each in left
            for part in each.parts
        },
        wish=request.POST.get("wish", ""),
        reason=request.POST.get("reason", ""),
        note=plain(request.POST.get("note", ""))[:500],
        key=f"office:{plain(request.POST.get('key', ''))[:40]}",
        actor=str(request.user)[:80],
    )
