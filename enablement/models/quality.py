"""What S does so that goods are good: plans of inspection, inspections of lots, and whom a lot came from.

The numbers of an inspection are frozen when it is due; the database holds that they decide. See docs/adr on lots.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.purchase import ReceiptLine
from enablement.models.vendor import Vendor
from supplier.models import Lot, Variant


class LotOrigin(models.Model):
    """From which vendor, with which delivery, pieces of a lot came. Only added."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="origins")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="lots")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt_line", "lot"], name="lot_origin_once"),
            models.CheckConstraint(name="lot_origin_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} of {self.vendor_id}"


class InspectionPlan(models.Model):
    """How lots are inspected when they come: of a vendor, of a variant, of both or, with neither, of everything.

    That which names most is the one used. Limits are in per cent nonconforming; critical defects are never accepted.
    ``reduced``: whether good vendors are inspected less. ``since``: lots inspected before it no longer count for how strict.
    """

    class Level(models.TextChoices):
        ONE = "I", _("I: fewer pieces")
        TWO = "II", _("II: usual")
        THREE = "III", _("III: more pieces")

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, related_name="+")
    level = models.CharField(max_length=3, choices=Level.choices, default=Level.TWO)
    aql_major = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal("2.5"))
    aql_minor = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal("4.0"))
    reduced = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "variant"], name="inspection_plan_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.aql_major}/{self.aql_minor}"


class Inspection(models.Model):
    """One look at a lot of ``lot_size`` pieces, after ISO 2859-1. ``original``: the first one, which counts for how strict.

    Of ``sample_major`` pieces up to ``accept_major`` may have major defects, likewise minor ones; critical ones none.
    Serial numbers that came with one ``receipt_line`` are decided together: ``lot`` is the first, ``serials`` those drawn.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("inspection", "Due")
        ACCEPTED = "accepted", pgettext_lazy("inspection", "Accepted")
        REJECTED = "rejected", pgettext_lazy("inspection", "Rejected")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="inspections")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    original = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    level = models.CharField(max_length=3, choices=InspectionPlan.Level.choices)
    severity = models.CharField(max_length=9)
    lot_size = models.PositiveIntegerField()
    letter = models.CharField(max_length=1)
    aql_major = models.DecimalField(max_digits=6, decimal_places=3)
    aql_minor = models.DecimalField(max_digits=6, decimal_places=3)
    sample_major = models.PositiveIntegerField()
    accept_major = models.PositiveIntegerField()
    strict_major = models.SmallIntegerField()
    sample_minor = models.PositiveIntegerField()
    accept_minor = models.PositiveIntegerField()
    critical = models.PositiveIntegerField(default=0)
    major = models.PositiveIntegerField(default=0)
    minor = models.PositiveIntegerField(default=0)
    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, null=True, related_name="+")
    serials = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    note = models.CharField(max_length=500, blank=True)
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot"], name="inspection_due_once", condition=Q(state="due")),
            models.UniqueConstraint(fields=["lot"], name="inspection_original_once", condition=Q(original=True)),
            models.CheckConstraint(
                name="inspection_decides_by_its_numbers",
                condition=Q(state="due")
                | (Q(state="accepted", critical=0) & Q(major__lte=F("accept_major")) & Q(minor__lte=F("accept_minor")))
                | (
                    Q(state="rejected")
                    & (Q(critical__gt=0) | Q(major__gt=F("accept_major")) | Q(minor__gt=F("accept_minor")))
                ),
            ),
            models.CheckConstraint(
                name="inspection_decided_or_due",
                condition=Q(state="due", decided_at=None) | (~Q(state="due") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="inspection_sample_within_lot",
                condition=Q(sample_major__lte=F("lot_size"), sample_minor__lte=F("lot_size"), sample_major__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "variant", "-id"], name="inspection_series"),
            models.Index(fields=["variant", "-id"], name="inspection_variant", condition=Q(state="accepted")),
            models.Index(fields=["due_at"], name="inspection_due", condition=Q(state="due")),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.state}"

    @property
    def sample(self) -> int:
        """How many pieces to look at."""
        return max(self.sample_major, self.sample_minor)
