"""From the question to the answer: the pooled plan, what each shop alone would have paid, and the saving."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from enablement.selectors.planning import exact, greedy
from enablement.selectors.planning.problem import GRAINS, Plan, Problem
from s2b2c.kernel import money

SECONDS = 20.0  # for the pooled plan
ALONE_SECONDS, ALONE_GAP = 2.0, 0.005  # for what each shop alone would have paid

# pieces wanted by shop and item
Wanted = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``plan`` pooled; ``got``: pieces of it by shop and item; ``alone`` in minor units by shop."""

    plan: Plan
    got: dict[int, dict[int, int]]
    alone: dict[int, int]
    cost_minor: int

    @property
    def alone_minor(self) -> int:
        """Give what all of them would have paid, each alone."""
        return sum(self.alone.values())

    @property
    def saving_minor(self) -> int:
        """Give what buying together saves; never below nothing."""
        return max(0, self.alone_minor - self.cost_minor)


def solve(problem: Problem, *, seconds: float, gap: float = exact.GAP) -> Plan:
    """Give the best plan to be had in the time: the exact one, or what the simple rule finds. Never worse than that."""
    rule = greedy.plan(problem, seconds=max(0.2, seconds / 4))
    if seconds <= 0 or not problem.demand:
        return rule
    began = time.monotonic()
    found = exact.plan(problem, rule, seconds=seconds, gap=gap)
    if found is None or problem.worth(found.buys) > problem.worth(rule.buys):
        return rule
    return Plan(
        found.buys, found.cost, found.bound, found.missing, found.method, time.monotonic() - began + rule.seconds
    )


def outcome(
    problem: Problem, wanted: Wanted, *, seconds: float = SECONDS, told: Callable[[int], None] | None = None
) -> Outcome:
    """Plan for all shops together, then for each alone. ``told`` hears how many shops are done.

    Together is never dearer than apart: where all orders apart, put together, are cheaper than the plan, they are it.
    """
    plan = solve(problem, seconds=seconds)
    got = allot(problem, plan, wanted)
    alone, apart = {}, {}
    for number, (shop, pieces) in enumerate(got.items(), 1):
        alone[shop], buys = _alone(problem.of(pieces), plan, problem, seconds)
        for pair, quantity in buys.items():
            apart[pair] = apart.get(pair, 0) + quantity
        if told:
            told(number)
    if problem.allowed(apart) and problem.worth(apart) < problem.worth(plan.buys):
        bound = min(plan.bound, problem.cost(apart))
        plan = Plan(apart, problem.cost(apart), bound, problem.missing(apart), plan.method, plan.seconds)
    return Outcome(plan, got, alone, -(-plan.cost // GRAINS))


def allot(problem: Problem, plan: Plan, wanted: Wanted) -> dict[int, dict[int, int]]:
    """Give which shop gets how many pieces of the plan: what it wanted, or its part of what there is.

    What is short is divided in proportion to what was wanted, by largest remainder.
    """
    found: dict[int, dict[int, int]] = {shop: {} for shop in wanted}
    for item, asked in problem.demand.items():
        shops = [shop for shop in wanted if wanted[shop].get(item)]
        there = asked - plan.missing.get(item, 0)
        parts = money.split(there, [wanted[shop][item] for shop in shops]) if shops else []
        for shop, pieces in zip(shops, parts, strict=True):
            if pieces:
                found[shop][item] = pieces
    return found


def _alone(mine: Problem, plan: Plan, market: Problem, seconds: float) -> tuple[int, Mapping[tuple[int, int], int]]:
    """Give what a shop would have paid at least, in minor units, and what it would have bought.

    Rounded to its disadvantage, so that no saving is claimed that isn't: the proven bound, not the plan found; and what
    nobody would have sold it alone counts at what it costs in the pooled plan.
    """
    found = solve(mine, seconds=min(seconds, ALONE_SECONDS), gap=ALONE_GAP)
    paid = min(found.cost, found.bound)
    paid += sum(pieces * _mean(market, plan, item) for item, pieces in found.missing.items())
    return paid // GRAINS, found.buys


def _mean(market: Problem, plan: Plan, item: int) -> int:
    """Give what a piece costs in the plan on average, without fees, rounded down."""
    bought = {pair: pieces for pair, pieces in plan.buys.items() if pair[1] == item}
    total = sum(market.by_pair[pair].cost(pieces) for pair, pieces in bought.items())
    return total // sum(bought.values()) if bought else 0


def shares(alone: Mapping[int, int], saving_minor: int) -> dict[int, int]:
    """Divide a saving in proportion to what each alone would have paid, to the minor unit, by largest remainder.

    Each part is between nothing and what its shop would have paid, so nobody is worse off than alone; the parts sum to
    the saving. See docs/adr/0021-purchase-plan.md.
    """
    if not alone:
        return {}
    return dict(zip(alone, money.split(saving_minor, list(alone.values())), strict=True))
