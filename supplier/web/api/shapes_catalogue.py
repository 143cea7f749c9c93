"""What goes in and comes out of the API for the catalogue, as drf-spectacular writes it down."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from s2b2c.kernel.money import MAX_MINOR
from supplier.models import Product, Variant

MOST_VARIANTS = 100
_MINOR: dict[str, Any] = {"min_value": 0, "max_value": MAX_MINOR}
_CODE: dict[str, Any] = {"max_length": 60, "trim_whitespace": False}


class CategoryOut(s.Serializer[Any]):
    slug = s.CharField()
    name_en = s.CharField()
    name_zh = s.CharField()
    parent = s.CharField(allow_null=True, help_text="Slug of the category above.")  # type: ignore[assignment]
    products = s.IntegerField(help_text="Its own, without those below.")


class Categories(s.Serializer[Any]):
    items = CategoryOut(many=True)


class OptionValue(s.Serializer[Any]):
    value = s.CharField(max_length=40, help_text="What variants name.")
    en = s.CharField(max_length=60, required=False, allow_blank=True, default="")
    zh = s.CharField(max_length=60, required=False, allow_blank=True, default="")
    tint = s.CharField(max_length=20, required=False, allow_blank=True, default="")


class Option(s.Serializer[Any]):
    code = s.RegexField(r"\A[a-z0-9][a-z0-9_-]{0,39}\Z")
    en = s.CharField(max_length=40)
    zh = s.CharField(max_length=40, required=False, allow_blank=True, default="")
    values = OptionValue(many=True, max_length=100)  # type: ignore[assignment, call-arg]


class Attribute(s.Serializer[Any]):
    code = s.RegexField(r"\A[a-z0-9][a-z0-9_-]{0,39}\Z")
    en = s.CharField(max_length=60)
    zh = s.CharField(max_length=60, required=False, allow_blank=True, default="")
    value_en = s.CharField(max_length=500, required=False, allow_blank=True, default="")
    value_zh = s.CharField(max_length=500, required=False, allow_blank=True, default="")


class Picture(s.Serializer[Any]):
    url = s.CharField()
    width = s.IntegerField()
    height = s.IntegerField()
    alt_en = s.CharField()
    alt_zh = s.CharField()
    variant = s.CharField(allow_null=True, help_text="SKU, if it shows one variant.")


class VariantOut(s.Serializer[Any]):
    sku = s.CharField()
    product = s.CharField(help_text="Code.")
    barcode = s.CharField()
    options = s.DictField(child=s.CharField())
    label_en = s.CharField()
    label_zh = s.CharField()
    tint = s.CharField()
    currency = s.CharField()
    wholesale_minor = s.IntegerField()
    floor_minor = s.IntegerField(help_text="No shop sells below it.")
    suggested_minor = s.IntegerField()
    ceiling_minor = s.IntegerField(help_text="No shop sells above it.")
    weight_g = s.IntegerField()
    serials = s.BooleanField(help_text="Each piece has a serial number.")
    warranty_months = s.IntegerField(allow_null=True, help_text="null: that of its category.")
    position = s.IntegerField()
    status = s.ChoiceField(Variant.Status.choices)
    updated_at = s.DateTimeField()


class ProductOut(s.Serializer[Any]):
    code = s.CharField()
    slug = s.CharField()
    status = s.ChoiceField(Product.Status.choices)
    category = s.CharField(help_text="Slug.")
    name_en = s.CharField()
    name_zh = s.CharField()
    summary_en = s.CharField()
    summary_zh = s.CharField()
    text_en = s.CharField()
    text_zh = s.CharField()
    brand = s.CharField()
    options = Option(many=True)
    attributes = Attribute(many=True)
    pictures = Picture(many=True)
    variants = VariantOut(many=True)
    created_at = s.DateTimeField()
    updated_at = s.DateTimeField()


class ProductQuery(s.Serializer[Any]):
    status = s.ChoiceField(Product.Status.choices, required=False)
    category = s.CharField(required=False, max_length=80, help_text="Slug; categories below it count too.")
    q = s.CharField(required=False, max_length=100, help_text="In names, brand, code, SKUs and short texts.")
    updated_since = s.DateTimeField(required=False)


class VariantQuery(s.Serializer[Any]):
    status = s.ChoiceField(Variant.Status.choices, required=False)
    product = s.CharField(required=False, max_length=40, help_text="Code.")
    sku = s.CharField(required=False, max_length=60, help_text="Only SKUs that begin so.")
    barcode = s.CharField(required=False, max_length=32)
    updated_since = s.DateTimeField(required=False)


class VariantIn(s.Serializer[Any]):
    sku = s.CharField(**_CODE)
    barcode = s.CharField(max_length=32, required=False, allow_blank=True, default="")
    options = s.DictField(child=s.CharField(max_length=40), required=False, default=dict)
    label_en = s.CharField(max_length=120, required=False, allow_blank=True, default="")
    label_zh = s.CharField(max_length=120, required=False, allow_blank=True, default="")
    tint = s.CharField(max_length=20, required=False, allow_blank=True, default="")
    currency = s.RegexField(
        r"\A[A-Z]{3}\Z", required=False, help_text="The supplier's own unless given; never changed later."
    )
    wholesale_minor = s.IntegerField(**_MINOR)
    floor_minor = s.IntegerField(**_MINOR)
    suggested_minor = s.IntegerField(**_MINOR)
    ceiling_minor = s.IntegerField(**_MINOR)
    weight_g = s.IntegerField(min_value=0, max_value=2_000_000, required=False, default=0)
    serials = s.BooleanField(required=False, default=False, help_text="Each piece has a serial number.")
    warranty_months = s.IntegerField(min_value=0, max_value=240, required=False, allow_null=True, default=None)


class VariantsIn(s.Serializer[Any]):
    variants = VariantIn(many=True, allow_empty=False, max_length=MOST_VARIANTS)  # type: ignore[call-arg]


class VariantsMade(s.Serializer[Any]):
    items = VariantOut(many=True)


class VariantPatch(s.Serializer[Any]):
    """Only what is named is changed."""

    sku = s.CharField(required=False, **_CODE)
    barcode = s.CharField(max_length=32, required=False, allow_blank=True)
    options = s.DictField(child=s.CharField(max_length=40), required=False)
    label_en = s.CharField(max_length=120, required=False, allow_blank=True)
    label_zh = s.CharField(max_length=120, required=False, allow_blank=True)
    tint = s.CharField(max_length=20, required=False, allow_blank=True)
    wholesale_minor = s.IntegerField(required=False, **_MINOR)
    floor_minor = s.IntegerField(required=False, **_MINOR)
    suggested_minor = s.IntegerField(required=False, **_MINOR)
    ceiling_minor = s.IntegerField(required=False, **_MINOR)
    weight_g = s.IntegerField(min_value=0, max_value=2_000_000, required=False)
    warranty_months = s.IntegerField(min_value=0, max_value=240, required=False, allow_null=True)
    serials = s.BooleanField(required=False, help_text="Only where no piece is in stock without a number.")
    position = s.IntegerField(min_value=0, max_value=32_000, required=False)
    status = s.ChoiceField(Variant.Status.choices, required=False)


class ProductPatch(s.Serializer[Any]):
    """Only what is named is changed; options and attributes as a whole."""

    code = s.CharField(max_length=40, required=False, trim_whitespace=False)
    category = s.CharField(max_length=80, required=False, help_text="Slug.")
    name_en = s.CharField(max_length=160, required=False)
    name_zh = s.CharField(max_length=160, required=False, allow_blank=True)
    summary_en = s.CharField(max_length=240, required=False, allow_blank=True)
    summary_zh = s.CharField(max_length=240, required=False, allow_blank=True)
    text_en = s.CharField(max_length=20_000, required=False, allow_blank=True)
    text_zh = s.CharField(max_length=20_000, required=False, allow_blank=True)
    brand = s.CharField(max_length=80, required=False, allow_blank=True)
    options = Option(many=True, required=False, max_length=3)  # type: ignore[call-arg]
    attributes = Attribute(many=True, required=False, max_length=40)  # type: ignore[call-arg]
    status = s.ChoiceField(Product.Status.choices, required=False)


class ProductIn(ProductPatch):
    """A product with its variants; a draft unless ``status`` says active."""

    code = s.CharField(max_length=40, trim_whitespace=False)
    category = s.CharField(max_length=80, help_text="Slug.")
    name_en = s.CharField(max_length=160)
    status = s.ChoiceField(
        [(Product.Status.DRAFT, "Draft"), (Product.Status.ACTIVE, "Active")], required=False, default="draft"
    )
    variants = VariantIn(many=True, required=False, max_length=MOST_VARIANTS, default=list)  # type: ignore[call-arg]
