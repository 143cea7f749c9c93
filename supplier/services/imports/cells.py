"""From the texts of one row to typed values, or to what is wrong with them."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Any

from django.utils.text import slugify

from s2b2c.kernel import money
from supplier.models import Category, ImportJob, Variant, Warehouse
from supplier.services import variants as variant_service
from supplier.services.imports import fields, parse

_KEY = re.compile(r"[^\s\x00-\x1f/?#%\\]+")
_MARKS = re.compile(r"[\s\u00a0$£€¥₹]|[A-Za-z]{3}")
_LETTERS = re.compile(r"[A-Za-z]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_OPTION_CODES = {"颜色": "colour", "color": "colour", "尺寸": "size", "尺码": "size", "容量": "capacity"}
_STATUS = {
    **dict.fromkeys(("active", "on sale", "yes", "1", "true", "上架", "在售", "启用"), Variant.Status.ACTIVE),
    **dict.fromkeys(("withdrawn", "off sale", "no", "0", "false", "下架", "停售", "停用"), Variant.Status.WITHDRAWN),
}
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "是", "有"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无"), False),
}
MAX_PIECES = 10_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field of one row; ``code`` has its words in ``messages``."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "code": self.code, "params": self.params}


@dataclass(slots=True)
class Values:
    """What a row says; only what it says. Prices are still texts: their currency is the variant's. So is what is in a bundle."""

    plain: dict[str, Any] = dataclasses.field(default_factory=dict)
    prices: dict[str, str] = dataclasses.field(default_factory=dict)
    options: dict[str, str] = dataclasses.field(default_factory=dict)
    attributes: dict[str, str] = dataclasses.field(default_factory=dict)
    parts: str = ""
    faults: list[Fault] = dataclasses.field(default_factory=list)


class Reader:
    """Reads the rows of one job."""

    def __init__(self, job: ImportJob) -> None:
        self.headings: list[str] = [column["name"] for column in job.columns]
        self.columns = sorted((int(index), name) for index, name in job.mapping["columns"].items())
        self.currency = variant_service.company_currency()

    @cached_property
    def categories(self) -> dict[str, int]:
        """Give ids by slug, by name in either language where it is the only one, and by path."""
        found: dict[str, int] = {}
        doubtful: set[str] = set()
        trail: dict[str, tuple[str, str]] = {}
        for category in Category.objects.order_by("path"):
            above = trail.get(category.path[: -Category.steplen], ("", ""))
            paths = tuple(
                f"{up} > {own}" if up else own
                for up, own in zip(above, (category.name_en, category.name_zh or category.name_en), strict=True)
            )
            trail[category.path] = (paths[0], paths[1])
            for name in {paths[0], paths[1], category.name_en, category.name_zh}:
                key = _category_key(name)
                if key and found.setdefault(key, category.id) != category.id:
                    doubtful.add(key)
        for key in doubtful:
            del found[key]
        return {**found, **{category.slug: category.id for category in Category.objects.all()}}

    @cached_property
    def warehouses(self) -> dict[str, int]:
        return {
            code.lower(): pk
            for code, pk in Warehouse.objects.filter(active=True).order_by("priority").values_list("code", "id")
        }

    def read(self, data: list[str]) -> Values:
        """Give what one row says."""
        values = Values()
        if len(data) > len(self.headings):
            values.faults.append(Fault("", "cells"))
        for index, name in self.columns:
            text = data[index] if index < len(data) else ""
            if text:
                self._take(values, index, name, text)
        if "sku" not in values.plain and not any(fault.field == "sku" for fault in values.faults):
            values.faults.insert(0, Fault("sku", "sku_empty"))
        if (
            "on_hand" in values.plain
            and "warehouse_id" not in values.plain
            and not any(fault.field == "warehouse" for fault in values.faults)
        ):
            values.faults.append(Fault("warehouse", "warehouse_missing"))
        return values

    def _take(self, values: Values, index: int, name: str, text: str) -> None:
        known = fields.FIELDS[name]
        if parse.UNREADABLE in text:
            values.faults.append(Fault(name, "unreadable"))
        elif text.startswith("=") and len(text) > 1:
            values.faults.append(Fault(name, "formula"))
        elif known.longest and len(text) > known.longest:
            values.faults.append(Fault(name, "too_long", {"longest": known.longest}))
        elif known.kind == "price":
            values.prices[name] = text
        elif known.many:
            (values.options if name == "option" else values.attributes)[self.headings[index]] = tidy(text)
        else:
            self._take_one(values, name, known.kind, text)

    def _take_one(self, values: Values, name: str, kind: str, text: str) -> None:
        if kind == "text":
            values.plain[name] = tidy(text)
        elif kind == "key":
            if _KEY.fullmatch(text):
                values.plain[name] = text
            else:
                values.faults.append(Fault(name, "key"))
        elif kind in ("whole", "weight"):
            number = whole(text, most=MAX_PIECES if kind == "whole" else variant_service.MAX_WEIGHT_G)
            if number is None:
                values.faults.append(Fault(name, "whole"))
            else:
                values.plain[name] = number
        elif kind == "parts":
            values.parts = text
        elif kind == "code":
            right = wrong_check_digit(text)
            if right is None:
                values.plain[name] = tidy(text)
            else:
                values.faults.append(Fault(name, "barcode", {"right": right}))
        else:
            self._choose(values, name, text)

    def _choose(self, values: Values, name: str, text: str) -> None:
        if name == "category":
            found: Any = self.categories.get(text.lower()) or self.categories.get(_category_key(text))
            key, fault = "category_id", Fault(name, "category_unknown")
        elif name == "warehouse":
            found = self.warehouses.get(text.lower())
            known = ", ".join(code.upper() for code in list(self.warehouses)[:8])
            key, fault = "warehouse_id", Fault(name, "warehouse_unknown", {"known": known})
        elif name == "serials":
            found = _YES_NO.get(text.lower())
            key, fault = "serials", Fault(name, "yes_no")
        elif name == "status":
            found = _STATUS.get(text.lower())
            key, fault = "status", Fault(name, "status_unknown")
        else:
            found = text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else None
            key, fault = "currency", Fault(name, "currency_unknown")
        if found is None:
            values.faults.append(fault)
        else:
            values.plain[key] = str(found) if name in ("status", "currency") else found


def tidy(text: str) -> str:
    """Give a text in NFC, without control characters."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


@lru_cache(maxsize=64)
def _exponent(currency: str) -> int:
    return money.exponent(currency)


def price(name: str, text: str, currency: str) -> int | Fault:
    """Give an amount in minor units: ``12.90``, ``12,90``, ``1,234.50``, ``1.234,50``, ``$12``, ``USD 12``."""
    for word in _LETTERS.findall(text):
        if word.upper() != currency:
            other = len(word) == 3 and any(sign.isdigit() for sign in text)  # "abc" is no currency but no amount
            return Fault(name, "currency_other", {"currency": currency}) if other else Fault(name, "amount")
    number = _MARKS.sub("", text)
    if "," in number and number.rfind(",") > number.rfind("."):
        whole_part, _comma, cents = number.rpartition(",")
        is_decimal = len(cents) != 3 or "." in whole_part
        number = whole_part.replace(".", "") + "." + cents if is_decimal else number
    try:
        amount = Decimal(number.replace(",", ""))
    except InvalidOperation:
        return Fault(name, "amount")
    if not amount.is_finite():
        return Fault(name, "amount")
    if amount < 0:
        return Fault(name, "amount_negative")
    if amount > money.MAX_MINOR:
        return Fault(name, "amount_large")
    exponent = _exponent(currency)
    minor = amount.scaleb(exponent)
    if minor != minor.to_integral_value():
        step = f"{Decimal(1).scaleb(-exponent):f}"
        return Fault(name, "amount_fine", {"currency": currency, "step": step})
    return int(minor) if minor <= money.MAX_MINOR else Fault(name, "amount_large")


def whole(text: str, *, most: int) -> int | None:
    """Give a whole number of zero or more (``1,200``, ``1 200``, ``12.0``), or None."""
    try:
        number = Decimal(re.sub(r"[\s,\u00a0]|(?<=\d)\s*(g|pcs|个|克)$", "", text))
    except InvalidOperation:
        return None
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= most:
        return None
    return int(number)


def wrong_check_digit(text: str) -> int | None:
    """Give the digit a GTIN-12, -13 or -14 should end with, or None where it does or where it is none."""
    if len(text) not in (12, 13, 14) or not (text.isascii() and text.isdigit()):
        return None
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text[:-1])))
    right = -weighted % 10
    return None if int(text[-1]) == right else right


def code_of(heading: str) -> str:
    """Give the key of an option or attribute whose column is headed so."""
    plain = fields.plain(heading)
    known = _OPTION_CODES.get(plain) or slugify(plain)[:40]
    return known or "c" + "".join(f"{ord(sign):x}" for sign in plain)[:30]


def is_chinese(text: str) -> bool:
    """Tell whether a text has Chinese characters."""
    return bool(_CJK.search(text))


def _category_key(name: str) -> str:
    return " > ".join(part.strip().lower() for part in re.split(r"[>/]", name)).strip()
