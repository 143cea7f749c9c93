"""Colour arithmetic against published values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from s2b2c.ui import colour

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_of_black_on_white_is_21() -> None:
    assert colour.contrast("#000000", "#ffffff") == 21


def test_contrast_of_the_grey_everyone_quotes() -> None:
    assert round(colour.contrast("#767676", "#ffffff"), 2) == 4.54


@given(code=HEX)
def test_oklab_there_and_back(code: str) -> None:
    back = colour.from_oklab(colour.to_oklab(code))
    assert all(abs(a - b) <= 1.01 / 255 for a, b in zip(colour.parse(code), colour.parse(back), strict=True))


@given(ink=HEX, ground=HEX)
def test_readable_reads(ink: str, ground: str) -> None:
    assert colour.contrast(colour.readable(ink, [ground]), ground) >= 4.5


def test_readable_leaves_what_reads() -> None:
    assert colour.readable("#2e4a3d", ["#ffffff"]) == "#2e4a3d"
