"""The catalogue for an ERP or a product database: products by code, variants by SKU, read and written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Category, Media, Product, Variant
from supplier.selectors import catalogue as selectors
from supplier.services import bands, catalogue, variants
from supplier.services.variants import VariantSpec
from supplier.web.api import shapes_catalogue as shapes
from supplier.web.api.shapes_operations import described

_READ, _WRITE = "catalogue:read", "catalogue:write"


class Categories(APIView):
    """The category tree."""

    required_scopes = {"GET": _READ}

    @described("All categories, in the order of the tree", shapes.Categories)
    def get(self, request: Request) -> Response:
        nodes = selectors.tree()
        slugs = {node.category.path: node.category.slug for node in nodes}
        items = [
            {
                "slug": node.category.slug,
                "name_en": node.category.name_en,
                "name_zh": node.category.name_zh,
                "parent": slugs.get(node.category.path[: -Category.steplen]),
                "products": node.products,
            }
            for node in nodes
        ]
        return ground.answer(shapes.Categories, {"items": items})


class Products(ListAPIView):
    """Products with their variants."""

    required_scopes = {"GET": _READ, "POST": _WRITE}
    ordering = ("pk",)
    serializer_class = shapes.ProductOut
    queryset = Product.objects.none()

    @described("Products, by page", shapes.ProductOut(many=True), parameters=[shapes.ProductQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ground.query(shapes.ProductQuery, request)
        rows = _whole(Product.objects.all())
        if "status" in asked:
            rows = rows.filter(status=asked["status"])
        if "category" in asked:
            rows = selectors.in_categories(rows, [asked["category"]])
        if "q" in asked:
            rows = selectors.matching(rows, asked["q"])
        if "updated_since" in asked:
            rows = rows.filter(updated_at__gte=asked["updated_since"])
        page = self.paginate_queryset(rows)
        return self.get_paginated_response([shapes.ProductOut(_product(each)).data for each in page or ()])

    @described(
        "Add a product with its variants: all of it or nothing", shapes.ProductOut, body=shapes.ProductIn, status=201
    )
    @idempotent
    def post(self, request: Request) -> Response:
        told = ground.valid(shapes.ProductIn, request.data)
        with _pointed("/variants"):
            made = catalogue.create_product(
                specs=[_spec(each) for each in told.pop("variants")],
                on_sale=told.pop("status") == Product.Status.ACTIVE,
                **_fields(told),  # type: ignore[arg-type]
            )
        return ground.answer(shapes.ProductOut, _product(_find(made.code)), 201)


class OneProduct(APIView):
    """One product by its code."""

    required_scopes = {"GET": _READ, "PATCH": _WRITE}

    @described("One product", shapes.ProductOut)
    def get(self, request: Request, code: str) -> Response:
        return ground.answer(shapes.ProductOut, _product(_find(code)))

    @described(
        "Change a product: what is named; every shop shows it at once", shapes.ProductOut, body=shapes.ProductPatch
    )
    @idempotent
    def patch(self, request: Request, code: str) -> Response:
        told = ground.valid(shapes.ProductPatch, request.data)
        product = _find(code)
        status = told.pop("status", None)
        with _pointed(""):
            changed = catalogue.update_product(product_id=product.pk, **_fields(told))  # type: ignore[arg-type]
            if status is not None and status != changed.status:
                _set_status(changed, status)
        return ground.answer(shapes.ProductOut, _product(_find(changed.code)))


class VariantsOfProduct(APIView):
    """Variants are added to a product."""

    required_scopes = {"POST": _WRITE}

    @described("Add variants to a product: all or none", shapes.VariantsMade, body=shapes.VariantsIn, status=201)
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        told = ground.valid(shapes.VariantsIn, request.data)
        product = _find(code)
        with _pointed("/variants"):
            made = variants.add(product_id=product.pk, variants=[_spec(each) for each in told["variants"]])
        return ground.answer(shapes.VariantsMade, {"items": [_variant(each, product.code) for each in made]}, 201)


class Variants(ListAPIView):
    """Variants of all products."""

    required_scopes = {"GET": _READ}
    ordering = ("pk",)
    serializer_class = shapes.VariantOut
    queryset = Variant.objects.none()

    @described("Variants, by page", shapes.VariantOut(many=True), parameters=[shapes.VariantQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ground.query(shapes.VariantQuery, request)
        lookups = {
            "status": "status",
            "product": "product__code",
            "sku": "sku__startswith",
            "barcode": "barcode",
            "updated_since": "updated_at__gte",
        }
        rows = Variant.objects.select_related("product").filter(
            **{lookups[name]: value for name, value in asked.items()}
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(
            [shapes.VariantOut(_variant(each, each.product.code)).data for each in page or ()]
        )


class OneVariant(APIView):
    """One variant by its SKU."""

    required_scopes = {"GET": _READ, "PATCH": _WRITE}

    @described("One variant", shapes.VariantOut)
    def get(self, request: Request, sku: str) -> Response:
        variant = _by_sku(sku)
        return ground.answer(shapes.VariantOut, _variant(variant, variant.product.code))

    @described(
        "Change a variant: what is named; prices must stay in order", shapes.VariantOut, body=shapes.VariantPatch
    )
    @idempotent
    def patch(self, request: Request, sku: str) -> Response:
        told = ground.valid(shapes.VariantPatch, request.data)
        variant = _by_sku(sku)
        status = told.pop("status", None)
        with _pointed(""):
            variants.update(product_id=variant.product_id, changes={variant.pk: told})  # type: ignore[dict-item]
        if status == Variant.Status.ACTIVE:
            variants.restore(variant_ids=[variant.pk])
        elif status is not None:
            variants.withdraw(variant_ids=[variant.pk])
        changed = Variant.objects.select_related("product").get(pk=variant.pk)
        return ground.answer(shapes.VariantOut, _variant(changed, changed.product.code))


@contextmanager
def _pointed(base: str) -> Iterator[None]:
    """Turn the services' field names into pointers into what was sent."""
    try:
        yield
    except bands.VariantsRefused as refusal:
        refusal.params = {
            "fields": [{"sku": sku, "field": f"{base}/{name}", "message": text} for sku, name, text in refusal.faults]
        }
        refusal.field = f"{base}/{refusal.field}"
        raise
    except Refused as refusal:
        if refusal.field and not refusal.field.startswith("/"):
            refusal.field = f"/{refusal.field}"
        raise


def _set_status(product: Product, status: str) -> None:
    outcome = catalogue.set_status(product_ids=[product.pk], status=status)
    if outcome.refused:
        raise Refused("state", outcome.refused[0][1], field="/status", status=409)


def _whole(rows: QuerySet[Product]) -> QuerySet[Product]:
    return rows.select_related("category").prefetch_related(
        Prefetch("variants", Variant.objects.order_by("position", "id")),
        Prefetch("media", Media.objects.select_related("variant").order_by("position", "id")),
    )


def _find(code: str) -> Product:
    product = _whole(Product.objects.filter(code=code)).first()
    if product is None:
        raise NotFound
    return product


def _by_sku(sku: str) -> Variant:
    variant = Variant.objects.select_related("product").filter(sku=sku).first()
    if variant is None:
        raise NotFound
    return variant


def _fields(told: dict[str, Any]) -> dict[str, Any]:
    """Give what was sent as the service names it."""
    values = dict(told)
    if "category" in values:
        slug = values.pop("category")
        category = Category.objects.filter(slug=slug).first()
        if category is None:
            raise Refused("category", _("There is no category “%(slug)s”.") % {"slug": slug}, field="/category")
        values["category_id"] = category.pk
    if "options" in values:
        values["options"] = {
            each["code"]: {
                "en": each["en"],
                "zh": each["zh"],
                "values": {
                    value["value"]: {name: value[name] for name in ("en", "zh", "tint") if value[name]}
                    for value in each["values"]
                },
            }
            for each in values["options"]
        }
    if "attributes" in values:
        values["attributes"] = {
            each["code"]: {name: each[name] for name in ("en", "zh", "value_en", "value_zh")}
            for each in values["attributes"]
        }
    return values


def _spec(told: dict[str, Any]) -> VariantSpec:
    return VariantSpec(**told)


def _product(product: Product) -> dict[str, Any]:
    names = (
        "code",
        "slug",
        "status",
        "name_en",
        "name_zh",
        "summary_en",
        "summary_zh",
        "text_en",
        "text_zh",
        "brand",
        "created_at",
        "updated_at",
    )
    return {
        **{name: getattr(product, name) for name in names},
        "category": product.category.slug,
        "options": [
            {
                "code": code,
                "en": option.get("en", ""),
                "zh": option.get("zh", ""),
                "values": [
                    {"value": value, **{name: words.get(name, "") for name in ("en", "zh", "tint")}}
                    for value, words in option.get("values", {}).items()
                ],
            }
            for code, option in product.options.items()
        ],
        "attributes": [
            {"code": code, **{name: words.get(name, "") for name in ("en", "zh", "value_en", "value_zh")}}
            for code, words in product.attributes.items()
        ],
        "pictures": [
            {
                "url": default_storage.url(medium.file),
                "width": medium.width,
                "height": medium.height,
                "alt_en": medium.alt_en,
                "alt_zh": medium.alt_zh,
                "variant": medium.variant.sku if medium.variant else None,
            }
            for medium in product.media.all()
        ],
        "variants": [_variant(each, product.code) for each in product.variants.all()],
    }


def _variant(variant: Variant, code: str) -> dict[str, Any]:
    names = [name for name in shapes.VariantOut._declared_fields if name != "product"]
    return {**{name: getattr(variant, name) for name in names}, "product": code}
