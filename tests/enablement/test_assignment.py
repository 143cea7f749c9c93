"""Who does which task: the arithmetic, held against every way there is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enablement.selectors import assignment
from enablement.selectors.assignment import Provider, Task

DAY = date(2026, 11, 24)  # a Tuesday


def task(number: int = 1, **more) -> Task:
    facts = {
        "id": number, "kind": "photos", "country": "US", "postcode": "31008", "day": DAY, "latest": DAY,
        "part": None, "currency": "USD", "budget": 20_000, **more,
    }  # fmt: skip
    return Task(**facts)


def provider(number: int, price: int = 9_000, **more) -> Provider:
    facts = {
        "id": number, "country": "US", "base": "31008", "areas": ("310",), "currency": "USD",
        "prices": {"photos": price}, "capacity": 1, "hours": frozenset(range(21)), "score": 100, "busy": {}, **more,
    }  # fmt: skip
    return Provider(**facts)


def decided(tasks, providers, today=DAY):
    return {each.task: each for each in assignment.assign(tasks, providers, today)}


def test_cheapest_that_serves_the_place_is_chosen() -> None:
    far = provider(3, 1_000, areas=("902",))
    chosen = decided([task()], [provider(1), provider(2, 8_000), far])[1]
    assert (chosen.candidate.provider, chosen.reason["code"], chosen.reason["serve"]) == (2, "cheapest", 2)


def test_full_provider_is_passed_over_and_counted() -> None:
    full = provider(1, 5_000, busy={DAY: 1})
    chosen = decided([task()], [full, provider(2)])[1]
    assert (chosen.candidate.provider, chosen.reason["full"], chosen.reason["works"]) == (2, 1, 2)


def test_all_tasks_together_cost_least_where_greed_would_not() -> None:
    """Who comes first would take the only one that the other can have."""
    tasks = [task(1), task(2)]
    providers = [provider(1, 5_000), provider(2, 6_000)]
    only_one = [task(1), task(2, refused_by=frozenset({2}))]
    assert {each.candidate.provider for each in decided(tasks, providers).values()} == {1, 2}
    found = decided(only_one, providers)
    assert (found[1].candidate.provider, found[1].reason["code"], found[2].candidate.provider) == (2, "together", 1)


def test_a_low_score_and_distance_count_as_dearer() -> None:
    poor, near = provider(1, 9_000, score=20), provider(2, 9_500, score=100)
    away = provider(3, 9_400, base="90210")
    assert decided([task()], [poor, near, away])[1].candidate.provider == 2


@pytest.mark.parametrize(
    ("changed", "providers", "code"),
    [
        ({"postcode": "99999"}, [provider(1)], "nobody"),
        ({"budget": 5_000}, [provider(1)], "too_dear"),
        ({"refused_by": frozenset({1})}, [provider(1)], "all_refused"),
        ({}, [provider(1, busy={DAY: 1})], "full"),
        ({}, [provider(1, hours=frozenset({0}))], "off"),
        ({"latest": DAY - timedelta(days=1), "day": DAY - timedelta(days=1)}, [provider(1)], "past"),
    ],
)
def test_who_finds_nobody_is_told_why(changed, providers, code) -> None:
    chosen = decided([task(**changed)], providers)[1]
    assert (chosen.candidate, chosen.reason["code"]) == (None, code)


def test_a_later_day_is_taken_when_the_wanted_one_is_full() -> None:
    chosen = decided([task(latest=DAY + timedelta(days=2))], [provider(1, busy={DAY: 1})])[1]
    assert (chosen.candidate.day, chosen.reason["late"]) == (DAY + timedelta(days=1), 1)


prices = st.integers(1_000, 30_000)


@given(
    table=st.lists(st.lists(prices, min_size=3, max_size=3), min_size=1, max_size=4),
    capacity=st.lists(st.integers(1, 2), min_size=3, max_size=3),
    refused=st.lists(st.sets(st.integers(0, 2)), min_size=4, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_no_other_way_serves_more_or_costs_less(table, capacity, refused) -> None:
    ways = {
        row: [
            assignment.Candidate(row, column, DAY, 0, price, price)
            for column, price in enumerate(line)
            if column not in refused[row]
        ]
        for row, line in enumerate(table)
    }
    room = {(column, DAY): capacity[column] for column in range(3)}
    chosen = assignment.exact(ways, room)
    assert (-len(chosen), assignment.total(chosen)) == min(_every_way(ways, capacity))
    assert (-len(chosen), assignment.total(chosen)) <= _count(assignment.greedy(ways, room))


def _every_way(ways, capacity):
    for picks in product(*([None, *found] for found in ways.values())):
        taken = [each for each in picks if each]
        if all(sum(each.provider == column for each in taken) <= capacity[column] for column in range(3)):
            yield _count(taken)


def _count(taken):
    return -len(taken), assignment.total(taken)
