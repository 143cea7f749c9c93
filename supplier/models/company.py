"""The supplier itself, and the terms it gives its resellers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class Company(models.Model):
    """The supplier of this installation: one row."""

    name = models.CharField(max_length=80)
    tagline_en = models.CharField(max_length=160, blank=True)
    tagline_zh = models.CharField(max_length=160, blank=True)
    currency = models.CharField(max_length=3)
    email = models.EmailField(blank=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="company_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """What S charges a reseller, by version: never changed, only followed by the next version.

    ``reseller`` null: the terms of everybody who has none of its own. The fee is a share of the
    retail price, rounded per piece; ``fee_tax_bps`` is the rate of the tax inside it. What a sale earns may be paid
    out ``return_days`` after it was served; ``reserve_bps`` of it stays back for ``reserve_days`` more. Until then
    pieces may be returned too; ``return_approval``: who decides on it, but for what c asks for that cost at most
    ``return_auto_below_minor``, which the rule approves (0: nothing); up to ``keep_below_minor`` (in the order's
    currency) the shop may give money back without having the pieces back. ``return_postage_minor``: what a parcel sent
    back usually costs S (nothing: c pays its carrier itself); ``return_postage_by``: who bears it where nobody is at fault.
    ``return_parts``: who changed their mind may give single parts of a bundle back; what is wrong with one always allows it.
    ``dispute_bearers``: who bears a lost dispute, by ``Dispute.Category``; S where none is named.
    """

    class Schedule(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    class Method(models.TextChoices):
        STRIPE = "stripe", _("Stripe")
        BANK = "bank", _("Bank transfer")

    class Approval(models.TextChoices):
        AUTOMATIC = "auto", _("Approved by itself")
        SHOP = "shop", _("The shop decides")
        SUPPLIER = "supplier", _("The supplier decides")

    class PostageBy(models.TextChoices):
        CUSTOMER = "customer", _("The customer: taken off the refund")
        RESELLER = "reseller", _("The shop")
        SUPPLIER = "supplier", _("The supplier")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField()
    fee_bps = models.PositiveIntegerField()
    fee_tax_bps = models.PositiveIntegerField(default=0)
    return_days = models.PositiveSmallIntegerField(default=14)
    payout_schedule = models.CharField(max_length=8, choices=Schedule.choices, default=Schedule.WEEKLY)
    payout_method = models.CharField(max_length=8, choices=Method.choices, default=Method.STRIPE)
    min_payout_minor = models.PositiveBigIntegerField(default=0)
    reserve_bps = models.PositiveIntegerField(default=0)
    reserve_days = models.PositiveSmallIntegerField(default=90)
    return_approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.SHOP)
    keep_below_minor = models.PositiveBigIntegerField(default=1_500)
    return_auto_below_minor = models.PositiveBigIntegerField(default=0)
    return_postage_minor = models.PositiveBigIntegerField(default=0)
    return_postage_by = models.CharField(max_length=10, choices=PostageBy.choices, default=PostageBy.CUSTOMER)
    return_parts = models.BooleanField(default=False)
    dispute_bearers = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "version"], nulls_distinct=False, name="terms_version_once"),
            models.CheckConstraint(name="terms_fee_below_half", condition=Q(fee_bps__lte=5000)),
            models.CheckConstraint(
                name="terms_of_payouts",
                condition=Q(
                    reserve_bps__lte=10_000, fee_tax_bps__lte=5_000, return_days__lte=365, reserve_days__lte=730
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}: {self.fee_bps} bps"
