"""Dispatch of 1,000 tasks of the service network against the optimum.

The optimum is found by another way: the transport problem as a linear programme (HiGHS), with capacities as rows and no
replicated columns; its solutions are whole, as those of every transport problem. First all tasks are known at once. Then
they come over a day, in rounds of twenty, and each round is decided without knowing the next: that is held against the
optimum of who knew them all beforehand, and beside the rule that works without a solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from bench.results import Result
from enablement.selectors import assignment
from enablement.selectors.assignment import Candidate, Provider, Task

TASKS, PROVIDERS, ROUND, REGIONS = 1_000, 150, 20, 6
TODAY = date(2026, 11, 23)
_KINDS = ("delivery", "install", "photos", "copy")
_Room = Mapping[tuple[int, date], int]
_Way = Callable[[Mapping[int, list[Candidate]], _Room], list[Candidate]]


def measure() -> Iterator[Result]:
    """Make a world of tasks and providers, three times with other chance, and hold dispatch against its optimum."""
    for seed in (1, 2, 3):
        tasks, providers = _world(Random(seed))
        ways, room = _ways(tasks, providers)
        best = _optimum(ways, room)
        started = time.process_time()
        chosen = assignment.exact(ways, room)
        spent = time.process_time() - started
        yield _result(
            f"dispatch: {TASKS:,} tasks at once, world {seed}", chosen, best, "≤ 1.02", f"{spent:.2f} s of CPU"
        )
        yield _result(f"dispatch: … in rounds of {ROUND}, world {seed}", _rounds(ways, room, assignment.exact), best)
        yield _result(f"dispatch: … without a solver, world {seed}", _rounds(ways, room, assignment.greedy), best)


def _result(name: str, chosen: Sequence[Candidate], best: tuple[int, int], goal: str = "", note: str = "") -> Result:
    served, least = best
    ratio = assignment.total(chosen) / least
    told = f"{len(chosen):,} of {served:,} that can be served" + (f", {note}" if note else "")
    met = ratio <= 1.02 and len(chosen) >= served if goal else None
    return Result(name, assignment.total(chosen) / 100, "cost", ratio, goal, met, told)


def _world(random: Random) -> tuple[list[Task], list[Provider]]:
    """Postcodes in six regions; providers with some kinds, areas, prices, half the parts of the week, three tasks a day."""
    providers = [_provider(number, random) for number in range(1, PROVIDERS + 1)]
    tasks = [_task(number, random) for number in range(1, TASKS + 1)]
    return tasks, providers


def _provider(number: int, random: Random) -> Provider:
    region = random.randrange(REGIONS)
    base = f"{region}{random.randrange(10_000):04}"
    usual = random.randrange(4_000, 12_000)
    kinds = random.sample(_KINDS, random.choice((1, 1, 2)))
    return Provider(
        id=number, country="US", base=base, areas=(base[: random.choice((1, 1, 2))],), currency="USD",
        prices={kind: usual * random.randrange(80, 125) // 100 for kind in kinds}, capacity=random.choice((2, 3, 4)),
        hours=frozenset(random.sample(range(21), 13)), score=random.randrange(55, 100), busy={},
    )  # fmt: skip


def _task(number: int, random: Random) -> Task:
    day = TODAY + timedelta(days=random.randrange(5))
    return Task(
        id=number, kind=random.choice(_KINDS), country="US", postcode=f"{random.randrange(REGIONS)}{random.randrange(10_000):04}",
        day=day, latest=day + timedelta(days=random.choice((0, 2, 4))), part=random.choice((None, None, 0, 1)),
        currency="USD", budget=14_000,
    )  # fmt: skip


def _ways(
    tasks: Sequence[Task], providers: Sequence[Provider]
) -> tuple[dict[int, list[Candidate]], dict[tuple[int, date], int]]:
    ways = {task.id: assignment.candidates(task, providers, TODAY) for task in tasks}
    by_id = {provider.id: provider for provider in providers}
    room = {(each.provider, each.day): by_id[each.provider].capacity for found in ways.values() for each in found}
    return ways, room


def _rounds(ways: Mapping[int, list[Candidate]], room: _Room, way: _Way) -> list[Candidate]:
    """Decide round by round, in the order in which the tasks come; what is given away stays given."""
    left, chosen = dict(room), []
    order = list(ways)
    for start in range(0, len(order), ROUND):
        open_ = {
            task: [each for each in ways[task] if left[each.provider, each.day]]
            for task in order[start : start + ROUND]
        }
        for each in way(open_, left):
            left[each.provider, each.day] -= 1
            chosen.append(each)
    return chosen


def _optimum(ways: Mapping[int, list[Candidate]], room: _Room) -> tuple[int, int]:
    """Give how many tasks can be served, and what that costs at least."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    every = [each for found in ways.values() for each in found]
    places = {place: row for row, place in enumerate(room)}
    tasks = {task: row for row, task in enumerate(ways)}
    rows = [tasks[each.task] for each in every] + [len(tasks) + places[each.provider, each.day] for each in every]
    columns = [*range(len(every)), *range(len(every))]
    limits = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(tasks) + len(places), len(every))).tocsr()
    worth = max(each.cost for each in every) * 50  # a task served is worth more than any detour
    prices = np.array([each.cost - worth for each in every], dtype=float)
    upper = np.array([1] * len(tasks) + list(room.values()), dtype=float)
    found = linprog(prices, A_ub=limits, b_ub=upper, bounds=(0, None), method="highs")
    served = round(found.x.sum())
    return served, round(found.fun + worth * served)
