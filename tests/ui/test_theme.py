"""A shop's look: same words, same bytes; every text readable whatever the shop picks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2b2c.ui import colour, theme

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "accent": HEX,
        "ground": HEX,
        "ink": HEX,
        "sale": HEX,
        "corners": st.sampled_from(list(theme.CORNERS)),
        "type": st.sampled_from(list(theme.FONTS)),
    },
)


def unreadable(values: dict[str, str]) -> list[tuple[str, str, float]]:
    """Give every pair below its ratio (a hundredth is lost in rounding to eight bits)."""
    found = []
    for ink, grounds, ratio in theme.PAIRS:
        shade = theme.resolve(values, ink)
        for name in grounds:
            ground = theme.resolve(values, name)
            if shade and ground and colour.contrast(shade, ground) < min(ratio, 4.5) - 0.01:
                found.append((ink, name, round(colour.contrast(shade, ground), 2)))
    return found


def test_there_are_six_looks() -> None:
    assert theme.codes() == ("hearth", "trail", "kiln", "gallery", "pantry", "dusk")


@pytest.mark.parametrize("code", theme.codes())
def test_look_is_readable_as_drawn(code: str) -> None:
    assert unreadable(theme.look(code)["base"]) == []


@pytest.mark.parametrize("code", theme.codes())
def test_look_sets_every_property_the_structure_asks_for(code: str) -> None:
    sheet = theme.settings.BASE_DIR / "assets" / "css" / "shop-parts.css"
    asked = set(re.findall(r"var\((--lk-[\w-]+)\)", sheet.read_text(encoding="utf-8")))
    assert sorted(asked - set(theme.look(code)["base"])) == []


@pytest.mark.parametrize("code", theme.codes())
def test_look_differs_from_every_other_in_four_things(code: str) -> None:
    rooms = {
        "type": "--lk-display", "rhythm": "--lk-sec", "radius": "--radius-field", "card": "--lk-card-bg",
        "header": "--lk-head-grid", "ratio": "--lk-pic", "lead": "--lk-lead-col", "categories": "--lk-cat-col",
        "ground": "--color-base-100",
    }  # fmt: skip
    mine = {**theme.look(code)["base"], **{f"wide{k}": v for k, v in theme.look(code)["wide"].items()}}
    for other in theme.codes():
        theirs = {**theme.look(other)["base"], **{f"wide{k}": v for k, v in theme.look(other)["wide"].items()}}
        same = [room for room, name in rooms.items() if mine.get(name) == theirs.get(name)]
        assert other == code or len(rooms) - len(same) >= 4, (other, same)


@settings(max_examples=150, deadline=None)
@given(code=st.sampled_from(theme.codes()), chosen=CHOICES)
def test_any_choice_stays_readable(code: str, chosen: dict[str, str]) -> None:
    assert unreadable(theme.properties(code, chosen)) == []


@settings(max_examples=60, deadline=None)
@given(code=st.sampled_from(theme.codes()), accent=HEX)
def test_letters_on_buttons_are_readable(code: str, accent: str) -> None:
    values = theme.properties(code, {"accent": accent})
    letters, fill = (theme.resolve(values, f"--color-primary{end}") for end in ("-content", ""))
    assert letters
    assert fill
    assert colour.contrast(letters, fill) >= 4.49


def test_a_pale_button_is_darkened_and_the_editor_can_show_both() -> None:
    (found,) = [each for each in theme.corrections("hearth", {"accent": "#c06a42"}) if each.name == "--color-primary"]
    assert (found.picked, found.picked_ratio < 4.5, found.served_ratio >= 4.5) == ("#c06a42", True, True)


def test_a_good_colour_is_left_alone() -> None:
    assert theme.corrections("hearth", {"accent": "#2e4a3d"}) == []
    assert theme.properties("hearth", {"accent": "#2e4a3d"})["--color-primary"] == "#2e4a3d"


def test_same_choices_give_the_same_digest_and_others_another() -> None:
    assert theme.digest("trail", {"accent": "#123456"}) == theme.digest("trail", {"accent": "#123456", "ground": ""})
    assert theme.digest("trail", {"accent": "#123456"}) != theme.digest("trail", {"accent": "#123457"})


def test_nothing_but_known_words_reaches_the_css() -> None:
    evil = {"accent": "red;}body{display:none", "corners": "9px", "type": "x", "--lk-max": "0", "ground": "#12345"}
    assert theme.css("hearth", evil) == theme.css("hearth")


def test_unknown_look_is_the_default_one() -> None:
    assert theme.css("no-such-look") == theme.css(theme.DEFAULT)
