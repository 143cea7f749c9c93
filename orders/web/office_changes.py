"""Change an order in the shop's office: each form says first what it means for the money, on the same page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from orders.models import Order
from orders.selectors import office
from orders.services import changes
from orders.services.writing import Contact
from orders.web import office as pages
from orders.web import words
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import ids, postcodes
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import countries, toast

_PARTS = ("street", "postcode", "city", "region", "country", "phone")


class AddressForm(forms.Form):
    """Where the parcel goes."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=160)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    region = forms.CharField(label=gettext_lazy("State or region"), max_length=80, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=countries.choices)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("postcode") and not postcodes.fits(str(data.get("country")), data["postcode"]):
            self.add_error("postcode", _("Please check the postcode."))
        return data


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Request, number: str) -> HttpResponseBase:
    """Send the order elsewhere: typed, looked at, confirmed."""
    with context.reading():
        found = office.by_number(number)
    typed = {name: plain(str(value)) for name, value in request.POST.items()} if request.method == "POST" else None
    form = AddressForm(typed, initial={"name": found.name, **found.address})
    refused: Refused | None = None
    new: list[str] | None = None
    if typed is not None and form.is_valid():
        contact = Contact(email=found.email, **form.cleaned_data)
        if request.POST.get("confirm"):
            try:
                changes.change_address(order_number=found.number, contact=contact, actor=pages._actor(request))
                toast.add(request, _("The parcel goes to the new address."))
                return pages._back(request, number)
            except Refused as problem:
                refused = problem
        new = [contact.name, *_address(contact.address())]
    old = [found.name, *_address(found.address)]
    view = {"order": found, "form": form, "old": old, "new": new, "refused": refused}
    return _render(request, "office/orders/address.html", view, bad=bool(refused or form.errors))


def _address(parts: dict[str, str]) -> list[str]:
    lines = [parts.get(name, "") for name in ("street", "city", "region", "postcode")]
    return [line for line in (*lines, countries.name(parts.get("country", ""))) if line]


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: Request, number: str) -> HttpResponseBase:
    """Take pieces off an order nobody packs yet: chosen, weighed, confirmed."""
    with context.reading():
        found = office.by_number(number)
        lines = list(found.lines.all())
    difference, refused = None, None
    if request.method == "POST":
        try:
            pieces = pages._pieces(request, "off", [line.pk for line in lines])
            code = _reason(request)
            difference = changes.weigh(order_number=found.number, pieces=pieces)
            if request.POST.get("confirm"):
                _take_off(request, found, pieces, code)
                toast.add(request, _("The order is smaller now."))
                return pages._back(request, number)
        except Refused as problem:
            refused = problem
    rows = [(line, f"off_{line.pk}", request.POST.get(f"off_{line.pk}", "")) for line in lines]
    view = {
        "order": found,
        "lines": rows,
        "reasons": pages._reasons(),
        "chosen": request.POST.get("reason", ""),
        "key": request.POST.get("key") or ids.token(),
        "difference": difference,
        "refused": refused,
        "by_card": found.method == Order.Method.CARD,
    }
    return _render(request, "office/orders/take_off.html", view, bad=refused is not None)


def _reason(request: Request) -> str:
    code = request.POST.get("reason", "")
    if code not in words.CHOOSABLE:
        raise Refused("reason", _("Say why."), field="reason")
    return code


def _take_off(request: Request, found: Order, pieces: dict[int, int], code: str) -> None:
    said = request.POST.get("expected", "")
    changes.cancel_pieces(
        order_number=found.number,
        pieces=pieces,
        reason=code,
        key=f"off:{found.number}:{plain(request.POST.get('key', ''))[:40]}",
        actor=pages._actor(request),
        expected_minor=int(said) if said.isdecimal() and len(said) < 16 else -1,
    )


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: Request, number: str) -> HttpResponseBase:
    """Let the order stand still, with a reason."""
    with context.reading():
        found = office.by_number(number)
    refused: Refused | None = None
    why = plain(request.POST.get("why", ""))[:160]
    if request.method == "POST":
        try:
            changes.hold(order_number=found.number, reason=why, actor=pages._actor(request))
            toast.add(request, _("Nothing of this order is sent until you let it go on."))
            return pages._back(request, number)
        except Refused as problem:
            refused = problem
    return _render(
        request, "office/orders/hold.html", {"order": found, "why": why, "refused": refused}, bad=refused is not None
    )


@reseller_role("manager")
@require_POST
def resume(request: Request, number: str) -> HttpResponseBase:
    """Let the order go on."""
    with context.reading():
        found = office.by_number(number)
    try:
        changes.resume(order_number=found.number, actor=pages._actor(request))
        toast.add(request, _("The order goes on."))
    except Refused as problem:
        toast.add(request, str(problem))
    return pages._back(request, number)


def _render(request: Request, template: str, view: dict[str, Any], *, bad: bool) -> HttpResponseBase:
    with context.reading():
        return render(request, template, view, status=422 if bad else 200)
