"""What is in bundles, and how many can be had.

A bundle is packed in one place, so of it can be had: at each active warehouse the least of free pieces by pieces needed,
summed over the warehouses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet

from supplier.models import Bundle, BundlePart, Stock, Variant, Warehouse

# Bundles that can be had of the variant {variant}; NULL where it is none. COALESCE asks it last, so that it costs nothing
# where a variant has stock of its own.
KITS = """(SELECT sum(k.units) FROM (
    SELECT min(COALESCE((SELECT sum(f.available) FROM public.supplier_stock f
                         WHERE f.variant_id = b.component_id AND f.warehouse_id = h.id), 0) / b.pieces) AS units
    FROM public.supplier_bundlepart b CROSS JOIN public.supplier_warehouse h
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


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a bundle as S sees it."""

    variant: Variant
    pieces: int
    free: int


@dataclass(frozen=True, slots=True)
class Content:
    """A bundle as S sees it: ``free`` by warehouse, the least of what its parts allow there."""

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
    bundle = Bundle.objects.filter(variant=variant).first()
    if bundle is None:
        return None
    rows = list(bundle.parts.select_related("component__product").order_by("id"))
    free: dict[tuple[int, int], int] = defaultdict(int)
    stock = Stock.objects.filter(variant__in=[row.component_id for row in rows], warehouse__active=True)
    for component_id, warehouse_id, pieces in stock.values_list("variant_id", "warehouse_id", "available"):
        free[component_id, warehouse_id] += pieces
    places = [
        (place, min((free[row.component_id, place.id] // row.pieces for row in rows), default=0))
        for place in Warehouse.objects.filter(active=True).order_by("priority", "id")
    ]
    shown = [
        Part(r.component, r.pieces, sum(n for (id_, _), n in free.items() if id_ == r.component_id)) for r in rows
    ]
    return Content(bundle, shown, places)


def candidates(text: str, *, without: int, most: int = 12) -> QuerySet[Variant]:
    """Give variants that may be put into a bundle: found by every word in product or SKU, and no bundle themselves."""
    rows = Variant.objects.filter(bundle=None, status=Variant.Status.ACTIVE).exclude(id=without)
    for word in text.lower().split()[:6]:
        rows = rows.filter(Q(product__search_text__contains=word) | Q(sku__icontains=word) | Q(barcode=word))
    return rows.select_related("product").order_by("product__name_en", "position", "id")[:most]
