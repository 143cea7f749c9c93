"""ISO 2859-1: cells of its tables as published, and what must hold for every plan."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enablement.selectors import sampling, switching
from enablement.selectors.switching import Lot

SIZES = st.integers(2, 2_000_000)
LEVELS = st.sampled_from(sampling.LEVELS)
SEVERITIES = st.sampled_from(("normal", "tightened", "reduced"))
AQLS = st.sampled_from(sampling.AQLS)


@pytest.mark.parametrize(
    ("size", "level", "letter"),
    [(8, "I", "A"), (9, "III", "C"), (150, "II", "F"), (280, "II", "G"), (281, "II", "H"), (500, "I", "F"),
     (1_200, "II", "J"), (1_201, "II", "K"), (10_000, "III", "M"), (35_001, "II", "N"), (500_001, "III", "R")],
)  # fmt: skip
def test_letters_are_those_of_table_1(size, level, letter):
    assert sampling.letter(size, level) == letter


# Lot size, level, AQL, severity: letter of the plan, sample, Ac – cells of tables 2-A, 2-B and 2-C, arrows followed.
CELLS = [
    (1_000, "II", "1.0", "normal", ("J", 80, 2)),
    (1_000, "II", "2.5", "normal", ("J", 80, 5)),
    (1_000, "II", "4.0", "normal", ("J", 80, 7)),
    (1_000, "II", "0.15", "normal", ("J", 80, 0)),
    (1_000, "II", "0.25", "normal", ("H", 50, 0)),
    (1_000, "II", "0.40", "normal", ("K", 125, 1)),
    (500, "II", "0.65", "normal", ("J", 80, 1)),
    (5_000, "II", "0.65", "normal", ("L", 200, 3)),
    (10_000, "II", "6.5", "normal", ("L", 200, 21)),
    (100_000, "II", "6.5", "normal", ("L", 200, 21)),
    (50, "II", "1.0", "normal", ("E", 13, 0)),
    (1_000, "II", "1.0", "tightened", ("J", 80, 1)),
    (1_000, "II", "2.5", "tightened", ("J", 80, 3)),
    (1_000, "II", "6.5", "tightened", ("J", 80, 8)),
    (200, "II", "1.0", "tightened", ("J", 80, 1)),
    (600_000, "III", "0.025", "tightened", ("S", 3_150, 1)),
    (600_000, "III", "0.015", "tightened", ("Q", 1_250, 0)),
    (400, "II", "1.0", "tightened", ("J", 80, 1)),
    (1_000, "II", "1.0", "reduced", ("J", 32, 1)),
    (1_000, "II", "2.5", "reduced", ("J", 32, 3)),
    (3_000, "II", "6.5", "reduced", ("K", 50, 8)),
    (1_000, "II", "0.25", "reduced", ("H", 20, 0)),
    (1_000, "II", "0.65", "reduced", ("K", 50, 1)),
]


@pytest.mark.parametrize(("size", "level", "aql", "severity", "wanted"), CELLS)
def test_plans_are_those_of_tables_2(size, level, aql, severity, wanted):
    found = sampling.plan(lot_size=size, aql=Decimal(aql), level=level, severity=severity)
    assert (found.letter, found.sample, found.accept) == wanted


# Table II-C (reduced) of MIL-STD-105E, letters J, K and P, as the R package AQLSchemes has it: sample, Ac, Re. Between Ac and Re
# it accepts and goes back to normal inspection; ISO 2859-1:1999 has no such gap, and puts its Ac somewhere inside.
REDUCED = [
    (1_000, "0.15", 32, 0, 1), (1_000, "1.0", 32, 1, 3), (1_000, "1.5", 32, 1, 4), (1_000, "2.5", 32, 2, 5),
    (1_000, "4.0", 32, 3, 6), (1_000, "6.5", 32, 5, 8), (1_000, "10", 32, 7, 10), (3_000, "0.10", 50, 0, 1),
    (3_000, "0.65", 50, 1, 3), (3_000, "10", 50, 10, 13), (200_000, "0.015", 315, 0, 1), (200_000, "0.10", 315, 1, 3),
    (200_000, "0.40", 315, 3, 6), (200_000, "1.0", 315, 7, 10), (200_000, "0.025", 200, 0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("size", "aql", "sample", "accept", "reject"), REDUCED)
def test_reduced_plans_lie_in_the_gap_of_the_printed_ones(size, aql, sample, accept, reject):
    found = sampling.plan(lot_size=size, aql=Decimal(aql), severity="reduced")
    assert (found.sample, accept <= found.accept < found.reject <= reject) == (sample, True)


# Tables II-A (letters A to Q) and II-B (A to L) of MIL-STD-105E, columns 0.65 to 10, as the US National Institute of Building
# Sciences prints them (AC-TABLE): rejection numbers; ``v`` and ``^`` are arrows. ISO 2859-1 took both tables over.
PRINTED = {
    "normal": """
        v v v v v 1 ^ | v v v v 1 ^ v | v v v 1 ^ v 2 | v v 1 ^ v 2 3 | v 1 ^ v 2 3 4 | 1 ^ v 2 3 4 6 | ^ v 2 3 4 6 8 |
        v 2 3 4 6 8 11 | 2 3 4 6 8 11 15 | 3 4 6 8 11 15 22 | 4 6 8 11 15 22 ^ | 6 8 11 15 22 ^ ^ | 8 11 15 22 ^ ^ ^ |
        11 15 22 ^ ^ ^ ^ | 15 22 ^ ^ ^ ^ ^
    """,
    "tightened": """
        v v v v v v v | v v v v v 1 v | v v v v 1 v v | v v v 1 v v 2 | v v 1 v v 2 3 | v 1 v v 2 3 4 | 1 v v 2 3 4 6 |
        v v 2 3 4 6 9 | v 2 3 4 6 9 13 | 2 3 4 6 9 13 19 | 3 4 6 9 13 19 ^
    """,
}


@pytest.mark.parametrize("severity", PRINTED)
def test_every_cell_is_as_printed(severity):
    rows = [row.split() for row in PRINTED[severity].split("|")]
    ends = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000, 600_000)
    for place, row in enumerate(rows):
        for aql, cell in zip(sampling.AQLS[9:], row, strict=True):
            found = sampling.plan(lot_size=ends[place], aql=aql, severity=severity)
            first = sampling.letter(ends[place])
            if cell.isdigit():
                assert (found.letter, found.reject) == (first, int(cell)), aql
            elif cell == "v":
                assert found.letter > first, aql
            elif place:  # above A there is nothing: its arrow leads down
                assert found.letter < first, aql


def test_sample_as_large_as_the_lot_is_all_of_it():
    assert sampling.plan(lot_size=6, aql=Decimal("0.65")).sample == 6


@given(SIZES, LEVELS, SEVERITIES, AQLS)
def test_every_lot_has_a_plan_it_can_meet(size, level, severity, aql):
    found = sampling.plan(lot_size=size, aql=aql, level=level, severity=severity)
    assert 0 < found.sample <= size
    assert 0 <= found.accept < found.sample


@given(LEVELS, SEVERITIES, st.integers(0, 14), st.integers(0, 13))
def test_larger_lots_and_laxer_limits_accept_no_fewer_defects(level, severity, row, column):
    sizes = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000, 600_000)

    def accept(size, aql):
        return sampling.plan(lot_size=size, aql=sampling.AQLS[aql], level=level, severity=severity).accept

    assert accept(sizes[row], column) <= accept(sizes[row], column + 1)
    if row:
        assert accept(sizes[row - 1], column) <= accept(sizes[row], column)


@given(SIZES, LEVELS, AQLS)
def test_tightened_accepts_no_more_than_normal(size, level, aql):
    normal = sampling.plan(lot_size=size, aql=aql, level=level)
    tight = sampling.plan(lot_size=size, aql=aql, level=level, severity="tightened")
    assert tight.accept / tight.sample <= normal.accept / normal.sample + 1e-9 or tight.sample > normal.sample


@given(SIZES, LEVELS, AQLS)
def test_good_series_is_mostly_accepted(size, level, aql):
    """A producer at the AQL is accepted 87 times of 100 or more wherever the table has its own cell (clause 5)."""
    found = sampling.plan(lot_size=max(size, 2_000_000), aql=aql, level=level)
    share = float(aql) / 100
    assert sampling.chance_of_share(sample=found.sample, accept=found.accept, share=share) > 0.85


def test_oc_curve_meets_the_published_points():
    """Letter J at AQL 1.0 (n = 80, Ac = 2): table 10-J-1 accepts 95 % at 1.03 % and 10 % at 6.52 % nonconforming."""
    at = {share: sampling.chance_of_share(sample=80, accept=2, share=share / 100) for share in (1.03, 6.52)}
    assert at[1.03] == pytest.approx(0.95, abs=0.005)
    assert at[6.52] == pytest.approx(0.10, abs=0.005)


def test_hypergeometric_is_below_the_binomial_for_bad_lots():
    sharp = sampling.chance(sample=80, accept=2, lot_size=500, bad=30)
    assert sharp < sampling.chance_of_share(sample=80, accept=2, share=0.06)
    assert sampling.chance(sample=80, accept=2, lot_size=500, bad=2) == 1


# --- Switching rules --------------------------------------------------------------------------------
GOOD, BAD = Lot(True, 2, 0, 1), Lot(False, 2, 4, 1)


def severity(*lots, **more):
    return switching.after(lots, **more).severity


def test_two_bad_lots_of_five_tighten():
    assert severity(BAD, GOOD, GOOD, GOOD, BAD) == "tightened"
    assert severity(BAD, GOOD, GOOD, GOOD, GOOD, BAD) == "normal"


def test_five_good_lots_loosen_again():
    assert severity(BAD, BAD, *[GOOD] * 4) == "tightened"
    assert severity(BAD, BAD, *[GOOD] * 5) == "normal"


def test_score_of_thirty_reduces_and_one_bad_lot_ends_it():
    assert severity(*[GOOD] * 9) == "normal"
    assert severity(*[GOOD] * 10) == "reduced"
    assert severity(*[GOOD] * 10, reduced=False) == "normal"
    assert severity(*[GOOD] * 10, BAD) == "normal"


def test_score_counts_two_where_few_defects_are_accepted():
    small = Lot(True, 0, 0, -1)
    assert switching.after([small] * 14).score == 28
    assert severity(*[small] * 15) == "reduced"


def test_lot_that_a_stricter_limit_would_not_accept_resets_the_score():
    just = Lot(True, 2, 2, 1)
    assert switching.after([GOOD, GOOD, just]).score == 0


def test_five_bad_lots_while_tightened_stop():
    assert severity(BAD, BAD, *[BAD, GOOD] * 4) == "tightened"
    assert severity(BAD, BAD, *[BAD, GOOD] * 4, BAD) == "stopped"
    assert severity(BAD, BAD, *[BAD] * 5, *[GOOD] * 5) == "stopped"
