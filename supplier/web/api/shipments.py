"""Parcels for a warehouse system: what left, with whom, under which number."""

from __future__ import annotations

import hashlib

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from supplier.services import shipping
from supplier.web.api import fulfilment
from supplier.web.api import shapes_operations as shapes


class Shipments(APIView):
    """Parcels of one fulfilment order."""

    required_scopes = {"POST": "fulfilment:write"}

    @shapes.described(
        "Send a parcel: the shop and the consumer are told. Needs an Idempotency-Key",
        shapes.Shipment,
        body=shapes.ShipmentIn,
        status=201,
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        key = _once(request, number, shapes.key_of(request))
        told = ground.valid(shapes.ShipmentIn, request.data)
        lines = told.pop("lines", None)
        pieces = None if lines is None else {line["line"]: line["quantity"] for line in lines}
        made = shipping.ship(number=number, pieces=pieces, request_key=key, actor_id=None, **told)
        return ground.answer(shapes.Shipment, fulfilment.parcel(made, number), 201)


def _once(request: Request, number: str, key: str) -> str:
    """Give the parcel's own key: the caller's, told apart from those of other callers and fulfilment orders."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"api:{request.auth.pk}:{number[:12]}:{digest}"  # type: ignore[union-attr]
