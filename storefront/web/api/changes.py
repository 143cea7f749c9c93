"""Change an order after it was placed, with a key of its shop: address, pieces taken off, a halt."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.models import Order
from orders.selectors import office
from orders.services import changes
from orders.services.writing import Contact
from s2b2c.api import ground, idempotency
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from storefront.web.api import orders, shapes
from storefront.web.api.ground import described

_MOST_LINES = 100


class AddressIn(s.Serializer[Any]):
    name = s.CharField(max_length=120)
    street = s.CharField(max_length=160)
    postcode = s.CharField(max_length=16)
    city = s.CharField(max_length=80)
    region = s.CharField(max_length=80, required=False, allow_blank=True, default="")
    country = s.RegexField("^[A-Z]{2}$")
    phone = s.CharField(max_length=40, required=False, allow_blank=True, default="")


class PiecesOf(s.Serializer[Any]):
    line = s.IntegerField(**ground.ID)
    quantity = s.IntegerField(min_value=1, max_value=999)


class TakeOffIn(s.Serializer[Any]):
    lines = PiecesOf(many=True, allow_empty=False, max_length=_MOST_LINES)  # type: ignore[call-arg]
    reason = s.CharField(max_length=40, required=False, default="other")
    expected_minor = s.IntegerField(
        required=False, allow_null=True, default=None, help_text="back_minor of the preview: refused if it differs."
    )


class Difference(s.Serializer[Any]):
    total_minor = s.IntegerField(help_text="What the order costs now.")
    back_minor = s.IntegerField(help_text="What goes back, or is not collected.")
    delivery_minor = s.IntegerField(help_text="Of it, delivery.")
    margin_minor = s.IntegerField(help_text="Of it, the shop's.")
    left_minor = s.IntegerField(help_text="What the order costs afterwards.")
    everything = s.BooleanField(help_text="Nothing is left: the order ends.")


class HoldIn(s.Serializer[Any]):
    reason = s.CharField(max_length=160)


class OrderView(APIView):
    """One order of the shop, by its number; with a key of the shop."""

    required_scopes = {"POST": "orders:write", "DELETE": "orders:write", "GET": "orders:read"}


class Address(OrderView):
    @described("Send an order elsewhere, before picking", shapes.OrderOut, body=AddressIn)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        told = ground.valid(AddressIn, request.data)
        with context.reading():
            order = _found(number)
        changes.change_address(order_number=order.number, contact=Contact(email=order.email, **told), actor="API")
        return _answer(request, number)


class Lines(OrderView):
    @described("What taking pieces off would change; nothing is written", Difference, body=TakeOffIn)
    def post(self, request: Request, number: str) -> Response:
        told = ground.valid(TakeOffIn, request.data)
        with context.reading():
            order = _found(number)
        return ground.answer(Difference, changes.weigh(order_number=order.number, pieces=_pieces(told)))


class TakeOff(OrderView):
    @described("Take pieces off an order, before picking. Needs an Idempotency-Key", shapes.OrderOut, body=TakeOffIn)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        told = ground.valid(TakeOffIn, request.data)
        with context.reading():
            order = _found(number)
        changes.cancel_pieces(
            order_number=order.number,
            pieces=_pieces(told),
            reason=told["reason"],
            key=f"api:{order.number}:{_key(request)}"[:80],
            actor="API",
            expected_minor=told["expected_minor"],
        )
        return _answer(request, number)


class Hold(OrderView):
    @described("Let an order stand still. Again: nothing more", shapes.OrderOut, body=HoldIn)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        reason = ground.valid(HoldIn, request.data)["reason"]
        with context.reading():
            order = _found(number)
        changes.hold(order_number=order.number, reason=reason, actor="API")
        return _answer(request, number)

    @described("Let an order go on. Again: nothing more", shapes.OrderOut)
    @idempotent
    def delete(self, request: Request, number: str) -> Response:
        with context.reading():
            order = _found(number)
        changes.resume(order_number=order.number, actor="API")
        return _answer(request, number)


def _found(number: str) -> Order:
    return office.by_number(number)


def _answer(request: Request, number: str) -> Response:
    with context.reading():
        return Response(orders.shown(request, _found(number)))


def _pieces(told: dict[str, Any]) -> dict[int, int]:
    pieces = {row["line"]: row["quantity"] for row in told["lines"]}
    if len(pieces) < len(told["lines"]):
        raise Refused("lines", field="lines")
    return pieces


def _key(request: Request) -> str:
    key = str(request.headers.get(idempotency.HEADER, ""))
    if not key:
        raise Refused("idempotency_key", field=idempotency.HEADER)
    return key
