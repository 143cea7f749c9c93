"""Which promotion an order is given. One rule: they don't add up, c gets the one that saves most.

Free delivery is beside them. Pure arithmetic on minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from reseller.selectors.promotions import Running
from s2b2c.kernel import money

if TYPE_CHECKING:
    from orders.selectors.quote import Quote, QuoteLine


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be taken off one line, and the share of it S bears."""

    minor: int
    share_bps: int


@dataclass(frozen=True, slots=True)
class Used:
    """A promotion an order was given, as it is frozen with it."""

    id: int
    name: str
    code: str
    limited: bool
    campaign: bool
    discount_minor: int
    funded_minor: int

    @classmethod
    def of(cls, each: Running, discount_minor: int, funded_minor: int) -> Used:
        return cls(each.id, each.name, each.code, each.limited, bool(each.share_bps), discount_minor, funded_minor)


@dataclass(frozen=True, slots=True)
class Best:
    lines: list[QuoteLine]
    used: tuple[Used, ...]

    @property
    def saved(self) -> int:
        return sum(line.discount_minor for line in self.lines)


def best(lines: Sequence[QuoteLine], running: Sequence[Running], take: Callable[[QuoteLine, Cut], QuoteLine]) -> Best:
    """Try each promotion on the lines and give the best for c; of equal ones the one that costs b least."""
    found = Best(list(lines), ())
    items = sum(line.retail_minor for line in lines)
    for each in running:
        if each.kind == "delivery" or items < each.least_minor:
            continue
        tried = _tried(lines, each, take)
        if (tried.saved, _kept(tried)) > (found.saved, _kept(found)) and tried.saved:
            found = tried
    return found


def _kept(found: Best) -> int:
    return sum(line.margin_minor for line in found.lines)


def _tried(lines: Sequence[QuoteLine], each: Running, take: Callable[[QuoteLine, Cut], QuoteLine]) -> Best:
    covered = [each.covers(line.sellable.product_id, line.sellable.category_id) for line in lines]
    weights = [line.retail_minor if on else 0 for line, on in zip(lines, covered, strict=True)]
    if each.kind == "amount":
        cuts = money.split(min(each.value, sum(weights)), weights) if lines else []
    else:
        cuts = [money.bps(weight, each.value) for weight in weights]
    after = [take(line, Cut(cut, each.share_bps)) for line, cut in zip(lines, cuts, strict=True)]
    saved = sum(line.discount_minor for line in after)
    return Best(after, (Used.of(each, saved, sum(line.funded_minor for line in after)),))


def free_delivery(running: Sequence[Running], items_minor: int) -> Running | None:
    """Give the promotion that makes delivery free, if one does."""
    return next((each for each in running if each.kind == "delivery" and items_minor >= each.least_minor), None)


def as_json(quote: Quote) -> dict[str, Any]:
    """Give what is frozen with an order: which promotions, and who pays for delivery c need not pay."""
    if not quote.used:
        return {}
    frozen: dict[str, Any] = {"promotions": [asdict(used) for used in quote.used]}
    if quote.shipping_funded_minor:
        frozen["shipping_funded_minor"] = quote.shipping_funded_minor
        frozen["shipping_funder"] = quote.shipping_funder
    return frozen
