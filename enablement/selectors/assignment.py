"""Who does which task when: the arithmetic, without tables. See docs/adr on the service network.

As many tasks as possible find somebody; among all ways to do that the one is taken that costs least together. A
provider can take ``capacity`` tasks a day, so a day of a provider is as many columns, and the whole is the linear
assignment problem, solved exactly. Costs are whole minor units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ANYWHERE = "*"
LATE_PERCENT = 10  # of the price, for each day after the one wanted
SCORE_PERCENT = 25  # of the price: what a provider of score 0 counts dearer than one of 100
AREA_PERCENT = 2  # of the price, for each sign of the postcode it is away


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done. ``part``: None any. ``refused_by``: who has said no, or nothing in time."""

    id: int
    kind: str
    country: str
    postcode: str
    day: date
    latest: date
    part: int | None
    currency: str
    budget: int
    refused_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Provider:
    """Who can do it. ``prices`` by kind; ``score`` 0–100; ``hours``: weekday × 3 + part; ``busy``: tasks it has, by day."""

    id: int
    country: str
    base: str
    areas: tuple[str, ...]
    currency: str
    prices: Mapping[str, int]
    capacity: int
    hours: frozenset[int]
    score: int
    busy: Mapping[date, int]

    def left(self, day: date) -> int:
        """Give how many tasks it can still take on a day."""
        return max(0, self.capacity - self.busy.get(day, 0))

    def part(self, day: date, wanted: int | None) -> int | None:
        """Give the part of the day it would come in, None if it does not work then."""
        parts = sorted(hour % 3 for hour in self.hours if hour // 3 == day.weekday())
        if wanted is None:
            return parts[0] if parts else None
        return wanted if wanted in parts else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to do a task: by whom, when, at which price, and what it counts as."""

    task: int
    provider: int
    day: date
    part: int
    price: int
    cost: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided for a task; ``candidate`` None: nobody. ``reason`` is ``{"code": …}`` with its numbers."""

    task: int
    candidate: Candidate | None
    reason: Mapping[str, object]


def serves(task: Task, provider: Provider) -> bool:
    """Tell whether a provider does this kind of thing at this place, in this currency."""
    at_home = provider.country == task.country
    near = any(area == ANYWHERE or task.postcode.startswith(area) for area in provider.areas)
    return at_home and near and provider.currency == task.currency and task.kind in provider.prices


def away(task: Task, provider: Provider) -> int:
    """Give how far apart their postcodes are: signs of the task's from the first that differs on.

    Without a map, what postcodes share is the distance: they are given from region to street.
    """
    if not provider.base:
        return len(task.postcode)
    shared = 0
    for one, other in zip(task.postcode, provider.base, strict=False):
        if one != other:
            break
        shared += 1
    return len(task.postcode) - shared


def cost(task: Task, provider: Provider, day: date) -> int:
    """Give what it counts as: price, and a share of it for distance, for lateness and for a score below the best."""
    price = provider.prices[task.kind]
    percent = AREA_PERCENT * away(task, provider) + LATE_PERCENT * max(0, (day - task.day).days)
    return price + price * (percent * 100 + SCORE_PERCENT * (100 - provider.score)) // 10_000


def days(task: Task, today: date) -> Iterator[date]:
    """Give the days a task can be done on, from today on."""
    first = max(task.day, today)
    for ahead in range((task.latest - first).days + 1):
        yield first + timedelta(days=ahead)


def candidates(task: Task, providers: Sequence[Provider], today: date) -> list[Candidate]:
    """Give every way to do a task: within its budget, on a day with room, by nobody who has said no."""
    found = []
    for provider in providers:
        if not serves(task, provider) or provider.id in task.refused_by or provider.prices[task.kind] > task.budget:
            continue
        for day in days(task, today):
            part = provider.part(day, task.part)
            if part is not None and provider.left(day):
                price = provider.prices[task.kind]
                found.append(Candidate(task.id, provider.id, day, part, price, cost(task, provider, day)))
    return found


def assign(tasks: Sequence[Task], providers: Sequence[Provider], today: date) -> list[Chosen]:
    """Decide for each task, in the order given: exactly, or greedily where the solver is not there."""
    ways = {task.id: candidates(task, providers, today) for task in tasks}
    room = {(each.id, day): each.left(day) for each in providers for task in tasks for day in days(task, today)}
    picked = {each.task: each for each in _solve(ways, room)}
    return [Chosen(task.id, picked.get(task.id), why(task, picked, ways, providers, today)) for task in tasks]


def _solve(ways: Mapping[int, list[Candidate]], room: Mapping[tuple[int, date], int]) -> list[Candidate]:
    try:
        return exact(ways, room)
    except ImportError:
        return greedy(ways, room)


def exact(ways: Mapping[int, list[Candidate]], room: Mapping[tuple[int, date], int]) -> list[Candidate]:
    """Give the cheapest of all ways in which most tasks are done."""
    import numpy as np  # noqa: PLC0415 - the solver is large, and workers that never dispatch need not load it
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    rows = [task for task, found in ways.items() if found]
    if not rows:
        return []
    wanted = Counter((each.provider, each.day) for task in rows for each in ways[task])
    places: dict[tuple[int, date], list[int]] = {}
    width = 0
    for place, many in wanted.items():
        columns = min(room[place], many)
        places[place] = list(range(width, width + columns))
        width += columns
    # A column of its own for "nobody", dearer than any change elsewhere could save: first as many as possible.
    nobody = float(sum(max(each.cost for each in ways[task]) for task in rows) + 1)
    table = np.full((len(rows), width + len(rows)), nobody * (len(rows) + 1))
    at: dict[tuple[int, int], Candidate] = {}
    for row, task in enumerate(rows):
        table[row, width + row] = nobody
        for each in ways[task]:
            for column in places[each.provider, each.day]:
                table[row, column] = each.cost
                at[row, column] = each
    chosen = zip(*linear_sum_assignment(table), strict=True)
    return [at[int(row), int(column)] for row, column in chosen if (int(row), int(column)) in at]


def greedy(ways: Mapping[int, list[Candidate]], room: Mapping[tuple[int, date], int]) -> list[Candidate]:
    """Give a way without a solver: who has the fewest ways chooses first, each the cheapest that is left."""
    left, picked = dict(room), []
    for task in sorted(ways, key=lambda task: (len(ways[task]), task)):
        free = [each for each in ways[task] if left[each.provider, each.day]]
        if free:
            best = min(free, key=lambda each: (each.cost, each.day, each.provider))
            left[best.provider, best.day] -= 1
            picked.append(best)
    return picked


# --- The reason -----------------------------------------------------------------------------------------
def why(
    task: Task,
    picked: Mapping[int, Candidate],
    ways: Mapping[int, list[Candidate]],
    providers: Sequence[Provider],
    today: date,
) -> dict[str, object]:
    """Say why a task goes where it goes, or nowhere: a code, and the numbers its sentence needs."""
    there = [each for each in providers if serves(task, each)]
    facts: dict[str, object] = {
        "serve": len(there),
        "place": task.postcode[:3],
        "no": sum(each.id in task.refused_by for each in there),
        "dear": sum(each.prices[task.kind] > task.budget for each in there if each.id not in task.refused_by),
    }
    able = [each for each in there if each.id not in task.refused_by and each.prices[task.kind] <= task.budget]
    mine = picked.get(task.id)
    if mine is None:
        return {"code": _nobody(task, there, able, today), **facts}
    works = [each for each in able if each.part(mine.day, task.part) is not None]
    facts |= {"day": mine.day.isoformat(), "works": len(works), "full": sum(not each.left(mine.day) for each in works)}
    return {"code": _picked(mine, ways[task.id]), **facts, "late": max(0, (mine.day - task.day).days)}


def _nobody(task: Task, there: Sequence[Provider], able: Sequence[Provider], today: date) -> str:
    if task.latest < today:
        return "past"
    if not there:
        return "nobody"
    if not able:
        return "all_refused" if all(each.id in task.refused_by for each in there) else "too_dear"
    off = all(each.part(day, task.part) is None for each in able for day in days(task, today))
    return "off" if off else "full"


def _picked(mine: Candidate, ways: Sequence[Candidate]) -> str:
    """Tell what speaks for it, compared with the other providers' best."""
    best: dict[int, Candidate] = {}
    for each in sorted(ways, key=lambda each: -each.cost):
        best[each.provider] = each
    others = [each for each in best.values() if each.provider != mine.provider]
    if not others:
        return "only"
    if any(each.cost < mine.cost for each in others):
        return "together"  # another would be better for this task alone; so all tasks are done at the least cost
    if all(mine.price <= each.price for each in others):
        return "cheapest"
    return (
        "soonest"
        if all(mine.day <= each.day for each in others)
        and any(mine.day < each.day and each.price < mine.price for each in others)
        else "best"
    )


def total(chosen: Sequence[Candidate]) -> int:
    """Give what an assignment costs together."""
    return sum(each.cost for each in chosen)
