"""Drawn plates: always a picture, always the same one."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from s2b2c.ui import pictures, plates


@pytest.mark.parametrize("glyph", sorted(plates.glyphs()))
def test_every_glyph_draws_without_a_role_left_over(glyph: str) -> None:
    drawn = plates.svg(glyph, "harbour", "sand", stripe="plum", letters="AB")
    ElementTree.fromstring(drawn)
    assert "{" not in drawn


def test_a_tint_recolours_the_object_and_nothing_else() -> None:
    pine, clay = plates.svg("mug", "pine", "oat"), plates.svg("mug", "clay", "oat")
    assert pine.replace("#456657", "#b96a42").replace("#33503f", "#98502f").replace("#628573", "#d08d66") == clay


def test_words_of_the_catalogue_find_their_tint() -> None:
    assert [plates.tint_name(word) for word in ("Kelp", "chalk", "#4A6FA5", "Ash")] == [
        "pine",
        "enamel",
        "4a6fa5",
        "oak",
    ]


def test_unknown_words_choose_for_themselves_for_good() -> None:
    assert plates.tint_name("gloaming") == plates.tint_name("gloaming") in plates.TINTS
    assert ">LH<" in plates.svg("left-handed-bassoon")


def test_initials_of_names_in_both_languages() -> None:
    assert [plates.initials(name) for name in ("Selvedge Tea Towels", "mug", "苔绿背包", "")] == ["ST", "M", "苔", ""]


def test_letters_cannot_carry_markup() -> None:
    assert "<s" not in plates.svg("no-such", letters="<s").removeprefix("<svg")


def test_plate_is_kept_for_ever_under_its_edition(alone: Client) -> None:
    address = plates.url("mug", "pine")
    response = alone.get(address)
    assert (response.status_code, response["Content-Type"], "immutable" in response["Cache-Control"]) == (
        200,
        "image/svg+xml",
        True,
    )
    assert "immutable" not in alone.get(address.split("?")[0])["Cache-Control"]


class Thing:
    """A product as the picture tag sees it."""

    plate, tint, name = "", "", "Tea <b>Towel</b>"


def test_a_product_without_a_plate_still_has_a_picture_of_known_size() -> None:
    drawn = pictures.tag(Thing())
    assert 'width="800" height="1000"' in drawn
    assert "/_plate/parcel-" in drawn
    assert "l=TB" in drawn
