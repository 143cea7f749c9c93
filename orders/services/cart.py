"""Fill and change a cart. Nothing is held here: stock is taken at checkout."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Cart
from reseller.selectors import offers, promotions
from reseller.selectors import shop as shops
from s2b2c.kernel.errors import NotFound, OutOfStock, Refused
from s2b2c.kernel.rows import Row

MOST_LINES = 100
MOST_PIECES = 999

Lines = list[dict[str, int]]


@transaction.atomic
def add_line(*, token: str | uuid.UUID | None, variant_id: int, quantity: int) -> Cart:
    """Put pieces into the cart of ``token``, or into a new one when there is none (or it became an order).

    :raises NotFound: the shop does not sell this.
    :raises OutOfStock: fewer are free than would then be in the cart; it is unchanged.
    :raises Refused: not a sensible number, or the cart is full.
    """
    cart = _locked(token) or Cart(ordered=False)
    lines: Lines = list(cart.lines)
    line = next((line for line in lines if line["variant"] == variant_id), None)
    if line is None:
        if len(lines) >= MOST_LINES:
            raise Refused("cart_full", _("The bag is full: at most %(most)s different things."), most=MOST_LINES)
        line = {"variant": variant_id, "quantity": 0}
        lines.append(line)
    _set(line, line["quantity"] + _pieces(quantity, least=1))
    cart.lines = lines
    cart.save()
    return cart


@transaction.atomic
def set_quantity(*, token: str | uuid.UUID, variant_id: int, quantity: int) -> Cart:
    """Change how many pieces of a variant are in the cart; 0 takes the line out.

    :raises NotFound: no such cart or line.
    :raises OutOfStock: fewer are free; the cart is unchanged.
    """
    if _pieces(quantity, least=0) == 0:
        return _change(token, lambda lines: [line for line in lines if line["variant"] != variant_id])
    return _change(token, lambda lines: [_changed(line, variant_id, quantity) for line in lines], needs=variant_id)


@transaction.atomic
def remove_line(*, token: str | uuid.UUID, variant_id: int) -> Cart:
    """Take a variant out of the cart; taking out what is not there changes nothing.

    :raises NotFound: no such cart.
    """
    return _change(token, lambda lines: [line for line in lines if line["variant"] != variant_id])


@transaction.atomic
def accept_prices(*, token: str | uuid.UUID) -> Cart:
    """Note today's prices as seen by c, after the changes were shown.

    :raises NotFound: no such cart.
    """
    cart = _locked(token)
    if cart is None:
        raise NotFound()
    now = offers.sellable(line["variant"] for line in cart.lines)
    cart.lines = [
        {**line, "seen_minor": now[line["variant"]].price_minor} if line["variant"] in now else line
        for line in cart.lines
    ]
    cart.save()
    return cart


@transaction.atomic
def set_code(*, token: str | uuid.UUID, code: str) -> Cart:
    """Note the code c typed for a discount; an empty one takes it away.

    :raises NotFound: no such cart.
    :raises Refused: ``code``: it opens nothing now; the cart is unchanged.
    """
    cart = _locked(token)
    if cart is None:
        raise NotFound()
    wanted = promotions.normal(code)
    if wanted and not promotions.is_known(shops.get(), wanted):
        raise Refused("code", _("This code is not valid, or no longer."), field="code")
    cart.code = wanted or None
    cart.save()
    return cart


def _change(token: str | uuid.UUID, change: Callable[[Lines], Lines], *, needs: int | None = None) -> Cart:
    cart = _locked(token)
    if cart is None or (needs is not None and needs not in {line["variant"] for line in cart.lines}):
        raise NotFound()
    cart.lines = change(list(cart.lines))
    cart.save()
    return cart


def _changed(line: dict[str, int], variant_id: int, quantity: int) -> dict[str, int]:
    if line["variant"] == variant_id:
        line = dict(line)
        _set(line, quantity)
    return line


def _set(line: dict[str, int], quantity: int) -> None:
    """Give a line a quantity that is free now, and today's price as seen."""
    found = offers.sellable([line["variant"]]).get(line["variant"])
    if found is None:
        raise NotFound("not_sold", _("This shop does not sell this any more."))
    if found.available < quantity:
        raise OutOfStock([(line["variant"], quantity, found.available)])
    line["quantity"] = _pieces(quantity, least=1)
    line["seen_minor"] = found.price_minor


def _pieces(quantity: int, *, least: int) -> int:
    if not least <= quantity <= MOST_PIECES:
        raise Refused(
            "quantity", _("Between %(least)s and %(most)s pieces."), field="quantity", least=least, most=MOST_PIECES
        )
    return quantity


_OPEN = Row(Cart, "token = %s AND order_token = ''", lock=True)


def _locked(token: str | uuid.UUID | None) -> Cart | None:
    """Lock a cart that is still open. Call inside a transaction."""
    try:
        key = token if isinstance(token, uuid.UUID) else uuid.UUID(str(token))
    except ValueError:
        return None
    return _OPEN.first(key)
