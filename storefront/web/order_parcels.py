"""The order's parcels and lines, and its days side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from orders.models import Order
from s2b2c.kernel import clock
from storefront import prices, promise
from storefront.selectors import order as orders
from storefront.selectors.order import Line, OrderPage, Parcel
from storefront.web import cards, order_words
from storefront.words import gettext as _

_MOST_DAYS = 8
# Written out, so that the style sheet has them.
_START = ("col-start-1", "col-start-2", "col-start-3", "col-start-4", "col-start-5", "col-start-6", "col-start-7",
          "col-start-8")  # fmt: skip
_SPAN = ("col-span-1", "col-span-2", "col-span-3", "col-span-4", "col-span-5", "col-span-6", "col-span-7",
         "col-span-8")  # fmt: skip


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


def days(seen: OrderPage) -> list[Day]:
    """Give the days of the lanes; none where there is nothing to compare, or too many of them."""
    first, count = _span(seen)
    if not seen.parcels or count > _MOST_DAYS:
        return []
    today = clock.now().date()
    days = [first + dt.timedelta(days=n) for n in range(_MOST_DAYS)]
    return [Day(promise.short(day), day.day, day == today) for day in days]


def lanes(seen: OrderPage) -> list[Lane]:
    """Give each parcel's days."""
    first, count = _span(seen)
    if not seen.parcels or count > _MOST_DAYS:
        return []
    lanes = [_lane(first, n, parcel) for n, parcel in enumerate(seen.parcels, 1)]
    if seen.waiting and seen.order.status not in order_words.DEAD:
        now = min((clock.now().date() - first).days, _MOST_DAYS - 1)
        lanes.append(Lane(len(lanes) + 1, "", "", _("Being prepared"), f"{_START[0]} {_SPAN[now]}"))
    return lanes


def _lane(first: dt.date, number: int, parcel: Parcel) -> Lane:
    sent = min((parcel.sent_at.date() - first).days, _MOST_DAYS - 1)
    until = parcel.delivered_on or clock.now().date()
    now = min((until - first).days, _MOST_DAYS - 1)
    following = f"{_START[sent + 1]} {_SPAN[max(now - sent, 1) - 1]}" if sent + 1 < _MOST_DAYS else ""
    return Lane(
        number,
        orders.things(parcel.lines),
        f"{_START[0]} {_SPAN[sent]}",
        (_("Delivered") if parcel.delivered_on else _("On its way")) if following else "",
        following,
    )


def row(line: Line, currency: str, *, open_: bool) -> dict[str, Any]:
    """Give one line of the order."""
    address = f"/p/{line.slug}/" if line.slug else "/"
    return {
        "title": line.title, "label": line.label, "quantity": line.quantity, "picture": _picture(line),
        "unit": prices.text(line.unit_minor, currency), "total": prices.text(line.total_minor, currency),
        "url": address if open_ else "", "refunded": line.refunded, "inside": line.inside,
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


def _word(parcel: Parcel) -> str:
    if parcel.delivered_on:
        return _("Delivered")
    return _("Presumed delivered") if order_words.presumed(parcel) else _("On its way")


def parcel(parcel: Parcel, number: int, of: int) -> dict[str, Any]:
    """Give a parcel: what is in it, and where it is."""
    return {
        "word": _word(parcel),
        "delivered": promise.day(parcel.delivered_on) if parcel.delivered_on else "",
        "number": _("Parcel %(n)s of %(all)s") % {"n": number, "all": of} if of > 1 else "",
        "things": _things(parcel.lines),
        "sent": promise.day(parcel.sent_at.date()),
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "tracking_url": parcel.tracking_url,
    }


def rest(seen: OrderPage) -> dict[str, Any] | None:
    """Give what is still to come, with the steps so far."""
    order = seen.order
    if not seen.waiting or order.status in order_words.DEAD or order.status == Order.Status.PENDING:
        return None
    at = {step.kind: step.at for step in reversed(seen.steps)}
    done = [
        (_("Placed"), order.placed_at),
        (_("Paid"), order.paid_at),
        (_("Taken over by the warehouse"), at.get("processing")),
    ]
    steps = [("done", label, promise.day(when.date())) for label, when in done if when]
    picking = at.get("picking")
    steps.append(
        ("now", _("Being picked and packed"), promise.day(picking.date()))
        if picking
        else ("now", _("Waiting to be picked"), "")
    )
    steps.append(("next", _("Leaves the warehouse"), "" if seen.held else order_words.leaves(order)))
    return {"things": _things(seen.waiting), "steps": steps}
