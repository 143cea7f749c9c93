"""Payments a customer's bank takes back, until it says who is right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models.fulfilment import SalesOrder


class Dispute(models.Model):
    """A dispute as the payment provider last told it; known by the provider's id.

    ``taken_minor``: of the order's money, what the provider holds now; ``fee_minor``: what it keeps for the trouble.
    ``unused``: of a payment no order used, so of nobody's margin; then ``stake_minor`` is what of it S loses if it is lost:
    what had gone back to c before (None: no money was taken yet).
    ``bearer``: who bears a lost one, by the terms frozen on the order for this kind of reason; ``bearer_reason``: why
    S's finance said otherwise. ``evidence``: what was handed in.
    """

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry, to be answered")
        WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry, with the bank")
        WARNING_CLOSED = "warning_closed", _("Inquiry closed")
        NEEDS_RESPONSE = "needs_response", _("To be answered")
        UNDER_REVIEW = "under_review", _("With the bank")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        PREVENTED = "prevented", _("Prevented")

    class Bearer(models.TextChoices):
        SUPPLIER = "supplier", _("The supplier")
        SHOP = "shop", _("The shop")

    class Category(models.TextChoices):
        FRAUD = "fraud", _("Not made by the cardholder")
        NOT_RECEIVED = "not_received", _("Not received")
        GOODS = "goods", _("Not as described, or damaged")
        REFUND = "refund", _("Charged twice, or not refunded")
        OTHER = "other", pgettext_lazy("dispute", "Another reason")

    # The provider's reasons; any other is OTHER.
    REASONS = {
        "fraudulent": Category.FRAUD, "unrecognized": Category.FRAUD, "debit_not_authorized": Category.FRAUD,
        "product_not_received": Category.NOT_RECEIVED, "product_unacceptable": Category.GOODS,
        "credit_not_processed": Category.REFUND, "duplicate": Category.REFUND,
    }  # fmt: skip

    provider_id = models.CharField(max_length=80, unique=True)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=12)
    state = models.CharField(max_length=24, choices=State.choices)
    reason = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    taken_minor = models.BigIntegerField(default=0)
    bearer = models.CharField(max_length=8, choices=Bearer.choices, default=Bearer.SUPPLIER)
    bearer_reason = models.CharField(max_length=300, blank=True)
    payment_intent = models.CharField(max_length=80, blank=True)
    unused = models.BooleanField(default=False, db_default=False)
    stake_minor = models.BigIntegerField(null=True)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="dispute_stake_of_unused",
                condition=Q(stake_minor=None) | Q(unused=True, stake_minor__gte=0, stake_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="dispute_of_unused_is_borne_by_s", condition=Q(unused=False) | Q(bearer="supplier")
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="dispute_open", condition=Q(closed_at=None)),
            models.Index(fields=["reseller", "order_number"], name="dispute_of_order"),
            models.Index(fields=["-opened_at", "-id"], name="dispute_recent"),
        ]

    def __str__(self) -> str:
        return self.provider_id

    @property
    def category(self) -> str:
        return self.REASONS.get(self.reason, self.Category.OTHER)


class UnusedPayment(models.Model):
    """Money that came in and no order could use, by the provider's name of the payment. The shop sent it back."""

    payment_intent = models.CharField(max_length=80, unique=True)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="unused_payment_positive", condition=Q(amount_minor__gt=0))]

    def __str__(self) -> str:
        return self.payment_intent


class PayoutHold(models.Model):
    """What keeps an order's earnings from being paid out, each by its own cause; ended, never deleted.

    ``cause``: ``dispute:<provider's id>``, or ``finance`` where a person said so.
    """

    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="payout_holds")
    cause = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "cause"], name="payout_hold_once", condition=Q(released_at=None))
        ]

    def __str__(self) -> str:
        return self.cause
