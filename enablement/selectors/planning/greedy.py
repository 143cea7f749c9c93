"""A plan by a simple rule, when the exact one isn't ready in time: each item where it is cheapest, then vendors that are
not worth their fee, or whose smallest order is not reached, are left out."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from itertools import count

from enablement.selectors.planning.problem import Asked, Plan, Problem

Buys = dict[tuple[int, int], int]


def plan(problem: Problem, *, seconds: float = 5.0) -> Plan:
    """Give a plan that vendors would take, always; what nobody can deliver is ``missing``."""
    began = time.monotonic()
    open_ = {each.seller for each in problem.asked}
    best = _taken(problem, open_)
    for _turn in count():
        better = _better(problem, best, began + seconds)
        if better is None:
            break
        best = better
    used, anybody = set(problem.goods(best)), set(problem.sellers)
    best = min((best, _divided(problem, best, used), _divided(problem, best, anybody)), key=problem.worth)
    missing = problem.missing(best)
    return Plan(best, problem.cost(best), problem.floor(), missing, "greedy", time.monotonic() - began)


def _better(problem: Problem, buys: Buys, until: float) -> Buys | None:
    """Give what is cheaper by leaving out one vendor; none where nothing is, or no time is left."""
    used, worth = problem.goods(buys), problem.worth(buys)
    for seller in sorted(used, key=lambda each: (used[each], each)):
        if time.monotonic() > until:
            return None
        other = _taken(problem, set(used) - {seller})
        if problem.worth(other) < worth:
            return other
    return None


def _taken(problem: Problem, sellers: set[int]) -> Buys:
    """Give what to buy from these sellers; those whose smallest order isn't reached fall out, the smallest first."""
    left = set(sellers)
    while True:
        buys: Buys = {}
        for item, pieces in problem.demand.items():
            buys |= _item([each for each in problem.by_item[item] if each.seller in left], pieces)
        goods = problem.goods(buys)
        short = [seller for seller, amount in goods.items() if amount < problem.sellers[seller].minimum]
        if not short:
            return buys
        left.discard(min(short, key=lambda seller: (goods[seller], seller)))


def _item(asked: Collection[Asked], wanted: int) -> Buys:
    """Give where to buy one item: of one seller that has enough, or of the cheapest ones until it is enough."""
    found: Buys = {}
    left, rest = wanted, list(asked)
    while left > 0 and rest:
        each = min(rest, key=lambda one: _rank(one, left))
        rest.remove(each)
        if pieces := each.best(left):
            found[each.seller, each.item] = pieces
            left -= pieces
    return found


def _rank(each: Asked, wanted: int) -> tuple[bool, float, int]:
    """Enough first, then what the pieces of use cost."""
    pieces = each.best(wanted)
    if not pieces:
        return True, float("inf"), each.seller
    return pieces < wanted, each.cost(pieces) / min(pieces, wanted), each.seller


def _divided(problem: Problem, buys: Buys, sellers: set[int]) -> Buys:
    """Give the same with items divided between two of these vendors, where that is cheaper.

    What one can make, or its whole packs, leave a rest that another may have for less.
    """
    found: Buys = {}
    for item, pieces in problem.demand.items():
        mine = {pair: quantity for pair, quantity in buys.items() if pair[1] == item}
        asked = [each for each in problem.by_item[item] if each.seller in sellers]
        enough = [mine] if sum(mine.values()) >= pieces else []
        ways: list[Buys] = [*enough, *_pairs(asked, pieces)]
        best: Buys = min(ways, key=lambda one: _total(problem, one), default=mine)
        found.update(best)
    return found if problem.allowed(found) else buys


def _pairs(asked: Collection[Asked], wanted: int) -> Iterator[Buys]:
    for first in asked:
        for pieces in _firsts(first, wanted):
            for second in asked:
                rest = second.best(wanted - pieces) if second is not first else 0
                if rest >= wanted - pieces:
                    yield {(first.seller, first.item): pieces, (second.seller, second.item): rest}


def _firsts(first: Asked, wanted: int) -> set[int]:
    """Give how much of less than all may come from the first: the ends of its steps, and its last whole pack."""
    ends = {quantity for each in first.segments(wanted) for quantity in (each.low, each.high)}
    return {quantity for quantity in ends if quantity < wanted and first.within(quantity)}


def _total(problem: Problem, buys: Buys) -> int:
    return sum(problem.by_pair[pair].cost(quantity) for pair, quantity in buys.items())
