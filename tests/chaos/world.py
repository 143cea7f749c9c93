"""Many shops that sell the same goods: plenty of some, few of others, in three warehouses."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLENTY, SCARCE = 14, 10
MANY_PIECES, FEW_PIECES = 200_000, (10, 40)
WAREHOUSES = ("EAST", "WEST", "SOUTH")


@dataclass(frozen=True, slots=True)
class World:
    """``prices``: by variant id, the same in each shop. ``skus``: by variant id. ``key``: of S's own warehouse system.

    ``inside``: what is in the bundle, pieces by variant id, by its own.
    """

    shops: list[str]
    plenty: list[int]
    scarce: list[int]
    skus: dict[int, str]
    received: dict[int, int] = field(default_factory=dict)
    key: str = ""
    inside: dict[int, dict[int, int]] = field(default_factory=dict)

    def pieces(self, wanted: Mapping[int, int]) -> Counter[int]:
        """Give pieces in stock by variant: bundles taken apart."""
        found: Counter[int] = Counter()
        for variant, number in wanted.items():
            for part, each in self.inside.get(variant, {variant: 1}).items():
                found[part] += number * each
        return found


def build(*, seed: int, shops: int) -> World:
    """Fill an empty database; Django is set up and no shop is entered."""
    from tests import factories
    from tests.api.conftest import make_key

    chance = random.Random(f"{seed}:world")
    factories.company()
    factories.terms(300)
    for priority, code in enumerate(WAREHOUSES, 1):
        factories.warehouse(code, priority=priority)
    products = [factories.product(variants=0) for _ in range(6)]
    skus: dict[int, str] = {}
    received: dict[int, int] = {}
    for number in range(PLENTY + SCARCE):
        made = factories.variant(products[number % len(products)], stock=0, sku=f"C-{number:02}", position=number)
        skus[made.id], received[made.id] = made.sku, 0
        for code in chance.sample(WAREHOUSES, chance.choice((1, 2, 3))):
            pieces = MANY_PIECES if number < PLENTY else chance.randint(*FEW_PIECES)
            factories.receive(made, pieces, at=factories.warehouse(code))
            received[made.id] += pieces
    ids = list(skus)
    inside = {_bundle(products[0], parts).id: parts for parts in ({ids[PLENTY]: 2, ids[0]: 1},)}
    slugs = [f"shop-{number}" for number in range(1, shops + 1)]
    for slug in slugs:
        shop = factories.reseller(
            slug, tax_bps=chance.choice((0, 800)), shipping={"price_minor": 500, "free_over_minor": 20_000}
        )
        for product in products:
            factories.listing(shop, product)
    scopes = ("stock:read", "stock:write", "fulfilment:read", "fulfilment:write", "cash:write")
    return World(slugs, ids[:PLENTY], ids[PLENTY:], skus, received, make_key(None, *scopes), inside)


def _bundle(product: Any, parts: Mapping[int, int]) -> Any:
    """Two of something scarce and one of which there is plenty."""
    from supplier.services import bundles
    from tests import factories

    made = factories.variant(product, stock=0, sku="C-SET", position=99)
    bundles.put(variant_id=made.id, parts=parts)
    return made
