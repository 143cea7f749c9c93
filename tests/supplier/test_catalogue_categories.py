"""The category tree: shape, slugs, moves, removal."""

from __future__ import annotations

import pytest

from s2b2c.kernel.errors import Refused
from supplier.models import Category
from supplier.services import categories
from tests.supplier import catalogue_world as world

pytestmark = pytest.mark.django_db


def tree() -> list[tuple[int, str]]:
    return list(Category.objects.order_by("path").values_list("depth", "name_en"))


def test_create_puts_categories_last_below_their_parent() -> None:
    home = world.category("Home")
    world.category("Garden")
    world.category("Mugs", parent_id=home.id)
    world.category("Bowls", parent_id=home.id, name_zh="碗")
    assert tree() == [(1, "Home"), (2, "Mugs"), (2, "Bowls"), (1, "Garden")]


def test_create_gives_each_a_slug_of_its_own() -> None:
    assert [world.category("Mugs").slug, world.category("Mugs").slug, world.category("杯").slug] == [
        "mugs",
        "mugs-2",
        "item",
    ]


def test_move_takes_all_below_along_and_refuses_circles() -> None:
    home, garden = world.category("Home"), world.category("Garden")
    mugs = world.category("Mugs", parent_id=home.id)
    with pytest.raises(Refused):
        categories.move(category_id=home.id, parent_id=mugs.id)
    categories.move(category_id=home.id, parent_id=garden.id)
    assert tree() == [(1, "Garden"), (2, "Home"), (3, "Mugs")]
    categories.move(category_id=mugs.id, parent_id=None, before_id=garden.id)
    assert tree() == [(1, "Mugs"), (1, "Garden"), (2, "Home")]
    assert Category.find_problems() == ([], [], [], [], [])


def test_move_refuses_a_tree_that_is_too_deep() -> None:
    parent = None
    for level in range(categories.MAX_DEPTH):
        parent = world.category(f"L{level}", parent_id=parent.id if parent else None)
    other = world.category("Other")
    assert parent is not None
    with pytest.raises(Refused):
        categories.move(category_id=other.id, parent_id=parent.id)


def test_delete_takes_only_what_is_empty() -> None:
    full, empty = world.category("Full"), world.category("Empty")
    world.product(category_id=full.id)
    categories.delete(category_id=empty.id)
    with pytest.raises(Refused):
        categories.delete(category_id=full.id)
    assert tree() == [(1, "Full")]


def test_update_keeps_the_slug() -> None:
    mugs = world.category("Mugs")
    assert categories.update(category_id=mugs.id, name_en="Cups", name_zh="杯子").slug == "mugs"
