"""The order's page: open to whoever has its link. Coming back from the payment page proves nothing."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import pgettext

from orders.models import Order
from orders.services import cancellation, payment
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront import prices, promise
from storefront.selectors import order as orders
from storefront.selectors.shell import Shell
from storefront.web import (
    appointments,
    bag,
    bank,
    checkout,
    delivery,
    doors,
    frame,
    order_parcels,
    order_words,
    returns,
    warranty,
)
from storefront.web import help as help_
from storefront.words import gettext as _

_log = logging.getLogger(__name__)
_MOST_CHECKS = 12


@doors.also_closed
@doors.reads
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the order is."""
    return _shown(request, _found(token))


@doors.also_closed
@doors.writes
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the payment provider what became of the payment, and show it."""
    try:
        payment.refresh(order_token=token)
    except Refused:
        _log.info("payment provider did not answer for an order page")
    tries = request.POST.get("tries", "0")
    number = min(int(tries), _MOST_CHECKS) + 1 if tries.isascii() and tries.isdigit() and len(tries) < 4 else 1
    with tenancy.reading():
        order = _found(token)
        if request.headers.get("HX-Request") and order.status == Order.Status.PENDING:
            return _part(request, order, tries=number)
    waiting = order.status == Order.Status.PENDING
    return doors.go(request, f"/order/{token}/{'?paid=1' if waiting else ''}")


@doors.writes
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the payment page of an order that waits."""
    try:
        return doors.go(request, payment.open_page(order_token=token))
    except Refused as refusal:
        return _told(request, token, refusal)


@doors.also_closed
@doors.writes
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel the order while nobody has begun to pick it."""
    with tenancy.reading():
        number = _found(token).number
    try:
        cancellation.cancel(order_number=number, actor="customer", reason="customer")
    except Refused as refusal:
        return _told(request, token, refusal)
    return doors.go(request, f"/order/{token}/")


@doors.reads
def hold(request: HttpRequest, token: str) -> HttpResponse:
    """Give how long the things are still held."""
    order = _found(token)
    if order.status != Order.Status.PENDING:
        return doors.go(request, f"/order/{token}/")
    return HttpResponse(frame.render("shop/_hold.html", _hold(order)))


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise Http404
    return order


def _told(request: HttpRequest, token: str, refusal: Refused) -> HttpResponse:
    with tenancy.reading():
        return _shown(request, _found(token), told=str(refusal), status=refusal.status)


def _shown(request: HttpRequest, order: Order, *, told: str = "", status: int = 200) -> HttpResponse:
    shell = frame.shell(request)
    if "unavailable" in request.GET and order.status == Order.Status.PENDING:
        told = _("The payment page did not open. Nothing was charged; please try again.")
    context = _context(request, shell, order) | {"told": told}
    meta = frame.Meta(f"{_('Order')} {order.number} · {shell.shop.name}")
    response = frame.respond(request, shell, "shop/order.html", context, meta, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    if order.status not in (Order.Status.PENDING, *order_words.DEAD) and bag.token(request) == str(order.cart_token):
        bag.forget(response)
    if context["checking"]:
        response.headers["Refresh"] = "20"  # for who has no script
    return response


def _part(request: HttpRequest, order: Order, *, tries: int) -> HttpResponse:
    shell = frame.shell(request)
    context = _context(request, shell, order, tries=tries, checking=True)
    return HttpResponse(frame.render("shop/_order.html", {**context, "shop": shell.shop}))


def _context(
    request: HttpRequest, shell: Shell, order: Order, *, tries: int = 0, checking: bool = False
) -> dict[str, Any]:
    seen = orders.read(order)
    pending = order.status == Order.Status.PENDING
    checking = checking or (pending and "paid" in request.GET)
    currency = order.currency
    return (
        {
            "order": order,
            "placed": promise.day(order.placed_at.date()),
            "heading": order_words.heading(seen, checking=checking),
            "lead": order_words.lead(seen, checking=checking),
            "pending": pending,
            "checking": checking,
            "tries": tries,
            "delay": 1 if tries == 0 else 3 if tries < 5 else 8,
            "may_check": tries < _MOST_CHECKS,
            "open": request.reseller.is_open,  # type: ignore[attr-defined]
            "days": order_parcels.days(seen),
            "lanes": order_parcels.lanes(seen),
            "parcels": [
                order_parcels.parcel(parcel, n, len(seen.parcels) + bool(seen.waiting))
                for n, parcel in enumerate(seen.parcels, 1)
            ],
            "rest": order_parcels.rest(seen),
            "rows": [order_parcels.row(line, currency, open_=request.reseller.is_open) for line in seen.goods],  # type: ignore[attr-defined]
            "pieces": sum(line.quantity for line in seen.goods),
            "offers": prices.offers(order.terms, currency),
            "delivery": prices.text(order.shipping_minor, currency)
            if order.shipping_minor
            else pgettext("price", "Free"),
            "tax": prices.text(order.tax_minor, currency) if order.tax_minor else "",
            "tax_included": order.tax_included,
            "total": prices.text(order.total_minor, currency),
            "refunds": [
                order_words.refund(back, currency)
                for back in seen.refunds
                if back.amount_minor and order.method == Order.Method.CARD
            ],
            "less": prices.text(order.refunded_minor, currency) if order_words.less(order) else "",
            "to_pay": prices.text(order.total_minor - order.refunded_minor, currency)
            if order_words.less(order)
            else "",
            "paid_words": order_words.paid(order),
            "cancellable": seen.cancellable,
            "address": order_words.address(order),
            "cases": help_.named(seen.cases),
            "supplier": shell.tree.supplier,
        }
        | _hold(order)
        | appointments.of_page(order, seen, request.reseller.pk)  # type: ignore[attr-defined]
        | delivery.shown(seen)
        | warranty.of_page(order, seen)
        | returns.shown(order)
        | bank.shown(order, request.reseller.pk, seen.refunds)  # type: ignore[attr-defined]
    )


def _hold(order: Order) -> dict[str, Any]:
    return {"left": checkout.minutes_left(order), "until": order.expires_at, "hold_url": f"/order/{order.token}/hold/"}
