"""What a spreadsheet would run is text; what is a number stays one."""

from __future__ import annotations

import pytest

from s2b2c.kernel import sheets


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "--1", "=12", "+1.", "-1,"]
)
def test_a_formula_is_kept_from_running(text: str) -> None:
    assert sheets.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "mug", "12", "-12", "-12.50", "+49", "-1,234.50", "a=b", "1-2"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert sheets.harmless(text) == text
