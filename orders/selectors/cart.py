"""A cart as c sees it now: today's prices, what changed since last time, what can't be had."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from enablement.selectors.bookings import Option
from orders.models import Cart
from orders.selectors import quote as quotes
from orders.selectors import services
from orders.selectors.services import BagService
from reseller.models import Shop
from reseller.selectors import offers, promotions
from reseller.selectors.offers import Sellable
from s2b2c.kernel.rows import Row
from supplier.selectors import bundles, terms


@dataclass(frozen=True, slots=True)
class CartLine:
    """``problem``: "" | "gone" (no longer sold) | "short" (fewer than ``quantity`` are free).

    ``seen_minor`` is the price c saw last where it differs from today's, else None. ``beside``: how many can be had
    beside the other lines, where a bundle and another line want the same thing and that is fewer than ``quantity``.
    ``services``: ticked with it; ``offered``: what could be.
    """

    variant_id: int
    quantity: int
    sellable: Sellable | None
    line_minor: int
    problem: str
    seen_minor: int | None
    beside: int | None = None
    services: tuple[BagService, ...] = ()
    offered: tuple[Option, ...] = ()

    @property
    def available(self) -> int:
        """How many can be had, beside the other lines."""
        free = self.sellable.available if self.sellable is not None else 0
        return free if self.beside is None else min(free, self.beside)

    @property
    def sold_out(self) -> bool:
        return self.sellable is not None and self.problem == "short" and self.sellable.available <= 0


@dataclass(frozen=True, slots=True)
class CartSummary:
    """All amounts over the lines that can be bought, ``counted`` pieces; see :class:`orders.selectors.quote.Quote`."""

    token: str
    lines: list[CartLine]
    quote: quotes.Quote
    pieces: int
    counted: int
    ready: bool
    code: str = ""


_OPEN = Row(Cart, "token = %s AND order_token = ''")


def find(token: str | uuid.UUID | None) -> Cart | None:
    """Give the open cart of a cookie, or None: no such token, or it became an order."""
    try:
        key = token if isinstance(token, uuid.UUID) else uuid.UUID(str(token))
    except ValueError:
        return None
    return _OPEN.first(key)


def summary(cart: Cart | None, *, shop: Shop, reseller_id: int, held: bool = False) -> CartSummary:
    """Price a cart as it would be charged now, without what is sold out. Two queries, whatever its size, one more where
    a bundle and another line want the same thing, and two more in a shop with promotions: S's fee decides how much may be taken off, and nothing else that c pays.

    ``held``: a waiting order of this cart holds pieces, so that what looks sold out may be its own and is counted.
    """
    entries = cart.lines if cart is not None else []
    found = offers.sellable([entry["variant"] for entry in entries], currency=shop.currency) if entries else {}
    there = services.offered({each.product_id for each in found.values()}, shop=shop, reseller_id=reseller_id)
    lines = _together([_line(entry, found.get(entry["variant"]), there) for entry in entries])
    counted = [line for line in lines if held or not line.sold_out]
    buyable = [(line.sellable, line.quantity) for line in counted if line.sellable is not None]
    code = (cart.code or "") if cart is not None else ""
    running = promotions.running(shop, code) if buyable else []
    fee_bps = terms.of(reseller_id).fee_bps if running else 0
    return CartSummary(
        token=str(cart.token) if cart is not None else "",
        lines=lines,
        quote=quotes.of(shop, buyable, fee_bps=fee_bps, running=running, services=booked(counted)),
        pieces=sum(line.quantity for line in lines),
        counted=sum(quantity for _sellable, quantity in buyable),
        ready=bool(lines) and not any(line.problem or any(s.problem for s in line.services) for line in lines),
        code=code,
    )


def booked(lines: Iterable[CartLine]) -> list[tuple[Option, Sellable, int]]:
    """Give the services of lines that can be booked, with the goods they go with and how many pieces of them."""
    return [
        (each.option, line.sellable, line.quantity)
        for line in lines
        for each in line.services
        if line.sellable is not None and each.option is not None
    ]


def _line(entry: dict[str, Any], sellable: Sellable | None, there: Mapping[int, list[Option]]) -> CartLine:
    quantity = entry["quantity"]
    if sellable is None:
        return CartLine(entry["variant"], quantity, None, 0, "gone", None)
    seen = entry.get("seen_minor")
    return CartLine(
        variant_id=entry["variant"],
        quantity=quantity,
        sellable=sellable,
        line_minor=sellable.price_minor * quantity,
        problem="short" if sellable.available < quantity else "",
        seen_minor=seen if seen != sellable.price_minor else None,
        services=services.ticked(entry, sellable, there),
        offered=tuple(there.get(sellable.product_id, ())),
    )


def _together(lines: list[CartLine]) -> list[CartLine]:
    """Look at lines together that want the same thing: each could be had alone, and not both."""
    inside = {line.variant_id: line.sellable.inside for line in lines if line.sellable and line.sellable.inside}
    if not inside:
        return lines
    wanted = [id_ for line in lines if line.sellable for id_ in {line.variant_id, *inside.get(line.variant_id, ())}]
    if len(wanted) == len(set(wanted)):
        return lines
    short = bundles.short({line.variant_id: line.quantity for line in lines if line.sellable}, inside)
    return [
        replace(line, problem="short", beside=short[line.variant_id])
        if line.variant_id in short and line.sellable
        else line
        for line in lines
    ]
