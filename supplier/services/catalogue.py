"""Products: create, change, put on sale, withdraw, restore."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Category, Product, Variant
from supplier.services import published, records, search, slugs, variants
from supplier.services.variants import VariantSpec

_CODE = re.compile(r"[^\s\x00-\x1f/?#%\\]{1,40}")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LENGTHS = {
    "name_en": 160,
    "name_zh": 160,
    "summary_en": 240,
    "summary_zh": 240,
    "text_en": 20_000,
    "text_zh": 20_000,
    "brand": 80,
    "plate": 30,
}
_S = Product.Status
TRANSITIONS: dict[str, frozenset[str]] = {
    _S.DRAFT: frozenset({_S.ACTIVE}),
    _S.ACTIVE: frozenset({_S.WITHDRAWN, _S.DRAFT}),
    _S.WITHDRAWN: frozenset({_S.ACTIVE}),
}


class ProductChanges(TypedDict, total=False):
    """What may be changed of a product; status has functions of its own, variants a module."""

    code: str
    category_id: int
    name_en: str
    name_zh: str
    summary_en: str
    summary_zh: str
    text_en: str
    text_zh: str
    brand: str
    options: dict[str, Any]
    attributes: dict[str, Any]
    plate: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of many products: ids done, and ``(id, why)`` for those left as they were."""

    done: list[int]
    refused: list[tuple[int, str]]


@transaction.atomic
def create_product(
    *,
    code: str,
    category_id: int,
    name_en: str,
    name_zh: str = "",
    summary_en: str = "",
    summary_zh: str = "",
    text_en: str = "",
    text_zh: str = "",
    brand: str = "",
    options: dict[str, Any] | None = None,
    attributes: dict[str, Any] | None = None,
    plate: str = "",
    specs: Sequence[VariantSpec] = (),
    on_sale: bool = False,
    actor_id: int | None = None,
) -> Product:
    """Write a product with its variants, as a draft or, with ``on_sale``, active at once.

    :raises Refused: a text, the code, an option or attribute is not as it must be, or the code is taken.
    :raises VariantsRefused: a variant can't be written. Nothing is.
    """
    values = _clean(
        {
            "code": code,
            "category_id": category_id,
            "name_en": name_en,
            "name_zh": name_zh,
            "summary_en": summary_en,
            "summary_zh": summary_zh,
            "text_en": text_en,
            "text_zh": text_zh,
            "brand": brand,
            "options": options or {},
            "attributes": attributes or {},
            "plate": plate,
        }
    )
    slug = slugs.assign(Product, [(values["name_en"], values["code"])], length=120)[0]
    product = _insert(Product(slug=slug, **values))
    variants.create(product, specs)
    search.index([product.id])
    records.audit(actor_id, "product.created", f"product:{product.id}", code=product.code)
    if on_sale:
        _step(product, _S.ACTIVE)
    published.touch()
    return product


def _insert(product: Product) -> Product:
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(error) from error
    return product


def _taken(error: IntegrityError) -> Refused:
    """Say which unique value somebody else took; anything else is a bug and rises."""
    if "supplier_product_code" in str(error):
        return Refused("code_taken", _("Another product has this code."), field="code", status=409)
    if "supplier_product_slug" in str(error):
        return Refused("busy", _("Somebody saved a product of this name just now. Please save again."), status=409)
    raise error


@transaction.atomic
def update_product(*, product_id: int, actor_id: int | None = None, **changes: Unpack[ProductChanges]) -> Product:
    """Change a product's own fields; the slug stays, so that links stay good.

    :raises Refused: as ``create_product``; also when an option that variants use would go.
    """
    product = get(product_id)
    values = _clean(dict(changes))
    if "options" in values:
        _keep_used_options(product, values["options"])
    before = records.assign(product, values)
    if not before:
        return product
    try:
        with transaction.atomic():
            product.save(update_fields=[*before, "updated_at"])
    except IntegrityError as error:
        raise _taken(error) from error
    search.index([product.id])
    records.audit(actor_id, "product.changed", f"product:{product.id}", before=before)
    published.touch()
    return product


def _keep_used_options(product: Product, options: dict[str, Any]) -> None:
    for variant in product.variants.all():
        for code, value in variant.options.items():
            if value not in options.get(code, {}).get("values", {}):
                raise Refused(
                    "option_in_use",
                    _("“%(value)s” is used by %(sku)s."),
                    field="options",
                    value=value,
                    sku=variant.sku,
                )


def activate(*, product_id: int, actor_id: int | None = None) -> Product:
    """Put a draft on sale. :raises Refused: it has no active variant, or isn't a draft."""
    return _one(product_id, (_S.DRAFT,), _S.ACTIVE, actor_id)


def withdraw(*, product_id: int, actor_id: int | None = None) -> Product:
    """Take a product out of every shop, at once. :raises StateRefused: it isn't on sale."""
    return _one(product_id, (_S.ACTIVE,), _S.WITHDRAWN, actor_id)


def restore(*, product_id: int, actor_id: int | None = None) -> Product:
    """Put a withdrawn product back on sale. :raises StateRefused: it isn't withdrawn."""
    return _one(product_id, (_S.WITHDRAWN,), _S.ACTIVE, actor_id)


@transaction.atomic
def _one(product_id: int, old: tuple[str, ...], new: str, actor_id: int | None) -> Product:
    product = get(product_id)
    if product.status == new:
        return product
    if product.status not in old:
        raise StateRefused()
    _step(product, new)
    records.audit(actor_id, f"product.{new}", f"product:{product.id}", code=product.code)
    published.touch()
    return product


def _step(product: Product, new: str) -> None:
    if new not in TRANSITIONS[product.status]:
        raise StateRefused()
    if new == _S.ACTIVE and not product.variants.filter(status=Variant.Status.ACTIVE).exists():
        raise StateRefused("no_variant", _("Add a variant before you put it on sale."))
    product.status = new
    product.save(update_fields=["status", "updated_at"])


@transaction.atomic
def set_status(*, product_ids: Iterable[int], status: str, actor_id: int | None = None) -> Outcome:
    """Bring many products into a status, each if its own allows it; two statements for any number.

    :raises Refused: no such status.
    """
    if status not in _S.values:
        raise Refused("status", _("There is no such status."), field="status")
    sellable = Variant.objects.filter(product=OuterRef("id"), status=Variant.Status.ACTIVE)
    found = (
        Product.objects.select_for_update(of=("self",))
        .filter(id__in=list(product_ids))
        .order_by("id")
        .annotate(sellable=Exists(sellable))
        .values_list("id", "status", "sellable")
    )
    done, refused = [], []
    for product_id, old, has_variant in found:
        if old == status:
            continue
        if status not in TRANSITIONS[old]:
            refused.append((product_id, str(StateRefused.message)))
        elif status == _S.ACTIVE and not has_variant:
            refused.append((product_id, str(_("Add a variant before you put it on sale."))))
        else:
            done.append(product_id)
    if done:
        Product.objects.filter(id__in=done).update(status=status, updated_at=clock.now())
        records.audit(actor_id, f"products.{status}", "", count=len(done), ids=done[:200])
        published.touch()
    return Outcome(done, refused)


@transaction.atomic
def set_category(*, product_ids: Iterable[int], category_id: int, actor_id: int | None = None) -> int:
    """Put many products into a category; give how many were elsewhere."""
    if not Category.objects.filter(id=category_id).exists():
        raise NotFound(field="category")
    moved = (
        Product.objects.filter(id__in=list(product_ids))
        .exclude(category_id=category_id)
        .update(category_id=category_id, updated_at=clock.now())
    )
    if moved:
        records.audit(actor_id, "products.moved", f"category:{category_id}", count=moved)
        published.touch()
    return moved


def get(product_id: int) -> Product:
    """Give a product, locked. Call inside a transaction. :raises NotFound:"""
    product = Product.objects.select_for_update().filter(id=product_id).first()
    if product is None:
        raise NotFound(field="product")
    return product


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """Check what is given, field by field, and give it tidied."""
    clean = dict(values)
    for name, longest in _LENGTHS.items():
        if name in values:
            clean[name] = records.text(values[name], name, longest, required=name == "name_en")
    if "code" in values:
        clean["code"] = records.text(values["code"], "code", 40, required=True)
        if not _CODE.fullmatch(clean["code"]):
            raise Refused("code", _("A code has no spaces and none of / ? # % \\."), field="code")
    if "category_id" in values and not Category.objects.filter(id=values["category_id"]).exists():
        raise Refused("category", _("Choose a category."), field="category")
    if "options" in values:
        clean["options"] = _clean_options(values["options"])
    if "attributes" in values:
        clean["attributes"] = _clean_attributes(values["attributes"])
    return clean


def _clean_options(options: dict[str, Any]) -> dict[str, Any]:
    if len(options) > 3:
        raise Refused("options", _("A product has at most three options."), field="options")
    clean = {}
    for code, option in options.items():
        _check_key(code, "options")
        values = {}
        for value, texts in option.get("values", {}).items():
            values[records.text(value, "options", 40, required=True)] = {
                name: records.text(texts.get(name, ""), "options", 60)
                for name in ("en", "zh", "tint")
                if texts.get(name)
            }
        clean[code] = {
            "en": records.text(option.get("en", ""), "options", 40, required=True),
            "zh": records.text(option.get("zh", ""), "options", 40),
            "values": values,
        }
    return clean


def _clean_attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    if len(attributes) > 40:
        raise Refused("attributes", _("A product has at most 40 attributes."), field="attributes")
    clean = {}
    for code, attribute in attributes.items():
        _check_key(code, "attributes")
        clean[code] = {
            "en": records.text(attribute.get("en", ""), "attributes", 60, required=True),
            "zh": records.text(attribute.get("zh", ""), "attributes", 60),
            "value_en": records.text(attribute.get("value_en", ""), "attributes", 500),
            "value_zh": records.text(attribute.get("value_zh", ""), "attributes", 500),
        }
    return clean


def _check_key(code: str, field: str) -> None:
    if not _KEY.fullmatch(code):
        raise Refused("key", _("“%(key)s” can't be a key: use a–z, 0–9 and -."), field=field, key=code[:40])
