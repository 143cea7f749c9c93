"""The purchase plan of a network: 200 items, 20 vendors, 300 shops. Pure arithmetic, no servers.

``BENCH_ALONE`` sets how many of the 300 shops are planned alone, too (all of them; fewer are multiplied).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from bench.markets import market
from bench.results import Result

ITEMS, VENDORS, SHOPS = 200, 20, 300
ALONE = int(os.environ.get("BENCH_ALONE", str(SHOPS)))
SECONDS = 4.5


def measure() -> Iterator[Result]:
    """Plan three networks together, one of them shop by shop as well."""
    from enablement.selectors.planning import greedy, solving

    for seed in (1, 2, 3):
        problem, wanted = market(ITEMS, VENDORS, SHOPS, seed)
        began, spent = time.monotonic(), time.process_time()
        plan = solving.solve(problem, seconds=SECONDS)
        seconds, cpu = time.monotonic() - began, time.process_time() - spent
        note = f"{len(problem.asked):,} offers, {sum(problem.demand.values()):,} pieces, CPU time {cpu:.1f} s"
        yield Result(f"pooled plan {seed}", seconds, "s", goal="< 5 s", met=seconds < 5, note=note)
        rule = greedy.plan(problem)
        ratio = rule.cost / plan.cost
        yield Result(f"its gap to the proven bound {seed}", plan.gap_bps / 100, "%", ratio, "≤ 1 %", plan.gap_bps <= 100, f"{plan.method}; ratio: the simple rule against it")  # fmt: skip
        if seed == 1:
            few = dict(list(wanted.items())[:ALONE])
            problem = problem if ALONE >= SHOPS else _of(problem, few)
            yield from _alone(solving.outcome(problem, few, seconds=SECONDS), solving)


def _of(problem, wanted):  # type: ignore[no-untyped-def]
    from bench.markets import pooled

    return pooled(dict(problem.sellers), list(problem.asked), wanted)


def _alone(found, solving) -> Iterator[Result]:  # type: ignore[no-untyped-def]
    shares = solving.shares(found.alone, found.saving_minor)
    share = found.saving_minor / found.alone_minor
    note = f"{found.alone_minor / 100:,.2f} each alone at least, {found.cost_minor / 100:,.2f} together, {len(found.alone)} shops"
    yield Result("saving against each alone", share * 100, "%", note=note)
    fair = sum(shares.values()) == found.saving_minor and all(0 <= shares[s] <= a for s, a in found.alone.items())
    yield Result("shops whose shares sum to the saving, none worse off", len(shares) * fair, "shops", met=fair)
