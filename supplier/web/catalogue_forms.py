"""Forms of the catalogue: they read what was typed; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local, pick
from supplier.models import Product, Variant
from supplier.selectors import catalogue as selectors
from supplier.services.variants import VariantChanges, VariantSpec

PRICES = ("wholesale", "floor", "suggested", "ceiling")
_TWO_LINES = forms.Textarea(attrs={"rows": 2})


def category_choices() -> list[tuple[int, str]]:
    """Give the tree as indented choices."""
    return [(node.category.id, "\u2003" * node.indent + local(node.category, "name")) for node in selectors.tree()]


class ProductForm(forms.Form):
    """A product's own fields in both languages."""

    code = forms.CharField(label=_("Code"), max_length=40)
    category = forms.TypedChoiceField(label=_("Category"), coerce=int)
    brand = forms.CharField(label=_("Brand"), max_length=80, required=False)
    plate = forms.CharField(label=_("Drawn plate"), max_length=30, required=False)
    name_en = forms.CharField(label=_("Name"), max_length=160)
    name_zh = forms.CharField(label="名称", max_length=160, required=False)
    summary_en = forms.CharField(label=_("Short text"), max_length=240, required=False, widget=_TWO_LINES)
    summary_zh = forms.CharField(label="简介", max_length=240, required=False, widget=_TWO_LINES)
    text_en = forms.CharField(
        label=_("Long text"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    text_zh = forms.CharField(
        label="详细描述", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "–"), *category_choices()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Give the fields as the service names them."""
        values = dict(self.cleaned_data)
        values["category_id"] = values.pop("category")
        return values

    @classmethod
    def of(cls, product: Product) -> ProductForm:
        """Give the form filled with a product."""
        names = ("code", "brand", "plate", "name_en", "name_zh", "summary_en", "summary_zh", "text_en", "text_zh")
        return cls(initial={"category": product.category_id, **{name: getattr(product, name) for name in names}})


class CategoryForm(forms.Form):
    """A category's names and where it hangs."""

    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    parent = forms.TypedChoiceField(label=_("Below"), coerce=int, required=False, empty_value=None)
    plate = forms.CharField(label=_("Drawn plate"), max_length=30, required=False)
    warranty_months = forms.IntegerField(
        label=_("Warranty, months"), min_value=0, max_value=240, required=False,
        help_text=_("Of its variants that say nothing else; for what is sold from now on"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("Top level")), *category_choices()]  # type: ignore[attr-defined]


class PictureForm(forms.Form):
    """A picture with its words."""

    file = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
    alt_en = forms.CharField(label=_("What it shows, English"), max_length=160, required=False)
    alt_zh = forms.CharField(label=_("What it shows, Chinese"), max_length=160, required=False)


def attributes(data: QueryDict, known: dict[str, Any]) -> dict[str, Any]:
    """Read attributes: known ones by key, a new one by its label; one without a value is left out."""
    found: dict[str, Any] = {}
    for code, attribute in known.items():
        values = {name: data.get(f"attr-{code}-{name}", "").strip() for name in ("value_en", "value_zh")}
        if any(values.values()):
            found[code] = {**attribute, **values}
    labels = {name: data.get(f"attr--{name}", "").strip() for name in ("en", "zh", "value_en", "value_zh")}
    if any(labels.values()):
        label = labels["en"] or labels["zh"]
        found[_key(label, found)] = {**labels, "en": label}
    return found


def options(data: QueryDict, known: dict[str, Any]) -> dict[str, Any]:
    """Read options and their values; one without a name, or a value without a text, is left out."""
    found: dict[str, Any] = {}
    for code in [*known, ""]:
        texts = {name: data.get(f"opt-{code}-{name}", "").strip() for name in ("en", "zh")}
        if not texts["en"] and not texts["zh"]:
            continue
        before = known.get(code, {}).get("values", {})
        values: dict[str, Any] = {}
        for index in range(len(before) + 6):
            words = {name: data.get(f"opt-{code}-{index}-{name}", "").strip() for name in ("key", "en", "zh", "tint")}
            text = words["en"] or words["zh"]
            if text:
                key = words["key"] if words["key"] in before else text
                values[key] = {name: word for name, word in words.items() if name != "key" and word}
        found[code or _key(texts["en"] or texts["zh"], found)] = {
            **texts,
            "en": texts["en"] or texts["zh"],
            "values": values,
        }
    return found


def _key(label: str, taken: dict[str, Any]) -> str:
    base = slugify(label)[:36] or "option"
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 99))) if key not in taken)


class Grid:
    """The spreadsheet of variants: what was typed per cell, what changes, what is wrong with a cell."""

    TEXTS = ("sku", "barcode", "label_en", "label_zh")

    def __init__(self, product: Product, data: QueryDict | None = None) -> None:
        self.product = product
        self.data = data
        self.faults: dict[tuple[int, str], str] = {}
        self.general: list[str] = []

    def read(self) -> tuple[dict[int, VariantChanges], list[int], list[int]]:
        """Give the changes by variant, and the ids to withdraw and to restore.

        Cells that can't be read are in ``faults``.
        """
        assert self.data is not None
        changes: dict[int, VariantChanges] = {}
        withdrawn, restored = [], []
        for variant in self.product.variants.all():
            if f"v-{variant.id}-sku" not in self.data:
                continue
            changed = self._row(variant)
            if changed:
                changes[variant.id] = changed
            is_on = f"v-{variant.id}-on" in self.data
            if is_on != (variant.status == Variant.Status.ACTIVE):
                (restored if is_on else withdrawn).append(variant.id)
        return changes, withdrawn, restored

    def _row(self, variant: Variant) -> VariantChanges:
        changed: dict[str, Any] = {}
        for name in self.TEXTS:
            text = self.cell(variant, name).strip()
            if f"v-{variant.id}-{name}" in (self.data or {}) and text != getattr(variant, name):
                changed[name] = text
        for name in PRICES:
            amount = self._number(variant, name, lambda text: money.parse_amount(text, variant.currency))
            if amount is not None and amount != getattr(variant, f"{name}_minor"):
                changed[f"{name}_minor"] = amount
        weight = self._number(variant, "weight_g", _whole)
        if weight is not None and weight != variant.weight_g:
            changed["weight_g"] = weight
        months = self.cell(variant, "warranty_months").strip()
        if months != self.stored(variant, "warranty_months"):
            changed["warranty_months"] = self._months(variant, months)
        if f"v-{variant.id}-serials-asked" in (self.data or {}) and self.numbered(variant) != variant.serials:
            changed["serials"] = not variant.serials
        return changed  # type: ignore[return-value]

    def _months(self, variant: Variant, text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 4):
            self.faults[variant.id, "warranty_months"] = str(_("Enter 0 to 240 months, or nothing."))
            return None
        return int(text) if text else None

    def numbered(self, variant: Variant) -> bool:
        """Say whether its pieces have serial numbers: what was ticked, else what is stored."""
        asked = self.data is not None and f"v-{variant.id}-serials-asked" in self.data
        return f"v-{variant.id}-serials" in self.data if asked and self.data is not None else variant.serials

    def _number(self, variant: Variant, name: str, read: Any) -> int | None:
        try:
            return int(read(self.cell(variant, name)))
        except Refused as refusal:
            self.faults[variant.id, name] = str(refusal)
            return None

    def cell(self, variant: Variant, name: str) -> str:
        """Give what stands in a cell: what was typed, else what is stored."""
        stored = self.stored(variant, name)
        return self.data.get(f"v-{variant.id}-{name}", stored) if self.data is not None else stored

    @staticmethod
    def stored(variant: Variant, name: str) -> str:
        if name in PRICES:
            return f"{money.to_decimal(getattr(variant, f'{name}_minor'), variant.currency):f}"
        value = getattr(variant, name)
        return "" if value is None else str(value)

    def refuse(self, found: list[tuple[str, str, str]]) -> None:
        """Put the services' faults, by SKU, onto cells."""
        by_sku = {self.cell(variant, "sku").strip(): variant.id for variant in self.product.variants.all()}
        for sku, name, message in found:
            if sku in by_sku:
                self.faults[by_sku[sku], name.removesuffix("_minor")] = message
            else:
                self.general.append(message)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Give ``(SKU, what is wrong)`` for the line below the grid."""
        skus = {variant.id: variant.sku for variant in self.product.variants.all()}
        return [(skus[variant_id], message) for (variant_id, _name), message in self.faults.items()] + [
            ("", message) for message in self.general
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Give the rows as the template draws them."""
        free = selectors.free_by_variant(self.product.id)
        return [
            {
                "variant": variant,
                "free": free.get(variant.id, 0),
                "options": _options(self.product, variant.options),
                "serials": self.numbered(variant),
                "serials_fault": self.faults.get((variant.id, "serials"), ""),
                "on": f"v-{variant.id}-on" in self.data
                if self.data is not None
                else variant.status == Variant.Status.ACTIVE,
                "cells": {
                    name: self._drawn(variant, name) for name in (*self.TEXTS, *PRICES, "weight_g", "warranty_months")
                },
            }
            for variant in self.product.variants.all()
        ]

    def _drawn(self, variant: Variant, name: str) -> dict[str, Any]:
        value, stored = self.cell(variant, name), self.stored(variant, name)
        fault = self.faults.get((variant.id, name), "")
        return {
            "value": value,
            "stored": stored,
            "fault": fault,
            "css": "bad" if fault else "chg" if value != stored else "",
        }


def _options(product: Product, chosen: dict[str, str]) -> list[dict[str, str]]:
    """Give what a variant is of each option, in the order of the product's options."""
    codes = [
        *(code for code in product.options if code in chosen),
        *(code for code in chosen if code not in product.options),
    ]
    return [_option(product, code, chosen[code]) for code in codes]


def _option(product: Product, code: str, value: str) -> dict[str, str]:
    texts = product.options.get(code, {}).get("values", {}).get(value, {})
    return {"word": pick(texts) or value, "tint": texts.get("tint", "")}


def _whole(text: str) -> int:
    cleaned = text.strip().removesuffix("g").replace(",", "").strip()
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 9:
        raise Refused("whole", _("Enter whole grams."))
    return int(cleaned)


class NewVariants:
    """Rows for new variants: one per missing combination of options, or a single one."""

    NAMES = ("sku", "barcode", *PRICES, "weight_g")

    def __init__(self, product: Product, currency: str, data: QueryDict | None = None) -> None:
        self.product, self.data = product, data
        has_options = any(option.get("values") for option in product.options.values())
        self.combinations = selectors.combinations(product)[:60] or ([] if has_options else [{}])
        variants = list(product.variants.all())
        self.like = variants[-1] if variants else None
        self.currency = self.like.currency if self.like else currency
        self.faults: dict[tuple[int, str], str] = {}

    def read(self) -> list[VariantSpec]:
        """Give the ticked rows. Cells that can't be read are in ``faults``."""
        assert self.data is not None
        specs = []
        for index, chosen in enumerate(self.combinations):
            if f"n-{index}-on" not in self.data:
                continue
            amounts = {name: self._amount(index, name) for name in PRICES}
            weight = self._read(index, "weight_g", _whole)
            specs.append(
                VariantSpec(
                    sku=self.cell(index, "sku").strip(),
                    barcode=self.cell(index, "barcode").strip(),
                    currency=self.currency,
                    options=chosen,
                    label_en=self._label(chosen, "en"),
                    label_zh=self._label(chosen, "zh"),
                    tint=self._tint(chosen),
                    weight_g=weight,
                    serials=f"n-{index}-serials" in self.data,
                    wholesale_minor=amounts["wholesale"],
                    floor_minor=amounts["floor"],
                    suggested_minor=amounts["suggested"],
                    ceiling_minor=amounts["ceiling"],
                )
            )
        return specs

    def _amount(self, index: int, name: str) -> int:
        return self._read(index, name, lambda text: money.parse_amount(text, self.currency))

    def _read(self, index: int, name: str, read: Any) -> int:
        try:
            return int(read(self.cell(index, name)))
        except Refused as refusal:
            self.faults[index, name] = str(refusal)
            return 0

    def cell(self, index: int, name: str) -> str:
        if self.data is not None:
            return self.data.get(f"n-{index}-{name}", "")
        if name == "sku":
            parts = [
                self.product.code,
                *(slugify(value).upper() or str(index + 1) for value in self.combinations[index].values()),
            ]
            return "-".join(parts)[:60]
        if name == "barcode":
            return ""
        return Grid.stored(self.like, name) if self.like else "0" if name == "weight_g" else ""

    def refuse(self, found: list[tuple[str, str, str]]) -> list[str]:
        """Put the service's faults onto cells; give those that belong to none."""
        by_sku = {self.cell(index, "sku").strip(): index for index in range(len(self.combinations))}
        for sku, name, message in found:
            if sku in by_sku:
                self.faults[by_sku[sku], name.removesuffix("_minor")] = message
        return [message for sku, _name, message in found if sku not in by_sku]

    @property
    def messages(self) -> list[tuple[str, str]]:
        return [(self.cell(index, "sku"), message) for (index, _name), message in self.faults.items()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Give the rows as the template draws them."""
        single = len(self.combinations) == 1
        return [
            {
                "index": index,
                "options": _options(self.product, chosen),
                "on": f"n-{index}-on" in self.data if self.data is not None else single,
                "serials": f"n-{index}-serials" in self.data
                if self.data is not None
                else bool(self.like and self.like.serials),
                "cells": {
                    name: {
                        "value": self.cell(index, name),
                        "fault": self.faults.get((index, name), ""),
                        "css": "bad" if (index, name) in self.faults else "",
                    }
                    for name in self.NAMES
                },
            }
            for index, chosen in enumerate(self.combinations)
        ]

    def _label(self, chosen: dict[str, str], language: str) -> str:
        texts = [self.product.options[code]["values"][value] for code, value in chosen.items()]
        if language == "zh" and not any(text.get("zh") for text in texts):
            return ""
        return ", ".join(text.get(language) or text.get("en", "") for text in texts)[:120]

    def _tint(self, chosen: dict[str, str]) -> str:
        tints = (self.product.options[code]["values"][value].get("tint", "") for code, value in chosen.items())
        return next(filter(None, tints), "")
