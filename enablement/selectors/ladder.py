"""A vendor's ladder of prices: what a piece costs at a quantity, and which quantity is best. No tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from enablement.models import VendorOffer
from s2b2c.kernel import money

FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Ladder:
    """``steps``: (from so many pieces, minor units a piece), rising. Orders begin at ``minimum``, in whole packs."""

    steps: tuple[tuple[int, int], ...]
    minimum: int = 1
    pack: int = 1

    def fitting(self, quantity: int) -> int:
        """Give the smallest number of pieces, not below ``quantity``, that can be ordered."""
        least = max(quantity, self.minimum, self.steps[0][0])
        return -(-least // self.pack) * self.pack

    def unit(self, quantity: int) -> int:
        """Give what a piece costs at a quantity that can be ordered."""
        return [unit for start, unit in self.steps if start <= quantity][-1]

    def best(self, quantity: int) -> int:
        """Give the number of pieces, not below ``quantity``, that costs least in total: a step may be worth taking."""
        tried = [self.fitting(quantity), *(self.fitting(start) for start, _unit in self.steps if start > quantity)]
        return min(tried, key=lambda each: (each * self.unit(each), each))


def of(offer: VendorOffer) -> Ladder:
    """Give the ladder of an offer, from its loaded price breaks."""
    steps = sorted((each.quantity, each.unit_minor) for each in offer.breaks.all())
    return Ladder(tuple(steps), offer.minimum, offer.pack)


def days(offer: VendorOffer, quantity: int) -> timedelta:
    """Give how long a vendor needs for so many pieces: its lead time, and a week more for each week of its capacity."""
    weeks = (quantity - 1) // offer.weekly if offer.weekly else 0
    lead = offer.vendor.lead_days if offer.lead_days is None else offer.lead_days
    return timedelta(days=lead + 7 * weeks)


def in_own(minor: int, currency: str, rate: Decimal, own: str) -> Decimal:
    """Give an amount in minor units of S's currency, to a ten-thousandth. ``rate``: what one unit costs in it."""
    scale = money.exponent(own) - money.exponent(currency)
    return (Decimal(minor) * rate).scaleb(scale).quantize(FINEST)


def mean(on_hand: int, average: Decimal | None, came: int, cost: Decimal) -> Decimal:
    """Give the moving average after ``came`` pieces at ``cost``; pieces of unknown cost do not count."""
    if average is None or on_hand <= 0:
        return cost
    return ((average * on_hand + cost * came) / (on_hand + came)).quantize(FINEST)


def total(lines: Iterable[tuple[int, int]]) -> int:
    """Give what lines of (pieces, minor units a piece) cost together."""
    return sum(quantity * unit for quantity, unit in lines)
