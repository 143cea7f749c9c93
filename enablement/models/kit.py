"""Kits: campaigns S composes, and the shops that have taken one on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models import Campaign, Product


class KitWords(models.Model):
    """What c reads of a kit, and its picture. In a shop's use of it an empty one follows S's."""

    title_en = models.CharField(max_length=80, blank=True)
    title_zh = models.CharField(max_length=80, blank=True)
    lead_en = models.CharField(max_length=200, blank=True)
    lead_zh = models.CharField(max_length=200, blank=True)
    story_en = models.TextField(blank=True)
    story_zh = models.TextField(blank=True)
    picture = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


class Kit(KitWords):
    """A campaign ready to be taken on: products, words in two languages, a picture or a drawn scene, perhaps an offer.

    ``value_bps`` is taken off, of which S bears ``share_bps``; 0: no offer. ``campaign`` is the offer as the shops'
    promotions know it, from the day the kit is published. Products and offer stay as published; words may be mended.
    Partner shops may take it on ``early_days`` before the others.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", pgettext_lazy("kit", "Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Scene(models.TextChoices):
        TABLE = "scene-table", _("A laid table")
        ROOM = "scene-room", _("A room")
        CAMP = "scene-camp", _("A camp by day")
        NIGHT = "scene-night", _("A camp at night")

    slug = models.SlugField(max_length=60, unique=True)
    scene = models.CharField(max_length=20, choices=Scene.choices, default=Scene.TABLE)
    post_en = models.TextField(blank=True)
    post_zh = models.TextField(blank=True)
    value_bps = models.PositiveIntegerField(default=0)
    share_bps = models.PositiveIntegerField(default=0)
    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    early_days = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why_withdrawn = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="kit_offer_sane", condition=Q(value_bps__lte=9_000, share_bps__lte=10_000)),
            models.CheckConstraint(
                name="kit_state_has_its_time",
                condition=Q(state="draft", published_at=None, withdrawn_at=None)
                | Q(state="published", published_at__isnull=False, withdrawn_at=None)
                | (
                    Q(state="withdrawn", published_at__isnull=False, withdrawn_at__isnull=False) & ~Q(why_withdrawn="")
                ),
            ),
            models.CheckConstraint(
                name="kit_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_zh or self.slug


class KitProduct(models.Model):
    """A product of a kit, in its place."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "product"], name="kit_product_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.kit_id}"


class KitUse(KitWords):
    """A kit in a shop, from when it was taken on until the shop took it out or S withdrew it.

    Its words and picture stand over S's where they are not empty. ``promotion_id`` is the shop's own promotion that
    carries the offer; ``shown_from`` and ``shown_to`` narrow the kit's days.
    """

    class EndedBy(models.TextChoices):
        SHOP = "shop", _("The shop")
        SUPPLIER = "supplier", _("The supplier")

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="uses")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    promotion_id = models.BigIntegerField(null=True)
    shown_from = models.DateField(null=True, blank=True)
    shown_to = models.DateField(null=True, blank=True)
    adopted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=8, choices=EndedBy.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "kit"], name="kit_in_a_shop_once", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="kit_use_ends_by_somebody",
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="kit_use_ends_after_it_starts",
                condition=Q(shown_from=None) | Q(shown_to=None) | Q(shown_to__gte=models.F("shown_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kit_id} in {self.reseller_id}"
