"""Fill and change a cart. Nothing is held here: stock is taken at checkout."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.selectors.bookings import Option
from orders.models import Cart
from orders.selectors import services
from reseller.selectors import offers, promotions
from reseller.selectors import shop as shops
from s2b2c.kernel.errors import NotFound, OutOfStock, Refused
from s2b2c.kernel.rows import Row
from s2b2c.tenancy import context

MOST_LINES = 100
MOST_PIECES = 999

Lines = list[dict[str, Any]]


@transaction.atomic
def add_line(*, token: str | uuid.UUID | None, variant_id: int, quantity: int, option_ids: Iterable[int] = ()) -> Cart:
    """Put pieces into the cart of ``token``, or into a new one when there is none (or it became an order).

    ``option_ids``: services to be booked with them, beside those of the line that are there.

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
    if wanted := list(option_ids):
        _book(line, [*(row["option"] for row in line.get("services", ())), *wanted])
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
    reseller, shop = context.current(), shops.get()
    assert reseller is not None
    products = {each.product_id for each in now.values()}
    there = services.offered(products, shop=shop, reseller_id=reseller.pk)
    cart.lines = [_accepted(line, now.get(line["variant"]), there) for line in cart.lines]
    cart.save()
    return cart


def _accepted(line: dict[str, Any], sold: offers.Sellable | None, there: Mapping[int, list[Option]]) -> dict[str, Any]:
    """Note the prices of a line; services that are no longer offered, or too small for it, are left out."""
    if sold is None:
        return line
    known = {each.id: each for each in there.get(sold.product_id, ()) if each.most_pieces >= line["quantity"]}
    kept = [
        {"option": row["option"], "seen_minor": known[row["option"]].price_minor}
        for row in line.get("services", ())
        if row["option"] in known
    ]
    accepted = {name: value for name, value in line.items() if name != "services"}
    return {**accepted, "seen_minor": sold.price_minor, **({"services": kept} if kept else {})}


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


@transaction.atomic
def set_services(*, token: str | uuid.UUID, variant_id: int, option_ids: Iterable[int]) -> Cart:
    """Say which services are to be booked with a variant in the cart: those, and no others.

    :raises NotFound: no such cart or line. :raises Refused: ``service``: not offered with it; the cart is unchanged.
    """
    cart = _locked(token)
    line = next((line for line in cart.lines if line["variant"] == variant_id), None) if cart else None
    if cart is None or line is None:
        raise NotFound()
    _book(line, option_ids)
    cart.save()
    return cart


def _book(line: dict[str, Any], option_ids: Iterable[int]) -> None:
    reseller = context.current()
    assert reseller is not None
    sold = offers.sellable([line["variant"]]).get(line["variant"])
    if sold is None:
        raise NotFound("not_sold", _("This shop does not sell this any more."))
    there = services.offered([sold.product_id], shop=shops.get(), reseller_id=reseller.pk).get(sold.product_id, [])
    known, wanted = {each.id: each for each in there}, list(dict.fromkeys(option_ids))
    if not set(wanted) <= set(known):
        raise Refused("service", _("This service is not offered any more."), field="service")
    if chosen := [{"option": id_, "seen_minor": known[id_].price_minor} for id_ in wanted]:
        line["services"] = chosen
    else:
        line.pop("services", None)


def _changed(line: dict[str, Any], variant_id: int, quantity: int) -> dict[str, Any]:
    if line["variant"] == variant_id:
        line = dict(line)
        _set(line, quantity)
    return line


def _set(line: dict[str, Any], quantity: int) -> None:
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
