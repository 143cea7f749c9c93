"""The plan as a mixed-integer programme, solved by HiGHS, with the bound it proved.

Variables: is a vendor used; is a step of an offer used; packs taken at that step; pieces nobody delivers. Made tight so
that the relaxed programme is close: each step of a ladder is a way of its own, bounded by what the demand can use of it; a
quantity that is bought only for its price counts as one piece of yes or no; a step is used only of a vendor that is
used (the strong form of fixed-charge problems; see Wolsey, Integer Programming, on facility location).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from enablement.selectors.planning.problem import GRAINS, Asked, Plan, Problem, Segment

GAP = 0.002


@dataclass(slots=True)
class _Programme:
    """Columns and rows as they are added."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)

    def column(self, cost: float, upper: float, *, whole: bool = True) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, parts: Sequence[tuple[int, float]]) -> None:
        self.rows.append((low, high, [index for index, _ in parts], [value for _, value in parts]))


@dataclass(frozen=True, slots=True)
class _Way:
    """A step of an offer in the programme: ``yes`` is its column, ``packs`` that of its packs (none: it is ``low``)."""

    asked: Asked
    segment: Segment
    yes: int
    packs: int | None

    def pieces(self, values: Sequence[float]) -> int:
        if round(values[self.yes]) != 1:
            return 0
        return self.segment.low if self.packs is None else round(values[self.packs]) * self.asked.pack


def plan(problem: Problem, start: Plan, *, seconds: float, gap: float = GAP) -> Plan | None:
    """Give the best plan found in the time, with its proven bound; ``start`` is what it begins with.

    None where the solver found nothing better, or nothing that can be ordered, in that time: the bound is lost, too.
    """
    import highspy  # noqa: PLC0415 – large: web requests never load it

    began = time.monotonic()
    programme = _Programme()
    used = {key: programme.column(seller.fee / GRAINS, 1) for key, seller in problem.sellers.items()}
    ways = _ways(problem, programme, used)
    short = _cover(problem, programme, ways)
    _minimums(problem, programme, ways, used)
    solver = _solver(highspy, programme, seconds, gap)
    _begin(highspy, solver, problem, start, programme, ways, used, short)
    solver.run()
    info, values = solver.getInfo(), solver.getSolution().col_value
    if not values or not _usable(highspy, solver):
        return None
    found = {(way.asked.seller, way.asked.item): pieces for way in ways if (pieces := way.pieces(values))}
    if not problem.allowed(found):
        return None
    cost = problem.cost(found)
    above = info.objective_function_value - info.mip_dual_bound
    bound = max(0, cost - round(max(0.0, above) * GRAINS))
    return Plan(found, cost, bound, problem.missing(found), "exact", time.monotonic() - began)


def _usable(highspy: Any, solver: Any) -> bool:
    status = highspy.HighsModelStatus
    return solver.getModelStatus() in (status.kOptimal, status.kTimeLimit, status.kSolutionLimit, status.kInterrupt)


def _ways(problem: Problem, programme: _Programme, used: dict[int, int]) -> list[_Way]:
    """Add each step of each offer: its yes, its packs between its ends, at most one step an offer, of a vendor in use."""
    found = []
    for asked, segments in problem.pairs():
        yeses = []
        for each in segments:
            way = _way(programme, asked, each)
            found.append(way)
            yeses.append(way.yes)
        programme.row(-_INF, 0, [*((yes, 1.0) for yes in yeses), (used[asked.seller], -1.0)])
    return found


_INF = float("inf")


def _way(programme: _Programme, asked: Asked, segment: Segment) -> _Way:
    if segment.low == segment.high:
        return _Way(asked, segment, programme.column(segment.low * segment.unit / GRAINS, 1), None)
    yes = programme.column(0, 1)
    packs = programme.column(segment.unit * asked.pack / GRAINS, segment.high // asked.pack)
    programme.row(-_INF, 0, [(packs, 1), (yes, -segment.high // asked.pack)])
    programme.row(0, _INF, [(packs, 1), (yes, -segment.low // asked.pack)])
    return _Way(asked, segment, yes, packs)


def _cover(problem: Problem, programme: _Programme, ways: list[_Way]) -> dict[int, int]:
    """Add that all that is wanted comes, or is missed at a price at which nothing is missed that can be had."""
    parts: dict[int, list[tuple[int, float]]] = {item: [] for item in problem.demand}
    for way in ways:
        wanted, low = problem.demand[way.asked.item], way.segment.low
        part = (way.yes, float(min(low, wanted))) if way.packs is None else (way.packs, float(way.asked.pack))
        parts[way.asked.item].append(part)
    short = {}
    for item, wanted in problem.demand.items():
        short[item] = programme.column(_penalty(problem, item) / GRAINS, wanted, whole=False)
        programme.row(wanted, _INF, [*parts[item], (short[item], 1.0)])
    return short


def _penalty(problem: Problem, item: int) -> int:
    """Give the price of a piece that doesn't come: more than any one vendor's order of it, with its fee, would cost."""
    wanted = problem.demand[item]
    orders = [each.cost(each.fitting(wanted)) + problem.sellers[each.seller].fee for each in problem.by_item[item]]
    return 2 * max(orders, default=GRAINS)


def _minimums(problem: Problem, programme: _Programme, ways: list[_Way], used: dict[int, int]) -> None:
    """Add that an order comes to what its vendor takes."""
    for key, seller in problem.sellers.items():
        if not seller.minimum:
            continue
        parts = [
            (way.yes, way.segment.low * way.segment.unit / GRAINS) if way.packs is None
            else (way.packs, way.segment.unit * way.asked.pack / GRAINS)
            for way in ways if way.asked.seller == key
        ]  # fmt: skip
        programme.row(0, _INF, [*parts, (used[key], -seller.minimum / GRAINS)])


def _solver(highspy: Any, programme: _Programme, seconds: float, gap: float) -> Any:
    import numpy as np  # noqa: PLC0415 – as above

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(programme.cost), len(programme.rows)
    model.col_cost_, model.col_upper_ = np.array(programme.cost), np.array(programme.upper)
    model.col_lower_ = np.zeros(model.num_col_)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in programme.whole]
    model.row_lower_ = np.array([low for low, _high, _i, _v in programme.rows])
    model.row_upper_ = np.array([high for _low, high, _i, _v in programme.rows])
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(index) for _l, _h, index, _v in programme.rows)])
    matrix.index_ = np.array([one for _l, _h, index, _v in programme.rows for one in index])
    matrix.value_ = np.array([one for _l, _h, _i, value in programme.rows for one in value])
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "time_limit": seconds, "mip_rel_gap": gap, "threads": 1, "random_seed": 1}.items():  # fmt: skip
        solver.setOptionValue(name, value)
    solver.passModel(model)
    return solver


def _begin(
    highspy: Any,
    solver: Any,
    problem: Problem,
    start: Plan,
    programme: _Programme,
    ways: list[_Way],
    used: dict[int, int],
    short: dict[int, int],
) -> None:
    """Let the solver begin with a plan, so that it ends with none that is worse."""
    values = [0.0] * len(programme.cost)
    for way in ways:
        pieces = start.buys.get((way.asked.seller, way.asked.item), 0)
        if way.segment.low <= pieces <= way.segment.high:
            values[way.yes] = 1.0
            if way.packs is not None:
                values[way.packs] = pieces // way.asked.pack
    for seller, _item in start.buys:
        values[used[seller]] = 1.0
    for item, pieces in start.missing.items():
        values[short[item]] = pieces
    solution = highspy.HighsSolution()
    solution.col_value = values
    solver.setSolution(solution)
