"""What the shop's API views share."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.views import APIView

from s2b2c.api import scopes
from storefront.web.api import shapes

STOCK = {"": "in_stock", "low": "low", "out": "sold_out"}


class ShopView(APIView):
    """Open to anyone on the shop's host."""

    required_scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), scopes.STOREFRONT)


def described(
    summary: str, answer: Any, *, body: Any = None, status: int = 200, parameters: Any = (), name: str | None = None
) -> Any:
    """Write a method down for the schema: its answer, and the refusals it may give."""
    refusals = dict.fromkeys((400, 401, 404, 409, 422, 429), shapes.Refusal)
    return extend_schema(
        summary=summary,
        operation_id=name,
        request=body,
        responses={status: answer, **refusals},
        parameters=list(parameters),
    )
