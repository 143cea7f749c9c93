"""Many shops that sell the same goods: plenty of some, few of others, in three warehouses."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PLENTY, SCARCE = 14, 10
MANY_PIECES, FEW_PIECES = 200_000, (10, 40)
WAREHOUSES = ("EAST", "WEST", "SOUTH")


@dataclass(frozen=True, slots=True)
class World:
    """``prices``: by variant id, the same in each shop. ``skus``: by variant id. ``key``: of S's own warehouse system."""

    shops: list[str]
    plenty: list[int]
    scarce: list[int]
    skus: dict[int, str]
    received: dict[int, int] = field(default_factory=dict)
    key: str = ""


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
    slugs = [f"shop-{number}" for number in range(1, shops + 1)]
    for slug in slugs:
        shop = factories.reseller(
            slug, tax_bps=chance.choice((0, 800)), shipping={"price_minor": 500, "free_over_minor": 20_000}
        )
        for product in products:
            factories.listing(shop, product)
    ids = list(skus)
    scopes = ("stock:read", "stock:write", "fulfilment:read", "fulfilment:write", "cash:write")
    return World(slugs, ids[:PLENTY], ids[PLENTY:], skus, received, make_key(None, *scopes))
