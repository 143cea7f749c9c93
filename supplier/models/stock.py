"""Stock: one truth for all shops. See docs/adr/0003-stock.md."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller
from supplier.models.catalogue import Variant


class Warehouse(models.Model):
    """A place S ships from. Lower ``priority`` is drawn from first."""

    code = models.CharField(max_length=12, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=80, blank=True)
    priority = models.PositiveSmallIntegerField(default=10)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name_en


class Stock(models.Model):
    """Pieces of a variant in a warehouse; hot variants are spread over several buckets.

    On hand = ``available`` + ``held`` + ``damaged`` + ``quarantined``, summed over buckets. What cannot be sold lies in bucket 0 only.
    ``quarantined``: of lots that are not free. Changed only by ``supplier.services.stock``.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    bucket = models.PositiveSmallIntegerField(default=0)
    available = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    quarantined = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "warehouse", "bucket"], name="stock_row_once"),
            models.CheckConstraint(name="stock_available_not_negative", condition=Q(available__gte=0)),
            models.CheckConstraint(name="stock_held_not_negative", condition=Q(held__gte=0)),
            models.CheckConstraint(
                name="stock_damaged_in_first_bucket", condition=Q(damaged=0) | Q(damaged__gt=0, bucket=0)
            ),
            models.CheckConstraint(
                name="stock_quarantine_in_first_bucket", condition=Q(quarantined=0) | Q(quarantined__gt=0, bucket=0)
            ),
        ]
        indexes = [models.Index(fields=["variant", "warehouse"], name="stock_buckets", condition=Q(bucket__gt=0))]

    def __str__(self) -> str:
        return f"{self.variant_id}@{self.warehouse_id}"


class Movement(models.Model):
    """A change of what is on hand: append-only. On hand = Σ ``quantity``.

    ``damaged``: of the pieces that cannot be sold; ``quarantined``: of those of lots that are not free. What breaks on
    the shelf, or is held, moves from one to the other, in a pair.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        SHIPMENT = "shipment", _("Shipment")
        ADJUSTMENT = "adjustment", _("Adjustment")
        RETURN = "return", _("Return")
        TRANSFER = "transfer", _("Transfer")
        COUNT = "count", _("Count")
        DAMAGE = "damage", _("Damaged")
        REPAIR = "repair", _("Repaired")
        SCRAP = "scrap", _("Scrapped")
        HOLD = "hold", _("Lot held")
        FREE = "free", _("Lot freed")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    damaged = models.BooleanField(default=False, db_default=False)
    quarantined = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=160, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="movement_moves", condition=~Q(quantity=0))]
        indexes = [models.Index(fields=["variant", "warehouse", "-id"], name="movement_of_variant")]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.variant_id}"


class Reservation(models.Model):
    """Stock kept for one order of one shop.

    ``held`` until paid or ``expires_at``; exactly one of paid, released, expired wins. ``answered_at``: when it was
    over and the payment provider had nothing more to say about it.
    """

    class State(models.TextChoices):
        HELD = "held"
        PAID = "paid"
        RELEASED = "released"
        EXPIRED = "expired"

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reseller", "order_number"], name="reservation_once")]
        indexes = [
            models.Index(fields=["expires_at"], name="reservation_due", condition=Q(state="held")),
            # Small: what is paid, or over and answered for, is not in it.
            models.Index(
                fields=["id"],
                name="reservation_unanswered",
                condition=Q(state__in=("held", "released", "expired"), answered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"


class ReservationLine(models.Model):
    """Where the pieces of a reservation are kept: ``quantity`` − ``shipped`` − ``released`` are still held."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    shipped = models.IntegerField(default=0)
    released = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reservation_line_adds_up",
                condition=Q(quantity__gt=0, shipped__gte=0, released__gte=0)
                & Q(quantity__gte=F("shipped") + F("released")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
