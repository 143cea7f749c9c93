"""The shop's profile: one row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Shop(models.Model):
    """Name, look and rules of the shop this schema belongs to.

    ``shipping``: ``{"price_minor", "free_over_minor" | null}``. ``pricing``: the rule new listings get,
    ``{"base": "cost" | "suggested", "markup_bps", "ending": 90 | 0 | null, "follow": bool}``. ``policies``: texts by
    ``{code: {"en", "zh"}}``. ``promoting``: it has a promotion that is
    not over (NULL: never had one). ``kits_on``: it has a kit of S, or had one S withdrew. ``version`` rises with every change of what c sees; caches carry it.
    """

    name = models.CharField(max_length=80)
    tagline_en = models.CharField(max_length=160, blank=True)
    tagline_zh = models.CharField(max_length=160, blank=True)
    story_en = models.TextField(blank=True)
    story_zh = models.TextField(blank=True)
    notice_en = models.CharField(max_length=160, blank=True)
    notice_zh = models.CharField(max_length=160, blank=True)
    look = models.CharField(max_length=20, default="hearth")
    look_overrides = models.JSONField(default=dict, blank=True)
    hero_plate = models.CharField(max_length=30, blank=True)
    currency = models.CharField(max_length=3)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    tax_bps = models.PositiveIntegerField(default=0)
    tax_included = models.BooleanField(default=False)
    shipping = models.JSONField(default=dict, blank=True)
    pricing = models.JSONField(default=dict, blank=True)
    policies = models.JSONField(default=dict, blank=True)
    countries = models.JSONField(default=list, blank=True)
    card_enabled = models.BooleanField(default=True)
    cod_enabled = models.BooleanField(default=False)
    promoting = models.BooleanField(null=True)
    kits_on = models.BooleanField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="shop_is_one", condition=Q(id=1)),
            models.CheckConstraint(name="shop_tax_sane", condition=Q(tax_bps__lte=5000)),
        ]

    def __str__(self) -> str:
        return self.name
