"""Services booked with goods, as JSON: ticked in the bag, given a time, moved and cancelled on the order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter as Parameter
from rest_framework.request import Request
from rest_framework.response import Response

from enablement.selectors import bookings
from enablement.selectors.bookings import Option, Slot, Standing
from enablement.services import providers
from orders.models import Order
from orders.selectors import cart as carts
from orders.selectors.services import BagService
from orders.services import appointments
from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel.errors import NotFound
from storefront.selectors import order as orders
from storefront.web import frame
from storefront.web.api import shapes_services
from storefront.web.api.ground import ShopView, described

_PLACE = [
    Parameter("country", str, required=True, description="ISO 3166-1 alpha-2, where somebody shall come."),
    Parameter("postcode", str, required=True),
]


class Slots(ShopView):
    @described("When the services of a cart can be had at a place", shapes_services.CartSlots, parameters=_PLACE)
    def get(self, request: Request, token: str) -> Response:
        place = ground.query(shapes_services.PlaceIn, request)
        cart = carts.find(token)
        if cart is None:
            raise NotFound()
        shell = frame.shell(request._request)
        summary = carts.summary(cart, shop=shell.shop, reseller_id=_shop_id(request))
        return Response({
            "items": [
                {"variant": each.goods.variant_id, "service": each.option.id, "title": each.option.title,
                 "slots": _free(each.option, place, summary.quote.currency)}
                for each in summary.quote.services
            ]
        })  # fmt: skip


class OneService(ShopView):
    @described("How a booked service stands, and where it can be moved to", shapes_services.OneBooked)
    def get(self, request: Request, token: str, line: int) -> Response:
        return Response(_one(request, _found(token), line))


class Move(ShopView):
    @described("Move a booked service, until the day before", shapes_services.OneBooked, body=shapes_services.SlotIn)
    @idempotent
    def post(self, request: Request, token: str, line: int) -> Response:
        to = ground.valid(shapes_services.SlotIn, request.data)
        order = _found(token)
        appointments.move(order_number=order.number, line_id=line, on=to["on"], part=to["part"], actor="customer")
        return Response(_one(request, order, line))


class Cancel(ShopView):
    @described("Cancel a booked service, until the day before; its money goes back", shapes_services.OneBooked)
    @idempotent
    def post(self, request: Request, token: str, line: int) -> Response:
        order = _found(token)
        appointments.cancel(order_number=order.number, line_id=line, actor="customer")
        return Response(_one(request, order, line))


def offered(options: Iterable[Option]) -> list[dict[str, Any]]:
    """Give what can be booked with goods; what the supplier pays for it is not in it."""
    plain = ("id", "kind", "title", "text", "price_minor", "most_pieces")
    return [{name: getattr(each, name) for name in plain} for each in options]


def ticked(services: Iterable[BagService]) -> list[dict[str, Any]]:
    """Give what is ticked with a line of a bag."""
    return [
        {
            "service": each.option.id if each.option else None,
            "title": each.option.title if each.option else "",
            "price_minor": each.option.price_minor if each.option else None,
            "was_seen_minor": each.seen_minor,
            "problem": each.problem,
        }
        for each in services
    ]


def chosen(rows: Iterable[dict[str, Any]]) -> dict[tuple[int, int], tuple[date, int]]:
    """Read the times of a checkout as the service takes them."""
    return {(row["variant"], row["service"]): (row["on"], row["part"]) for row in rows}


def booked(order: Order, lines: Iterable[orders.Line], reseller_id: int) -> list[dict[str, Any]]:
    """Give the services of an order. One query, none without services."""
    if not order.terms.get("services"):
        return []
    standing = bookings.of_order(reseller_id=reseller_id, order_number=order.number)
    return [_booked(line, standing[line.id]) for line in lines if line.id in standing]


def _booked(line: orders.Line, found: Standing) -> dict[str, Any]:
    row, task = found.booking, found.task
    live = row.state in row.LIVE and not line.refunded
    sure = live and task is not None and task.state not in task.WAITING
    return {
        "line": line.id, "kind": line.service, "title": line.title, "goods": line.label,
        "price_minor": line.total_minor, "state": found.code, "on": row.on.isoformat(), "part": int(row.part),
        "provider": task.provider.name if sure and task and task.provider else "",
        "changeable": found.movable and live,
    }  # fmt: skip


def _one(request: Request, order: Order, line_id: int) -> dict[str, Any]:
    standing = bookings.of_order(reseller_id=_shop_id(request), order_number=order.number)
    line = next((each for each in orders.read(order).lines if each.id == line_id), None)
    if line is None or line_id not in standing:
        raise NotFound()
    shown, row = _booked(line, standing[line_id]), standing[line_id].booking
    there = []
    if shown["changeable"]:
        there = bookings.slots(
            kind=row.option.kind, country=row.country, postcode=row.postcode, currency=row.currency,
            cost_minor=row.cost_minor, first=bookings.earliest_of(row),
        )  # fmt: skip
    return shown | {"slots": [_slot(each) for each in there if (each.on, each.part) != (row.on, row.part)]}


def _free(option: Option, place: dict[str, str], currency: str) -> list[dict[str, Any]]:
    postcode = providers.plain(place["postcode"])
    found = bookings.slots(
        kind=option.kind, country=place["country"], postcode=postcode, currency=currency, cost_minor=option.cost_minor
    )
    return [_slot(each) for each in found]


def _slot(slot: Slot) -> dict[str, Any]:
    return {"on": slot.on.isoformat(), "part": int(slot.part)}


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise NotFound()
    return order


def _shop_id(request: Request) -> int:
    return int(request._request.reseller.pk)  # type: ignore[attr-defined]
