"""The order's page: open to whoever has its link. Coming back from the payment page proves nothing."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext

from orders.models import Order, Refund
from orders.services import cancellation, payment
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront import prices, promise
from storefront.selectors import order as orders
from storefront.selectors.order import Line, OrderPage, Parcel
from storefront.selectors.shell import Shell
from storefront.web import bag, cards, checkout, doors, frame, returns
from storefront.words import gettext as _

_log = logging.getLogger(__name__)
_MOST_DAYS = 8
_MOST_CHECKS = 12
# Written out, so that the style sheet has them.
_START = ("col-start-1", "col-start-2", "col-start-3", "col-start-4", "col-start-5", "col-start-6", "col-start-7",
          "col-start-8")  # fmt: skip
_SPAN = ("col-span-1", "col-span-2", "col-span-3", "col-span-4", "col-span-5", "col-span-6", "col-span-7",
         "col-span-8")  # fmt: skip
_DEAD = (Order.Status.CANCELLED, Order.Status.EXPIRED)


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
    if order.status not in (Order.Status.PENDING, *_DEAD) and bag.token(request) == str(order.cart_token):
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
            "placed": _day(order.placed_at.date()),
            "heading": _heading(seen, checking=checking),
            "lead": _lead(seen, checking=checking),
            "pending": pending,
            "checking": checking,
            "tries": tries,
            "delay": 1 if tries == 0 else 3 if tries < 5 else 8,
            "may_check": tries < _MOST_CHECKS,
            "open": request.reseller.is_open,  # type: ignore[attr-defined]
            "days": _days(seen),
            "lanes": _lanes(seen),
            "parcels": [
                _parcel(parcel, n, len(seen.parcels) + bool(seen.waiting)) for n, parcel in enumerate(seen.parcels, 1)
            ],
            "rest": _rest(seen),
            "rows": [_row(line, currency, open_=request.reseller.is_open) for line in seen.lines],  # type: ignore[attr-defined]
            "items": prices.text(order.items_minor, currency),
            "pieces": sum(line.quantity for line in seen.lines),
            "offers": prices.offers(order.terms, currency),
            "delivery": prices.text(order.shipping_minor, currency)
            if order.shipping_minor
            else pgettext("price", "Free"),
            "tax": prices.text(order.tax_minor, currency) if order.tax_minor else "",
            "tax_included": order.tax_included,
            "total": prices.text(order.total_minor, currency),
            "refunds": [_refund(back, currency) for back in seen.refunds if order.method == Order.Method.CARD],
            "less": prices.text(order.refunded_minor, currency) if _less(order) else "",
            "to_pay": prices.text(order.total_minor - order.refunded_minor, currency) if _less(order) else "",
            "paid_words": _paid(order),
            "cancellable": seen.cancellable,
            "address": _address(order, shell),
            "supplier": shell.tree.supplier,
        }
        | _hold(order)
        | returns.shown(order)
    )


def _hold(order: Order) -> dict[str, Any]:
    return {"left": checkout.minutes_left(order), "until": order.expires_at, "hold_url": f"/order/{order.token}/hold/"}


# --- Words -------------------------------------------------------------------------------------------
def _heading(seen: OrderPage, *, checking: bool) -> str:
    """Answer the question c came with."""
    order = seen.order
    if checking:
        return _("One moment: we are asking the payment provider")
    if order.status == Order.Status.PART_SHIPPED:
        count = len(seen.parcels)
        return ngettext(
            "One parcel is on its way, the rest follows", "%(n)s parcels are on their way, the rest follows", count
        ) % {"n": count}
    if order.status == Order.Status.SHIPPED:
        count = len(seen.parcels)
        if count < 2:  # Chinese has one form for both
            return _("Your parcel is on its way")
        return ngettext("%(n)s parcel is on its way", "All %(n)s parcels are on their way", count) % {"n": count}
    return {
        Order.Status.PENDING: _("Waiting for your payment"),
        Order.Status.PLACED: _("Thank you, your order is placed"),
        Order.Status.PROCESSING: _("Your order is being prepared"),
        Order.Status.CANCELLED: _("This order was cancelled"),
        Order.Status.EXPIRED: _("This order was not paid in time"),
    }[Order.Status(order.status)]


def _lead(seen: OrderPage, *, checking: bool) -> str:
    order = seen.order
    if checking:
        return _("As soon as the payment is confirmed this page says so. You can close it: we send you an e-mail.")
    if order.status in (Order.Status.PLACED, Order.Status.PROCESSING):
        day = _leaves(order)
        told = _("It leaves the warehouse by %(day)s.") % {"day": day} if day else ""
        mail = (
            _("We write to %(email)s when it does.")
            if day
            else _("We write to %(email)s when it leaves the warehouse.")
        )
        if not order.email or not told:
            return mail % {"email": order.email} if order.email else told
        return _("%(first)s %(then)s") % {"first": told, "then": mail % {"email": order.email}}
    if order.status in _DEAD and seen.refunds and order.method == Order.Method.CARD:
        over = all(back.state == Refund.State.DONE for back in seen.refunds)
        return (
            _("What you paid has gone back the way it came; banks take some days to show it.")
            if over
            else _("Money you paid goes back the way it came.")
        )
    if order.status == Order.Status.CANCELLED:
        return _("Nothing was charged.")
    if order.status == Order.Status.EXPIRED:
        return _("Nothing was charged, and the things are free for others again. Your bag is as you left it.")
    return ""


def _leaves(order: Order) -> str:
    """Give the day the order leaves the warehouse by, as long as that is not over."""
    day = promise.leaves_on(order.placed_at)
    return _day(day) if day >= clock.now().date() else ""


def _paid(order: Order) -> str:
    words = {
        Order.Paid.UNPAID: _("Not paid"), Order.Paid.DUE: _("To pay on delivery"), Order.Paid.PAID: _("Paid"),
        Order.Paid.PART_REFUNDED: _("Paid, part of it returned"), Order.Paid.REFUNDED: _("Paid and returned"),
    }  # fmt: skip
    return words.get(Order.Paid(order.paid), order.get_paid_display())


def _less(order: Order) -> bool:
    """Tell whether less is to be paid on delivery than was ordered."""
    return order.paid == Order.Paid.DUE and 0 < order.refunded_minor < order.total_minor


def _refund(back: orders.Back, currency: str) -> tuple[str, str, str]:
    reasons = {
        "cancelled": _("Cancelled"),
        "not_available": _("Not available"),
        "unused_payment": _("Payment not used"),
    }
    state = _("returned") if back.state == "done" else _("on its way back")
    return (
        prices.text(back.amount_minor, currency),
        reasons.get(back.reason, _("Refund")),
        pgettext("between facts", ", ").join((state, _day(back.at.date()))),
    )


def _day(date: dt.date) -> str:
    return promise.day(date)


def _address(order: Order, shell: Shell) -> list[str]:
    address = order.address or {}
    postcode, city, region = (address.get(name, "") for name in ("postcode", "city", "region"))
    place = (
        f"{city}, {region} {postcode}"
        if address.get("country") == "US"
        else " ".join(filter(None, (postcode, city, region)))
    )
    street = address.get("street") or address.get("line1", "")
    lines = [order.name, street, address.get("line2", ""), place]
    country = address.get("country", "")
    if country:
        lines.append(frame.country(country, get_language() or "en"))
    return [line for line in lines if line]


# --- Lanes and parcels ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Day:
    name: str
    number: int
    today: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A parcel's days: prepared until it left, then under way. A phone shows the number alone."""

    number: int
    done: str
    done_css: str
    next: str
    next_css: str


def _span(seen: OrderPage) -> tuple[dt.date, int]:
    """Give the first day shown, and how many days there are."""
    first = seen.order.placed_at.date()
    last = max([clock.now().date(), *(parcel.sent_at.date() for parcel in seen.parcels)])
    return first, (last - first).days + 1


def _days(seen: OrderPage) -> list[Day]:
    """Give the days of the lanes; none where there is nothing to compare, or too many of them."""
    first, count = _span(seen)
    if not seen.parcels or count > _MOST_DAYS:
        return []
    today = clock.now().date()
    days = [first + dt.timedelta(days=n) for n in range(_MOST_DAYS)]
    return [Day(promise.short(day), day.day, day == today) for day in days]


def _lanes(seen: OrderPage) -> list[Lane]:
    first, count = _span(seen)
    if not seen.parcels or count > _MOST_DAYS:
        return []
    lanes = [_lane(first, n, parcel) for n, parcel in enumerate(seen.parcels, 1)]
    if seen.waiting and seen.order.status not in _DEAD:
        now = min((clock.now().date() - first).days, _MOST_DAYS - 1)
        lanes.append(Lane(len(lanes) + 1, "", "", _("Being prepared"), f"{_START[0]} {_SPAN[now]}"))
    return lanes


def _lane(first: dt.date, number: int, parcel: Parcel) -> Lane:
    sent = min((parcel.sent_at.date() - first).days, _MOST_DAYS - 1)
    now = min((clock.now().date() - first).days, _MOST_DAYS - 1)
    following = f"{_START[sent + 1]} {_SPAN[max(now - sent, 1) - 1]}" if sent + 1 < _MOST_DAYS else ""
    return Lane(
        number,
        orders.things(parcel.lines),
        f"{_START[0]} {_SPAN[sent]}",
        _("On its way") if following else "",
        following,
    )


def _row(line: Line, currency: str, *, open_: bool) -> dict[str, Any]:
    address = f"/p/{line.slug}/" if line.slug else "/"
    return {
        "title": line.title, "label": line.label, "quantity": line.quantity, "picture": _picture(line),
        "unit": prices.text(line.unit_minor, currency), "total": prices.text(line.total_minor, currency),
        "url": address if open_ else "", "refunded": line.refunded,
    }  # fmt: skip


def _picture(line: Line, css: str = "") -> SafeString:
    return cards.markup(None, line.plate, line.tint, line.title, css=css)


def _things(lines: list[tuple[Line, int]]) -> list[dict[str, Any]]:
    css = "w-11 aspect-4/5 object-cover rounded-(--lk-pic-r)"
    return [
        {"picture": _picture(line, css), "title": line.title, "label": line.label,
         "count": _("%(n)s of %(all)s") % {"n": pieces, "all": line.quantity}}
        for line, pieces in lines
    ]  # fmt: skip


def _parcel(parcel: Parcel, number: int, of: int) -> dict[str, Any]:
    return {
        "number": _("Parcel %(n)s of %(all)s") % {"n": number, "all": of} if of > 1 else "",
        "things": _things(parcel.lines),
        "sent": _day(parcel.sent_at.date()),
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "tracking_url": parcel.tracking_url,
    }


def _rest(seen: OrderPage) -> dict[str, Any] | None:
    """Give what is still to come, with the steps so far."""
    order = seen.order
    if not seen.waiting or order.status in _DEAD or order.status == Order.Status.PENDING:
        return None
    at = {step.kind: step.at for step in reversed(seen.steps)}
    done = [
        (_("Placed"), order.placed_at),
        (_("Paid"), order.paid_at),
        (_("Taken over by the warehouse"), at.get("processing")),
    ]
    steps = [("done", label, _day(when.date())) for label, when in done if when]
    picking = at.get("picking")
    steps.append(
        ("now", _("Being picked and packed"), _day(picking.date()))
        if picking
        else ("now", _("Waiting to be picked"), "")
    )
    steps.append(("next", _("Leaves the warehouse"), _leaves(order)))
    return {"things": _things(seen.waiting), "steps": steps}
