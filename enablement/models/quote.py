"""Requests for quotation: what S asks chosen vendors for, what each of them answers, what is awarded.

See docs/adr on quotations. The database holds the states, and that an item is awarded once: see the guards.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.purchase import PurchaseOrder
from enablement.models.vendor import Vendor
from supplier.models import Variant, Warehouse


class QuoteRequest(models.Model):
    """What S wants prices for. Vendors may answer until ``answer_by``; S may set a later one while it is open."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("quote", "Open")
        AWARDED = "awarded", pgettext_lazy("quote", "Awarded")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=600, blank=True)
    answer_by = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="quote_request_state")]

    def __str__(self) -> str:
        return self.number


class QuoteItem(models.Model):
    """Pieces of a variant a price is asked for."""

    request = models.ForeignKey(QuoteRequest, on_delete=models.PROTECT, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "variant"], name="quote_item_once"),
            models.CheckConstraint(name="quote_item_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class Quote(models.Model):
    """What one vendor was asked, and its answer. Amounts are minor units of ``currency``, the vendor's when it was asked.

    ``access`` is signed into its link: raised, every link given before is dead. ``revision`` counts its answers.
    ``actor``: who of S entered the answer; null: the vendor itself.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("quote", "Asked")
        ANSWERED = "answered", pgettext_lazy("quote", "Answered")
        DECLINED = "declined", pgettext_lazy("quote", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("quote", "Withdrawn")

    request = models.ForeignKey(QuoteRequest, on_delete=models.PROTECT, related_name="quotes")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="quotes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    currency = models.CharField(max_length=3)
    access = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    lead_days = models.PositiveSmallIntegerField(null=True)
    valid_until = models.DateField(null=True)
    freight_minor = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=600, blank=True)
    late = models.BooleanField(default=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "vendor"], name="quote_once"),
            models.CheckConstraint(
                name="quote_answered_says_when",
                condition=~Q(state="answered") | Q(lead_days__lte=365, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} of {self.vendor_id}"


class QuoteLine(models.Model):
    """What a vendor asks for an item. ``steps``: [[from pieces, minor units a piece], …], as ``PriceBreak`` has them.

    ``order``: the draft it was put into when it was awarded, if it was.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(QuoteItem, on_delete=models.PROTECT, related_name="lines")
    minimum = models.PositiveIntegerField(default=1)
    pack = models.PositiveIntegerField(default=1)
    steps = models.JSONField()
    awarded_at = models.DateTimeField(null=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "item"], name="quote_line_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(awarded_at__isnull=False), name="quote_item_awarded_once"
            ),
            models.CheckConstraint(name="quote_line_of_something", condition=Q(minimum__gte=1, pack__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} of {self.quote_id}"


class QuoteNote(models.Model):
    """A step of a request's history; an answer is kept in it as it was given. Only added."""

    request = models.ForeignKey(QuoteRequest, on_delete=models.PROTECT, related_name="notes")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="notes")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind
