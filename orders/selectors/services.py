"""Services a shop offers with goods, and those in a bag as they can be booked now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enablement.selectors import bookings
from enablement.selectors.bookings import Option
from orders.selectors import quote as quotes
from reseller.models import Shop
from reseller.selectors.offers import Sellable


@dataclass(frozen=True, slots=True)
class BagService:
    """A service with goods of the bag. ``problem``: "" | "gone" (not offered now) | "many" (more pieces than one visit does).

    ``seen_minor`` is the price c saw last where it differs from today's, else None.
    """

    option: Option | None
    variant_id: int
    problem: str = ""
    seen_minor: int | None = None


def offered(product_ids: Iterable[int], *, shop: Shop, reseller_id: int) -> dict[int, list[Option]]:
    """Give what a shop offers with products, by product: nothing on which it would lose. One query."""
    found = bookings.offered(product_ids, currency=shop.currency, reseller_id=reseller_id)
    return {product_id: earning(options, shop=shop) for product_id, options in found.items()}


def earning(options: Iterable[Option], *, shop: Shop) -> list[Option]:
    """Leave out what a shop would lose on."""
    return [each for each in options if quotes.service_margin(shop, each) >= 0]


def ticked(
    entry: Mapping[str, Any], sold: Sellable | None, there: Mapping[int, Sequence[Option]]
) -> tuple[BagService, ...]:
    """Give the services ticked with a line of a bag, as they stand now."""
    known = {each.id: each for each in there.get(sold.product_id, ())} if sold is not None else {}
    return tuple(_ticked(entry, row, known) for row in entry.get("services", ()))


def _ticked(entry: Mapping[str, Any], row: Mapping[str, int], known: Mapping[int, Option]) -> BagService:
    option = known.get(row["option"])
    if option is None:
        return BagService(None, entry["variant"], "gone")
    seen = row.get("seen_minor")
    problem = "many" if entry["quantity"] > option.most_pieces else ""
    return BagService(option, entry["variant"], problem, seen if seen != option.price_minor else None)
