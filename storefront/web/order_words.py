"""What an order's page says: where the order is, what comes next, and what goes back."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext, pgettext

from orders.models import Order, Refund
from orders.selectors import delivery
from s2b2c.kernel import clock
from storefront import prices, promise
from storefront.selectors import order as orders
from storefront.selectors.order import OrderPage, Parcel
from storefront.web import frame
from storefront.words import gettext as _

DEAD = (Order.Status.CANCELLED, Order.Status.EXPIRED)
_ENDED = (Refund.State.DONE, Refund.State.COVERED)


def heading(seen: OrderPage, *, checking: bool) -> str:
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
        if seen.parcels and all(parcel.delivered_on for parcel in seen.parcels):
            return ngettext("Your parcel was delivered", "Your parcels were delivered", count)
        if seen.parcels and all(parcel.delivered_on or presumed(parcel) for parcel in seen.parcels):
            return ngettext("Your parcel should have arrived", "Your parcels should have arrived", count)
        if count < 2:  # Chinese has one form for both
            return _("Your parcel is on its way")
        return _under_way(count, sum(not (parcel.delivered_on or presumed(parcel)) for parcel in seen.parcels))
    return {
        Order.Status.PENDING: _("Waiting for your payment"),
        Order.Status.PLACED: _("Thank you, your order is placed"),
        Order.Status.PROCESSING: _("Your order is being prepared"),
        Order.Status.CANCELLED: _("This order was cancelled"),
        Order.Status.EXPIRED: _("This order was not paid in time"),
    }[Order.Status(order.status)]


def _under_way(count: int, left: int) -> str:
    """Say how many of several parcels are still to come."""
    if left < count:
        return ngettext("One parcel is still on its way", "%(n)s parcels are still on their way", left) % {"n": left}
    if count == 2:
        return _("Both parcels are on their way")
    return ngettext("%(n)s parcel is on its way", "All %(n)s parcels are on their way", count) % {"n": count}


def presumed(parcel: Parcel) -> bool:
    """Tell whether a parcel nobody spoke of left so long ago that it must have arrived."""
    return parcel.delivered_on is None and clock.now() - parcel.sent_at >= delivery.PRESUMED_AFTER


def lead(seen: OrderPage, *, checking: bool) -> str:
    """Say what happens next."""
    order = seen.order
    if checking:
        return _("As soon as the payment is confirmed this page says so. You can close it: we send you an e-mail.")
    if order.status in (Order.Status.PLACED, Order.Status.PROCESSING):
        if seen.held:
            return _(
                "It waits for a moment: something has to be settled first. If we need you for that, we write to you."
            )
        day = leaves(order)
        told = _("It leaves the warehouse by %(day)s.") % {"day": day} if day else ""
        mail = (
            _("We write to %(email)s when it does.")
            if day
            else _("We write to %(email)s when it leaves the warehouse.")
        )
        if not order.email or not told:
            return mail % {"email": order.email} if order.email else told
        return _("%(first)s %(then)s") % {"first": told, "then": mail % {"email": order.email}}
    if order.status == Order.Status.SHIPPED and seen.parcels and all(parcel.delivered_on for parcel in seen.parcels):
        return _("Did it not come, or is something wrong? Please tell us.")
    if (
        order.status == Order.Status.SHIPPED
        and seen.parcels
        and all(parcel.delivered_on or presumed(parcel) for parcel in seen.parcels)
    ):
        return _("We presume so, as it left some time ago. Did it not come, or is something wrong? Please tell us.")
    if order.status in DEAD and seen.refunds and order.method == Order.Method.CARD:
        over = all(back.state in _ENDED for back in seen.refunds)
        if not any(back.amount_minor for back in seen.refunds):
            return _("Your bank has given back what you paid.")
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


def leaves(order: Order) -> str:
    """Give the day the order leaves the warehouse by, as long as that is not over."""
    day = promise.leaves_on(order.placed_at)
    return promise.day(day) if day >= clock.now().date() else ""


def paid(order: Order) -> str:
    """Say how the payment stands."""
    words = {
        Order.Paid.UNPAID: _("Not paid"), Order.Paid.DUE: _("To pay on delivery"), Order.Paid.PAID: _("Paid"),
        Order.Paid.PART_REFUNDED: _("Paid, part of it returned"), Order.Paid.REFUNDED: _("Paid and returned"),
    }  # fmt: skip
    return words.get(Order.Paid(order.paid), order.get_paid_display())


def less(order: Order) -> bool:
    """Tell whether less is to be paid on delivery than was ordered."""
    return order.paid == Order.Paid.DUE and 0 < order.refunded_minor < order.total_minor


def refund(back: orders.Back, currency: str) -> tuple[str, str, str]:
    """Give what goes back, why, and how far it is."""
    reasons = {
        "cancelled": _("Cancelled"),
        "not_available": _("Not available"),
        "unused_payment": _("Payment not used"),
        "service_cancelled": _("Service cancelled"),
        "service_failed": _("Service can’t be done"),
    }
    state = {
        Refund.State.DONE: _("returned"),
        Refund.State.HELD: _("waits until your bank has decided"),
    }.get(Refund.State(back.state), _("on its way back"))
    return (
        prices.text(back.amount_minor, currency),
        reasons.get(back.reason, _("Refund")),
        pgettext("between facts", ", ").join((state, promise.day(back.at.date()))),
    )


def address(order: Order) -> list[str]:
    """Give where it goes, line by line."""
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
