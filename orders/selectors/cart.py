"""A cart as c sees it now: today's prices, what changed since last time, what can't be had."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from orders.models import Cart
from orders.selectors import quote as quotes
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
    """

    variant_id: int
    quantity: int
    sellable: Sellable | None
    line_minor: int
    problem: str
    seen_minor: int | None
    beside: int | None = None

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
    """Price a cart as it would be charged now, without what is sold out. One query, whatever its size, one more where
    a bundle and another line want the same thing, and two more in a shop with promotions: S's fee decides how much may be taken off, and nothing else that c pays.

    ``held``: a waiting order of this cart holds pieces, so that what looks sold out may be its own and is counted.
    """
    entries = cart.lines if cart is not None else []
    found = offers.sellable([entry["variant"] for entry in entries], currency=shop.currency) if entries else {}
    lines = _together([_line(entry, found.get(entry["variant"])) for entry in entries])
    counted = [line for line in lines if held or not line.sold_out]
    buyable = [(line.sellable, line.quantity) for line in counted if line.sellable is not None]
    code = (cart.code or "") if cart is not None else ""
    running = promotions.running(shop, code) if buyable else []
    fee_bps = terms.of(reseller_id).fee_bps if running else 0
    return CartSummary(
        token=str(cart.token) if cart is not None else "",
        lines=lines,
        quote=quotes.of(shop, buyable, fee_bps=fee_bps, running=running),
        pieces=sum(line.quantity for line in lines),
        counted=sum(quantity for _sellable, quantity in buyable),
        ready=bool(lines) and not any(line.problem for line in lines),
        code=code,
    )


def _line(entry: dict[str, int], sellable: Sellable | None) -> CartLine:
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
