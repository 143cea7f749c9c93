"""What the shop takes off its prices for a while, and who bears it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseller.models.customer import Customer


class Promotion(models.Model):
    """A discount: by a code that c types, or (``code`` empty) by itself.

    ``value``: basis points of a percentage, or minor units of the shop's currency. ``products`` and
    ``categories`` (ids) say on what; both empty: on everything. ``share_bps`` of the discount S bears, the
    rest lowers b's margin; only a promotion taken from a campaign of S has one. ``segment``: for customers of
    that segment only; NULL: for everybody. ``uses`` are counted where there is a limit.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percentage off")
        AMOUNT = "amount", _("Amount off the order")
        DELIVERY = "delivery", _("Free delivery")

    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.BigIntegerField()
    share_bps = models.PositiveIntegerField(default=0)
    campaign_id = models.BigIntegerField(null=True)
    products = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    least_minor = models.BigIntegerField(default=0)
    segment = models.CharField(max_length=8, null=True)
    uses_most = models.PositiveIntegerField(null=True)
    uses = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promotion_in_bounds",
                condition=Q(value__gte=0, share_bps__lte=10_000, least_minor__gte=0)
                & (~Q(kind="percent") | Q(value__lte=10_000)),
            ),
            models.CheckConstraint(
                name="promotion_uses_within_limit",
                condition=Q(uses_most__isnull=True) | Q(uses__lte=models.F("uses_most")),
            ),
        ]

    @property
    def segment_word(self) -> str:
        """Say for whom it is; nothing where it is for everybody."""
        return str(Customer.Segment(self.segment).label) if self.segment else ""

    def __str__(self) -> str:
        return self.name
