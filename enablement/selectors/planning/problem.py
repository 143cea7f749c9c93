"""What a purchase plan is asked: demand, vendors, their ladders. Amounts are *grains*: ten-thousandths of a minor unit.

A ladder is of all units: the price of the step reached is that of every piece. Whole numbers all through, so that a plan
costs the same wherever it is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

GRAINS = 10_000  # in a minor unit


@dataclass(frozen=True, slots=True)
class Seller:
    """A vendor: ``fee`` once an order, which must come to ``minimum`` of goods."""

    key: int
    fee: int = 0
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Pieces from ``low`` to ``high``, in whole packs, at ``unit`` each."""

    low: int
    high: int
    unit: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a seller asks for an item. ``most``: pieces it can make in time; none: no limit is known."""

    seller: int
    item: int
    steps: tuple[tuple[int, int], ...]
    minimum: int = 1
    pack: int = 1
    most: int | None = None

    def fitting(self, quantity: int) -> int:
        """Give the smallest number of pieces, not below ``quantity``, that can be ordered."""
        least = max(quantity, self.minimum, self.steps[0][0])
        return -(-least // self.pack) * self.pack

    def unit(self, quantity: int) -> int:
        """Give what a piece costs at a quantity that can be ordered."""
        return [unit for start, unit in self.steps if start <= quantity][-1]

    def cost(self, quantity: int) -> int:
        """Give what pieces cost."""
        return quantity * self.unit(quantity) if quantity else 0

    def within(self, quantity: int) -> bool:
        """Tell whether it can be ordered so."""
        return quantity == self.fitting(quantity) and (self.most is None or quantity <= self.most)

    def segments(self, wanted: int) -> list[Segment]:
        """Give the ways to order at most what ``wanted`` takes, and steps beyond it that cost no more than that."""
        usual = self.fitting(wanted)
        found = []
        for index, (start, unit) in enumerate(self.steps):
            low = self.fitting(start)
            end = self.steps[index + 1][0] - 1 if index + 1 < len(self.steps) else max(usual, low)
            high = min(end, max(usual, low), end if self.most is None else self.most) // self.pack * self.pack
            if low > usual and low * unit >= self.cost(usual) and (self.most is None or usual <= self.most):
                continue
            found += self._parts(low, high, wanted, unit) if low <= high else []
        return found

    def _parts(self, low: int, high: int, wanted: int, unit: int) -> list[Segment]:
        """Give a step in the parts it is used by: up to what is wanted, and the last pack that is only partly needed."""
        if low >= wanted:
            return [Segment(low, low, unit)]
        if high <= wanted:
            return [Segment(low, high, unit)]
        below = [Segment(low, high - self.pack, unit)] if high - self.pack >= low else []
        return [*below, Segment(high, high, unit)]

    def best(self, wanted: int) -> int:
        """Give the pieces that cost least in total and are enough, or the most it can make; 0 where that can't be."""
        ends = [quantity for each in self.segments(wanted) for quantity in (each.low, each.high)]
        enough = [
            quantity for quantity in (*ends, self.fitting(wanted)) if quantity >= wanted and self.within(quantity)
        ]
        if enough:
            return min(enough, key=lambda quantity: (self.cost(quantity), quantity))
        return max((quantity for quantity in ends if self.within(quantity)), default=0)


# pieces by (seller, item)
Buys = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Problem:
    """Pieces wanted by item, and who sells them."""

    demand: Mapping[int, int]
    sellers: Mapping[int, Seller]
    asked: Sequence[Asked]

    @cached_property
    def by_item(self) -> dict[int, list[Asked]]:
        """Give what is asked for each item wanted."""
        found: dict[int, list[Asked]] = {item: [] for item in self.demand}
        for each in self.asked:
            if each.item in found:
                found[each.item].append(each)
        return found

    @cached_property
    def by_pair(self) -> dict[tuple[int, int], Asked]:
        """Give each offer by seller and item."""
        return {(each.seller, each.item): each for each in self.asked}

    def of(self, demand: Mapping[int, int]) -> Problem:
        """Give the same market with another demand."""
        return replace(self, demand={item: pieces for item, pieces in demand.items() if pieces > 0})

    def goods(self, buys: Buys) -> dict[int, int]:
        """Give what is ordered from each seller, without fees."""
        found: dict[int, int] = {}
        for (seller, item), pieces in buys.items():
            found[seller] = found.get(seller, 0) + self.by_pair[seller, item].cost(pieces)
        return found

    def cost(self, buys: Buys) -> int:
        """Give what is to be paid, fees included."""
        goods = self.goods(buys)
        return sum(goods.values()) + sum(self.sellers[seller].fee for seller in goods)

    def missing(self, buys: Buys) -> dict[int, int]:
        """Give the pieces wanted that are not bought, by item."""
        bought: dict[int, int] = {}
        for (_seller, item), pieces in buys.items():
            bought[item] = bought.get(item, 0) + pieces
        left = {item: pieces - bought.get(item, 0) for item, pieces in self.demand.items()}
        return {item: pieces for item, pieces in left.items() if pieces > 0}

    def allowed(self, buys: Buys) -> bool:
        """Tell whether vendors would take these orders: packs, smallest quantities, capacity, smallest amounts."""
        fits = all(pieces > 0 and self.by_pair[pair].within(pieces) for pair, pieces in buys.items())
        return fits and all(goods >= self.sellers[seller].minimum for seller, goods in self.goods(buys).items())

    def worth(self, buys: Buys) -> tuple[int, int]:
        """Give what plans are compared by: what is missing, at what it would cost at most; then the cost."""
        return sum(self.dearest(item) * pieces for item, pieces in self.missing(buys).items()), self.cost(buys)

    def dearest(self, item: int) -> int:
        """Give what a piece of an item costs at most; 1 where nobody sells it."""
        return max((each.steps[0][1] for each in self.by_item[item]), default=0) or 1

    def floor(self) -> int:
        """Give what nobody can buy it for less than, fees left out: each piece of what can be had at its lowest price."""
        return sum(self._least(item, pieces) for item, pieces in self.demand.items())

    def _least(self, item: int, pieces: int) -> int:
        found = [(each.segments(pieces), each.most) for each in self.by_item[item]]
        units = [(min(segment.unit for segment in segments), most) for segments, most in found if segments]
        total, left = 0, pieces
        for unit, most in sorted(units, key=lambda each: each[0]):
            taken = left if most is None else min(left, most)
            total, left = total + taken * unit, left - taken
        return total

    def pairs(self) -> Iterator[tuple[Asked, list[Segment]]]:
        """Give each offer that is of use, with its ways to order."""
        for item, pieces in self.demand.items():
            for each in self.by_item[item]:
                if found := each.segments(pieces):
                    yield each, found


@dataclass(frozen=True, slots=True)
class Plan:
    """What to buy. ``bound``: it is proven that nobody can buy it for less, in grains."""

    buys: Mapping[tuple[int, int], int]
    cost: int
    bound: int
    missing: Mapping[int, int]
    method: str
    seconds: float = 0.0

    @property
    def gap_bps(self) -> int:
        """Give how far the plan may be above the least possible, in ten-thousandths of its cost, rounded up."""
        return -(-max(0, self.cost - self.bound) * 10_000 // self.cost) if self.cost else 0
