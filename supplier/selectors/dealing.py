"""Dealing bundles and loose pieces out to warehouses: pure reckoning, over numbers that were read before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Parts = Mapping[int, int]  # pieces in one bundle by the id of their variant
Shelves = dict[int, dict[int, int]]  # pieces by warehouse and variant
_MOST_TRIES = 2_000


@dataclass(frozen=True, slots=True)
class Kit:
    """So many of one bundle."""

    variant_id: int
    units: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Order:
    """What an order wants: bundles, and ``loose`` pieces by variant. ``total``: all pieces by variant, summed."""

    kits: Sequence[Kit]
    loose: Mapping[int, int]

    @property
    def total(self) -> dict[int, int]:
        total: dict[int, int] = defaultdict(int, self.loose)
        for kit in self.kits:
            for variant_id, pieces in kit.parts.items():
                total[variant_id] += kit.units * pieces
        return dict(sorted(total.items()))


def deal(kits: Sequence[Kit], shelves: Mapping[int, Mapping[int, int]]) -> list[dict[int, int]] | None:
    """Deal whole bundles out to warehouses, the first ones first; give units by warehouse for each kit, or None.

    Bundles that share parts can stand in each other's way, so other ways are tried where the first does not do.
    """
    left = {place: dict(shelf) for place, shelf in shelves.items()}
    return _deal(list(kits), list(left), left, [_MOST_TRIES])


def _deal(kits: list[Kit], places: list[int], left: Shelves, tries: list[int]) -> list[dict[int, int]] | None:
    if not kits:
        return []
    kit, rest = kits[0], kits[1:]
    for split in _splits(kit, kit.units, places, left):
        tries[0] -= 1
        if tries[0] < 0:
            return None
        _move(kit, split, left, -1)
        others = _deal(rest, places, left, tries)
        _move(kit, split, left, 1)
        if others is not None:
            return [split, *others]
    return None


def _splits(kit: Kit, units: int, places: list[int], left: Shelves) -> Iterable[dict[int, int]]:
    """Give the ways to take units of a kit from warehouses, as many as can be from the first ones first."""
    if not units:
        yield {}
        return
    if sum(_most(kit, left[place]) for place in places) < units:
        return
    first, others = places[0], places[1:]
    for here in range(min(units, _most(kit, left[first])), -1, -1):
        for more in _splits(kit, units - here, others, left):
            yield {first: here, **more} if here else more


def _most(kit: Kit, shelf: Mapping[int, int]) -> int:
    return min(shelf.get(variant_id, 0) // pieces for variant_id, pieces in kit.parts.items())


def _move(kit: Kit, split: Mapping[int, int], left: Shelves, sign: int) -> None:
    for place, units in split.items():
        for variant_id, pieces in kit.parts.items():
            left[place][variant_id] = left[place].get(variant_id, 0) + sign * units * pieces


def shortfall(shelves: Shelves, order: Order) -> list[tuple[int, int, int]]:
    """Say what is short, by what was ordered: first the bundles, each beside those before it, then loose pieces."""
    short: list[tuple[int, int, int]] = []
    met = list[Kit]()
    for kit in order.kits:
        most = _most_beside(met, kit, shelves)
        if most < kit.units:
            short.append((kit.variant_id, kit.units, most))
        met.append(Kit(kit.variant_id, most, kit.parts))
    used = Order(met, {}).total
    free: dict[int, int] = defaultdict(int)
    for shelf in shelves.values():
        for variant_id, pieces in shelf.items():
            free[variant_id] += pieces
    return short + [
        (id_, want, free[id_] - used.get(id_, 0))
        for id_, want in sorted(order.loose.items())
        if free[id_] - used.get(id_, 0) < want
    ]


def _most_beside(met: list[Kit], kit: Kit, shelves: Shelves) -> int:
    """Give how many of a kit can be had beside others."""
    high = min(kit.units, sum(_most(kit, shelf) for shelf in shelves.values()))
    return next((n for n in range(high, 0, -1) if deal([*met, Kit(kit.variant_id, n, kit.parts)], shelves)), 0)
