"""Money in and money back, as this shop's order sees it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orders.models.order import Order


class Payment(models.Model):
    """One attempt to pay: a Checkout Session, or cash on delivery."""

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        EXPIRED = "expired"
        RETURNED = "returned"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    provider = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    session_id = models.CharField(max_length=200, blank=True)
    page_url = models.TextField(blank=True)
    payment_intent = models.CharField(max_length=80, blank=True)
    amount_minor = models.BigIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session_id"], name="payment_session_once", condition=~Q(session_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.state}"


class Refund(models.Model):
    """Money going back. Granted (``requested``) first, sent apart; ``key`` makes it once in its order.

    Of nothing: the split was undone, and c has the money from its bank already. ``held``: a dispute is open that may give
    it to c; ``covered``: it did. ``way_back_minor``: what c bears of a return's cost, taken off (None: see ``lines``).

    ``lines``: ``[{"line", "quantity", "wholesale", "margin", "fee", "tax", "funded"}]``, minor units.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        DONE = "done"
        FAILED = "failed"
        HELD = "held"
        COVERED = "covered"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds", db_index=False)
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(default=0)
    shipping_tax_minor = models.BigIntegerField(default=0)
    way_back_minor = models.BigIntegerField(null=True)
    lines = models.JSONField(default=list)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)
    actor = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="refund_once"),  # finds those of an order too
            models.CheckConstraint(name="refund_positive", condition=Q(amount_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.state}"
