"""Discounts S offers to the shops, bearing a share of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Campaign(models.Model):
    """A percentage off that a shop may take on; ``share_bps`` of what c saves S bears.

    ``categories`` and ``products``: ids; both empty: on everything. One on products belongs to a kit and is taken on
    with it. Never changed once offered, only ended.
    """

    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    value_bps = models.PositiveIntegerField()
    share_bps = models.PositiveIntegerField()
    categories = models.JSONField(default=list)
    products = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("campaign")
        constraints = [
            models.CheckConstraint(
                name="campaign_in_bounds", condition=Q(value_bps__gt=0, value_bps__lte=10_000, share_bps__lte=10_000)
            )
        ]

    def __str__(self) -> str:
        return self.name_en
