"""Whom S buys from, and what each of them offers at which price."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from supplier.models import Variant


class Vendor(models.Model):
    """Somebody S buys from. Amounts are minor units of ``currency``.

    ``rate``: what one unit of its currency costs in S's own. ``order_fee_minor`` is charged once an order;
    an order below ``minimum_minor`` is not taken. ``language``: that of the papers it gets.
    ``bank``: where it is paid, as ``bank_accounts`` keeps it.
    """

    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=240, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, default="en", choices=settings.LANGUAGES)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=14, decimal_places=6, default=1)
    lead_days = models.PositiveSmallIntegerField(default=14)
    order_fee_minor = models.PositiveBigIntegerField(default=0)
    minimum_minor = models.PositiveBigIntegerField(default=0)
    bank = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="vendor_name_once"),
            models.CheckConstraint(name="vendor_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="vendor_lead_within_a_year", condition=Q(lead_days__lte=365)),
        ]

    def __str__(self) -> str:
        return self.name


class VendorOffer(models.Model):
    """What a vendor asks for a variant: its ladder of prices, and how it must be ordered.

    ``weekly``: pieces it can make in a week; null: no limit is known. ``lead_days``: where it differs from its vendor's.
    After ``valid_until`` nothing is ordered by it; null: it holds until it is changed.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="offers")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    minimum = models.PositiveIntegerField(default=1)
    pack = models.PositiveIntegerField(default=1)
    weekly = models.PositiveIntegerField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "variant"], name="vendor_offer_once"),
            models.CheckConstraint(
                name="vendor_offer_of_something",
                condition=Q(minimum__gte=1, pack__gte=1) & (Q(weekly=None) | Q(weekly__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} of {self.vendor_id}"


class PriceBreak(models.Model):
    """From ``quantity`` pieces on a piece costs ``unit_minor``."""

    offer = models.ForeignKey(VendorOffer, on_delete=models.CASCADE, related_name="breaks")
    quantity = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "quantity"], name="price_break_once"),
            models.CheckConstraint(name="price_break_from_one", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.unit_minor}"
