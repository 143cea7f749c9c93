"""Deliveries for carriers and warehouse systems: which parcels came, on which day."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from supplier.services import deliveries
from supplier.web.api import shapes_operations as shapes


class DeliveryItemIn(s.Serializer[Any]):
    reference = s.CharField(max_length=60, help_text="Parcel, tracking or order number; an order's: all its parcels.")
    delivered_on = s.DateField(allow_null=True, help_text="Null takes back what was said.")


class DeliveriesIn(s.Serializer[Any]):
    items = DeliveryItemIn(many=True, allow_empty=False, max_length=shapes.MOST_LINES)  # type: ignore[call-arg]


class DeliveryItem(s.Serializer[Any]):
    reference = s.CharField()
    parcels = s.ListField(child=s.CharField(), help_text="The parcels that were meant; none where it was not noted.")
    code = s.CharField(help_text="Empty, or why it was not noted.")
    message = s.CharField()


class DeliveriesNoted(s.Serializer[Any]):
    items = DeliveryItem(many=True)


class Deliveries(APIView):
    """On which day parcels were delivered."""

    required_scopes = {"POST": "fulfilment:write"}

    @shapes.described(
        "Say on which day parcels were delivered, or take it back. Needs an Idempotency-Key",
        DeliveriesNoted,
        body=DeliveriesIn,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shapes.key_of(request)
        told = [deliveries.Told(**item) for item in ground.valid(DeliveriesIn, request.data)["items"]]
        results = deliveries.book(several=told, actor_id=None)
        return ground.answer(DeliveriesNoted, {"items": [_shown(each) for each in results]})


def _shown(result: deliveries.Result) -> dict[str, Any]:
    problem = result.problem
    return {
        "reference": result.told.reference,
        "parcels": result.parcels,
        "code": problem.code if problem else "",
        "message": str(problem) if problem else "",
    }
