"""The one category tree: create, rename, move, remove."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Category, Product
from supplier.services import published, records, slugs

MAX_DEPTH = 5


class CategoryChanges(TypedDict, total=False):
    """What may be changed of a category."""

    name_en: str
    name_zh: str
    plate: str
    warranty_months: int | None


@transaction.atomic
def create(
    *,
    name_en: str,
    name_zh: str = "",
    parent_id: int | None = None,
    plate: str = "basket",
    slug: str = "",
    warranty_months: int | None = None,
    actor_id: int | None = None,
) -> Category:
    """Add a category as the last below its parent, or as the last root.

    :raises Refused: no name, unknown parent, or too deep.
    """
    _lock()
    values = {
        "name_en": records.text(name_en, "name_en", 80, required=True),
        "name_zh": records.text(name_zh, "name_zh", 80),
        "plate": plate or "basket",
        "warranty_months": warranty_months,
        "slug": slugs.assign(Category, [(slug or name_en, "")], length=80)[0],
    }
    if parent_id is None:
        category = Category.add_root(**values)
    else:
        parent = get(parent_id)
        if parent.depth >= MAX_DEPTH:
            raise Refused("too_deep", _("The tree is at most %(depth)s levels deep."), field="parent", depth=MAX_DEPTH)
        category = parent.add_child(**values)
    records.audit(actor_id, "category.created", f"category:{category.id}", name=category.name_en)
    published.touch()
    return category


@transaction.atomic
def update(*, category_id: int, actor_id: int | None = None, **changes: Unpack[CategoryChanges]) -> Category:
    """Rename a category or give it another plate. Its slug stays: links to it stay good.

    :raises Refused: no name.
    """
    category = get(category_id, lock=True)
    if "name_en" in changes:
        changes["name_en"] = records.text(changes["name_en"], "name_en", 80, required=True)
    if "name_zh" in changes:
        changes["name_zh"] = records.text(changes["name_zh"], "name_zh", 80)
    before = records.assign(category, changes)
    if before:
        category.save(update_fields=list(before))
        records.audit(actor_id, "category.changed", f"category:{category.id}", before=before)
        published.touch()
    return category


@transaction.atomic
def move(
    *, category_id: int, parent_id: int | None, before_id: int | None = None, actor_id: int | None = None
) -> Category:
    """Put a category with all below it under another parent (None: a root), last or before a sibling.

    :raises Refused: under itself, too deep, or the sibling is not there.
    """
    _lock()
    category = get(category_id)
    parent = get(parent_id) if parent_id is not None else None
    if parent is not None and (parent.id == category.id or parent.is_descendant_of(category)):
        raise Refused("category_cycle", _("A category can't be put below itself."), field="parent")
    height = max((node.depth for node in category.get_descendants()), default=category.depth) - category.depth
    if (parent.depth if parent else 0) + 1 + height > MAX_DEPTH:
        raise Refused("too_deep", _("The tree is at most %(depth)s levels deep."), field="parent", depth=MAX_DEPTH)
    _place(category, parent, before_id)
    records.audit(actor_id, "category.moved", f"category:{category.id}", parent=parent_id)
    published.touch()
    return get(category_id)


def _place(category: Category, parent: Category | None, before_id: int | None) -> None:
    if before_id is not None:
        sibling = get(before_id)
        at_home = sibling.is_root() if parent is None else sibling.is_child_of(parent)
        if not at_home:
            raise Refused(
                "sibling", _("That category is no longer there. Reload the page."), field="before", status=409
            )
        if sibling.id != category.id:
            category.move(sibling, "left")
    elif parent is not None:
        category.move(parent, "last-child")
    else:
        category.move(Category.get_last_root_node(), "last-sibling")


@transaction.atomic
def delete(*, category_id: int, actor_id: int | None = None) -> None:
    """Remove an empty category.

    :raises Refused: it still holds products or categories.
    """
    _lock()
    category = get(category_id)
    if not category.is_leaf() or Product.objects.filter(category=category).exists():
        raise Refused("category_in_use", _("Move its products and categories elsewhere first."), status=409)
    records.audit(actor_id, "category.removed", f"category:{category.id}", name=category.name_en)
    category.delete()
    published.touch()


def get(category_id: int, *, lock: bool = False) -> Category:
    """Give a category. :raises NotFound:"""
    found = Category.objects.filter(id=category_id)
    category = (found.select_for_update() if lock else found).first()
    if category is None:
        raise NotFound(field="category")
    return category


def _lock() -> None:
    """Let one change of the tree's shape at a time through. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE supplier_category IN SHARE ROW EXCLUSIVE MODE")
