"""Weigh one row against the catalogue: what it would create or change, or why it can't.

Rows are weighed one after the other, in the order of the file: each sees what those before it did.
The dry run and the real one both come through here; only the real one writes the book.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from supplier.models import Product, Variant
from supplier.services import bands
from supplier.services import variants as variant_service
from supplier.services.imports import cells, fields, made
from supplier.services.imports.book import PRODUCT_FIELDS, VARIANT_FIELDS, Book
from supplier.services.imports.cells import Fault
from supplier.services.imports.made import Made, Parts
from supplier.services.imports.mapping import Choices

_MINOR = {name: f"{name}_minor" for name in fields.PRICES}
_FIELD = {minor: name for name, minor in _MINOR.items()}


@dataclass(slots=True)
class Verdict:
    """``before`` and ``after``: ``{"product": fields | None, "variant": fields | None, "stock": …}``.

    None stands for "did not exist"; a part that is missing did not change.
    """

    action: str = "skip"
    faults: list[Fault] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    variant: Variant | None = None
    count: tuple[int, int] | None = None
    parts: Parts | None = None


class Scale:
    """Weighs the rows of one chunk against its book."""

    def __init__(self, reader: cells.Reader, choices: Choices, book: Book, made: Made | None = None) -> None:
        self.reader, self.choices, self.book, self.made = reader, choices, book, made
        self.stock = book.read_stock() if {"on_hand", "serials"} & set(choices.columns.values()) else {}

    def weigh(self, data: list[str]) -> Verdict:
        """Give the verdict on a row; unless it has faults, the book has changed accordingly."""
        values = self.reader.read(data)
        sku = values.plain.get("sku")
        if sku is None:
            return Verdict(faults=values.faults)
        variant = self.book.variants.get(sku)
        if variant is None:
            return self._new(sku, values)
        return self._known(variant, values)

    def _known(self, variant: Variant, values: cells.Values) -> Verdict:
        product, faults = variant.product, list(values.faults)
        said = values.plain
        if said.get("code", product.code) != product.code:
            faults.append(Fault("code", "product_other", {"code": product.code}))
        if said.get("currency", variant.currency) != variant.currency:
            faults.append(Fault("currency", "currency_other", {"currency": variant.currency}))
        prices, wrong = self._prices(values, variant.currency)
        changes = {**prices, **self._variant_changes(said)}
        product_changes = self._product_changes(product, values, faults)
        if values.options:
            changes["options"] = {
                **variant.options,
                **self._option_values(product_changes.get("options", product.options), values),
            }
        faults += wrong or _band({**_prices_of(variant), **prices}, variant.currency)
        faults += self._serial_faults(variant, values)
        faults += self._count_faults(variant, values) + self._parts_faults(variant.sku, variant, values)
        verdict = Verdict("update", variant=variant, faults=faults)
        if not verdict.faults:
            self._change(verdict, "product", product, product_changes)
            self._change(verdict, "variant", variant, changes)
            self._count(verdict, values)
            self._put(verdict, values)
            verdict.action = "update" if verdict.before else "skip"
        return verdict

    def _new(self, sku: str, values: cells.Values) -> Verdict:
        said, faults = values.plain, list(values.faults)
        code = said.get("code", sku[:40])
        product = self.book.products.get(code)
        is_new = product is None
        if product is None:
            product = self._draft(code, values, faults)
        product_changes = self._product_changes(product, values, faults)
        options = product_changes.get("options", product.options)
        currency = said.get("currency", self.reader.currency)
        prices, wrong = self._prices(values, currency)
        broken = {fault.field for fault in [*faults, *wrong]}
        faults += wrong + [
            Fault(name, "required")
            for name in ("wholesale", "suggested")
            if _MINOR[name] not in prices and name not in broken
        ]
        if not wrong and {"wholesale_minor", "suggested_minor"} <= set(prices):
            prices = self._with_band(prices)
            faults += _band(prices, currency)
        if self.book.sizes.get(code, 0) >= variant_service.MAX_PER_PRODUCT:
            faults.append(Fault("code", "too_many_variants", {"most": variant_service.MAX_PER_PRODUCT}))
        faults += self._serial_faults(None, values) + self._parts_faults(sku, None, values)
        verdict = Verdict("create", faults=faults)
        if faults:
            return verdict
        self._create(
            verdict,
            sku,
            product,
            is_new,
            product_changes,
            {**prices, **self._variant_changes(said)},
            currency,
            self._option_values(options, values),
        )
        self._count(verdict, values)
        self._put(verdict, values)
        return verdict

    def _create(
        self,
        verdict: Verdict,
        sku: str,
        product: Product,
        is_new: bool,
        product_changes: dict[str, Any],
        changes: dict[str, Any],
        currency: str,
        options: dict[str, str],
    ) -> None:
        if is_new:
            for name, value in product_changes.items():
                setattr(product, name, value)
            self.book.add_product(product)
            verdict.before["product"] = None
            verdict.after["product"] = {
                "code": product.code,
                "status": product.status,
                **_fields(product, PRODUCT_FIELDS),
            }
        else:
            self._change(verdict, "product", product, product_changes)
        label = ", ".join(options.values())[:120]
        variant = Variant(
            **{"label_en": label, "options": options, **changes},
            product=product, sku=sku, currency=currency, position=min(self.book.sizes[product.code], 32_000),
        )  # fmt: skip
        self.book.add_variant(variant)
        verdict.variant = variant
        verdict.before["variant"] = None
        verdict.after["variant"] = {"sku": sku, "currency": currency, **_fields(variant, VARIANT_FIELDS)}

    def _draft(self, code: str, values: cells.Values, faults: list[Fault]) -> Product:
        said = values.plain
        category_id = said.get("category_id", self.choices.category_id)
        broken = {fault.field for fault in faults}
        name = said.get("name_en") or said.get("name_zh")
        if not name and not broken & {"name_en", "name_zh"}:
            faults.append(Fault("name_en", "required"))
        if category_id is None and "category" not in broken:
            faults.append(Fault("category", "required"))
        return Product(
            code=code, category_id=category_id, name_en=name or "", options={}, attributes={},
            status=self.choices.new_status,
        )  # fmt: skip

    def _product_changes(self, product: Product, values: cells.Values, faults: list[Fault]) -> dict[str, Any]:
        changes = {name: values.plain[name] for name in fields.PRODUCT_TEXTS if name in values.plain}
        if "category_id" in values.plain:
            changes["category_id"] = values.plain["category_id"]
        if values.options:
            changes["options"] = _with_options(product.options, values.options)
            if len(changes["options"]) > 3:
                faults.append(Fault("option", "too_many_options"))
        if values.attributes:
            changes["attributes"] = _with_attributes(product.attributes, values.attributes)
        return changes

    def _variant_changes(self, said: dict[str, Any]) -> dict[str, Any]:
        changes = {name: said[name] for name in (*fields.VARIANT_TEXTS, "status", "serials") if name in said}
        if "weight" in said:
            changes["weight_g"] = said["weight"]
        return changes

    def _prices(self, values: cells.Values, currency: str) -> tuple[dict[str, int], list[Fault]]:
        prices: dict[str, int] = {}
        faults = []
        for name, text in values.prices.items():
            amount = cells.price(name, text, currency)
            if isinstance(amount, Fault):
                faults.append(amount)
            else:
                prices[_MINOR[name]] = amount
        return prices, faults

    def _with_band(self, prices: dict[str, int]) -> dict[str, int]:
        """Fill in floor and ceiling from the suggested price; rounded to the minor unit, never across it."""
        suggested, wholesale = prices["suggested_minor"], prices["wholesale_minor"]
        below = suggested - suggested * self.choices.floor_below_bps // 10_000
        above = suggested + suggested * self.choices.ceiling_above_bps // 10_000
        return {"floor_minor": max(below, min(wholesale, suggested)), "ceiling_minor": above, **prices}

    def _option_values(self, options: dict[str, Any], values: cells.Values) -> dict[str, str]:
        return {_option_code(options, heading): text for heading, text in values.options.items()}

    def _change(self, verdict: Verdict, part: str, thing: Product | Variant, changes: dict[str, Any]) -> None:
        before = {name: getattr(thing, name) for name, value in changes.items() if getattr(thing, name) != value}
        if before:
            verdict.before[part] = before
            verdict.after[part] = {name: changes[name] for name in before}
            self.book.change(thing, verdict.after[part])

    def _count_faults(self, variant: Variant, values: cells.Values) -> list[Fault]:
        said = values.plain
        if "on_hand" not in said or "warehouse_id" not in said:
            return []
        on_hand, free = self.stock.get((variant.sku, said["warehouse_id"]), (0, 0))
        return [Fault("on_hand", "stock_kept", {"free": free})] if said["on_hand"] < on_hand - free else []

    def _serial_faults(self, variant: Variant | None, values: cells.Values) -> list[Fault]:
        """Say what a variant with serial numbers does not allow: a count without them, a mark with pieces without."""
        said = values.plain
        numbered = said.get("serials", variant.serials if variant else False)
        before = self.stock.get((variant.sku, said.get("warehouse_id", 0)), (0, 0))[0] if variant else 0
        if numbered and said.get("on_hand", before) != before:
            return [Fault("on_hand", "serials_counted")]
        if variant is not None and numbered and not variant.serials and any(
            on_hand for (sku, _place), (on_hand, _free) in self.stock.items() if sku == variant.sku
        ):  # fmt: skip
            return [Fault("serials", "serials_stocked")]
        return []

    def _parts_faults(self, sku: str, variant: Variant | None, values: cells.Values) -> list[Fault]:
        counted = values.plain.get("on_hand", 0) > 0
        if self.made is None or not (values.parts or counted):
            return []
        said = made.read(values.parts) if values.parts else {}
        if isinstance(said, Fault):
            return [said]
        if counted and (said or (variant is not None and self.made.is_bundle(variant))):
            return [Fault("on_hand", "parts_on_hand")]
        return self.made.faults(sku, variant, said) if said else []

    def _put(self, verdict: Verdict, values: cells.Values) -> None:
        said = made.read(values.parts) if values.parts and self.made is not None else None
        if said is None or isinstance(said, Fault) or verdict.variant is None or self.made is None:
            return
        before = self.made.inside(verdict.variant) if verdict.variant.id else None
        if before != said:
            verdict.parts = said
            verdict.before["parts"], verdict.after["parts"] = before, said

    def _count(self, verdict: Verdict, values: cells.Values) -> None:
        said = values.plain
        if "on_hand" not in said or verdict.variant is None:
            return
        place = (verdict.variant.sku, said["warehouse_id"])
        on_hand, free = self.stock.get(place, (0, 0))
        if said["on_hand"] != on_hand:
            verdict.count = (said["warehouse_id"], said["on_hand"])
            verdict.before["stock"] = {"warehouse_id": said["warehouse_id"], "on_hand": on_hand}
            verdict.after["stock"] = {"warehouse_id": said["warehouse_id"], "on_hand": said["on_hand"]}
            self.stock[place] = (said["on_hand"], free + said["on_hand"] - on_hand)


def _fields(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _prices_of(variant: Variant) -> dict[str, int]:
    return {name: getattr(variant, name) for name in bands.PRICES}


def _band(prices: dict[str, int], currency: str) -> list[Fault]:
    found = bands.faults(
        wholesale=prices["wholesale_minor"], suggested=prices["suggested_minor"],
        floor=prices["floor_minor"], ceiling=prices["ceiling_minor"], currency=currency,
    )  # fmt: skip
    return [Fault(_FIELD[fault.field], fault.code, fault.params) for fault in found]


def _option_code(options: dict[str, Any], heading: str) -> str:
    """Give the key of the product's option that is called so, or the key it would get."""
    wanted = heading.strip().lower()
    for code, option in options.items():
        if wanted in (code.lower(), option.get("en", "").lower(), option.get("zh", "").lower()):
            return code
    return cells.code_of(heading)


def _with_options(options: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    merged = {code: {**option, "values": dict(option.get("values", {}))} for code, option in options.items()}
    for heading, text in said.items():
        code = _option_code(merged, heading)
        texts = {"en": heading, "zh": heading if cells.is_chinese(heading) else ""}
        option = merged.setdefault(code, {**texts, "values": {}})
        option["values"].setdefault(text, {"en": text, **({"zh": text} if cells.is_chinese(text) else {})})
    return merged


def _with_attributes(attributes: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    merged = {code: dict(attribute) for code, attribute in attributes.items()}
    for heading, text in said.items():
        code = _option_code(merged, heading)
        chinese = cells.is_chinese(text)
        known = merged.setdefault(
            code, {"en": heading, "zh": heading if cells.is_chinese(heading) else "", "value_en": "", "value_zh": ""}
        )
        known["value_zh" if chinese else "value_en"] = text
    return merged
