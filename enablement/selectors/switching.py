"""How strictly the next lot is inspected: the switching rules of ISO 2859-1:1999, clause 9.3, over original inspections.

Normal becomes tightened when 2 of 5 or fewer consecutive lots were not accepted (9.3.1), and normal again after 5
accepted in a row (9.3.2). The switching score (9.3.3.2) leads to reduced at 30, where that is allowed; one lot that is not
accepted leads back (9.3.4). 5 lots not accepted while tightened: inspection stops until the vendor did better (9.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enablement.selectors.sampling import NORMAL, REDUCED, TIGHTENED

ENOUGH = 30
STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Lot:
    """An original inspection. ``accept``: its acceptance number; ``found``: defects; ``strict``: the acceptance number of
    the plan one AQL tighter at the same sample, or fewer than none where there is none."""

    accepted: bool
    accept: int
    found: int
    strict: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How strictly to inspect, the switching score, and how many lots in a row, or in all, led there."""

    severity: str = NORMAL
    score: int = 0
    recent: tuple[bool, ...] = ()
    refused: int = 0


def after(lots: Iterable[Lot], *, reduced: bool = True) -> Standing:
    """Give the standing after these lots, the oldest first. ``reduced``: whether reduced inspection is allowed."""
    standing = Standing()
    for lot in lots:
        standing = _step(standing, lot, reduced)
    return standing


def _step(now: Standing, lot: Lot, reduced: bool) -> Standing:
    if now.severity == NORMAL:
        return _normal(now, lot, reduced)
    if now.severity == REDUCED:
        return now if lot.accepted else Standing(recent=(False,))
    return _tightened(now, lot)


def _normal(now: Standing, lot: Lot, reduced: bool) -> Standing:
    recent = (*now.recent, lot.accepted)[-5:]
    if recent.count(False) >= 2:
        return Standing(TIGHTENED)
    score = _score(now.score, lot)
    if reduced and score >= ENOUGH:
        return Standing(REDUCED, score)
    return Standing(NORMAL, score, recent)


def _score(score: int, lot: Lot) -> int:
    if lot.accept <= 1:
        return score + 2 if lot.accepted else 0
    return score + 3 if lot.accepted and lot.found <= lot.strict else 0


def _tightened(now: Standing, lot: Lot) -> Standing:
    refused = now.refused + (not lot.accepted)
    if refused >= 5:
        return Standing(STOPPED, 0, (), refused)
    recent = (*now.recent, True) if lot.accepted else ()
    if now.severity == TIGHTENED and len(recent) >= 5:
        return Standing()
    return Standing(TIGHTENED, 0, recent, refused)
