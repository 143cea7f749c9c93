"""Why a line of a plan is bought where it is: a code and its figures, put into words where they are read."""

from __future__ import annotations

from typing import Any

from enablement.selectors.planning.problem import Asked, Plan, Problem


def of(problem: Problem, plan: Plan, seller: int, item: int) -> dict[str, Any]:
    """Give why pieces of an item are bought of this seller, as JSON takes it.

    ``code``: only, cheapest, capacity, minimum, fee or whole (the others' packs or steps would cost more in all).
    ``other``: the seller it was compared with. ``unit``, ``other_unit``: grains a piece. ``step``: the price is that from
    so many pieces on. ``extra``: pieces more than were wanted.
    """
    mine, pieces = problem.by_pair[seller, item], plan.buys[seller, item]
    told: dict[str, Any] = {"unit": mine.unit(pieces), "wanted": problem.demand[item]}
    steps = [start for start, _unit in mine.steps if start <= pieces]
    if len(steps) > 1:
        told["step"] = steps[-1]
    bought = sum(quantity for pair, quantity in plan.buys.items() if pair[1] == item)
    if bought > problem.demand[item]:
        told["extra"] = bought - problem.demand[item]
    others = [each for each in problem.by_item[item] if each.seller != seller]
    if not others:
        return {**told, "code": "only"}
    other = min(others, key=lambda each: (_unit(each, pieces), each.seller))
    told |= {"other": other.seller, "other_unit": _unit(other, pieces)}
    return {**told, "code": _code(problem, plan, mine, other, pieces)}


def _unit(each: Asked, pieces: int) -> int:
    return each.unit(each.fitting(pieces))


def _code(problem: Problem, plan: Plan, mine: Asked, other: Asked, pieces: int) -> str:
    if mine.unit(pieces) <= _unit(other, pieces):
        return "cheapest"
    taken = plan.buys.get((other.seller, other.item), 0)
    if other.most is not None and taken + pieces > other.most:
        return "capacity"
    used = problem.goods(plan.buys)
    if other.seller not in used:
        seller = problem.sellers[other.seller]
        return "minimum" if seller.minimum > other.cost(other.fitting(pieces)) else "fee"
    return "whole"


def of_missing(problem: Problem, item: int) -> dict[str, Any]:
    """Give why pieces of an item are not bought: nobody sells it, nobody can make them in time, or orders are too small."""
    asked = problem.by_item[item]
    if not asked:
        return {"code": "nobody"}
    limits = [each.most for each in asked]
    made = sum(most for most in limits if most is not None)
    return {"code": "busy" if None not in limits and made < problem.demand[item] else "small"}
