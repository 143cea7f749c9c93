"""What buying costs beside the price: freight, duty, insurance and the like, shared over the lines of an order.

See docs/adr on landed cost. All of it is only added; the database holds that parts sum to their cost.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enablement.models.purchase import PurchaseLine, PurchaseOrder


class PurchaseCharge(models.Model):
    """A cost of an order, in minor units of its ``currency``; ``own_minor`` in S's own, at ``rate`` (see ``Vendor``).

    Only what a bill differed by may be negative. ``key``: the form it was told with, which counts once.
    """

    class Kind(models.TextChoices):
        FREIGHT = "freight", _("Freight")
        DUTY = "duty", _("Duty")
        INSURANCE = "insurance", _("Insurance")
        OTHER = "other", _("Other cost")
        FEE = "fee", _("Fee per order")
        DIFFERENCE = "difference", _("Billed otherwise")

    class Basis(models.TextChoices):
        VALUE = "value", _("by value")
        WEIGHT = "weight", _("by weight")
        PIECES = "pieces", _("by pieces")

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    basis = models.CharField(max_length=8, choices=Basis.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=14, decimal_places=6, default=1)
    own_minor = models.BigIntegerField()
    note = models.CharField(max_length=160, blank=True)
    key = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="charge_once"),
            models.CheckConstraint(
                name="charge_of_something",
                condition=Q(rate__gt=0) & (Q(amount_minor__gt=0, own_minor__gte=0) | Q(kind="difference")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount_minor} {self.currency}"


class ChargePart(models.Model):
    """The part of a cost that one line bears, in minor units of S's own currency."""

    charge = models.ForeignKey(PurchaseCharge, on_delete=models.PROTECT, related_name="parts")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="charges")
    own_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charge", "line"], name="charge_part_once")]

    def __str__(self) -> str:
        return f"{self.own_minor}"


class CostChange(models.Model):
    """Money that came to the cost of a line's pieces after their price: what of it went into stock, what was too late.

    ``pieces``: those it is for; ``on_hand`` how many of the variant lay there. ``stock_minor`` moved the average to
    ``average_minor``; ``variance_minor`` is for pieces that were gone already. ``of_bill``: a price billed otherwise.
    """

    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="cost_changes")
    key = models.CharField(max_length=120, unique=True)
    of_bill = models.BooleanField(default=False)
    minor = models.BigIntegerField()
    pieces = models.PositiveIntegerField()
    on_hand = models.PositiveIntegerField()
    stock_minor = models.BigIntegerField()
    variance_minor = models.BigIntegerField()
    average_minor = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cost_change_adds_up", condition=Q(minor=F("stock_minor") + F("variance_minor"))
            )
        ]

    def __str__(self) -> str:
        return self.key
