"""The shop's API, below ``/api/v1/``; namespace ``api``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.permissions import public
from s2b2c.tenancy.middleware import serves_closed_shops
from storefront.web.api import cart, catalogue, changes, checkout, orders, returns, services
from supplier.web.api import settlement

_CART = "carts/<uuid:token>/"
_SERVICE = "orders/<slug:token>/services/<int:line>/"
_ORDER = "shop/orders/<slug:number>/"
_STATEMENT = "settlement/statements/<str:number>/"

urlpatterns: list[Any] = [
    path("categories/", public(catalogue.Categories.as_view()), name="categories"),
    path("products/", public(catalogue.Products.as_view()), name="products"),
    path("products/<slug:slug>/", public(catalogue.OneProduct.as_view()), name="product"),
    path("carts/", public(cart.Carts.as_view()), name="carts"),
    path("carts/<uuid:token>/", public(cart.OneCart.as_view()), name="cart"),
    path("carts/<uuid:token>/lines/", public(cart.Lines.as_view()), name="cart_lines"),
    path("carts/<uuid:token>/lines/<int:variant>/", public(cart.OneLine.as_view()), name="cart_line"),
    path(f"{_CART}lines/<int:variant>/services/", public(cart.Services.as_view()), name="cart_services"),
    path(f"{_CART}slots/", public(services.Slots.as_view()), name="cart_slots"),
    path("checkout/", public(checkout.Checkout.as_view()), name="checkout"),
    path("orders/<slug:token>/", public(serves_closed_shops(orders.OneOrder.as_view())), name="order"),
    path("orders/<slug:token>/cancel/", public(serves_closed_shops(orders.Cancel.as_view())), name="order_cancel"),
    path("orders/<slug:token>/returns/", public(serves_closed_shops(returns.Returns.as_view())), name="order_returns"),
    path(_SERVICE, public(serves_closed_shops(services.OneService.as_view())), name="order_service"),
    path(f"{_SERVICE}move/", public(serves_closed_shops(services.Move.as_view())), name="order_service_move"),
    path(f"{_SERVICE}cancel/", public(serves_closed_shops(services.Cancel.as_view())), name="order_service_cancel"),
    path("orders/<slug:token>/payment/", public(orders.Payment.as_view()), name="order_payment"),
    path(f"{_ORDER}address/", public(serves_closed_shops(changes.Address.as_view())), name="shop_order_address"),
    path(
        f"{_ORDER}take-off/preview/", public(serves_closed_shops(changes.Lines.as_view())), name="shop_order_preview"
    ),
    path(f"{_ORDER}take-off/", public(serves_closed_shops(changes.TakeOff.as_view())), name="shop_order_take_off"),
    path(f"{_ORDER}hold/", public(serves_closed_shops(changes.Hold.as_view())), name="shop_order_hold"),
    path("settlement/balance/", public(serves_closed_shops(settlement.Balance.as_view())), name="balance"),
    path("settlement/statements/", public(serves_closed_shops(settlement.Statements.as_view())), name="statements"),
    path(_STATEMENT, public(serves_closed_shops(settlement.OneStatement.as_view())), name="statement"),
    path(f"{_STATEMENT}lines/", public(serves_closed_shops(settlement.Lines.as_view())), name="statement_lines"),
    path("settlement/payouts/", public(serves_closed_shops(settlement.Payouts.as_view())), name="payouts"),
]
