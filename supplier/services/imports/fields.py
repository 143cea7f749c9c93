"""What a column of a file can become, and by which headings it is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Field:
    """``kind``: key, text, price, weight, code, whole, parts or choice. ``many``: several columns may become it."""

    name: str
    label: Promise | str
    kind: str
    headings: tuple[str, ...]
    longest: int = 0
    many: bool = False


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "sku",
            _("SKU"),
            "key",
            (
                "sku",
                "item no",
                "item number",
                "stockcode",
                "stock code",
                "article",
                "article no",
                "货号",
                "商品编码",
                "规格编码",
                "编号",
            ),
            60,
        ),
        Field(
            "code",
            _("Product code"),
            "key",
            (
                "product code",
                "code",
                "product",
                "parent sku",
                "parent",
                "style",
                "model",
                "商品代码",
                "款号",
                "产品代码",
                "父sku",
            ),
            40,
        ),
        Field(
            "name_en",
            _("Name, English"),
            "text",
            (
                "name",
                "name en",
                "english name",
                "title",
                "product name",
                "description",
                "name english",
                "英文名",
                "英文名称",
            ),
            160,
        ),
        Field(
            "name_zh",
            _("Name, Chinese"),
            "text",
            ("name zh", "chinese name", "name chinese", "name cn", "名称", "中文名", "中文名称", "商品名称", "品名"),
            160,
        ),
        Field("category", _("Category"), "choice", ("category", "group", "department", "类目", "分类", "类别"), 200),
        Field("brand", _("Brand"), "text", ("brand", "make", "品牌"), 80),
        Field(
            "summary_en",
            _("Short text, English"),
            "text",
            ("summary", "short text", "short description", "summary en", "英文简介"),
            240,
        ),
        Field("summary_zh", _("Short text, Chinese"), "text", ("summary zh", "简介", "中文简介", "短描述"), 240),
        Field(
            "text_en",
            _("Long text, English"),
            "text",
            ("text", "long text", "long description", "text en", "body", "英文描述"),
            20_000,
        ),
        Field("text_zh", _("Long text, Chinese"), "text", ("text zh", "描述", "详情", "中文描述", "商品描述"), 20_000),
        Field(
            "wholesale",
            _("Wholesale price"),
            "price",
            (
                "wholesale",
                "wholesale price",
                "list",
                "list price",
                "cost",
                "trade price",
                "price",
                "unitprice",
                "unit price",
                "批发价",
                "供货价",
                "进价",
                "价格",
            ),
        ),
        Field(
            "suggested",
            _("Suggested price"),
            "price",
            (
                "suggested",
                "suggested price",
                "rrp",
                "msrp",
                "retail",
                "retail price",
                "建议零售价",
                "零售价",
                "建议价",
            ),
        ),
        Field(
            "floor",
            _("Floor price"),
            "price",
            ("floor", "floor price", "map", "minimum price", "min price", "最低价", "最低零售价", "底价"),
        ),
        Field(
            "ceiling",
            _("Ceiling price"),
            "price",
            ("ceiling", "ceiling price", "max price", "maximum price", "最高价", "最高零售价", "封顶价"),
        ),
        Field("currency", _("Currency"), "choice", ("currency", "ccy", "货币", "币种"), 3),
        Field(
            "weight",
            _("Weight, g"),
            "weight",
            ("weight", "weight g", "weight gram", "grams", "重量", "重量克", "克重"),
        ),
        Field(
            "serials",
            _("Serial numbers: yes or no"),
            "choice",
            ("serials", "serial", "serial numbers", "serialised", "serialized", "序列号", "有序列号", "序列号管理"),
            12,
        ),
        Field("barcode", _("Barcode"), "code", ("barcode", "ean", "gtin", "upc", "ean13", "条码", "条形码"), 32),
        Field("label_en", _("Variant label, English"), "text", ("variant", "variant label", "label", "规格英文"), 120),
        Field("label_zh", _("Variant label, Chinese"), "text", ("variant zh", "label zh", "规格", "规格名称"), 120),
        Field("status", _("Status"), "choice", ("status", "state", "状态"), 20),
        Field(
            "warehouse", _("Stock: warehouse"), "choice", ("warehouse", "site", "location", "depot", "仓库", "仓"), 12
        ),
        Field(
            "on_hand",
            _("Stock: pieces on hand"),
            "whole",
            ("qty", "quantity", "stock", "on hand", "stock on hand", "pieces", "库存", "数量", "现货"),
        ),
        Field(
            "parts",
            _("What is in a bundle"),
            "parts",
            ("parts", "bundle", "bundle of", "components", "contents", "kit", "组成", "套装内容", "套装组成"),
            1000,
        ),
        Field(
            "option",
            _("Option (colour, size …)"),
            "text",
            ("colour", "color", "size", "option", "颜色", "尺寸", "尺码", "容量"),
            40,
            many=True,
        ),
        Field(
            "attribute",
            _("Attribute (material, care …)"),
            "text",
            ("material", "care", "attribute", "origin", "材质", "材料", "保养", "产地"),
            500,
            many=True,
        ),
    )
}

PRODUCT_TEXTS = ("name_en", "name_zh", "brand", "summary_en", "summary_zh", "text_en", "text_zh")
VARIANT_TEXTS = ("barcode", "label_en", "label_zh")
PRICES = ("wholesale", "suggested", "floor", "ceiling")

_NOISE = re.compile(r"[\s._\-/:#()（）:]+")
_BY_HEADING = {heading: field.name for field in FIELDS.values() for heading in field.headings}


def plain(heading: str) -> str:
    """Give a heading in the form it is recognised by."""
    return _NOISE.sub(" ", heading.strip().lower()).strip()


def guess(headings: list[str]) -> dict[str, str]:
    """Give ``{column index: field}`` for headings that are known; each field once, but for those that may repeat."""
    found: dict[str, str] = {}
    for index, heading in enumerate(headings):
        name = _BY_HEADING.get(plain(heading)) or _without_unit(heading)
        if name and (FIELDS[name].many or name not in found.values()):
            found[str(index)] = name
    if "sku" not in found.values():
        _promote(found)
    return found


def _without_unit(heading: str) -> str | None:
    """Recognise "Floor price USD", "Weight (g)", "List, EUR"."""
    words = plain(heading.replace(",", " ")).split(" ")
    for length in range(len(words) - 1, 0, -1):
        name = _BY_HEADING.get(" ".join(words[:length]))
        if name:
            return name
    return None


def _promote(found: dict[str, str]) -> None:
    """Take the product code for the SKU where there is no SKU column: one variant per product."""
    for index, name in found.items():
        if name == "code":
            found[index] = "sku"
            return
