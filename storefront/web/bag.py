"""The cookie that names a visitor's bag, and the one that says how much is in it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orders.models import Cart
from orders.selectors import cart as carts
from storefront import cache

_SECONDS = 60 * 60 * 24 * 30


def token(request: HttpRequest) -> str:
    """Give the token in the visitor's cookie, or ""."""
    return request.COOKIES.get(settings.CART_COOKIE_NAME, "")[:40]


def find(request: HttpRequest) -> Cart | None:
    """Give the visitor's bag as long as it is not an order. One statement, none without a cookie."""
    named = token(request)
    found = carts.find(named) if named else None
    return found if found is not None and not found.order_token else None


def remember(response: HttpResponseBase, cart: Cart) -> None:
    """Name the bag, and how much is in it, in the visitor's cookies."""
    _set(response, settings.CART_COOKIE_NAME, str(cart.token))
    count(response, sum(line["quantity"] for line in cart.lines))


def count(response: HttpResponseBase, pieces: int) -> None:
    """Note how much is in the bag: pages that are kept show this number."""
    if pieces:
        _set(response, cache.BAG_COUNT_COOKIE, str(min(pieces, 999)))
    else:
        _drop(response, cache.BAG_COUNT_COOKIE)


def forget(response: HttpResponseBase) -> None:
    """Take the bag from the visitor: it became an order."""
    _drop(response, settings.CART_COOKIE_NAME)
    count(response, 0)


def _set(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_SECONDS, samesite="Lax", secure=settings.HTTPS, httponly=True)


def _drop(response: HttpResponseBase, name: str) -> None:
    """Delete a cookie; ``delete_cookie`` would send it without ``Secure``, which a ``__Host-`` name forbids."""
    response.set_cookie(name, "", max_age=0, samesite="Lax", secure=settings.HTTPS, httponly=True)
