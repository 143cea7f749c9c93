"""The bag as JSON. Its token is its key: who has it, has the bag."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from orders.models import Cart
from orders.selectors import cart as carts
from orders.services import cart as service
from s2b2c.api import ground, idempotency
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context as tenancy
from storefront.web import frame
from storefront.web.api import services as services_api
from storefront.web.api import shapes, shapes_services
from storefront.web.api.ground import ShopView, described


class Carts(ShopView):
    @described("Fill a new cart: all lines or none", shapes.Cart, body=shapes.CartIn, status=201)
    def post(self, request: Request) -> Response:
        lines = ground.valid(shapes.CartIn, request.data)["lines"]
        return idempotency.once(request, lambda: _filled(request, lines))


class OneCart(ShopView):
    @described("A cart at today's prices", shapes.Cart)
    def get(self, request: Request, token: str) -> Response:
        cart = carts.find(token)
        if cart is None:
            raise NotFound()
        return Response(shown(request, cart))


class Lines(ShopView):
    @described("Add pieces of a variant", shapes.Cart, body=shapes.LineIn, status=201)
    def post(self, request: Request, token: str) -> Response:
        line = ground.valid(shapes.LineIn, request.data)
        return idempotency.once(request, lambda: _added(request, token, line))


class OneLine(ShopView):
    @described("Set how many there are", shapes.Cart, body=shapes.QuantityIn)
    def put(self, request: Request, token: str, variant: int) -> Response:
        quantity = ground.valid(shapes.QuantityIn, request.data)["quantity"]
        cart = service.set_quantity(token=token, variant_id=variant, quantity=quantity)
        return _answer(request, cart)

    @described("Take a line out", shapes.Cart)
    def delete(self, request: Request, token: str, variant: int) -> Response:
        return _answer(request, service.remove_line(token=token, variant_id=variant))


class Services(ShopView):
    @described("Say which services are booked with a line", shapes.Cart, body=shapes_services.ServicesIn)
    def put(self, request: Request, token: str, variant: int) -> Response:
        wanted = ground.valid(shapes_services.ServicesIn, request.data)["services"]
        return _answer(request, service.set_services(token=token, variant_id=variant, option_ids=wanted))


def _filled(request: Request, lines: list[dict[str, int]]) -> Response:
    token, cart = None, None
    for line in lines:
        cart = service.add_line(token=token, variant_id=line["variant"], quantity=line["quantity"])
        token = cart.token
    assert cart is not None
    return Response(shown(request, cart), status=201)


def _added(request: Request, token: str, line: dict[str, int]) -> Response:
    if carts.find(token) is None:
        raise NotFound()
    cart = service.add_line(token=token, variant_id=line["variant"], quantity=line["quantity"])
    return Response(shown(request, cart), status=201)


def _answer(request: Request, cart: Cart) -> Response:
    with tenancy.reading():
        return Response(shown(request, cart))


def shown(request: Request, cart: Cart) -> dict[str, Any]:
    """Give a cart as JSON; what the goods cost b and S is not in it."""
    shell = frame.shell(request._request)
    summary = carts.summary(cart, shop=shell.shop, reseller_id=request._request.reseller.pk)  # type: ignore[attr-defined]
    quote = summary.quote
    return {
        "token": str(cart.token),
        "lines": [_line(line) for line in summary.lines],
        "pieces": summary.pieces,
        "ready": summary.ready,
        "currency": quote.currency,
        "items_minor": quote.items_minor,
        "services_minor": quote.services_minor,
        "discount_minor": quote.discount_minor,
        "code": summary.code,
        "shipping_minor": quote.shipping_minor,
        "tax_minor": quote.tax_minor,
        "tax_included": quote.tax_included,
        "total_minor": quote.total_minor,
    }


def _line(line: carts.CartLine) -> dict[str, Any]:
    sold = line.sellable
    return {
        "variant": line.variant_id,
        "sku": sold.sku if sold else "",
        "title": sold.title if sold else "",
        "label": sold.label if sold else "",
        "quantity": line.quantity,
        "price_minor": sold.price_minor if sold else None,
        "line_minor": line.line_minor,
        "was_seen_minor": line.seen_minor,
        "problem": line.problem,
        "services": services_api.ticked(line.services),
        "offered": services_api.offered(line.offered),
    }
