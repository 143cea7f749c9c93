"""What is in bundles, and how many can be had.

A bundle is packed in one place, so of it can be had: at each active warehouse the least of free pieces by pieces needed,
summed over the warehouses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet

from s2b2c.kernel import texts
from supplier.models import Bundle, BundlePart, Product, Stock, Variant, Warehouse
from supplier.selectors import dealing

# Bundles that can be had of the variant {variant}, none while something in it is withdrawn; NULL where it is none.
# COALESCE asks it last, so that it costs nothing where a variant has stock of its own.
KITS = """(SELECT sum(k.units) FROM (
    SELECT min(CASE WHEN c.status = 'withdrawn' OR p.status = 'withdrawn' THEN 0 ELSE
               COALESCE((SELECT sum(f.available) FROM public.supplier_stock f
                         WHERE f.variant_id = b.component_id AND f.warehouse_id = h.id), 0) / b.pieces END) AS units
    FROM public.supplier_bundlepart b JOIN public.supplier_variant c ON c.id = b.component_id
    JOIN public.supplier_product p ON p.id = c.product_id CROSS JOIN public.supplier_warehouse h
    WHERE b.bundle_id = {variant} AND h.active GROUP BY h.id) k)"""

Parts = dict[int, int]  # pieces in one bundle by the id of their variant

# Pieces free of the variants %(ids)s, over the warehouses an order would draw from; bundles that can be had of them.
FREE = f"""
    SELECT s.variant_id, sum(s.available) FROM public.supplier_stock s
    JOIN public.supplier_warehouse w ON w.id = s.warehouse_id AND w.active
    WHERE s.variant_id = ANY(%(ids)s) GROUP BY s.variant_id
    UNION ALL
    SELECT u.variant_id, COALESCE({KITS.format(variant="u.variant_id")}, 0)
    FROM public.supplier_bundle u WHERE u.variant_id = ANY(%(ids)s)
"""


def parts(variant_ids: Iterable[int]) -> dict[int, Parts]:
    """Give what is in those of the variants that are bundles, in the order it was put in. One statement."""
    found: dict[int, Parts] = defaultdict(dict)
    rows = BundlePart.objects.filter(bundle__in=list(variant_ids)).order_by("id")
    for bundle_id, component_id, pieces in rows.values_list("bundle_id", "component_id", "pieces"):
        found[bundle_id][component_id] = pieces
    return dict(found)


def worth(variant_ids: Iterable[int]) -> dict[int, int]:
    """Give what variants cost shops now, in minor units. One statement."""
    return dict(Variant.objects.filter(id__in=list(variant_ids)).values_list("id", "wholesale_minor"))


def free(variant_ids: Iterable[int]) -> dict[int, int]:
    """Give free pieces by variant, over the warehouses an order would draw from; what is not there is left out.

    One statement, bundles included.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"ids": list(variant_ids)})
        return {variant_id: int(pieces) for variant_id, pieces in cursor.fetchall()}


class Kits(Func):
    """:data:`KITS` of a variant for the ORM."""

    template, output_field = KITS.format(variant="%(expressions)s"), IntegerField()


def product_in_stock(field: str) -> Q:
    """Give the condition that something of a product is free: of a variant, or of a bundle. ``field`` names its id."""
    loose = Variant.objects.filter(product=OuterRef(field), stock__available__gt=0)
    made = Variant.objects.filter(product=OuterRef(field), bundle__isnull=False).annotate(kits=Kits("id"))
    return Q(Exists(loose)) | Q(Exists(made.filter(kits__gt=0)))


def told(variant_ids: Iterable[int]) -> dict[int, str]:
    """Say what is in those of the variants that are bundles: ``2 × Mug, 1 × Tray``. One statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = BundlePart.objects.filter(bundle__in=list(variant_ids)).select_related("component__product").order_by("id")
    for row in rows:
        found[row.bundle_id].append(f"{row.pieces} × {texts.local(row.component.product, 'name')}")
    return {id_: ", ".join(words) for id_, words in found.items()}


def short(wanted: Mapping[int, int], inside: Mapping[int, dealing.Parts]) -> dict[int, int]:
    """Say of what is wanted together how many can be had beside the rest, where that is fewer; what is in stock counts once.

    ``inside``: what is in those that are bundles. One statement.
    """
    made = [dealing.Kit(id_, wanted[id_], parts) for id_, parts in sorted(inside.items())]
    order = dealing.Order(made, {id_: pieces for id_, pieces in wanted.items() if id_ not in inside})
    shelves: dealing.Shelves = defaultdict(lambda: defaultdict(int))
    rows = Stock.objects.filter(variant__in=list(order.total), warehouse__active=True)
    for variant_id, warehouse_id, pieces in rows.values_list("variant_id", "warehouse_id", "available"):
        shelves[warehouse_id][variant_id] += pieces
    return {id_: most for id_, _want, most in dealing.shortfall(shelves, order)}


# --- As S sees them ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """What is in a bundle: ``free`` pieces by warehouse, ``limits`` where fewer bundles than of other parts come of it."""

    variant: Variant
    pieces: int
    free: Mapping[int, int]
    limits: bool = False

    @property
    def withdrawn(self) -> bool:
        return "withdrawn" in (self.variant.status, self.variant.product.status)

    @property
    def total(self) -> int:
        return sum(self.free.values())

    def units(self, warehouse_id: int) -> int:
        """Give for how many bundles it would do there."""
        return 0 if self.withdrawn else self.free.get(warehouse_id, 0) // self.pieces


@dataclass(frozen=True, slots=True)
class Content:
    """A bundle: what is in it, and how many can be had at each active warehouse."""

    bundle: Bundle
    parts: list[Part]
    places: list[tuple[Warehouse, int]]

    @property
    def free(self) -> int:
        return sum(free for _place, free in self.places)

    @property
    def wholesale_minor(self) -> int:
        """What its parts cost one by one."""
        return sum(part.pieces * part.variant.wholesale_minor for part in self.parts)


def of(variant: Variant) -> Content | None:
    """Give what a variant is made of, or None where it is no bundle."""
    return contents([variant.id]).get(variant.id)


def contents(variant_ids: Iterable[int]) -> dict[int, Content]:
    """Give what those of the variants are made of that are bundles. At most three statements and the pictures'."""
    found = {each.variant_id: each for each in Bundle.objects.filter(variant__in=list(variant_ids))}
    if not found:
        return {}
    rows = BundlePart.objects.filter(bundle__in=list(found)).select_related("component__product__category")
    parts: dict[int, list[BundlePart]] = defaultdict(list)
    for row in rows.prefetch_related("component__product__media").order_by("id"):
        parts[row.bundle_id].append(row)
    free: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    stock = Stock.objects.filter(
        variant__in={row.component_id for each in parts.values() for row in each}, warehouse__active=True
    )
    for component_id, warehouse_id, pieces in stock.values_list("variant_id", "warehouse_id", "available"):
        free[component_id][warehouse_id] += pieces
    places = list(Warehouse.objects.filter(active=True).order_by("priority", "id"))
    return {id_: _content(bundle, parts[id_], free, places) for id_, bundle in found.items()}


def _content(
    bundle: Bundle, rows: list[BundlePart], free: Mapping[int, Mapping[int, int]], places: list[Warehouse]
) -> Content:
    parts = [Part(row.component, row.pieces, free.get(row.component_id, {})) for row in rows]
    made = [(place, min((part.units(place.id) for part in parts), default=0)) for place in places]
    limiting = {
        part.variant.id
        for place, units in made
        for part in parts
        if part.units(place.id) == units < max(each.units(place.id) for each in parts)
    }
    return Content(bundle, [replace(part, limits=part.variant.id in limiting) for part in parts], made)


def holding(variant_ids: Iterable[int]) -> list[BundlePart]:
    """Give where variants are part of bundles, bundle and its product loaded."""
    rows = BundlePart.objects.filter(component__in=list(variant_ids)).select_related(
        "component", "bundle__variant__product"
    )
    return list(rows.order_by("bundle__variant__sku", "id"))


def candidates(text: str, *, without: int, most: int = 12) -> QuerySet[Variant]:
    """Give variants that may be put into a bundle: found by every word in product or SKU, and no bundle themselves."""
    rows = Variant.objects.filter(bundle=None, status=Variant.Status.ACTIVE).exclude(id=without)
    rows = rows.exclude(product__status=Product.Status.WITHDRAWN).prefetch_related("product__media")
    for word in text.lower().split()[:6]:
        rows = rows.filter(Q(product__search_text__contains=word) | Q(sku__icontains=word) | Q(barcode=word))
    return rows.select_related("product__category").order_by("product__name_en", "position", "id")[:most]
