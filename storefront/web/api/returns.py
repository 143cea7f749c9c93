"""Returns of an order as JSON, by the order's token."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from orders.models import Order, ReturnRequest
from orders.selectors import returns as selectors
from orders.services import returns
from s2b2c.api import ground, idempotency
from s2b2c.kernel import texts
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context as tenancy
from storefront.selectors import order as orders
from storefront.web.api.ground import ShopView, described


class ReturnPiecesIn(s.Serializer[Any]):
    line = s.IntegerField(**ground.ID)
    quantity = s.IntegerField(min_value=1, max_value=999_999)


class ReturnPartsIn(ReturnPiecesIn):
    sku = s.CharField(
        max_length=60,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of a bundle: the part that comes back by itself. Without it, whole pieces of the line.",
    )


class PartLeftOut(s.Serializer[Any]):
    sku = s.CharField()
    name = s.CharField()
    quantity = s.IntegerField()


class ReturnableOut(ReturnPiecesIn):
    quantity = s.IntegerField(help_text="Whole pieces; of a bundle whose parts came back in part there may be none.")
    parts = PartLeftOut(many=True, help_text="Of a bundle: what can come back by itself.")


class ReturnIn(s.Serializer[Any]):
    reason = s.ChoiceField(ReturnRequest.Reason.choices)
    wish = s.ChoiceField(ReturnRequest.Wish.choices)
    note = s.CharField(max_length=500, required=False, allow_blank=True, default="")
    lines = ReturnPartsIn(many=True, allow_empty=False, max_length=200)  # type: ignore[call-arg]


class ReturnedOut(s.Serializer[Any]):
    number = s.CharField()
    state = s.ChoiceField(ReturnRequest.State.choices)
    reason = s.ChoiceField(ReturnRequest.Reason.choices)
    wish = s.ChoiceField(ReturnRequest.Wish.choices)
    answer = s.CharField(help_text="What the shop or its supplier says about it.")
    tracking = s.CharField()
    refund_minor = s.IntegerField()
    exchange_number = s.CharField(help_text="The order that replaces the pieces, or empty.")
    opened_at = s.DateTimeField()
    lines = ReturnPartsIn(many=True)


class ReturnsOfOrder(s.Serializer[Any]):
    until = s.DateTimeField(allow_null=True, help_text="Until when more may be returned.")
    returnable = ReturnableOut(many=True)
    returns = ReturnedOut(many=True)


class Returns(ShopView):
    @described("The returns of an order, and what else may come back", ReturnsOfOrder)
    def get(self, request: Request, token: str) -> Response:
        return Response(_shown(_found(token)))

    @described(
        "Ask for a return",
        ReturnedOut,
        body=ReturnIn,
        status=201,
        parameters=[idempotency.PARAMETER],
    )
    def post(self, request: Request, token: str) -> Response:
        told = ground.valid(ReturnIn, request.data)
        with tenancy.reading():
            order = _found(token)
            pieces, parts = _wanted(order, told.pop("lines"))
        return idempotency.once(request, lambda: _asked(order.number, pieces, parts, told))


Parts = dict[tuple[int, int], int]


def _wanted(order: Order, lines: list[dict[str, Any]]) -> tuple[dict[int, int], Parts]:
    """Divide what is asked for into whole pieces by line, and parts by line and variant.

    :raises NotFound: a line has no such part.
    """
    single = [row for row in lines if row["sku"]]
    left = {each.line.pk: each for each in selectors.left(order)} if single else {}
    parts: Parts = {}
    for row in single:
        found = left.get(row["line"])
        named = [part.variant.pk for part in found.parts if part.variant.sku == row["sku"]] if found else []
        if not named:
            raise NotFound(field="sku")
        parts[row["line"], named[0]] = row["quantity"]
    return {row["line"]: row["quantity"] for row in lines if not row["sku"]}, parts


def _asked(number: str, pieces: dict[int, int], parts: Parts, told: dict[str, Any]) -> Response:
    made = returns.request(order_number=number, pieces=pieces, parts=parts, actor="customer", **told)
    with tenancy.reading():
        return Response(_one(made), status=201)


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise NotFound()
    return order


def _shown(order: Order) -> dict[str, Any]:
    until = selectors.until(order)
    return {
        "until": until.isoformat() if until else None,
        "returnable": [_left(each) for each in selectors.returnable(order)],
        "returns": [_one(back) for back in selectors.of_order(order)],
    }


def _left(each: selectors.Left) -> dict[str, Any]:
    parts = [
        {"sku": part.variant.sku, "name": texts.local(part.variant.product, "name"), "quantity": part.pieces}
        for part in each.parts
    ]
    return {"line": each.line.pk, "quantity": each.pieces, "parts": parts}


def _one(back: ReturnRequest) -> dict[str, Any]:
    return {
        "number": back.number,
        "state": back.state,
        "reason": back.reason,
        "wish": back.wish,
        "answer": back.answer,
        "tracking": back.tracking,
        "refund_minor": back.outcome.get("refund", 0),
        "exchange_number": back.outcome.get("exchange", ""),
        "opened_at": back.opened_at.isoformat(),
        "lines": [
            {"line": thing.line.pk, "quantity": thing.quantity, "sku": thing.sku if thing.part else ""}
            for thing in selectors.things(back)
        ],
    }
