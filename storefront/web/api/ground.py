"""What the shop's API views share."""

from __future__ import annotations

from typing import Any

from rest_framework.views import APIView

from s2b2c.api import ground, scopes

STOCK = {"": "in_stock", "low": "low", "out": "sold_out"}


class ShopView(APIView):
    """Open to anyone on the shop's host."""

    required_scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), scopes.STOREFRONT)


def described(
    summary: str, answer: Any, *, body: Any = None, status: int = 200, parameters: Any = (), name: str | None = None
) -> Any:
    """Write a method of the shop's API down for the schema."""
    return ground.described(
        summary,
        answer,
        refusals=(400, 401, 404, 409, 422, 429),
        body=body,
        status=status,
        parameters=parameters,
        name=name,
    )
