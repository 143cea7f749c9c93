"""A small catalogue for tests: made through the services that users use."""

from __future__ import annotations

from typing import Any

from supplier.models import Category, Product, Variant, Warehouse
from supplier.services import catalogue, categories
from supplier.services.variants import VariantSpec


def category(name: str = "Mugs", **more: Any) -> Category:
    return categories.create(name_en=name, **more)


def spec(sku: str, **more: Any) -> VariantSpec:
    prices = {"wholesale_minor": 960, "suggested_minor": 1550, "floor_minor": 1300, "ceiling_minor": 2100}
    return VariantSpec(**{"sku": sku, "currency": "USD", **prices, **more})


def product(code: str = "HL-MUG", *, skus: tuple[str, ...] = ("HL-MUG-1",), **more: Any) -> Product:
    given = {"name_en": "Tidewater Mug", "specs": [spec(sku) for sku in skus], **more}
    if "category_id" not in given:
        first = Category.objects.order_by("path").first()
        given["category_id"] = (first or category()).id
    return catalogue.create_product(code=code, **given)


def variant(sku: str) -> Variant:
    return Variant.objects.select_related("product").get(sku=sku)


def warehouse(code: str = "OAK", **more: Any) -> Warehouse:
    return Warehouse.objects.create(code=code, **{"name_en": code.title(), **more})
