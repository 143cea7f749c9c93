"""The purchase plan: what is wanted by which shop, what to buy from whom and why, what each alone would have paid.

See docs/adr/0021-purchase-plan.md. The database holds the states, and that shares sum to what is shared: see the guards.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.purchase import PurchaseOrder
from enablement.models.vendor import Vendor
from s2b2c.tenancy.models import Reseller
from supplier.models import Variant, Warehouse


class PurchasePlan(models.Model):
    """One plan over all vendors. Amounts are minor units of S's own ``currency``.

    ``shared_bps``: the part of the saving that shops get. ``bound_minor``: it is proven that nobody can buy it for less.
    ``alone_minor``: what all shops would have paid, each alone. ``done`` of ``total`` shops are planned alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("plan", "Waiting")
        PLANNING = "planning", _("Being planned")
        DONE = "done", pgettext_lazy("plan", "Ready")
        ORDERED = "ordered", _("Ordered")
        SETTLED = "settled", _("Saving shared")
        FAILED = "failed", _("Failed")

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    shared_bps = models.PositiveIntegerField(default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=10, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    cost_minor = models.PositiveBigIntegerField(default=0)
    bound_minor = models.PositiveBigIntegerField(default=0)
    gap_bps = models.PositiveIntegerField(default=0)
    alone_minor = models.PositiveBigIntegerField(default=0)
    saving_minor = models.PositiveBigIntegerField(default=0)
    shared_minor = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="plan_shares_a_part", condition=Q(shared_bps__lte=10_000)),
            models.CheckConstraint(
                name="plan_saves_what_is_less",
                condition=Q(shared_minor__lte=F("saving_minor")) & Q(saving_minor__lte=F("alone_minor")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_at_work(self) -> bool:
        """Tell whether it is waiting or being planned."""
        return self.state in (self.State.WAITING, self.State.PLANNING)


class PlanPart(models.Model):
    """Pieces of a variant that one shop wants, and how many of the plan (``got``), of what came (``came``), are for it."""

    plan = models.ForeignKey(PurchasePlan, on_delete=models.CASCADE, related_name="parts")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    wanted = models.PositiveIntegerField()
    got = models.PositiveIntegerField(default=0)
    came = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "reseller", "variant"], name="plan_part_once"),
            models.CheckConstraint(
                name="plan_part_within",
                condition=Q(wanted__gt=0) & Q(got__lte=F("wanted")) & Q(came__lte=F("got")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wanted} × {self.variant_id}"


class PlanLine(models.Model):
    """What to buy of a variant. No ``vendor``: pieces nobody delivers. ``reason``: a code and its words' figures."""

    plan = models.ForeignKey(PurchasePlan, on_delete=models.CASCADE, related_name="lines")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField(default=0)
    cost_minor = models.PositiveBigIntegerField(default=0)
    reason = models.JSONField(default=dict)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "variant", "vendor"], name="plan_line_once", nulls_distinct=False),
            models.CheckConstraint(name="plan_line_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class PlanShare(models.Model):
    """What one shop would have paid alone, its part of the saving, and how much of that was credited (null: not yet)."""

    plan = models.ForeignKey(PurchasePlan, on_delete=models.CASCADE, related_name="shares")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    alone_minor = models.PositiveBigIntegerField()
    share_minor = models.PositiveBigIntegerField()
    credited_minor = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "reseller"], name="plan_share_once"),
            models.CheckConstraint(
                name="plan_share_is_rational",
                condition=Q(share_minor__lte=F("alone_minor"))
                & (Q(credited_minor=None) | Q(credited_minor__lte=F("share_minor"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id}: {self.share_minor}"
