"""Pieces on their way, counted, or expected. See supplier.services.transfers, .counting and .arrivals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supplier.models.catalogue import Variant
from supplier.models.stock import Warehouse


class StockTransfer(models.Model):
    """Pieces sent from one warehouse to another. In transit = Σ ``quantity`` of the lines while ``sent``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("In transit")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=12, unique=True)
    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=160, blank=True)
    shortage = models.CharField(max_length=160, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="transfer_goes_elsewhere", condition=~Q(source=F("target")))]

    def __str__(self) -> str:
        return self.number


class StockTransferLine(models.Model):
    """What of one variant is sent: once received, ``received`` + ``lost`` = ``quantity``."""

    transfer = models.ForeignKey(StockTransfer, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "variant"], name="transfer_line_once"),
            models.CheckConstraint(
                name="transfer_line_adds_up",
                condition=Q(quantity__gt=0, quantity__gte=F("received") + F("lost")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class StockCount(models.Model):
    """A sheet to count by. ``blind``: whoever counts does not see what is expected."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("count", "Open")
        POSTED = "posted", _("Posted")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=12, unique=True)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    blind = models.BooleanField(default=True)
    reason = models.CharField(max_length=160, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class StockCountLine(models.Model):
    """``expected``: what was on hand, not damaged, when ``counted`` was written down."""

    sheet = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "variant"], name="count_line_once"),
            models.CheckConstraint(
                name="count_line_against_expected",
                condition=Q(counted=None, expected=None) | Q(counted__isnull=False, expected__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.expected}"

    @property
    def difference(self) -> int:
        """Pieces more (or fewer) than expected; 0 while not counted."""
        return (self.counted or 0) - (self.expected or 0)


class Arrival(models.Model):
    """Pieces expected at a warehouse on a day. Booked by receipts whose cause names it.

    ``source``: what plans it, such as ``purchase:7K2M9QXA``: it is received and called off there, not by hand.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Expected")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="arrivals")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    arrives_on = models.DateField()
    reference = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=40, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="arrival_of_something", condition=Q(quantity__gt=0))]
        indexes = [models.Index(fields=["variant", "arrives_on"], name="arrival_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} on {self.arrives_on}"
