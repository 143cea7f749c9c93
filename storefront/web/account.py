"""The customer's own pages: in by a code, the orders, the data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse

from s2b2c.accounts import clients
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront import prices, promise
from storefront.selectors import order as orders
from storefront.selectors.shell import Shell
from storefront.services import privacy, signing_in
from storefront.web import doors, frame, visitor
from storefront.words import gettext as _

_ASKED = "signin_email"
_SECONDS = 60 * 60 * 24 * 30


@doors.also_closed
@doors.reads
def page(request: HttpRequest) -> HttpResponse:
    """Show the customer's orders, or the way in."""
    return _page(request)


def _shown(request: HttpRequest, *, told: str, typed: str) -> HttpResponse:
    with tenancy.reading():
        return _page(request, told=told, typed=typed[:254], status=422)


def _page(request: HttpRequest, *, told: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    shell = frame.shell(request)
    customer = visitor.customer(request)
    if customer is None:
        return _way_in(request, shell)
    context = {
        "customer": customer,
        "orders": [
            {"number": order.number, "url": f"/order/{order.token}/", "status": order.get_status_display(),
             "total": prices.text(order.total_minor, order.currency), "placed": promise.day(order.placed_at.date())}
            for order in orders.of_customer(customer.pk)
        ],
        "told": told,
        "typed": typed,
    }  # fmt: skip
    meta = frame.Meta(f"{_('Your account')} · {shell.shop.name}")
    return frame.respond(request, shell, "shop/account.html", context, meta, status=status)


@doors.also_closed
@doors.writes
def ask(request: HttpRequest) -> HttpResponse:
    """Send a code; the answer is the same whoever asks."""
    email = request.POST.get("email", "").strip()
    try:
        email = forms.EmailField(max_length=254).clean(email)
        signing_in.send_code(email=email, address=clients.address(request))
    except forms.ValidationError:
        return _again(request, email=email, told=_("Please enter an e-mail address."))
    except Refused as refusal:
        return _again(request, email=email, told=str(refusal), status=refusal.status)
    request.session[_ASKED] = email
    return doors.go(request, "/account/code/")


@doors.also_closed
@doors.form
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and let in who has it."""
    email = str(request.session.get(_ASKED, ""))
    if not email:
        return doors.go(request, "/account/")
    if request.method != "POST":
        return _way_in(request, frame.shell(request), email=email, step="code")
    typed = "".join(sign for sign in request.POST.get("code", "")[:20] if sign.isdigit())
    try:
        customer = signing_in.enter(email=email, code=typed, address=clients.address(request))
    except Refused as refusal:
        return _again(request, email=email, told=str(refusal), step="code", status=refusal.status)
    request.session.cycle_key()
    del request.session[_ASKED]
    request.session[visitor.KEY] = customer.pk
    request.session.set_expiry(_SECONDS)
    return doors.go(request, "/account/")


@doors.also_closed
@doors.writes
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    request.session.flush()
    return doors.go(request, "/account/")


@doors.also_closed
@doors.reads
def export(request: HttpRequest) -> HttpResponse:
    """Hand out what the shop keeps of the customer."""
    customer = visitor.customer(request)
    if customer is None:
        return doors.go(request, "/account/")
    response = JsonResponse(privacy.export(customer), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@doors.also_closed
@doors.writes
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the customer's data; the e-mail typed again confirms it."""
    with tenancy.reading():
        customer = visitor.customer(request)
    if customer is None:
        return doors.go(request, "/account/")
    if (typed := request.POST.get("email", "").strip()).lower() != customer.email:
        return _shown(request, told=_("Type your e-mail address exactly as shown, to confirm."), typed=typed)
    privacy.erase(customer_id=customer.pk)
    request.session.flush()
    return doors.go(request, "/account/?erased=1")


def _again(request: HttpRequest, *, email: str, told: str, step: str = "email", status: int = 422) -> HttpResponse:
    with tenancy.reading():
        return _way_in(request, frame.shell(request), email=email, told=told, step=step, status=status)


def _way_in(
    request: HttpRequest, shell: Shell, *, email: str = "", told: str = "", step: str = "email", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "email": email, "told": told, "step": step, "erased": "erased" in request.GET, "minutes": signing_in.MINUTES,
    }  # fmt: skip
    meta = frame.Meta(f"{_('Sign in')} · {shell.shop.name}")
    return frame.respond(request, shell, "shop/sign_in.html", context, meta, status=status)
