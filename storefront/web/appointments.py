"""Services booked with goods, as a shop's pages show them: offered, given a time, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.storage import default_storage
from django.http import QueryDict

from enablement.selectors import bookings
from enablement.selectors.bookings import Option, Slot, Standing
from enablement.services import providers
from orders.models import Order
from orders.selectors import quote as quotes
from orders.selectors.cart import CartSummary
from storefront import prices, promise
from storefront.selectors.order import Line, OrderPage
from storefront.selectors.product import Product
from storefront.selectors.shell import Shell
from storefront.words import gettext as _

Slots = dict[tuple[int, int], tuple[date, int]]
ICONS = {"install": "wrench", "delivery": "truck"}


def with_product(shell: Shell, found: Product) -> list[dict[str, Any]]:
    """Give what can be ticked on a product's page."""
    return [_option(each, shell.shop.currency) for each in found.services]


def _option(option: Option, currency: str) -> dict[str, Any]:
    return {
        "id": option.id, "title": option.title, "text": option.text, "icon": ICONS.get(option.kind, "wrench"),
        "price": prices.text(option.price_minor, currency),
    }  # fmt: skip


def with_line(line: Any, currency: str) -> list[dict[str, Any]]:
    """Give the services of a line of the bag, each with what is ticked after its button is pressed."""
    on = [each.option.id for each in line.services if each.option is not None]
    found = [
        _option(each, currency)
        | {
            "on": each.id in on,
            "wanted": [*on, each.id] if each.id not in on else [id_ for id_ in on if id_ != each.id],
        }
        for each in line.offered
    ]
    return [*found, *_broken(line, on)]


def _broken(line: Any, on: list[int]) -> list[dict[str, Any]]:
    gone = [each for each in line.services if each.option is None]
    told = _("A service you chose is no longer offered with it.")
    return [{"title": told, "price": "", "icon": "circle-alert", "on": True, "wanted": on}] if gone else []


def told_of(line: Any, currency: str) -> str:
    """Say what is the matter with the services of a line of the bag."""
    for each in line.services:
        if each.option is None:
            return _("A service you chose is no longer offered with it. Remove it to go on.")
        if each.problem == "many":
            return _("%(title)s is for at most %(n)s pieces. Take some out, or order without it.") % {
                "title": each.option.title, "n": each.option.most_pieces,
            }  # fmt: skip
        if each.seen_minor is not None:
            return _("%(title)s is now %(now)s. It was %(before)s when you added it.") % {
                "title": each.option.title, "now": prices.text(each.option.price_minor, currency),
                "before": prices.text(each.seen_minor, currency),
            }  # fmt: skip
    return ""


# --- A time at the checkout ---------------------------------------------------------------------------------
def chosen(data: QueryDict) -> Slots:
    """Read the times of a form: ``slot_<variant>_<option>`` is a day and a part of it. What is none is left out."""
    found: Slots = {}
    for name, value in data.items():
        parts = name.split("_")
        slot = bookings.slot_of(str(value))
        if slot and len(parts) == 3 and parts[0] == "slot" and parts[1].isdigit() and parts[2].isdigit():
            found[int(parts[1]), int(parts[2])] = slot
    return found


def of_pending(order: Order | None, reseller_id: int) -> Slots:
    """Give the times kept for an order that waits for its payment, as its form named them."""
    if order is None or not order.terms.get("services"):
        return {}
    kept = bookings.chosen(reseller_id=reseller_id, order_number=order.number)
    found: Slots = {}
    for line in order.lines.filter(service__isnull=False):
        if line.service is not None and line.id in kept:
            found[line.variant_id, line.service["option"]] = kept[line.id]
    return found


def wanted(summary: CartSummary, *, country: str, postcode: str, picked: Mapping[tuple[int, int], tuple[date, int]], kept: bool = False) -> list[dict[str, Any]]:  # fmt: skip
    """Give the services of a bag with the times there are at a place. A few queries each, none without services."""
    currency, place = summary.quote.currency, providers.plain(postcode)
    return [_wanted(each, currency, country, place, picked, kept) for each in summary.quote.services]


def _wanted(
    booked: quotes.QuoteService, currency: str, country: str, place: str,
    picked: Mapping[tuple[int, int], tuple[date, int]], kept: bool,
) -> dict[str, Any]:  # fmt: skip
    option, variant = booked.option, booked.goods.variant_id
    there = (
        bookings.slots(
            kind=option.kind, country=country, postcode=place, currency=currency, cost_minor=option.cost_minor
        )
        if len(place) >= 3
        else []
    )
    now = picked.get((variant, option.id))
    if now is not None and kept and now not in {(each.on, each.part) for each in there}:
        there = [Slot(*now, 1), *there]  # it is this visitor's own
    return _option(option, currency) | {
        "goods": booked.goods.title,
        "name": f"slot_{variant}_{option.id}",
        "place": place if len(place) >= 3 else "",
        "slots": [(each.code, words(each), (each.on, each.part) == now) for each in there],
        "gone": now is not None and now not in {(each.on, each.part) for each in there},
    }


def words(slot: Slot) -> str:
    """Say when somebody comes: ``Thursday, December 3, 8 to 12``."""
    return when(slot.on, slot.part)


def when(on: date, part: int) -> str:
    """Say a day and the hours of a part of it."""
    return promise.slot(on, part)


# --- On the order's page --------------------------------------------------------------------------------------
def of_page(order: Order, seen: OrderPage, reseller_id: int) -> dict[str, Any]:
    """Give what an order's page says of services and of what goods and services cost."""
    booked = [line for line in seen.lines if line.service]
    return {
        "items": prices.text(sum(line.total_minor for line in seen.goods), order.currency),
        "booked": [(line.title, prices.text(line.total_minor, order.currency)) for line in booked],
        "appointments": shown(order, booked, reseller_id),
    }


def shown(order: Order, lines: list[Line], reseller_id: int) -> list[dict[str, Any]]:
    """Give the services of an order, and how each stands. Two queries and those for times, none without services."""
    if not order.terms.get("services"):
        return []
    standing = bookings.of_order(reseller_id=reseller_id, order_number=order.number)
    return [_shown(line, standing[line.id], order) for line in lines if line.id in standing]


def _shown(line: Line, found: Standing, order: Order) -> dict[str, Any]:
    row, task = found.booking, found.task
    live = row.state in (row.State.HELD, row.State.PLACED) and not line.refunded
    slots = _others(found) if found.movable and live else []
    return {
        "id": line.id,
        "title": line.title,
        "goods": line.label,
        "icon": ICONS.get(row.option.kind, "wrench"),
        "when": when(row.on, row.part),
        "word": _state(found, line),
        "live": live,
        "done": bool(task and task.done_at),
        "who": task.provider.name if live and task and task.provider and task.state not in ("open", "offered") else "",
        "price": prices.text(line.total_minor, order.currency),
        "slots": slots,
        "changeable": found.movable and live,
        "proof": task.proof if task and task.done_at else "",
        "photos": [default_storage.url(name) for name in found.photos],
    }


def _others(found: Standing) -> list[tuple[str, str]]:
    row = found.booking
    there = bookings.slots(
        kind=row.option.kind, country=row.country, postcode=row.postcode, currency=row.currency,
        cost_minor=row.cost_minor, first=bookings.earliest_of(row),
    )  # fmt: skip
    return [(each.code, words(each)) for each in there if (each.on, each.part) != (row.on, row.part)]


def _state(found: Standing, line: Line) -> str:
    if line.refunded and found.code not in ("failed",):
        return _("Cancelled, the money goes back")
    return {
        "held": _("The time is kept while you pay"),
        "placed": _("Booked; we choose who comes"),
        "open": _("Booked; we choose who comes"),
        "offered": _("Booked; we choose who comes"),
        "accepted": _("Confirmed"),
        "done": _("Done"),
        "approved": _("Done"),
        "paid": _("Done"),
        "released": _("The time was not kept: the order was not paid"),
        "cancelled": _("Cancelled, the money goes back"),
        "failed": _("Can’t be done, the money goes back"),
    }[found.code]
