"""Bundles while they are kept for an order: what an order wants, part by part, and where whole bundles can be packed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Bundle
from supplier.selectors import bundles
from supplier.selectors.bundles import Parts
from supplier.services.stock import rows

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


def read(wanted: Mapping[int, int]) -> Order | None:
    """Take the bundles among what is wanted apart, None where there are none. What is in them is fixed from now on.

    Call inside a transaction.
    """
    known = dict(Bundle.objects.filter(variant__in=list(wanted)).values_list("variant_id", "fixed_at"))
    if not known:
        return None
    if None in known.values():  # waits for whoever changes them at this moment
        Bundle.objects.filter(variant__in=list(known), fixed_at=None).update(fixed_at=clock.now())
    parts = bundles.parts(known)
    kits = [Kit(id_, wanted[id_], each) for id_, each in sorted(parts.items())]
    return Order(kits, {id_: quantity for id_, quantity in wanted.items() if id_ not in parts})


def require_plain(variant_ids: Iterable[int]) -> None:
    """Check that variants can have stock of their own.

    :raises StateRefused: one is a bundle.
    """
    found = Bundle.objects.filter(variant__in=list(variant_ids)).select_related("variant").first()
    if found is not None:
        raise StateRefused(
            "bundle_stock", _("%(sku)s is a bundle: its stock is that of what is in it."), sku=found.variant.sku
        )


def plan(there: list[rows.Row], order: Order) -> list[rows.Take] | None:
    """Choose rows to draw from: whole bundles from one warehouse each, then the loose pieces from what remains."""
    together = rows.from_one_place(there, order.total)
    if together:
        return together
    shelves = _shelves(there)
    spread = deal(order.kits, shelves)
    if spread is None:
        return None
    for kit, places in zip(order.kits, spread, strict=True):
        for warehouse_id, units in places.items():
            for variant_id, pieces in kit.parts.items():
                shelves[warehouse_id][variant_id] -= units * pieces
    loose = dict(order.loose)
    demand: Shelves = defaultdict(lambda: defaultdict(int))
    for warehouse_id, shelf in shelves.items():
        for variant_id in loose:
            take = min(loose[variant_id], shelf.get(variant_id, 0))
            loose[variant_id] -= take
            demand[warehouse_id][variant_id] += take
    if any(loose.values()):
        return None
    for kit, places in zip(order.kits, spread, strict=True):
        for warehouse_id, units in places.items():
            for variant_id, pieces in kit.parts.items():
                demand[warehouse_id][variant_id] += units * pieces
    return rows.from_places(there, demand)


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


def _shelves(there: Iterable[rows.Row]) -> Shelves:
    shelves: Shelves = {}
    for row in there:
        shelf = shelves.setdefault(row.warehouse_id, {})
        shelf[row.variant_id] = shelf.get(row.variant_id, 0) + row.available
    return shelves


def shortfall(there: list[rows.Row], order: Order) -> list[tuple[int, int, int]]:
    """Say what is short, by what was ordered: first the bundles, each beside those before it, then loose pieces."""
    short: list[tuple[int, int, int]] = []
    shelves, met = _shelves(there), list[Kit]()
    for kit in order.kits:
        most = _most_beside(met, kit, shelves)
        if most < kit.units:
            short.append((kit.variant_id, kit.units, most))
        met.append(Kit(kit.variant_id, most, kit.parts))
    used = Order(met, {}).total
    free: dict[int, int] = defaultdict(int)
    for row in there:
        free[row.variant_id] += row.available
    return short + [
        (id_, want, free[id_] - used.get(id_, 0))
        for id_, want in sorted(order.loose.items())
        if free[id_] - used.get(id_, 0) < want
    ]


def _most_beside(met: list[Kit], kit: Kit, shelves: Shelves) -> int:
    """Give how many of a kit can be had beside others."""
    high = min(kit.units, sum(_most(kit, shelf) for shelf in shelves.values()))
    return next((n for n in range(high, 0, -1) if deal([*met, Kit(kit.variant_id, n, kit.parts)], shelves)), 0)
