"""An order as JSON, by its token."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from orders.models import Order
from orders.services import cancellation, payment
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context as tenancy
from storefront.selectors import order as orders
from storefront.web import frame
from storefront.web.api import services as booked_with
from storefront.web.api import shapes
from storefront.web.api.ground import ShopView, described


class OneOrder(ShopView):
    @described("Where an order is", shapes.OrderOut)
    def get(self, request: Request, token: str) -> Response:
        return Response(shown(request, _found(token)))


class Cancel(ShopView):
    @described("Cancel an order nobody has begun to pick", shapes.OrderOut)
    def post(self, request: Request, token: str) -> Response:
        with tenancy.reading():
            number = _found(token).number
        cancellation.cancel(order_number=number, actor="customer", reason="customer")
        with tenancy.reading():
            return Response(shown(request, _found(token)))


class Payment(ShopView):
    @described("The page where a waiting order is paid", shapes.PaymentPage)
    def post(self, request: Request, token: str) -> Response:
        return Response({"payment_url": payment.open_page(order_token=token)})


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise NotFound()
    return order


def shown(request: Request, order: Order) -> dict[str, Any]:
    """Give an order as its buyer may see it."""
    seen = orders.read(order)
    return {
        "number": order.number,
        "token": order.token,
        "status": order.status,
        "paid": order.paid,
        "method": order.method,
        "currency": order.currency,
        "items_minor": order.items_minor,
        "discount_minor": order.discount_minor or 0,
        "shipping_minor": order.shipping_minor,
        "tax_minor": order.tax_minor,
        "tax_included": order.tax_included,
        "total_minor": order.total_minor,
        "refunded_minor": order.refunded_minor,
        "placed_at": order.placed_at.isoformat(),
        "expires_at": order.expires_at.isoformat() if order.expires_at else None,
        "page_url": frame.absolute(request._request, f"/order/{order.token}/"),
        "cancellable": seen.cancellable,
        "lines": [
            {"title": line.title, "label": line.label, "quantity": line.quantity, "unit_minor": line.unit_minor,
             "line_minor": line.total_minor, "shipped": line.shipped, "refunded": line.refunded}
            for line in seen.lines
        ],
        "parcels": [
            {"carrier": parcel.carrier, "tracking": parcel.tracking, "tracking_url": parcel.tracking_url,
             "shipped_at": parcel.sent_at.isoformat(), "delivered_on": parcel.delivered_on}
            for parcel in seen.parcels
        ],
        "services": booked_with.booked(order, seen.lines, request._request.reseller.pk),  # type: ignore[attr-defined]
    }  # fmt: skip
