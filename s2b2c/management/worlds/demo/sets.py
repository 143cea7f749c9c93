"""The demo's bundles: sets made of what stands in the catalogue already, a little cheaper than piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from supplier.models import Category, Variant
from supplier.services import bundles, catalogue
from supplier.services.variants import VariantSpec

LESS_PER_CENT = 12


@dataclass(frozen=True, slots=True)
class Set:
    """A bundle to be: its texts, and pieces by the end of a SKU."""

    code: str
    category: str
    plate: str
    name: tuple[str, str]
    summary: tuple[str, str]
    text: tuple[str, str]
    parts: dict[str, int]


SETS = (
    Set(
        "TEA-SET", "kitchen", "teapot",
        ("Tea for Two", "双人茶组"),
        ("A teapot, two mugs and a caddy to fill.", "一把茶壶、两只杯子，一只茶罐等您装满。"),
        ("Everything an afternoon needs but the biscuits: the Tarn Teapot, two Alder Mugs in pine, and a caddy with two "
         "lids. Packed together in one box, ready to give.",
         "除了饼干，一个下午需要的都在这里：湖畔茶壶一把、松绿赤杨马克杯两只、双层盖茶罐一只。同装一盒，送礼正好。"),
        {"TPT-CEL": 1, "MUG-PIN-240ML": 2, "TEA-PIN": 1},
    ),
    Set(
        "EVE-SET", "textiles", "blanket",
        ("Quiet Evening", "静夜套装"),
        ("A throw, and candles for eighty hours.", "一条盖毯，八十小时烛光。"),
        ("The Drift Throw in oat and two Slow Candles. For whoever says they need nothing.",
         "燕麦色漂流盖毯一条，慢燃烛两支。送给那个说什么都不缺的人。"),
        {"BLK-OAT": 1, "CDL-OAT-FIG": 2},
    ),
    Set(
        "CMP-SET", "outdoors", "lantern",
        ("First Night Out", "初夜露营组"),
        ("Light, two mugs and something hot.", "一盏灯、两只杯、一壶热饮。"),
        ("What is missing on every first night outdoors: a lantern that charges a phone, two enamel mugs, and a flask "
         "that stays hot until breakfast.",
         "第一次露营总会缺的：能给手机充电的露营灯、两只珐琅杯，还有一只保温到早餐的保温壶。"),
        {"LTC-MOS": 1, "EML-MOS": 2, "FLK-OAT-05L": 1},
    ),
)  # fmt: skip


def furnish() -> None:
    """Write the sets through the services S uses, once what is in them stands in the catalogue."""
    for each in SETS:
        _make(each)


def _make(wanted: Set) -> None:
    parts = {Variant.objects.get(sku=f"HL-{end}"): pieces for end, pieces in wanted.parts.items()}
    wholesale = sum(part.wholesale_minor * pieces for part, pieces in parts.items())
    suggested = sum(part.suggested_minor * pieces for part, pieces in parts.items())
    suggested = suggested * (100 - LESS_PER_CENT) // 100 // 100 * 100
    wholesale = wholesale * (100 - LESS_PER_CENT) // 100 // 10 * 10
    spec = VariantSpec(
        sku=f"HL-{wanted.code}",
        currency=next(iter(parts)).currency,
        wholesale_minor=wholesale,
        suggested_minor=suggested,
        floor_minor=max(wholesale, suggested * 85 // 100 // 10 * 10),
        ceiling_minor=suggested * 130 // 100 // 10 * 10,
        tint=next(iter(parts)).tint,
        weight_g=sum(part.weight_g * pieces for part, pieces in parts.items()),
    )
    made = catalogue.create_product(
        code=f"HL-{wanted.code}",
        category_id=Category.objects.get(slug=wanted.category).id,
        name_en=wanted.name[0], name_zh=wanted.name[1],
        summary_en=wanted.summary[0], summary_zh=wanted.summary[1],
        text_en=wanted.text[0], text_zh=wanted.text[1],
        brand="Harbour & Loom", plate=wanted.plate, specs=[spec], on_sale=True,
    )  # fmt: skip
    bundles.put(
        variant_id=made.variants.get().id, parts={part.id: pieces for part, pieces in parts.items()}, actor_id=None
    )
