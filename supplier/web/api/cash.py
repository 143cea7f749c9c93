"""Cash on delivery for carriers and the books of others: collected, or refused at the door."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from supplier.services import cash
from supplier.web.api import shapes_operations as shapes


class CashOnDelivery(APIView):
    """What became of the cash of orders paid on delivery."""

    required_scopes = {"POST": "cash:write"}

    @shapes.described(
        "Say whose cash was collected and which orders were refused at the door. Needs an Idempotency-Key",
        shapes.CashBooked,
        body=shapes.CashIn,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shapes.key_of(request)
        told = [cash.Told(**item) for item in ground.valid(shapes.CashIn, request.data)["items"]]
        results = cash.book(several=told, actor_id=None)
        return ground.answer(shapes.CashBooked, {"items": [_shown(each) for each in results]})


def _shown(result: cash.Result) -> dict[str, Any]:
    order, problem = result.order, result.problem
    return {
        "reference": result.told.reference,
        "outcome": result.told.outcome,
        "booked": order is not None,
        "order_number": order.order_number if order else "",
        "code": problem.code if problem else "",
        "message": str(problem) if problem else "",
    }
