"""From the cart to the order, as JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from orders.models import Order
from orders.services import checkout as service
from orders.services import payment
from s2b2c.api import ground, idempotency
from s2b2c.kernel.errors import Refused
from storefront.web.api import services, shapes
from storefront.web.api.ground import ShopView, described
from storefront.web.api.orders import shown


class Checkout(ShopView):
    @described(
        "Place the order of a cart, once",
        shapes.Placed,
        body=shapes.CheckoutIn,
        status=201,
        parameters=[idempotency.PARAMETER],
    )
    def post(self, request: Request) -> Response:
        data = ground.valid(shapes.CheckoutIn, request.data)
        placed = idempotency.once(request, lambda: _placed(request, data))
        # The provider is asked outside the transaction; asked again it gives the same page.
        placed.data = {**placed.data, "payment_url": _page(placed.data)}
        return placed


def _placed(request: Request, data: dict[str, Any]) -> Response:
    contact = service.Contact(**{**data["contact"], "email": data["contact"]["email"].lower()})
    order = service.place_order(
        cart_token=data["cart"],
        contact=contact,
        method=data["method"],
        language=get_language() or "en",
        expected_total_minor=data.get("expected_total_minor"),
        slots=services.chosen(data["slots"]),
    )
    return Response(shown(request, order), status=201)


def _page(order: dict[str, Any]) -> str | None:
    if order["status"] != Order.Status.PENDING:
        return None
    try:
        return payment.open_page(order_token=order["token"])
    except Refused:
        return None  # the order stands; its `payment` gives the page later
