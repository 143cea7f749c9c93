"""What shops like yours sell, and what is bought together: found where it is, not where it is not."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from enablement.selectors import elasticity, neighbours
from enablement.selectors.elasticity import Elasticity, Week


def sales(*shops: list[int], products: int = 12, ago: int = 5) -> neighbours.Sales:
    """Shops that sold these products, all as many days ago."""
    rows = [(n, product) for n, sold in enumerate(shops) for product in sold]
    shop, product = (np.array([row[at] for row in rows]) for at in (0, 1))
    return neighbours.Sales(shop, product, np.full(len(rows), ago), len(shops), products)


def test_what_shops_with_the_same_range_sell_comes_first_and_names_the_reason() -> None:
    kitchen, camp = [0, 1, 2, 3], [6, 7, 8, 9]
    found = list(neighbours.picks(sales(kitchen, kitchen, kitchen, camp, camp, camp, [0, 1]), most=3))
    mine = [pick for pick in found if pick.shop == 6]
    assert {pick.product for pick in mine[:2]} == {2, 3}
    assert mine[0].because in (0, 1)
    assert not {(pick.shop, pick.product) for pick in found} & {(6, 0), (6, 1), (0, 2)}


def test_a_shop_that_sold_nothing_gets_what_most_shops_sell() -> None:
    found = list(neighbours.picks(sales([0, 1, 2], [0, 1], [0], [], products=4), most=2))
    assert [(pick.product, pick.because) for pick in found if pick.shop == 3] == [(0, -1), (1, -1)]


def test_where_nothing_is_near_its_own_categories_come_first() -> None:
    aisle = np.array([1, 1, 2, 2, 2])
    several = [[2, 3, 4]] * 3 + [[1]]  # alone in its range; 0 was sold by nobody near
    found = list(neighbours.picks(sales(*several, [0, 2], products=5), most=5, aisle=aisle))
    assert next(pick.product for pick in found if pick.shop == 3) == 0


def test_looking_back_hides_what_is_to_be_found() -> None:
    fixed = [
        (shop, product, 60)
        for shop in range(12)
        for product in ([0, 1, 2] if shop < 6 else [3, 4, 5])
        if (shop, product) not in ((0, 2), (6, 5))
    ]
    late = [(0, 2, 3), (6, 5, 3)]
    at = np.array(fixed + late)
    hits = neighbours.look_back(neighbours.Sales(at[:, 0], at[:, 1], at[:, 2], 12, 6), most=1)
    assert (hits.shops, hits.advice) == (2, 2)
    assert neighbours.look_back(neighbours.Sales(at[:-2, 0], at[:-2, 1], at[:-2, 2], 12, 6), most=1).shops == 0


def test_pairs_need_a_floor_and_more_than_chance() -> None:
    random = Random(3)
    rows = [(n, product) for n in range(301) for product in range(6) if random.random() < 0.3]
    rows += [(n, product) for n in range(200, 240) for product in (7, 8)] + [(300, 9), (300, 10)]
    order, product = (np.array([row[at] for row in rows]) for at in (0, 1))
    found = list(neighbours.pairs(order, product, 301, 11, least=5))
    assert {(pair.product, pair.other) for pair in found} == {(7, 8), (8, 7)}
    assert found[0].both == found[0].first == 40


# --- Prices -------------------------------------------------------------------------------------------------
def weeks(value: float, product: int, random: np.random.Generator, moves: float = 0.1) -> list[Week]:
    listed = []
    for shop in range(4):
        for _week in range(26):
            price = 1_000 * (1 + random.choice([-moves, 0, moves]))
            listed.append(Week(shop, product, float(random.poisson(60 * (price / 1_000) ** value)), price))
    return listed


@pytest.mark.parametrize("value", [-0.6, -1.5, -3.0])
def test_elasticity_is_found_where_prices_moved(value: float) -> None:
    random = np.random.default_rng(1)
    found = elasticity.estimate([each for product in range(8) for each in weeks(value, product, random)])
    assert np.mean([each.value for each in found.values()]) == pytest.approx(value, abs=0.35)
    assert all(each.known for each in found.values())


def test_where_prices_stood_still_nothing_is_known() -> None:
    assert elasticity.estimate(weeks(-2, 1, np.random.default_rng(1), moves=0.0)) == {}


def test_few_noisy_weeks_are_not_known() -> None:
    random = np.random.default_rng(2)
    few = [Week(1, 1, float(random.poisson(0.7)), 1_000 + 60 * (n % 2)) for n in range(10)]
    assert [each.known for each in elasticity.estimate(few).values()] == [False]


def test_a_step_pays_stays_in_the_band_and_is_likely() -> None:
    asked = {"price": 2_000, "wholesale": 1_000, "fee_bps": 300, "floor": 1_500, "ceiling": 2_500}
    hardly, keenly = Elasticity(-0.8, 0.2, 100), Elasticity(-4.0, 0.3, 100)
    up, down = elasticity.best_step(hardly, **asked), elasticity.best_step(keenly, **asked)
    assert (up.bps, down.bps) == (1_000, -1_000)
    assert up.gain >= up.least > 0
    assert elasticity.best_step(hardly, **{**asked, "ceiling": 2_050}) is None
    assert elasticity.best_step(Elasticity(-0.8, 0.9, 10), **asked) is None  # nobody knows
    assert elasticity.best_step(Elasticity(-2.0, 0.2, 100), **asked) is None  # it is right as it is
