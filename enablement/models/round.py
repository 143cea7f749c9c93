"""Buying rounds: what S buys together for a while, what each shop commits to sell, and the deposit on it.

See docs/adr on buying rounds. The database holds the states, and that each deposit ends once: see the guards.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.plan import PurchasePlan
from s2b2c.tenancy.models import Reseller
from supplier.models import Variant, Warehouse


class BuyingRound(models.Model):
    """One round. It closes at ``closes_at``, or earlier at ``volume`` pieces; with fewer than ``least`` it is missed.

    ``deposit_bps``: of the wholesale value committed. ``shared_bps``: the part of the plan's saving that shops get.
    ``sell_days``: after the saving was credited, so long a shop has to sell what it committed; then deposits end.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("round", "Open")
        REACHED = "reached", _("Reached")
        MISSED = "missed", _("Not reached")
        CANCELLED = "cancelled", _("Cancelled")
        ENDED = "ended", pgettext_lazy("round", "Ended")

    number = models.CharField(max_length=12, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    closes_at = models.DateTimeField()
    least = models.PositiveIntegerField(default=1)
    volume = models.PositiveIntegerField(null=True, blank=True)
    deposit_bps = models.PositiveIntegerField(default=0)
    shared_bps = models.PositiveIntegerField(default=0)
    sell_days = models.PositiveSmallIntegerField(default=60)
    plan = models.OneToOneField(PurchasePlan, on_delete=models.PROTECT, null=True, related_name="round")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_of_parts", condition=Q(deposit_bps__lte=10_000) & Q(shared_bps__lte=10_000)
            ),
            models.CheckConstraint(
                name="round_closes_at_more_than_least",
                condition=Q(least__gte=1) & (Q(volume=None) | Q(volume__gte=F("least"))),
            ),
            models.CheckConstraint(
                name="round_reached_has_a_plan",
                condition=Q(plan=None) & Q(state__in=("open", "missed", "cancelled"))
                | Q(plan__isnull=False) & Q(state__in=("reached", "cancelled", "ended")),
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="round_due")]

    def __str__(self) -> str:
        return self.name_en


class RoundItem(models.Model):
    """A variant that is bought in a round."""

    round = models.ForeignKey(BuyingRound, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "variant"], name="round_item_once")]

    def __str__(self) -> str:
        return f"{self.variant_id}"


class Commitment(models.Model):
    """Pieces of an item a shop commits to sell, with its deposit; 0 pieces: withdrawn. ``revision`` counts its changes.

    ``unit_minor``: the wholesale price it was reckoned with. At the end ``released_minor`` + ``kept_minor`` = the deposit.
    """

    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="commitments")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField()
    deposit_minor = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(null=True)
    released_minor = models.PositiveBigIntegerField(null=True)
    kept_minor = models.PositiveBigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "reseller"], name="commitment_once"),
            models.CheckConstraint(
                name="commitment_deposit_within",
                condition=Q(deposit_minor__lte=F("pieces") * F("unit_minor")),
            ),
            models.CheckConstraint(
                name="commitment_deposit_ends_whole",
                condition=Q(released_minor=None, kept_minor=None)
                | Q(deposit_minor=F("released_minor") + F("kept_minor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.item_id}"
