"""Categories, products, variants, media: the one record every shop reads live."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from supplier.models.ordered import OrderedJSONField


class Category(MP_Node):
    """A node of the one category tree."""

    slug = models.SlugField(max_length=80, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    plate = models.CharField(max_length=30, default="basket")
    warranty_months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="category_warranty_in_reason", condition=Q(warranty_months__lte=240)),
        ]

    def __str__(self) -> str:
        return self.name_en


class Product(models.Model):
    """What is sold, apart from its variants.

    ``options``: ``{code: {"en", "zh", "values": {value: {"en", "zh", "tint"?}}}}`` in display order:
    what variants differ by. ``attributes``: ``{code: {"en": label, "zh": label, "value_en", "value_zh"}}``.
    ``plate`` names the drawing shown where there is no photo. ``quality``: what shops show of inspections, returns and
    reviews; written by ``enablement``, read with the rest of the row.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    code = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name_en = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=160, blank=True)
    summary_en = models.CharField(max_length=240, blank=True)
    summary_zh = models.CharField(max_length=240, blank=True)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    brand = models.CharField(max_length=80, blank=True)
    options = OrderedJSONField(default=dict, blank=True)
    attributes = OrderedJSONField(default=dict, blank=True)
    plate = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    search_text = models.TextField(blank=True, editable=False)
    quality = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            GinIndex(name="product_search", fields=["search_text"], opclasses=["gin_trgm_ops"]),
            models.Index(fields=["status", "-id"], name="product_status"),
        ]

    def __str__(self) -> str:
        return self.name_en


class Variant(models.Model):
    """The unit of price and stock. All prices in minor units of ``currency``, without tax.

    ``options``: ``{code: value}`` into the product's options. The retail price of every shop stays
    within ``floor_minor`` … ``ceiling_minor``. ``serials``: each piece has a number of its own, told where it is received,
    picked and taken back; the database holds that all pieces in stock are such. ``warranty_months``: none of its own, that of
    the category; frozen on the line when it is sold.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=60, unique=True)
    barcode = models.CharField(max_length=32, blank=True)
    options = models.JSONField(default=dict, blank=True)
    label_en = models.CharField(max_length=120, blank=True)
    label_zh = models.CharField(max_length=120, blank=True)
    tint = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    wholesale_minor = models.BigIntegerField()
    suggested_minor = models.BigIntegerField()
    floor_minor = models.BigIntegerField()
    ceiling_minor = models.BigIntegerField()
    weight_g = models.PositiveIntegerField(default=0)
    warranty_months = models.PositiveSmallIntegerField(null=True)
    serials = models.BooleanField(default=False, db_default=Value(False))
    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="variant_warranty_in_reason", condition=Q(warranty_months__lte=240)),
            models.CheckConstraint(name="variant_wholesale_not_negative", condition=Q(wholesale_minor__gte=0)),
            models.CheckConstraint(
                name="variant_band",
                condition=Q(floor_minor__gte=0)
                & Q(floor_minor__lte=F("suggested_minor"))
                & Q(suggested_minor__lte=F("ceiling_minor")),
            ),
        ]
        indexes = [models.Index(fields=["product", "position"], name="variant_of_product")]

    def __str__(self) -> str:
        return self.sku


class Media(models.Model):
    """A picture of a product, or of one variant; re-encoded at upload.

    ``file`` is the widest rendition, ``<name>.webp``; narrower ones lie beside it as ``<name>-<width>.webp``.
    """

    WIDTHS = (240, 480, 960)

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    variant = models.ForeignKey(Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="media")
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt_en = models.CharField(max_length=160, blank=True)
    alt_zh = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.file

    @property
    def renditions(self) -> list[tuple[int, str]]:
        """Give ``(width, file)`` of every rendition, narrowest first."""
        stem = self.file.removesuffix(".webp")
        narrower = [(width, f"{stem}-{width}.webp") for width in self.WIDTHS if width < self.width]
        return [*narrower, (self.width, self.file)]
