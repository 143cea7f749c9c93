"""Markets made up by chance: vendors with ladders, packs, fees, smallest orders, capacity; and what shops want."""

from __future__ import annotations

import random

from enablement.selectors.planning.problem import GRAINS, Asked, Problem, Seller


def market(items: int, vendors: int, shops: int, seed: int) -> tuple[Problem, dict[int, dict[int, int]]]:
    """A market as S may have one: each item of two to eight vendors, four steps, packs, fees, minima and capacity."""
    dice = random.Random(seed)
    sellers = {
        key: Seller(key, dice.choice([0, 2_500, 4_500, 9_000]) * GRAINS, dice.choice([0, 0, 50_000, 100_000]) * GRAINS)
        for key in range(vendors)
    }
    asked = []
    for item in range(items):
        base = dice.randint(200, 8_000)
        for key in dice.sample(range(vendors), min(vendors, dice.randint(2, 8))):
            unit, pack = int(base * dice.uniform(0.85, 1.2)) * GRAINS, dice.choice([1, 1, 6, 12, 24])
            steps = ((1, unit), (50, unit * 94 // 100), (250, unit * 88 // 100), (1_000, unit * 84 // 100))
            most = dice.choice([None, None, 400, 2_000])
            asked.append(Asked(key, item, steps, dice.choice([1, pack, pack * 4]), pack, most))
    wanted = {
        shop: {item: dice.randint(1, 20) for item in dice.sample(range(items), min(items, dice.randint(3, 40)))}
        for shop in range(shops)
    }
    return pooled(sellers, asked, wanted), wanted


def pooled(sellers: dict[int, Seller], asked: list[Asked], wanted: dict[int, dict[int, int]]) -> Problem:
    """The problem of what all shops want together."""
    demand: dict[int, int] = {}
    for pieces in wanted.values():
        for item, number in pieces.items():
            demand[item] = demand.get(item, 0) + number
    return Problem(demand, sellers, asked)
