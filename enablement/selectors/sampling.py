"""How many pieces of a lot to inspect, and how many defects to accept: single sampling after ISO 2859-1:1999.

Table 1 gives the code letter, tables 2-A, 2-B and 2-C the plans for normal, tightened and reduced inspection. Their
numbers run along diagonals – one letter further and one AQL stricter is the same acceptance number – and are kept so:
a test holds them against the published tables, ADR 32 says which. An arrow in a table leads to the next plan above or below,
with its sample. Where the sample is as large as the lot, all of it is inspected (notes to the tables).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from math import comb

LETTERS = "ABCDEFGHJKLMNPQR"
LEVELS = ("I", "II", "III")
NORMAL, TIGHTENED, REDUCED = "normal", "tightened", "reduced"

# Table 1: the largest lot of each row, and the letters of the general levels I, II, III.
_UP_TO = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000)
_TABLE_1 = ("AAB", "ABC", "BCD", "CDE", "CEF", "DFG", "EGH", "FHJ", "GJK", "HKL", "JLM", "KMN", "LNP", "MPQ", "NQR")
# Columns of tables 2, for per cent nonconforming.
AQLS = tuple(
    Decimal(text)
    for text in (
        *("0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5"),
        *("4.0", "6.5", "10"),
    )
)
_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1_250, 2_000)
_SAMPLES = {  # the tightened table has one plan more, of letter S, to which the last arrows lead
    NORMAL: _SIZES,
    TIGHTENED: (*_SIZES, 3_150),
    REDUCED: (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800),
}
# Place of the letter + place of the AQL: the acceptance number, or the arrow.
_UP, _DOWN = -1, -2
_TABLE_2: dict[str, dict[int, int]] = {
    NORMAL: {14: 0, 15: _UP, 16: _DOWN, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21},
    TIGHTENED: {15: 0, 16: _DOWN, 17: _DOWN, 18: 1, 19: 2, 20: 3, 21: 5, 22: 8, 23: 12, 24: 18},
    REDUCED: {14: 0, 15: _UP, 16: _UP, 17: _DOWN, 18: 1, 19: 2, 20: 3, 21: 5, 22: 6, 23: 8, 24: 10},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Inspect ``sample`` pieces; up to ``accept`` defects the lot is accepted, from ``reject`` on it is not."""

    letter: str
    sample: int
    accept: int

    @property
    def reject(self) -> int:
        return self.accept + 1


def letter(lot_size: int, level: str = "II") -> str:
    """Give the code letter of a lot (table 1). A lot of one piece has that of the smallest."""
    return _TABLE_1[bisect_left(_UP_TO, lot_size)][LEVELS.index(level)]


def plan(*, lot_size: int, aql: Decimal, level: str = "II", severity: str = NORMAL) -> Plan:
    """Give the plan for a lot (tables 2-A to 2-C). ``aql``: one of ``AQLS``."""
    start = LETTERS.index(letter(lot_size, level))
    start = max(start, 1) if severity == TIGHTENED else start  # for A the tightened table has arrows only
    samples = _SAMPLES[severity]
    place = _follow(start, AQLS.index(Decimal(aql)), _TABLE_2[severity], len(samples))
    accept = _TABLE_2[severity][place + AQLS.index(Decimal(aql))]
    return Plan((LETTERS + "S")[place], min(samples[place], lot_size), accept)


def _follow(place: int, column: int, cells: dict[int, int], end: int) -> int:
    """Follow the arrows from a letter's place to that of the plan; where a table ends they lead the other way."""
    first, last = min(cells), max(cells)
    step = 0
    while not (first <= place + column <= last and cells[place + column] >= 0):
        at = place + column
        wanted = 1 if at < first or cells.get(at) == _DOWN else -1
        step = step or wanted
        if not 0 <= place + step < end:
            step = -step
        place += step
    return place


def stricter(aql: Decimal) -> Decimal:
    """Give the AQL one step tighter; that of the first column for itself."""
    return AQLS[max(0, AQLS.index(Decimal(aql)) - 1)]


def chance(*, sample: int, accept: int, lot_size: int, bad: int) -> float:
    """Give the chance that a lot with so many bad pieces is accepted: its point of the OC curve, hypergeometric."""
    ways = sum(comb(bad, found) * comb(lot_size - bad, sample - found) for found in range(accept + 1))
    return ways / comb(lot_size, sample)


def chance_of_share(*, sample: int, accept: int, share: float) -> float:
    """Give the chance that a long series with this share of bad pieces is accepted: binomial."""
    return sum(comb(sample, found) * share**found * (1 - share) ** (sample - found) for found in range(accept + 1))
