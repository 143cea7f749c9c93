"""Services a shop books from its office: what runs, a new one, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import ServiceKind, ServiceTask
from enablement.selectors import bookings, network
from enablement.services import service_books, service_options, service_tasks
from enablement.web import network_words as words
from enablement.web import options
from enablement.web.provider_forms import BookForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import steps, toast

BRIEFS: dict[str, Any] = {
    "photos": _("Five pictures on a white ground and two in use, in daylight."),
    "copy": _("A title and 120 words in English and Chinese, in a warm tone."),
    "delivery": _("Bring a parcel to this address the same day."),
    "install": _("Put it up, try it, take the packaging along."),
    "calls": _("Call the customers of last week’s orders and ask how they like it."),
}


def _shop(request: Request) -> Reseller:
    assert request.reseller is not None
    return request.reseller


def _shown(row: ServiceTask) -> dict[str, Any]:
    return {
        "task": row,
        "title": words.title(row),
        "when": words.when(row),
        "state": words.TASKS[row.state],
        "icon": words.ICONS[row.kind],
        "reason": words.reason(row),
    }


@reseller_role("manager", "clerk")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show what the shop booked, and what it can book."""
    shop = _shop(request)
    rows = network.tasks().filter(reseller=shop).order_by("-id")[:60]
    context = {
        "running": [_shown(each) for each in rows if each.state in ServiceTask.RUNNING],
        "ended": [_shown(each) for each in rows if each.state not in ServiceTask.RUNNING],
        "kinds": [(kind, word, words.ICONS[kind], BRIEFS[kind]) for kind, word in ServiceKind.choices],
        "there": service_books.available(shop.pk, shop.currency),
        "currency": shop.currency,
    }
    return render(request, "office/services/list.html", context)


@reseller_role("manager", "clerk")
@require_safe
def with_goods(request: Request) -> HttpResponseBase:
    """Show what the shop's customers can book with goods, and what the shop has of it."""
    shop = _shop(request)
    rows = bookings.of_shop(reseller_id=shop.pk, currency=shop.currency)[:100]
    context = {"options": [options.shown(each) for each in rows], "currency": shop.currency}
    return render(request, "office/services/with_goods.html", context)


@reseller_role("manager")
@require_POST
def leave_out(request: Request, option_id: int) -> HttpResponseBase:
    """Leave a service out of the shop, or take it in again."""
    shop, out = _shop(request), request.POST.get("out") == "1"
    service_options.leave_out(option_id=option_id, reseller_id=shop.pk, out=out, actor_id=request.user.pk)
    toast.add(request, gettext("Your shop no longer offers it.") if out else gettext("Your shop offers it."))
    return redirect("office:service_options", shop=shop.slug)


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Book a service."""
    shop = _shop(request)
    asked = {"kind": request.GET.get("kind", "photos"), "sku": request.GET.get("product", ""), "country": shop.country}
    form = BookForm(request.POST or None, currency=shop.currency, initial=asked)
    if form.is_valid():
        try:
            made = service_tasks.book(wish=form.wish, reseller_id=shop.pk, actor_id=request.user.pk)
            toast.add(request, gettext("Booked; a provider is being looked for."))
            return redirect("office:service", shop=shop.slug, number=made.number)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {
        "form": form,
        "currency": shop.currency,
        "there": service_books.available(shop.pk, shop.currency),
        "hint": BRIEFS.get(str(form["kind"].value()), ""),
    }
    return render(request, "office/services/new.html", context, status=422 if form.errors else 200)


@reseller_role("manager", "clerk")
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a service."""
    return _page(request, number)


def _page(request: Request, number: str, error: str = "") -> HttpResponseBase:
    row = network.task_of_shop(number, _shop(request).pk)
    asked = [words.offered(offer) for offer in network.offers(row)]
    rated = network.scores([row.provider_id])[row.provider_id] if row.provider_id else None
    context = {
        **_shown(row),
        "asked": asked,
        "score": rated.value if rated else None,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "office/services/page.html", context, status=422 if error else 200)


@reseller_role("manager")
@require_POST
def step(request: Request, number: str, step: str) -> HttpResponseBase:
    """Approve, send back, complain or cancel."""
    found = _STEPS.get(step)
    if found is None:
        raise NotFound()
    act, said = found
    shop = _shop(request)
    network.task_of_shop(number, shop.pk)
    return steps.take(
        request,
        lambda: act(request, number),
        said=str(said),
        onward=lambda: reverse("office:service", kwargs={"shop": shop.slug, "number": number}),
        refused=lambda why: _page(request, number, why),
    )


_STEPS: dict[str, tuple[Callable[[Request, str], Any], Any]] = {
    "approve": (
        lambda request, number: service_tasks.approve(number=number, actor_id=request.user.pk),
        _("Approved; what is left of the budget is yours again."),
    ),
    "send-back": (
        lambda request, number: service_tasks.send_back(
            number=number, answer=request.POST.get("answer", ""), actor_id=request.user.pk
        ),
        _("Sent back to the provider"),
    ),
    "complain": (
        lambda request, number: service_tasks.complain(
            number=number, complaint=request.POST.get("complaint", ""), actor_id=request.user.pk
        ),
        _("Noted; it counts in the score."),
    ),
    "cancel": (
        lambda request, number: service_tasks.cancel(number=number, actor_id=request.user.pk),
        _("Cancelled; the budget is yours again."),
    ),
}
