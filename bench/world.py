"""The world of the figures: 1,000 products of four variants each, in three warehouses, sold by several shops.

The catalogue is written in bulk, as an import would; the shops are opened through the service users use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s2b2c.tenancy.models import Reseller
    from supplier.models import Category, Product

PRODUCTS, CATEGORIES, PIECES = 1_000, 8, 1_000_000
_TINTS = ("pine", "oat")
_SIZES = ("8", "12")
_OPTIONS: dict[str, Any] = {
    "colour": {
        "en": "Colour",
        "zh": "颜色",
        "values": {
            "pine": {"en": "Pine", "zh": "松绿", "tint": "pine"},
            "oat": {"en": "Oat", "zh": "燕麦", "tint": "oat"},
        },
    },
    "size": {
        "en": "Size",
        "zh": "规格",
        "values": {"8": {"en": "8 oz", "zh": "小"}, "12": {"en": "12 oz", "zh": "大"}},
    },
}
_MATERIALS = (("Stoneware", "炻器"), ("Wool", "羊毛"), ("Beech", "榉木"), ("Linen", "亚麻"))
_TEXT = "Made to be used every day, and to be mended when that day comes. " * 4


@dataclass(frozen=True, slots=True)
class World:
    """Addresses the figures ask for. ``variants``: ids by product slug, in order of position."""

    shops: list[str]
    categories: list[str]
    slugs: list[str]
    variants: dict[str, list[int]]


def build(*, shops: int = 1, products: int = PRODUCTS) -> World:
    """Fill an empty database; Django is set up and no shop is entered."""
    from django.db import connection, transaction

    with transaction.atomic():
        categories = _ground()
        made = [
            each for start in range(0, products, 500) for each in _write(categories, start, min(500, products - start))
        ]
    slugs = [f"shop-{number}" for number in range(1, shops + 1)]
    for slug in slugs:
        _open(slug, [category.id for category in categories])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    ids: dict[str, list[int]] = {}
    for product, variants in made:
        ids[product.slug] = variants
    return World(slugs, [category.slug for category in categories], list(ids), ids)


def _ground() -> list[Category]:
    from s2b2c.kernel import clock
    from supplier.models import Category, Company, Terms, Warehouse

    Company.objects.create(id=1, name="Harbour & Loom", currency="USD")
    Terms.objects.create(reseller=None, version=1, fee_bps=300, valid_from=clock.now())
    Warehouse.objects.bulk_create(
        Warehouse(code=code, name_en=code, priority=priority, country="US")
        for priority, code in enumerate(("EAST", "WEST", "SOUTH"), 1)
    )
    return [
        Category.add_root(slug=f"shelf-{number}", name_en=f"Shelf {number}", name_zh=f"货架 {number}")
        for number in range(1, CATEGORIES + 1)
    ]


def _products(categories: list[Category], start: int, count: int) -> Iterator[Product]:
    from supplier.models import Product

    for number in range(start + 1, start + count + 1):
        en, zh = _MATERIALS[number % len(_MATERIALS)]
        yield Product(
            code=f"B{number:05}",
            slug=f"thing-{number}",
            category=categories[number % len(categories)],
            name_en=f"Useful Thing {number}",
            name_zh=f"用品 {number}",
            summary_en=f"Thing {number}, in short.",
            summary_zh=f"用品 {number} 简介。",
            text_en=_TEXT,
            text_zh="每天都好用。" * 20,
            brand="Harbour",
            plate="mug",
            options=_OPTIONS,
            attributes={
                "material": {"en": "Material", "zh": "材质", "value_en": en, "value_zh": zh},
                "origin": {"en": "Made in", "zh": "产地", "value_en": "Portugal", "value_zh": "葡萄牙"},
            },
            status=Product.Status.ACTIVE,
            search_text=f"useful thing {number} 用品 b{number:05} {en.lower()}",
        )


def _write(categories: list[Category], start: int, count: int) -> Iterator[tuple[Product, list[int]]]:
    """Write products with variants, stock and the movements that explain the stock."""
    from s2b2c.kernel import clock
    from supplier.models import Movement, Product, Stock, Variant, Warehouse

    products = Product.objects.bulk_create(_products(categories, start, count))
    rows = Variant.objects.bulk_create(_variant(product, *place) for product in products for place in _places())
    warehouses = list(Warehouse.objects.order_by("id"))
    held = [(row.id, warehouse.id) for row in rows for warehouse in warehouses]
    now = clock.now()
    Stock.objects.bulk_create(Stock(variant_id=v, warehouse_id=w, available=PIECES) for v, w in held)
    Movement.objects.bulk_create(
        Movement(variant_id=v, warehouse_id=w, quantity=PIECES, kind=Movement.Kind.RECEIPT, at=now) for v, w in held
    )
    each = len(_TINTS) * len(_SIZES)
    for number, product in enumerate(products):
        yield product, [row.id for row in rows[number * each : (number + 1) * each]]


def _places() -> Iterator[tuple[int, str, str]]:
    pairs = [(tint, size) for tint in _TINTS for size in _SIZES]
    for position, (tint, size) in enumerate(pairs):
        yield position, tint, size


def _variant(product: Product, position: int, tint: str, size: str) -> Any:
    from supplier.models import Variant

    price = 1_500 + product.id % 90 * 100 + position * 250
    return Variant(
        product=product,
        sku=f"{product.code}-{tint}-{size}".upper(),
        options={"colour": tint, "size": size},
        label_en=f"{tint.title()}, {size} oz",
        label_zh=f"{tint}, {size}",
        tint=tint,
        currency="USD",
        wholesale_minor=price // 2,
        suggested_minor=price,
        floor_minor=price // 2,
        ceiling_minor=price * 2,
        weight_g=400,
        position=position,
    )


def _open(slug: str, category_ids: list[int]) -> Reseller:
    from reseller.selectors.prices import Rule
    from reseller.services import shop as shops
    from s2b2c.accounts.models import User
    from s2b2c.tenancy import context

    owner = User.objects.create_user(f"owner@{slug}.invalid", None, name=slug)
    made = shops.open_shop(
        user=owner,
        name=slug.replace("-", " ").title(),
        slug=slug,
        currency="USD",
        country="US",
        category_ids=category_ids,
        rule=Rule("suggested", 0, 90),
    )
    with context.entered(made):
        shops.set_tax(tax_bps=800, tax_included=False)
        shops.set_payment(card=True, cod=True)
    return made
