"""What the shop sells: its choice from S's catalogue, its words and its prices. No copies."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from supplier.models import Product, Variant


class Listing(models.Model):
    """A product of S in this shop. Empty texts follow S's; own ones stand over them.

    ``follow``: its prices by rule change with S's by themselves; NULL: as the shop has it.
    ``beside``: products b wants shown first beside it; NULL: none.
    ``adopted``: what was handed in for the shop and is used: ``photos`` shown in place of S's, ``[[file, width, height, "",
    "", null]]``, of the task ``photos_of``; ``before``: by task, the field and the text its words stand over. NULL: nothing.
    ``seen`` keeps S's texts as they were when b last wrote over them, to show what S changed since.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published", _("In the shop")
        HIDDEN = "hidden", _("Hidden")

    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    title_en = models.CharField(max_length=160, blank=True)
    title_zh = models.CharField(max_length=160, blank=True)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    seen = models.JSONField(default=dict, blank=True)
    featured = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    listed_at = models.DateTimeField()
    follow = models.BooleanField(null=True)
    beside = models.JSONField(null=True)
    adopted = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product"], name="listing_once")]

    def __str__(self) -> str:
        return f"{self.product_id}"


class Offer(models.Model):
    """The shop's price of one variant, in the shop's currency, without tax unless the shop includes it.

    ``by_rule``: made by the shop's pricing rule; else set by hand. ``follow_base``: it follows S's prices by
    the rule that stands here, computed at each read; NULL: it is ``price_minor``. Either way what c pays is
    held inside S's band as it is now.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="offers")
    variant = models.ForeignKey(
        Variant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    price_minor = models.BigIntegerField()
    was_minor = models.BigIntegerField(null=True, blank=True)
    by_rule = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    follow_base = models.CharField(max_length=10, null=True)
    follow_bps = models.IntegerField(null=True)
    follow_ending = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant"], name="offer_once"),
            models.CheckConstraint(name="offer_price_positive", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="offer_was_above", condition=Q(was_minor__isnull=True) | Q(was_minor__gt=F("price_minor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price_minor}"
