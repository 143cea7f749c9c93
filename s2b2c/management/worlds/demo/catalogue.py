"""The demo's catalogue: products, variants, warehouses and stock, from the two lists beside this file."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from s2b2c.kernel import clock
from supplier.models import Category, Company, Product, Terms, Variant, Warehouse
from supplier.services import catalogue, categories, stock
from supplier.services.variants import VariantSpec

HERE = Path(__file__).resolve().parent
CURRENCY = "USD"
FEE_BPS = 300

WAREHOUSES = (
    ("OAK", "Oakland", "奥克兰", 10),
    ("EWR", "Newark", "纽瓦克", 20),
    ("DFW", "Dallas", "达拉斯", 30),
)
TINTS = {
    "pine": "松绿", "oat": "燕麦", "clay": "陶土", "ink": "墨黑", "moss": "苔绿", "ember": "余烬红", "ochre": "赭黄",
    "rose": "玫瑰", "celadon": "青瓷", "oak": "橡木", "walnut": "胡桃", "enamel": "珐琅白", "harbour": "港湾蓝",
    "plum": "梅紫", "slate": "石板灰", "butter": "奶黄",
}  # fmt: skip
SIZES = {"Fig": "无花果", "Pine": "松木", "Smoke": "烟熏", "S": "小号", "M": "中号", "L": "大号", "XL": "加大号"}
# How much dearer each further size is, in per cent.
SIZE_STEP = 35


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read one of the lists beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="|")


def company() -> Company:
    """The supplier, its terms and its warehouses."""
    made = Company.objects.create(
        id=1,
        name="Harbour & Loom",
        tagline_en="Things for the house, checked by hand, sent by morning",
        tagline_zh="居家之物，手工查验，清晨发出",
        currency=CURRENCY,
        email="supply@harbour-loom.example",
        demo=True,
    )
    Terms.objects.create(version=1, fee_bps=FEE_BPS, valid_from=clock.now())
    for code, name_en, name_zh, priority in WAREHOUSES:
        Warehouse.objects.create(
            code=code, name_en=name_en, name_zh=name_zh, city=name_en, country="US", priority=priority
        )
    return made


def products(random: Random) -> None:
    """Write categories and products through the catalogue's services."""
    made: dict[str, Category] = {}
    for row in rows("categories.csv"):
        parent = made.get(row["parent"])
        made[row["slug"]] = categories.create(
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            slug=row["slug"],
            plate=row["plate"],
            parent_id=parent.id if parent else None,
        )
    for row in rows("products.csv"):
        _product(row, made[row["category"]])
    _fill(random)


def _product(row: dict[str, str], category: Category) -> Product:
    tints = row["tints"].split(",")
    sizes = [size for size in row["sizes"].split(",") if size]
    return catalogue.create_product(
        code=f"HL-{row['code']}",
        category_id=category.id,
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        summary_en=row["summary_en"],
        summary_zh=row["summary_zh"],
        text_en=_text_en(row),
        text_zh=_text_zh(row),
        brand="Harbour & Loom",
        options=_options(tints, sizes),
        attributes=_attributes(row),
        plate=row["plate"],
        specs=list(_specs(row, tints, sizes)),
        on_sale=True,
    )


def _options(tints: list[str], sizes: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "colour": {
            "en": "Colour",
            "zh": "颜色",
            "values": {tint: {"en": tint.capitalize(), "zh": TINTS[tint], "tint": tint} for tint in tints},
        }
    }
    if sizes:
        options["size"] = {
            "en": "Size",
            "zh": "规格",
            "values": {_code(size): {"en": size, "zh": SIZES.get(size, size)} for size in sizes},
        }
    return options


def _code(size: str) -> str:
    return size.lower().replace(" ", "-").replace(".", "-")


def _attributes(row: dict[str, str]) -> dict[str, Any]:
    return {
        "material": {
            "en": "Material",
            "zh": "材质",
            "value_en": row["material_en"],
            "value_zh": row["material_zh"],
        },
        "origin": {"en": "Made in", "zh": "产地", "value_en": row["origin_en"], "value_zh": row["origin_zh"]},
    }


def _specs(row: dict[str, str], tints: list[str], sizes: list[str]) -> Iterator[VariantSpec]:
    for tint, (step, size) in itertools.product(tints, enumerate(sizes or [""])):
        dearer = 100 + step * SIZE_STEP if row["code"] not in ("CDL", "SHT") else 100
        wholesale = int(row["wholesale"]) * dearer // 100 // 10 * 10
        suggested = int(row["suggested"]) * dearer // 100 // 100 * 100
        labels = [part for part in (tint.capitalize(), size) if part]
        yield VariantSpec(
            sku="-".join(filter(None, ["HL", row["code"], tint[:3].upper(), _code(size).replace("-", "").upper()])),
            wholesale_minor=wholesale,
            suggested_minor=suggested,
            floor_minor=max(wholesale, suggested * 80 // 100 // 10 * 10),
            ceiling_minor=suggested * 140 // 100 // 10 * 10,
            options={"colour": tint, **({"size": _code(size)} if size else {})},
            label_en=", ".join(labels),
            label_zh="，".join(filter(None, [TINTS[tint], SIZES.get(size, size)])),
            tint=tint,
            weight_g=int(row["weight_g"]) * dearer // 100,
        )


def _text_en(row: dict[str, str]) -> str:
    return (
        f"{row['summary_en']}\n\nMade of {row['material_en'].lower()} in {row['origin_en']}, in small lots that "
        "we open and check before they reach a shelf.\n\nIt is made to be repaired. If it breaks in the first two "
        "years, send a picture and we send a new one."
    )


def _text_zh(row: dict[str, str]) -> str:
    return (
        f"{row['summary_zh']}\n\n{row['origin_zh']}制造，材质为{row['material_zh']}。小批量生产，上架前逐批开箱查验。"
        "\n\n可以修补，值得久用。两年内损坏，拍张照片，我们寄来新的。"
    )


def _fill(random: Random) -> None:
    """Put stock on the shelves: most things plenty, some scarce, a few gone."""
    warehouses = list(Warehouse.objects.order_by("priority"))
    for number, variant in enumerate(Variant.objects.order_by("id")):
        if number % 29 == 7:
            continue
        for place, warehouse in enumerate(warehouses):
            quantity = random.randint(30, 140) // (place + 1) if number % 17 else random.randint(0, 4)
            if quantity and (place == 0 or random.random() < 0.6):
                stock.receive(
                    variant_id=variant.id,
                    warehouse_id=warehouse.id,
                    quantity=quantity,
                    reason="Opening stock",
                    cause="demo",
                )
