"""Where resellers are paid, what the provider says it did, and the papers with numbers of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models.settlement import Settlement


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class PayoutAccount(models.Model):
    """Where a reseller gets its money: its account at Stripe as last asked about, and its bank account.

    ``key`` is stored before an account is asked for. ``due`` is what Stripe still wants to know (its own names).
    ``returned``: what the reseller's bank sent back to that account and was not paid out since (``minor``, ``currency``,
    ``code`` – Stripe's word for why –, ``at``), else empty.
    """

    reseller = models.OneToOneField(Reseller, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True)
    stripe_id = models.CharField(max_length=60, blank=True)
    ready = models.BooleanField(default=False)
    submitted = models.BooleanField(default=False)
    due = models.JSONField(default=list)
    disabled_reason = models.CharField(max_length=100, blank=True)
    stripe_bank = models.CharField(max_length=80, blank=True)
    returned = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    bank = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)
    changed_by = _person()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="payout_account_stripe_once", fields=["stripe_id"], condition=~Q(stripe_id="")
            )
        ]

    def __str__(self) -> str:
        return self.stripe_id or str(self.reseller_id)


class PaperParty(models.Model):
    """Who stands on statements and invoices: S itself (no ``reseller``), or a reseller. A paper keeps them as they were."""

    FIELDS = ("name", "street", "postcode", "city", "region", "country", "tax_number")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    tax_number = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    changed_by = _person()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller"], nulls_distinct=False, name="paper_party_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def as_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.FIELDS}


class ProviderEntry(models.Model):
    """One line of the payment provider's own books, and what of ours it belongs to.

    ``matched``: our books say the same. ``explained``: somebody said why they don't. ``open`` after some hours is an alarm.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("provider", "Not matched")
        MATCHED = "matched", pgettext_lazy("provider", "Matched")
        EXPLAINED = "explained", pgettext_lazy("provider", "Explained")

    provider_id = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=80, blank=True)
    description = models.CharField(max_length=200, blank=True)
    # Numbers are a shop's own: two shops may have the same.
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    order_number = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    booked_at = models.DateTimeField()
    available_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=300, blank=True)
    explained_by = _person()
    explained_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["-booked_at", "-id"], name="provider_entry_recent"),
            models.Index(fields=["id"], name="provider_entry_open", condition=Q(state="open")),
            models.Index(
                fields=["reseller", "order_number"], name="provider_entry_of_order", condition=~Q(order_number="")
            ),
        ]

    def __str__(self) -> str:
        return self.provider_id


class Numbering(models.Model):
    """The last number of a series without gaps; counted on in the transaction that uses it."""

    series = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class Invoice(models.Model):
    """The platform fee of a statement with its tax, or a credit note for fee given back. Append-only."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="invoices")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "kind"], name="invoice_once"),
            models.CheckConstraint(
                name="invoice_adds_up", condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor"))
            ),
        ]
        indexes = [models.Index(fields=["reseller", "-id"], name="invoice_of_reseller")]

    def __str__(self) -> str:
        return self.number
