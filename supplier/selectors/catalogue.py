"""Read the catalogue: lists with figures, one product with everything about it, the category tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel.errors import NotFound
from supplier.models import Bundle, BundlePart, Campaign, Category, Media, Product, Stock, Variant, Warehouse
from supplier.selectors import bundles

LOW = 10


def listed() -> QuerySet[Product]:
    """Give all products with category, pictures and figures.

    Adds ``variant_count``, ``free`` (pieces in active warehouses), ``from_minor``, ``to_minor`` (suggested
    prices), ``wholesale_from_minor`` and ``currency``.
    """
    own = Variant.objects.filter(product=OuterRef("pk"), status=Variant.Status.ACTIVE).order_by()
    grouped = own.values("product")
    return (
        Product.objects.select_related("category")
        .prefetch_related(Prefetch("media", Media.objects.order_by("position", "id")))
        .annotate(
            has_bundle=Exists(Bundle.objects.filter(variant__product=OuterRef("pk"))),
            variant_count=Coalesce(Subquery(grouped.annotate(n=Count("id")).values("n")), Value(0)),
            free=Coalesce(Subquery(_free()), Value(0), output_field=IntegerField())
            + Coalesce(Subquery(_kits()), Value(0), output_field=IntegerField()),
            from_minor=Subquery(grouped.annotate(n=Min("suggested_minor")).values("n")),
            to_minor=Subquery(grouped.annotate(n=Max("suggested_minor")).values("n")),
            wholesale_from_minor=Subquery(grouped.annotate(n=Min("wholesale_minor")).values("n")),
            currency=Subquery(own.order_by("position", "id").values("currency")[:1]),
        )
    )


def _free() -> QuerySet[Stock]:
    held = Stock.objects.filter(variant__product=OuterRef("pk"), warehouse__active=True).order_by()
    return held.values("variant__product").annotate(n=Sum("available")).values("n")  # type: ignore[return-value]


def _kits() -> QuerySet[Variant]:
    made = Variant.objects.filter(product=OuterRef("pk"), bundle__isnull=False).order_by()
    return made.values("product").annotate(n=Sum(bundles.Kits("id"))).values("n")  # type: ignore[return-value]


def in_bundles(rows: QuerySet[Product], asked: Iterable[str]) -> QuerySet[Product]:
    """Narrow to what has ``made`` bundles among its variants, or ``parts`` of bundles."""
    parts = Exists(BundlePart.objects.filter(component__product=OuterRef("pk")))
    wanted = {"made": Q(has_bundle=True), "parts": Q(parts)}
    found = Q(pk__in=[])
    for word in asked:
        found |= wanted.get(word, Q(pk__in=[]))
    return rows.filter(found)


def matching(rows: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Narrow to products found by every word: in names, brand, code, SKUs or summary, or by a barcode."""
    words = text.lower().split()[:8]
    found = Q()
    for word in words:
        found &= Q(search_text__contains=word)
    return rows.filter(found | Q(id__in=Variant.objects.filter(barcode=text.strip()).values("product")))


def in_categories(rows: QuerySet[Product], slugs: Iterable[str]) -> QuerySet[Product]:
    """Narrow to these categories and all below them."""
    paths = Category.objects.filter(slug__in=list(slugs)).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(category__path__startswith=path)
    return rows.filter(below)


def in_stock(rows: QuerySet[Product], wanted: Iterable[str]) -> QuerySet[Product]:
    """Narrow by free pieces: ``out`` none, ``low`` fewer than ten, ``in`` any. Needs ``listed``'s figures."""
    conditions = {"out": Q(free=0), "low": Q(free__gt=0, free__lt=LOW), "in": Q(free__gt=0)}
    found = Q(pk__in=[])
    for name in wanted:
        found |= conditions.get(name, Q(pk__in=[]))
    return rows.filter(found)


def product(product_id: int) -> Product:
    """Give a product with category, variants and pictures in order. :raises NotFound:"""
    found = (
        Product.objects.select_related("category")
        .prefetch_related(
            Prefetch("variants", Variant.objects.order_by("position", "id")),
            Prefetch("media", Media.objects.order_by("position", "id")),
        )
        .filter(id=product_id)
        .first()
    )
    if found is None:
        raise NotFound(field="product")
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces of a product in one warehouse."""

    warehouse: Warehouse
    available: int
    held: int

    @property
    def on_hand(self) -> int:
        return self.available + self.held


def stock_by_warehouse(product_id: int) -> list[Held]:
    """Give what each warehouse that has ever held the product holds of it."""
    sums = {
        row["warehouse"]: row
        for row in Stock.objects.filter(variant__product=product_id)
        .values("warehouse")
        .annotate(available=Sum("available"), held=Sum("held"))
    }
    places = Warehouse.objects.filter(id__in=list(sums)).order_by("priority", "id")
    return [Held(place, sums[place.id]["available"], sums[place.id]["held"]) for place in places]


def free_by_variant(product_id: int) -> dict[int, int]:
    """Give free pieces in active warehouses by variant."""
    return bundles.free(Variant.objects.filter(product=product_id).values_list("id", flat=True))


@dataclass(slots=True)
class Node:
    """A category in the tree. ``products`` counts its own, ``all_products`` those below it too."""

    category: Category
    products: int = 0
    all_products: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def indent(self) -> int:
        return self.category.depth - 1


def tree() -> list[Node]:
    """Give all categories in the order of the tree, each with its number of products."""
    counts = dict(Product.objects.values_list("category").annotate(n=Count("id")).order_by())
    by_path: dict[str, Node] = {}
    for category in Category.objects.order_by("path"):
        own = counts.get(category.id, 0)
        node = Node(category, own)
        by_path[category.path] = node
        for length in range(Category.steplen, len(category.path) + 1, Category.steplen):
            by_path[category.path[:length]].all_products += own
        if category.depth > 1:
            by_path[category.path[: -Category.steplen]].children.append(node)
    return list(by_path.values())


def ancestors(category: Category) -> Sequence[Category]:
    """Give the categories above, from the root."""
    steps = range(Category.steplen, len(category.path), Category.steplen)
    return list(Category.objects.filter(path__in=[category.path[:step] for step in steps]).order_by("path"))


def history(product_id: int, *, most: int = 30) -> list[AuditEntry]:
    """Give what was done to a product, newest first."""
    entries = AuditEntry.objects.select_related("actor").filter(subject=f"product:{product_id}")
    return list(entries.order_by("-id")[:most])


def combinations(thing: Product) -> list[dict[str, str]]:
    """Give the combinations of the product's option values that no variant has, in display order."""
    axes = [(code, list(option["values"])) for code, option in thing.options.items() if option.get("values")]
    found: list[dict[str, str]] = [{}]
    for code, values in axes:
        found = [{**chosen, code: value} for chosen in found for value in values]
    taken = [variant.options for variant in thing.variants.all()]
    return [chosen for chosen in found if chosen and chosen not in taken] if axes else []


def with_descendants(category_id: int) -> list[int]:
    """Give a category's id and those of all below it; none for a category there is not."""
    found = Category.objects.filter(id=category_id).first()
    return (
        []
        if found is None
        else list(Category.objects.filter(path__startswith=found.path).values_list("id", flat=True))
    )


def campaigns() -> list[Campaign]:
    """Give the campaigns offered to shops, the newest first."""
    return list(Campaign.objects.order_by("-id")[:200])


def category_list() -> list[Category]:
    """Give all categories as the tree has them."""
    return list(Category.objects.order_by("path"))
