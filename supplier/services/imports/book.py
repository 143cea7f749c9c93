"""The part of the catalogue a chunk of rows is about: read at once, changed in memory, written at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from s2b2c.kernel import clock
from supplier.models import Product, Stock, Variant, ordered
from supplier.services import search, slugs

PRODUCT_FIELDS = (
    "category_id", "name_en", "name_zh", "summary_en", "summary_zh", "text_en", "text_zh", "brand", "options", "attributes",
)  # fmt: skip
VARIANT_FIELDS = (
    "barcode", "options", "label_en", "label_zh", "wholesale_minor", "suggested_minor", "floor_minor", "ceiling_minor",
    "weight_g", "serials", "status",
)  # fmt: skip

_WRITE_PRODUCTS = """
    UPDATE supplier_product p
    SET category_id = r.category_id, name_en = r.name_en, name_zh = r.name_zh, summary_en = r.summary_en,
        summary_zh = r.summary_zh, text_en = r.text_en, text_zh = r.text_zh, brand = r.brand, options = r.options,
        attributes = r.attributes, updated_at = %s
    FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, category_id bigint, name_en text, name_zh text, summary_en text,
        summary_zh text, text_en text, text_zh text, brand text, options jsonb, attributes jsonb)
    WHERE p.id = r.id
"""
_WRITE_VARIANTS = """
    UPDATE supplier_variant v
    SET barcode = r.barcode, options = r.options, label_en = r.label_en, label_zh = r.label_zh,
        wholesale_minor = r.wholesale_minor, suggested_minor = r.suggested_minor, floor_minor = r.floor_minor,
        ceiling_minor = r.ceiling_minor, weight_g = r.weight_g, serials = r.serials, status = r.status, updated_at = %s
    FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, barcode text, options jsonb, label_en text, label_zh text,
        wholesale_minor bigint, suggested_minor bigint, floor_minor bigint, ceiling_minor bigint, weight_g int, serials boolean,
        status text)
    WHERE v.id = r.id
"""


class Book:
    """Products by code and variants by SKU, with what has been changed or made since reading.

    With ``lock``, rows are locked, products before variants, each in the order of ids: the order of all services.
    """

    def __init__(self, *, skus: Iterable[str], codes: Iterable[str] = (), lock: bool = False) -> None:
        self.products: dict[str, Product] = {}
        self.variants: dict[str, Variant] = {}
        self.sizes: dict[str, int] = {}
        self._dirty_products: dict[str, Product] = {}
        self._dirty_variants: dict[str, Variant] = {}
        self._read(list(skus), list(codes), lock)

    def _read(self, skus: list[str], codes: list[str], lock: bool) -> None:
        owners = list(Variant.objects.filter(sku__in=skus).values_list("product_id", flat=True))
        products = Product.objects.filter(Q(id__in=owners) | Q(code__in=codes)).order_by("id")
        variants = Variant.objects.filter(sku__in=skus).order_by("id")
        if lock:
            products, variants = products.select_for_update(), variants.select_for_update()
        by_id = {product.id: product for product in products}
        self.products = {product.code: product for product in by_id.values()}
        for variant in variants:
            variant.product = by_id[variant.product_id]
            self.variants[variant.sku] = variant
        counted = Variant.objects.filter(product__in=list(by_id)).values_list("product_id").annotate(count=Count("id"))
        sizes = dict(counted)
        self.sizes = {product.code: sizes.get(product.id, 0) for product in by_id.values()}

    def read_stock(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Give ``(on hand, free)`` by SKU and warehouse."""
        by_id = {variant.id: sku for sku, variant in self.variants.items() if variant.id}
        sums = (
            Stock.objects.filter(variant__in=list(by_id))
            .values_list("variant_id", "warehouse_id")
            .annotate(free=Sum("available"), held=Sum("held"))
        )
        return {(by_id[variant], warehouse): (free + held, free) for variant, warehouse, free, held in sums}

    def add_product(self, product: Product) -> None:
        self.products[product.code] = product
        self.sizes[product.code] = 0
        self._dirty_products[product.code] = product

    def add_variant(self, variant: Variant) -> None:
        self.variants[variant.sku] = variant
        self.sizes[variant.product.code] += 1
        self._dirty_variants[variant.sku] = variant

    def change(self, thing: Product | Variant, changes: dict[str, Any]) -> None:
        """Set fields and remember the thing for writing."""
        for name, value in changes.items():
            setattr(thing, name, value)
        if isinstance(thing, Product):
            self._dirty_products[thing.code] = thing
        else:
            self._dirty_variants[thing.sku] = thing

    def write(self) -> None:
        """Write what was changed or made, in a handful of statements. Call inside a transaction."""
        products, variants = list(self._dirty_products.values()), list(self._dirty_variants.values())
        self._insert_products([product for product in products if product.id is None])
        self._insert_variants([variant for variant in variants if variant.id is None])
        _update(_WRITE_PRODUCTS, products, PRODUCT_FIELDS)
        _update(_WRITE_VARIANTS, variants, VARIANT_FIELDS)
        touched = {product.id for product in products} | {variant.product_id for variant in variants}
        if touched:
            search.index(touched)
        self._dirty_products.clear()
        self._dirty_variants.clear()

    def _insert_products(self, fresh: list[Product]) -> None:
        if not fresh:
            return
        wanted = [(product.name_en or product.name_zh, product.code) for product in fresh]
        for product, slug in zip(fresh, slugs.assign(Product, wanted, length=120), strict=True):
            product.slug = slug
        Product.objects.bulk_create(fresh, batch_size=1000)
        for product in fresh:
            del self._dirty_products[product.code]

    def _insert_variants(self, fresh: list[Variant]) -> None:
        for variant in fresh:
            variant.product_id = variant.product.id
        Variant.objects.bulk_create(fresh, batch_size=2000)
        for variant in fresh:
            del self._dirty_variants[variant.sku]


def _update(sql: str, things: list[Any], names: tuple[str, ...]) -> None:
    records = [{"id": thing.id, **{name: _stored(thing, name) for name in names}} for thing in things if thing.id]
    if records:
        with connection.cursor() as cursor:
            cursor.execute(sql, [clock.now(), json.dumps(records)])


def _stored(thing: Any, name: str) -> Any:
    """Give a field as the database keeps it: a product's options and attributes with their order."""
    value = getattr(thing, name)
    return ordered.numbered(value) if isinstance(thing, Product) and name in ("options", "attributes") else value
