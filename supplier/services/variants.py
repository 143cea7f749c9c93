"""Variants: add, change many at once, withdraw, restore, bring into order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Company, Product, Variant
from supplier.selectors import lots
from supplier.services import bands, published, records, search

MAX_PER_PRODUCT = 200
MAX_WEIGHT_G = 2_000_000
MAX_WARRANTY_MONTHS = 240
_SKU = re.compile(r"[^\s\x00-\x1f/?#%\\]{1,60}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TINT = re.compile(r"#[0-9a-fA-F]{6}|[a-z-]{0,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSpec:
    """A variant to be made. Prices in minor units without tax; ``currency`` empty: the company's."""

    sku: str
    wholesale_minor: int
    suggested_minor: int
    floor_minor: int
    ceiling_minor: int
    currency: str = ""
    barcode: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    label_en: str = ""
    label_zh: str = ""
    tint: str = ""
    weight_g: int = 0
    serials: bool = False
    warranty_months: int | None = None


class VariantChanges(TypedDict, total=False):
    """What may be changed of a variant; its currency may not."""

    sku: str
    barcode: str
    options: dict[str, str]
    label_en: str
    label_zh: str
    tint: str
    wholesale_minor: int
    suggested_minor: int
    floor_minor: int
    ceiling_minor: int
    weight_g: int
    serials: bool
    warranty_months: int | None
    position: int


@transaction.atomic
def add(*, product_id: int, variants: Sequence[VariantSpec], actor_id: int | None = None) -> list[Variant]:
    """Add variants to a product, after those it has; all of them or none.

    :raises VariantsRefused: prices out of order, a SKU taken, options the product doesn't have.
    :raises NotFound: no such product.
    """
    product = _product(product_id)
    made = create(product, variants)
    search.index([product.id])
    skus = [variant.sku for variant in made]
    records.audit(actor_id, "variants.added", f"product:{product.id}", skus=skus)
    published.touch()
    return made


def create(product: Product, specs: Sequence[VariantSpec]) -> list[Variant]:
    """Write variants of a locked product. Call inside a transaction; index and publish afterwards.

    :raises VariantsRefused: see ``add``.
    """
    held = list(product.variants.all())
    if len(held) + len(specs) > MAX_PER_PRODUCT:
        raise Refused("too_many", _("A product has at most %(most)s variants."), most=MAX_PER_PRODUCT)
    start = max((variant.position for variant in held), default=-1) + 1
    fallback = company_currency()
    fresh = [
        Variant(
            product=product,
            sku=spec.sku,
            wholesale_minor=spec.wholesale_minor,
            suggested_minor=spec.suggested_minor,
            floor_minor=spec.floor_minor,
            ceiling_minor=spec.ceiling_minor,
            currency=(spec.currency or fallback).upper(),
            barcode=spec.barcode,
            options=dict(spec.options),
            label_en=spec.label_en,
            label_zh=spec.label_zh,
            tint=spec.tint,
            weight_g=spec.weight_g,
            serials=spec.serials,
            warranty_months=spec.warranty_months,
            position=start + offset,
        )
        for offset, spec in enumerate(specs)
    ]
    _check(product, fresh, {variant.sku for variant in held})
    return Variant.objects.bulk_create(fresh)


@transaction.atomic
def update(*, product_id: int, changes: Mapping[int, VariantChanges], actor_id: int | None = None) -> list[Variant]:
    """Change variants of one product by id; all of them or none. Give those that differ now.

    Every shop's price follows the new band at once: it is read live.

    :raises VariantsRefused: prices out of order, a SKU taken, options the product doesn't have.
    :raises NotFound: a variant that isn't this product's.
    """
    product = _product(product_id)
    variants = list(product.variants.select_for_update().order_by("id"))
    if set(changes) - {variant.id for variant in variants}:
        raise NotFound(field="variant")
    before: dict[str, dict[str, Any]] = {}
    changed = []
    for variant in variants:
        former = records.assign(variant, changes.get(variant.id, {}))
        if former:
            before[former.get("sku", variant.sku)] = former
            changed.append(variant)
    if not changed:
        return []
    _check(product, changed, {variant.sku for variant in variants if variant not in changed})
    _write(changed, sorted({name for former in before.values() for name in former}))
    search.index([product.id])
    records.audit(actor_id, "variants.changed", f"product:{product.id}", before=before)
    published.touch()
    return changed


def _write(variants: list[Variant], names: list[str]) -> None:
    for variant in variants:
        variant.updated_at = clock.now()
    Variant.objects.bulk_update(variants, [*names, "updated_at"])


@transaction.atomic
def withdraw(*, variant_ids: Sequence[int], actor_id: int | None = None) -> int:
    """Take variants out of all shops; give how many were on sale."""
    return _set_status(variant_ids, Variant.Status.ACTIVE, Variant.Status.WITHDRAWN, actor_id)


@transaction.atomic
def restore(*, variant_ids: Sequence[int], actor_id: int | None = None) -> int:
    """Put withdrawn variants back on sale; give how many were withdrawn."""
    return _set_status(variant_ids, Variant.Status.WITHDRAWN, Variant.Status.ACTIVE, actor_id)


def _set_status(variant_ids: Sequence[int], old: str, new: str, actor_id: int | None) -> int:
    changed = list(
        Variant.objects.select_for_update()
        .filter(id__in=variant_ids, status=old)
        .order_by("id")
        .values_list("sku", flat=True)
    )
    if changed:
        Variant.objects.filter(sku__in=changed).update(status=new, updated_at=clock.now())
        records.audit(actor_id, f"variants.{new}", "", skus=changed[:100], count=len(changed))
        published.touch()
    return len(changed)


def company_currency() -> str:
    """Give the currency S sells in."""
    return Company.objects.values_list("currency", flat=True).first() or "USD"


def _product(product_id: int) -> Product:
    product = Product.objects.select_for_update().filter(id=product_id).first()
    if product is None:
        raise NotFound(field="product")
    return product


def _check(product: Product, variants: list[Variant], other_skus: set[str]) -> None:
    """Refuse with everything that is wrong at once. Cleans the texts on the way."""
    found: list[tuple[str, str, str]] = []
    seen = set(other_skus)
    for variant in variants:
        found += [(variant.sku, *fault) for fault in _faults(product, variant)]
        if variant.sku in seen:
            found.append((variant.sku, "sku", _("This SKU is there twice.")))
        seen.add(variant.sku)
    elsewhere = Variant.objects.filter(sku__in=[variant.sku for variant in variants]).exclude(
        id__in=[variant.id for variant in variants if variant.id]
    )
    unnumbered = lots.unnumbered([variant.id for variant in variants if variant.id and variant.serials])
    found += [(each.sku, "serials", serials_text(unnumbered[each.id])) for each in variants if each.id in unnumbered]
    found += [
        (sku, "sku", _("This SKU belongs to another product."))
        for sku in elsewhere.exclude(product=product).values_list("sku", flat=True)
    ]
    if found:
        raise bands.VariantsRefused(found)


def serials_text(pieces: int) -> str:
    """Say why a variant can't be marked: so many of its pieces have no number."""
    text = ngettext(
        "%(n)s piece of it is in stock without a serial number. Sell or count it off, then set the mark.",
        "%(n)s pieces of it are in stock without a serial number. Sell or count them off, then set the mark.",
        pieces,
    )
    return text % {"n": pieces}


def _faults(product: Product, variant: Variant) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, longest in (("sku", 60), ("barcode", 32), ("label_en", 120), ("label_zh", 120)):
        try:
            setattr(variant, name, records.text(getattr(variant, name), name, longest, required=name == "sku"))
        except Refused as refusal:
            found.append((name, str(refusal)))
    if variant.sku and not _SKU.fullmatch(variant.sku):
        found.append(("sku", _("A SKU has no spaces and none of / ? # % \\.")))
    if not _CURRENCY.fullmatch(variant.currency):
        found.append(("currency", _("A currency has three letters, like USD.")))
    if not 0 <= variant.weight_g <= MAX_WEIGHT_G:
        found.append(("weight_g", _("Enter a weight between 0 and 2,000,000 g.")))
    if variant.warranty_months is not None and not 0 <= variant.warranty_months <= MAX_WARRANTY_MONTHS:
        found.append(("warranty_months", _("Enter 0 to 240 months, or nothing.")))
    if not _TINT.fullmatch(variant.tint):
        found.append(("tint", _("A colour is written like #3D6B57.")))
    if not 0 <= variant.position <= 32_000:
        found.append(("position", _("Enter a place between 0 and 32,000.")))
    found += _option_faults(product, variant)
    priced = bands.faults(
        wholesale=variant.wholesale_minor,
        suggested=variant.suggested_minor,
        floor=variant.floor_minor,
        ceiling=variant.ceiling_minor,
        currency=variant.currency,
    )
    return found + [(fault.field, fault.message) for fault in priced]


def _option_faults(product: Product, variant: Variant) -> list[tuple[str, str]]:
    found = []
    for code, value in variant.options.items():
        if value not in product.options.get(code, {}).get("values", {}):
            found.append(
                ("options", _("The product has no option “%(code)s: %(value)s”.") % {"code": code, "value": value})
            )
    return found
