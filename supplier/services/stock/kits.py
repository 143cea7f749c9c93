"""Bundles while they are kept for an order: what an order wants, part by part, and where whole bundles can be packed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Bundle
from supplier.selectors import bundles, dealing
from supplier.services.stock import rows


def read(wanted: Mapping[int, int]) -> dealing.Order | None:
    """Take the bundles among what is wanted apart, None where there are none. What is in them is fixed from now on.

    Call inside a transaction.
    """
    known = dict(Bundle.objects.filter(variant__in=list(wanted)).values_list("variant_id", "fixed_at"))
    if not known:
        return None
    if None in known.values():  # waits for whoever changes them at this moment
        Bundle.objects.filter(variant__in=list(known), fixed_at=None).update(fixed_at=clock.now())
    parts = bundles.parts(known)
    kits = [dealing.Kit(id_, wanted[id_], each) for id_, each in sorted(parts.items())]
    return dealing.Order(kits, {id_: quantity for id_, quantity in wanted.items() if id_ not in parts})


def require_plain(variant_ids: Iterable[int]) -> None:
    """Check that variants can have stock of their own.

    :raises StateRefused: one is a bundle.
    """
    found = Bundle.objects.filter(variant__in=list(variant_ids)).select_related("variant").first()
    if found is not None:
        raise StateRefused(
            "bundle_stock", _("%(sku)s is a bundle: its stock is that of what is in it."), sku=found.variant.sku
        )


def plan(there: list[rows.Row], order: dealing.Order) -> list[rows.Take] | None:
    """Choose rows to draw from: whole bundles from one warehouse each, then the loose pieces from what remains."""
    together = rows.from_one_place(there, order.total)
    if together:
        return together
    shelves = _shelves(there)
    spread = dealing.deal(order.kits, shelves)
    if spread is None:
        return None
    for kit, places in zip(order.kits, spread, strict=True):
        for warehouse_id, units in places.items():
            for variant_id, pieces in kit.parts.items():
                shelves[warehouse_id][variant_id] -= units * pieces
    loose = dict(order.loose)
    demand: dealing.Shelves = defaultdict(lambda: defaultdict(int))
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


def _shelves(there: Iterable[rows.Row]) -> dealing.Shelves:
    shelves: dealing.Shelves = {}
    for row in there:
        shelf = shelves.setdefault(row.warehouse_id, {})
        shelf[row.variant_id] = shelf.get(row.variant_id, 0) + row.available
    return shelves


def shortfall(there: list[rows.Row], order: dealing.Order) -> list[tuple[int, int, int]]:
    """Say what is short, by what was ordered."""
    return dealing.shortfall(_shelves(there), order)
