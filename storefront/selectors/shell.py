"""What every page of a shop stands in: its profile, its categories, the versions it was read at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from reseller.models import Shop
from s2b2c.kernel import texts
from storefront.memo import Memo
from storefront.selectors import sql


@dataclass(frozen=True, slots=True)
class Node:
    """A category that has something on sale in it or below it. ``count``: products, those below included."""

    id: int
    path: str
    slug: str
    name_en: str
    name_zh: str
    plate: str
    count: int

    @property
    def name(self) -> str:
        return texts.local(self, "name")


@dataclass(frozen=True, slots=True)
class Tree:
    """The shop's part of the category tree, in order; ``supplier`` is the name of S, ``demo``: all of it is made up."""

    nodes: tuple[Node, ...]
    by_slug: dict[str, Node]
    count: int
    supplier: str
    demo: bool

    @property
    def roots(self) -> list[Node]:
        return [node for node in self.nodes if len(node.path) == _STEP]

    def children(self, node: Node) -> list[Node]:
        """Give the categories right below one."""
        length = len(node.path) + _STEP
        return [each for each in self.nodes if len(each.path) == length and each.path.startswith(node.path)]

    def above(self, node: Node) -> list[Node]:
        """Give the categories above one, from the root down."""
        return [each for each in self.nodes if each is not node and node.path.startswith(each.path)]


@dataclass(frozen=True, slots=True)
class Shell:
    """The shop at this moment. ``key`` names its schema and both versions: keep under it what was made from it."""

    shop: Shop
    catalogue_version: int
    schema: str

    @property
    def key(self) -> tuple[str, int, int]:
        return self.schema, self.shop.version, self.catalogue_version

    @property
    def tree(self) -> Tree:
        return _trees.get((*self.key, self.shop.currency), lambda: _tree(self.shop.currency))


_STEP = 4  # characters per level of a treebeard path
_trees: Memo[Tree] = Memo(size=2_000)
_shells: Memo[Shell] = Memo(size=2_000)
_FIELDS = [field.attname for field in Shop._meta.concrete_fields]
_SHELL = f"""
    SELECT (SELECT last_value FROM public.supplier_catalogue_version), {", ".join(_FIELDS)} FROM reseller_shop
"""
_JSON = [index for index, field in enumerate(Shop._meta.concrete_fields) if field.get_internal_type() == "JSONField"]


def of(versions: tuple[int, int]) -> Shell:
    """Give the shell of the entered shop to who read these versions in this very request: it is never older."""
    return _shells.get((connection.schema_name, *versions), read)  # type: ignore[attr-defined]


def read() -> Shell:
    """Give the shell of the entered shop. One statement, to be the first of a page: what follows is never older."""
    found = sql.rows(_SHELL, {})
    if not found:
        raise Shop.DoesNotExist
    version, *values = found[0]
    for index in _JSON:
        values[index] = sql.parsed(values[index])
    return Shell(Shop.from_db("default", _FIELDS, values), version, connection.schema_name)  # type: ignore[attr-defined]


_COUNTS = f"""
    SELECT c.id, c.path, c.slug, c.name_en, c.name_zh, c.plate,
           (SELECT name FROM public.supplier_company), COALESCE(n.count, 0), (SELECT demo FROM public.supplier_company)
    FROM public.supplier_category c
    LEFT JOIN (SELECT p.category_id, count(DISTINCT p.id) AS count FROM {sql.ON_SALE} GROUP BY 1) n ON n.category_id = c.id
    ORDER BY c.path
"""


def _tree(currency: str) -> Tree:
    found = sql.rows(_COUNTS, {"currency": currency})
    nodes = [node for node in (_node(row, found) for row in found) if node.count]
    return Tree(
        nodes=tuple(nodes),
        by_slug={node.slug: node for node in nodes},
        count=sum(row[7] for row in found),
        supplier=(found[0][6] or "") if found else "",
        demo=bool(found and found[0][8]),
    )


def _node(row: tuple[Any, ...], found: list[tuple[Any, ...]]) -> Node:
    id_, path, slug, name_en, name_zh, plate = row[:6]
    return Node(id_, path, slug, name_en, name_zh, plate, sum(each[7] for each in found if each[1].startswith(path)))
