"""One page from the bag to the order. Whatever is refused, what was typed stays."""

from __future__ import annotations

import logging
import re
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language, gettext_lazy, pgettext

from orders.models import Cart, Order
from orders.selectors import cart as carts
from orders.selectors.cart import CartSummary
from orders.services import checkout as service
from orders.services import payment
from reseller.models import Shop
from s2b2c.kernel import clock, postcodes
from s2b2c.kernel.errors import NotFound, OutOfStock, Refused
from s2b2c.tenancy import context as tenancy
from storefront import promise
from storefront.selectors import order as orders
from storefront.selectors import policies
from storefront.selectors.shell import Shell
from storefront.web import appointments, bag, doors, frame, visitor
from storefront.web import cart as cart_page
from storefront.words import gettext as _

_log = logging.getLogger(__name__)
# name → (its place in the grid, autocomplete, inputmode)
_LAYOUT = {
    "email": ("col-span-6", "email", "email"),
    "name": ("col-span-6", "name", ""),
    "street": ("col-span-6", "street-address", ""),
    "postcode": ("col-span-2", "postal-code", ""),
    "city": ("col-span-4", "address-level2", ""),
    "region": ("col-span-3", "address-level1", ""),
    "phone": ("col-span-3", "tel", "tel"),
}


_FILL = {"required": gettext_lazy("Please fill this in.")}


class ContactForm(forms.Form):
    """Who gets the parcel, and how it is paid: seven fields, the country behind a link.

    Looks at the shape of what was typed; where the shop delivers and how it is paid the service decides.
    """

    email = forms.EmailField(
        label=gettext_lazy("E-mail, for the receipt and tracking"), max_length=254,
        error_messages=_FILL | {"invalid": gettext_lazy("Please enter an e-mail address.")},
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, error_messages=_FILL)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=160, error_messages=_FILL)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16, error_messages=_FILL)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, error_messages=_FILL)
    region = forms.CharField(label=gettext_lazy("State or region"), max_length=80, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone, optional"), max_length=40, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, error_messages=_FILL)
    method = forms.CharField(
        label=gettext_lazy("Payment"), max_length=8, error_messages={"required": gettext_lazy("Choose how to pay.")}
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"])
        if code not in dict(frame.every_country()):
            raise forms.ValidationError(_("This shop does not deliver to this country."))
        return code

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not re.fullmatch(r"[0-9+()/.\- ]{5,40}", phone):
            raise forms.ValidationError(_("This is not a phone number."))
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("postcode") and not postcodes.fits(str(data.get("country")), data["postcode"]):
            self.add_error("postcode", _("Please check the postcode."))
        return data

    def contact(self) -> service.Contact:
        names = ("name", "email", "phone", "street", "postcode", "city", "region", "country")
        return service.Contact(**{name: self.cleaned_data[name] for name in names})


def ways(shop: Shop) -> list[tuple[str, str]]:
    """Give the ways to pay the shop offers."""
    offered = [
        (Order.Method.CARD, shop.card_enabled, _("Card or wallet")),
        (Order.Method.COD, shop.cod_enabled, _("Cash on delivery")),
    ]
    return [(str(code.value), label) for code, on, label in offered if on]


@doors.writes
def times(request: HttpRequest) -> HttpResponse:
    """Give the times services of the bag can be had at the place typed so far."""
    with tenancy.reading():
        shell, cart = frame.shell(request), carts.find(request.POST.get("bag", "")[:40] or bag.token(request))
        if cart is None:
            return doors.go(request, "/bag/")
        summary = _summary(request, cart, shell)
        context = {"appointments": _appointments(request, summary, ContactForm(initial=_trimmed(request.POST)), None)}
        return HttpResponse(frame.render("shop/_appointments.html", context))


@doors.form
def page(request: HttpRequest) -> HttpResponse:
    """Show the form, or place the order."""
    return _submit(request) if request.method == "POST" else _show(request)


def _show(request: HttpRequest) -> HttpResponse:
    cart = bag.find(request)
    if cart is None:
        return doors.go(request, "/bag/")
    shell = frame.shell(request)
    pending = orders.pending_of(cart)
    summary = _summary(request, cart, shell)
    if not summary.ready and (pending is None or any(line.problem == "gone" for line in summary.lines)):
        return doors.go(request, "/bag/")
    form = ContactForm(initial=_known(request, shell, pending))
    return _page(request, shell, summary, form, cart, pending=pending)


def _summary(request: HttpRequest, cart: Cart, shell: Shell) -> CartSummary:
    """Price the bag whole: what an order that waits for its payment holds is this visitor's own."""
    return carts.summary(cart, shop=shell.shop, reseller_id=request.reseller.pk, held=True)  # type: ignore[attr-defined]


def _known(request: HttpRequest, shell: Shell, pending: Order | None) -> dict[str, str]:
    """Give what this visitor told us before: with the order that waits, or as a signed-in customer."""
    start = {
        "country": shell.shop.countries[0] if shell.shop.countries else request.reseller.country,  # type: ignore[attr-defined]
        "method": (ways(shell.shop) or [("", "")])[0][0],
    }
    if pending is not None:
        return start | {**pending.address, "email": pending.email, "name": pending.name, "method": pending.method}
    customer = visitor.customer(request)
    if customer is not None:
        return start | {**customer.address, "email": customer.email, "name": customer.name, "phone": customer.phone}
    return start


def _submit(request: HttpRequest) -> HttpResponse:
    """Place the order of the bag this form was shown for; sent twice, it is the same order."""
    token = request.POST.get("bag", "")[:40] or bag.token(request)
    form = ContactForm(_trimmed(request.POST))
    if "times" in request.POST:  # for who has no script: what is typed stays, and the times for this place are shown
        return _again(request, token, ContactForm(initial=_trimmed(request.POST)), status=200)
    if not form.is_valid():
        return _again(request, token, form)
    try:
        order = service.place_order(
            cart_token=token,
            contact=form.contact(),
            method=form.cleaned_data["method"],
            language=get_language() or "en",
            expected_total_minor=_expected(request),
            slots=appointments.chosen(request.POST),
        )
    except NotFound:
        return doors.go(request, "/bag/")
    except OutOfStock as refusal:
        return _again(request, token, form, short=refusal)
    except Refused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, str(refusal))
            return _again(request, token, form)
        return _again(request, token, form, told=str(refusal), no_slot=refusal.field == "slot")
    return _onward(request, order)


def _trimmed(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "") for name in ContactForm.base_fields}


def _expected(request: HttpRequest) -> int | None:
    text = request.POST.get("total", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _onward(request: HttpRequest, order: Order) -> HttpResponse:
    """Send c to pay, or to the order where nothing is to be paid now."""
    here = f"/order/{order.token}/"
    if order.status != Order.Status.PENDING:
        response = doors.go(request, here)
        bag.forget(response)
        return response
    try:
        return doors.go(request, payment.open_page(order_token=order.token))
    except Refused:
        return doors.go(request, f"{here}?unavailable=1")


def _again(
    request: HttpRequest, token: str, form: ContactForm, *, told: str = "", short: OutOfStock | None = None,
    no_slot: bool = False, status: int = 0,
) -> HttpResponse:  # fmt: skip
    with tenancy.reading():
        shell = frame.shell(request)
        cart = carts.find(token)
        if cart is None:
            return doors.go(request, "/bag/")
        summary = _summary(request, cart, shell)
        if short is not None:
            told = _short(summary, short)
        status = status or (409 if told else 422)
        return _page(request, shell, summary, form, cart, told=told, status=status, no_slot=no_slot)


def _short(summary: CartSummary, refusal: OutOfStock) -> str:
    names = {line.variant_id: line.sellable.title for line in summary.lines if line.sellable}
    each = [
        _("%(title)s: only %(n)s left") % {"title": names.get(variant, "?"), "n": free} if free > 0
        else _("%(title)s: sold out") % {"title": names.get(variant, "?")}
        for variant, _wanted, free in refusal.lines
    ]  # fmt: skip
    return _("Somebody was faster. %(lines)s. Please change your bag; your address is kept.") % {
        "lines": "; ".join(each)
    }


def _page(
    request: HttpRequest, shell: Shell, summary: CartSummary, form: ContactForm, cart: Cart, *,
    told: str = "", pending: Order | None = None, status: int = 200, no_slot: bool = False,
) -> HttpResponse:  # fmt: skip
    shop = shell.shop
    country = str(form["country"].value() or "")
    places = frame.countries(shop) or frame.every_country()
    context = cart_page._context(shell, summary, told) | {
        "form": form,
        "fields": [_field(form, name, country) for name in _LAYOUT],
        "country": country,
        "country_name": dict(places).get(country, ""),
        "places": places if len(places) > 1 else [],
        "country_error": form.errors.get("country"),
        "methods": ways(shop),
        "method": form["method"].value(),
        "method_error": form.errors.get("method"),
        "bag": cart.token,
        "total_minor": summary.quote.total_minor,
        "back": pending is not None or "back" in request.GET,
        "until": pending.expires_at if pending else None,
        "left": minutes_left(pending),
        "supplier": shell.tree.supplier,
        "leaves": _("Leaves the warehouse by %(day)s.") % {"day": promise.day(promise.leaves_on())},
        "terms": [(code, title) for code, title in policies.titles(shop) if code in ("terms", "returns", "privacy")],
        "minutes": settings.HOLD_MINUTES,
        "appointments": _appointments(request, summary, form, pending),
        "no_slot": no_slot,
    }
    meta = frame.Meta(f"{_('Check out')} · {shop.name}")
    return frame.respond(
        request, shell, "shop/checkout.html", context, meta, frame="shop/_frame_slim.html", status=status
    )


def _appointments(
    request: HttpRequest, summary: CartSummary, form: ContactForm, pending: Order | None
) -> list[dict[str, Any]]:
    """Give the services of the bag with their times at the place typed; those of an order that waits are kept."""
    if not summary.quote.services:
        return []
    reseller_id: int = request.reseller.pk  # type: ignore[attr-defined]
    posted = request.method == "POST"
    picked = appointments.chosen(request.POST) if posted else appointments.of_pending(pending, reseller_id)
    country, postcode = str(form["country"].value() or ""), str(form["postcode"].value() or "")
    return appointments.wanted(summary, country=country, postcode=postcode, picked=picked, kept=pending is not None)


def _field(form: ContactForm, name: str, country: str) -> dict[str, Any]:
    """Give a field as the template draws it."""
    css, autocomplete, mode = _LAYOUT[name]
    bound = form[name]
    label = (
        {"postcode": _("ZIP"), "region": pgettext("address", "State")}.get(name, bound.label)
        if country == "US"
        else bound.label
    )
    return {
        "name": name, "label": label, "value": bound.value() or "", "errors": bound.errors, "css": css,
        "autocomplete": autocomplete, "mode": mode, "required": bound.field.required,
        "max": getattr(bound.field, "max_length", None), "type": "email" if name == "email" else "text",
    }  # fmt: skip


def minutes_left(order: Order | None) -> int:
    """Give for how many more minutes a pending order's things are held, rounded up."""
    if order is None or order.expires_at is None:
        return 0
    return max(0, -int((order.expires_at - clock.now()).total_seconds() // -60))
