"""The purchase plan: what vendors take, what is least, nobody worse off than alone, shares to the cent."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings

from bench.markets import market as bench_market
from enablement.selectors.planning import greedy, solving
from enablement.selectors.planning.problem import GRAINS, Asked, Problem, Seller
from tests.enablement import markets

hundred = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
calmly = settings(hundred, max_examples=30)
CUP, BOWL = 1, 2


def minor(**amounts):
    return {name: amount * GRAINS for name, amount in amounts.items()}


def asks(seller, item, *steps, **more):
    return Asked(seller, item, tuple((start, unit * GRAINS) for start, unit in steps), **more)


def cheapest(problem: Problem) -> int:
    """What the least is, by trying everything, where pieces come one by one and all can be had."""
    ways = []
    for item, wanted in problem.demand.items():
        asked = problem.by_item[item]
        tried = itertools.product(*(range(wanted + 20) for _ in asked))
        each = [
            {(one.seller, item): n for one, n in zip(asked, numbers, strict=True) if n}
            for numbers in tried
            if sum(numbers) >= wanted and all(one.within(n) for one, n in zip(asked, numbers, strict=True) if n)
        ]
        ways.append(each)
    plans = [{k: v for part in parts for k, v in part.items()} for parts in itertools.product(*ways)]
    return min(problem.cost(plan) for plan in plans if problem.allowed(plan))


def test_steps_reached_together_are_the_price_of_every_piece():
    problem = Problem({CUP: 100}, {1: Seller(1)}, [asks(1, CUP, (1, 900), (100, 800))])
    found = solving.solve(problem, seconds=5)
    assert (found.buys, found.cost, found.gap_bps) == ({(1, CUP): 100}, 80_000 * GRAINS, 0)


def test_step_a_few_pieces_away_is_bought_for_its_price():
    problem = Problem({CUP: 95}, {1: Seller(1)}, [asks(1, CUP, (1, 900), (100, 800))])
    assert solving.solve(problem, seconds=5).buys == {(1, CUP): 100}


def test_vendor_not_worth_its_fee_is_left_out():
    sellers = {1: Seller(1), 2: Seller(2, **minor(fee=5_000))}
    problem = Problem(
        {CUP: 10, BOWL: 10}, sellers, [asks(1, CUP, (1, 900)), asks(2, CUP, (1, 500)), asks(1, BOWL, (1, 900))]
    )
    for found in (solving.solve(problem, seconds=5), greedy.plan(problem)):
        assert found.buys == {(1, CUP): 10, (1, BOWL): 10}


def test_what_one_can_make_is_completed_by_another():
    problem = Problem(
        {CUP: 100}, {1: Seller(1), 2: Seller(2)}, [asks(1, CUP, (1, 500), most=60), asks(2, CUP, (1, 900))]
    )
    for found in (solving.solve(problem, seconds=5), greedy.plan(problem)):
        assert (found.buys, found.missing) == ({(1, CUP): 60, (2, CUP): 40}, {})


def test_order_below_what_a_vendor_takes_is_not_placed_and_said_to_be_missing():
    problem = Problem({CUP: 10}, {1: Seller(1, **minor(minimum=50_000))}, [asks(1, CUP, (1, 900))])
    for found in (solving.solve(problem, seconds=5), greedy.plan(problem)):
        assert (found.buys, found.missing) == ({}, {CUP: 10})


def test_item_nobody_sells_is_missing_and_the_rest_is_bought():
    problem = Problem({CUP: 10, BOWL: 5}, {1: Seller(1)}, [asks(1, CUP, (1, 900))])
    found = solving.solve(problem, seconds=5)
    assert (found.buys, found.missing) == ({(1, CUP): 10}, {BOWL: 5})


@pytest.mark.parametrize("fee", [0, 700, 3_000])
def test_exact_plan_is_the_least_there_is(fee):
    sellers = {1: Seller(1, **minor(fee=fee)), 2: Seller(2), 3: Seller(3, **minor(minimum=4_000))}
    asked = [
        asks(1, CUP, (1, 400), (8, 310)), asks(2, CUP, (1, 420), most=6), asks(3, CUP, (1, 390), pack=4),
        asks(1, BOWL, (1, 900)), asks(3, BOWL, (1, 700), (6, 640), pack=3),
    ]  # fmt: skip
    problem = Problem({CUP: 9, BOWL: 5}, sellers, asked)
    found = solving.solve(problem, seconds=10, gap=0)
    assert (found.cost, found.bound) == (cheapest(problem), cheapest(problem))


@calmly
@given(markets.small())
def test_plans_are_what_vendors_take_and_no_bound_is_above_them(told):
    problem, _wanted = told
    rule, found = greedy.plan(problem), solving.solve(problem, seconds=2)
    assert problem.allowed(rule.buys)
    assert problem.allowed(found.buys)
    assert problem.worth(found.buys) <= problem.worth(rule.buys)
    assert found.missing == problem.missing(found.buys)
    assert found.missing or found.bound <= found.cost


@hundred
@given(markets.small())
def test_nobody_is_worse_off_than_alone_and_the_shares_sum_to_the_saving(told):
    problem, wanted = told
    found = solving.outcome(problem, wanted, seconds=2)
    shares = solving.shares(found.alone, found.saving_minor)
    assert sum(shares.values()) == found.saving_minor
    assert all(0 <= shares[shop] <= alone for shop, alone in found.alone.items())
    pays = {shop: found.alone[shop] - shares[shop] for shop in shares}
    if found.alone_minor >= found.cost_minor:
        assert sum(pays.values()) == found.cost_minor


@calmly
@given(markets.small(limits=False))
def test_together_is_never_dearer_than_apart(told):
    problem, wanted = told
    found = solving.outcome(problem, wanted, seconds=2)
    # Each alone is counted at what is proven to be the least, rounded down: a minor unit a shop, and half a per cent.
    apart = sum(solving.solve(problem.of(pieces), seconds=2).cost for pieces in found.got.values())
    assert found.plan.cost <= apart + problem.worth({})[0]
    assert found.alone_minor <= apart // GRAINS + sum(_worth_of_missing(problem, found).values())


def _worth_of_missing(problem, found):
    return {item: problem.dearest(item) * pieces // GRAINS + 1 for item, pieces in problem.demand.items()}


@calmly
@given(markets.small())
def test_pieces_that_are_short_are_divided_and_none_is_lost(told):
    problem, wanted = told
    plan = greedy.plan(problem)
    got = solving.allot(problem, plan, wanted)
    for item, asked in problem.demand.items():
        parts = {shop: got[shop].get(item, 0) for shop in wanted}
        assert sum(parts.values()) == asked - plan.missing.get(item, 0)
        assert all(parts[shop] <= wanted[shop].get(item, 0) for shop in wanted)


def test_rule_alone_answers_when_there_is_no_time():
    problem, _wanted = bench_market(20, 6, 10, seed=3)
    found = solving.solve(problem, seconds=0)
    assert (found.method, problem.allowed(found.buys), found.missing) == ("greedy", True, {})
    assert 0 < found.bound <= found.cost


def test_pooled_plan_of_a_network_is_close_to_its_bound():
    problem, _wanted = bench_market(60, 10, 60, seed=5)
    found = solving.solve(problem, seconds=10)
    assert (found.method, found.gap_bps <= 100) == ("exact", True)
