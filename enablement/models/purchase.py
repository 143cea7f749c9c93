"""What S ordered from vendors, what came of it, and what a piece costs S since. See docs/adr on buying.

The database holds the states: see the migration with the guards.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.vendor import Vendor
from supplier.models import Arrival, Variant, Warehouse


class PurchaseOrder(models.Model):
    """An order to one vendor, delivered to one warehouse. Amounts are minor units of ``currency``.

    Vendor, warehouse, currency, fee and ``rate`` (see ``Vendor``) stay as they are once it was sent.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", pgettext_lazy("purchase", "Sent")
        PART = "part", _("Partly received")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=12, unique=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="orders")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=14, decimal_places=6, default=1)
    order_fee_minor = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=240, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="purchase_rate_positive", condition=Q(rate__gt=0))]
        indexes = [models.Index(fields=["state", "-id"], name="purchase_state")]

    def __str__(self) -> str:
        return self.number


class PurchaseLine(models.Model):
    """What is ordered of one variant, at the unit cost of the vendor's ladder when it was written.

    ``received`` may be more than ``quantity``; ``cancelled``: pieces that are waited for no longer.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField()
    expected_on = models.DateField(null=True)
    received = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="purchase_line_once"),
            models.CheckConstraint(
                name="purchase_line_adds_up",
                condition=Q(quantity__gt=0) & (Q(cancelled=0) | Q(quantity__gte=F("received") + F("cancelled"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"

    @property
    def left(self) -> int:
        """Pieces that are still to come."""
        return max(0, self.quantity - self.received - self.cancelled)

    @property
    def over(self) -> int:
        """Pieces that came though nobody ordered them."""
        return max(0, self.received - self.quantity)

    @property
    def amount_minor(self) -> int:
        """What the line costs as ordered."""
        return self.quantity * self.unit_minor


class PurchaseNote(models.Model):
    """A step of an order's history. Only added."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class Receipt(models.Model):
    """One delivery for an order. ``key``: the form it was told with, which counts once. Only added."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=40)
    slip = models.CharField(max_length=80, blank=True)
    difference = models.CharField(max_length=160, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="receipt_once")]

    def __str__(self) -> str:
        return self.key


class ReceiptLine(models.Model):
    """Pieces of one line that came, with what a piece cost and how the average cost moved. Only added.

    ``cost_minor``: the unit cost in S's own currency. ``average_minor``: the moving average after it, of
    ``on_hand`` pieces that were there before and those that came. ``booked_minor``: what is owed for them until they are
    billed; null: from before that was booked.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="receipts")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField()
    cost_minor = models.DecimalField(max_digits=20, decimal_places=4)
    on_hand = models.PositiveIntegerField()
    average_minor = models.DecimalField(max_digits=20, decimal_places=4)
    booked_minor = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line"], name="receipt_line_once"),
            models.CheckConstraint(name="receipt_line_of_something", condition=Q(quantity__gt=0)),
        ]
        indexes = [models.Index(fields=["variant", "-id"], name="receipt_line_variant")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class VariantCost(models.Model):
    """What a piece of a variant costs S: the moving average over what was received, in S's own currency."""

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    average_minor = models.DecimalField(max_digits=20, decimal_places=4)
    last_minor = models.DecimalField(max_digits=20, decimal_places=4)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="cost_not_negative", condition=Q(average_minor__gte=0))]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.average_minor}"
