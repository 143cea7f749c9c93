"""Vendors' bills against what was ordered and what came, and how they are paid. See docs/adr on bills.

The database holds the states, that a bill is there once, and that nobody pays what he approved: see the guards.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.landed import PurchaseCharge
from enablement.models.purchase import PurchaseLine, PurchaseOrder
from enablement.models.vendor import Vendor


def _person(null: bool = True):  # type: ignore[no-untyped-def]
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, related_name="+")


class BillRules(models.Model):
    """One row: how far a bill may differ and still fit. ``price_bps`` above the price ordered, ``pieces_bps`` above what came."""

    price_bps = models.PositiveIntegerField(default=100)
    pieces_bps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="bill_rules_once", condition=Q(id=1)),
            models.CheckConstraint(
                name="bill_rules_of_parts", condition=Q(price_bps__lte=5_000, pieces_bps__lte=5_000)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_bps} {self.pieces_bps}"


class VendorPayment(models.Model):
    """Bills handed to S's bank in one file."""

    number = models.CharField(max_length=20, unique=True)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    count = models.IntegerField()
    made_by = _person(null=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class VendorBill(models.Model):
    """A vendor's bill for (a part of) one order. Amounts are minor units of ``currency``; ``rate`` as ``Vendor`` has it.

    ``total_minor``: as billed; ``payable_minor``: what S owes of it, known once it is approved. ``destination``: the bank
    account as it was when the bill went into a file.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("bill", "Held")
        APPROVED = "approved", pgettext_lazy("bill", "To pay")
        FILED = "filed", pgettext_lazy("bill", "With the bank")
        PAID = "paid", pgettext_lazy("bill", "Paid")
        REFUSED = "refused", pgettext_lazy("bill", "Refused")

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="bills")
    number = models.CharField(max_length=40)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="bills")
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=14, decimal_places=6, default=1)
    billed_on = models.DateField()
    due_on = models.DateField()
    total_minor = models.PositiveBigIntegerField()
    payable_minor = models.PositiveBigIntegerField(null=True)
    entered_by = _person()
    approved_by = _person()
    reason = models.CharField(max_length=160, blank=True)
    payment = models.ForeignKey(VendorPayment, on_delete=models.PROTECT, null=True, related_name="bills")
    destination = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("vendor", Upper("number"), name="vendor_bill_once"),
            models.CheckConstraint(name="vendor_bill_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(
                name="vendor_bill_owes_at_most_itself",
                condition=Q(payable_minor=None) | Q(payable_minor__lte=models.F("total_minor")),
            ),
            models.CheckConstraint(
                name="vendor_bill_approved_says_how_much",
                condition=Q(state__in=("held", "refused")) | Q(payable_minor__isnull=False, approved_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="vendor_bill_due")]

    def __str__(self) -> str:
        return self.number


class BillLine(models.Model):
    """Pieces of an order's line, or a cost of it, as billed. ``trouble``: codes of what does not fit.

    ``paid_pieces`` and ``payable_minor``: what S takes it for. ``accrued_minor``: what had been booked for it before, in
    S's own currency. ``credit_minor``: what a credit note was asked for; ``credit_note`` its number, once it came.
    """

    class Decision(models.TextChoices):
        NONE = "", _("Undecided")
        FITS = "fits", pgettext_lazy("bill", "Fits")
        ACCEPT = "accept", pgettext_lazy("bill", "Accepted")
        SHORT = "short", pgettext_lazy("bill", "Paid short")
        CREDIT = "credit", pgettext_lazy("bill", "Credit note asked")

    bill = models.ForeignKey(VendorBill, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, null=True, related_name="bills")
    charge = models.ForeignKey(PurchaseCharge, on_delete=models.PROTECT, null=True, related_name="bills")
    pieces = models.PositiveIntegerField(default=1)
    unit_minor = models.PositiveBigIntegerField()
    trouble = models.JSONField(default=list)
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.NONE, blank=True)
    decided_by = _person()
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=160, blank=True)
    paid_pieces = models.PositiveIntegerField(null=True)
    payable_minor = models.PositiveBigIntegerField(null=True)
    accrued_minor = models.BigIntegerField(null=True)
    credit_minor = models.PositiveBigIntegerField(default=0)
    credit_note = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bill_line_of_one_thing",
                condition=Q(line__isnull=False, charge=None) | Q(line=None, charge__isnull=False, pieces=1),
            ),
            models.UniqueConstraint(fields=["bill", "line", "charge"], name="bill_line_once", nulls_distinct=False),
            models.CheckConstraint(
                name="bill_line_owes_at_most_itself",
                condition=Q(pieces__gt=0)
                & (Q(payable_minor=None) | Q(payable_minor__lte=models.F("pieces") * models.F("unit_minor"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.unit_minor}"

    @property
    def amount_minor(self) -> int:
        """What is billed."""
        return self.pieces * self.unit_minor
