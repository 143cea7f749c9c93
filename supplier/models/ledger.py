"""Double entry: one ``Transfer`` row is a debit and a credit, so the books balance by construction."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class Account(models.Model):
    """An account of one kind, currency and (for some kinds) reseller."""

    class Kind(models.TextChoices):
        CLEARING = "clearing", _("Payments in transit")
        COD_CLEARING = "cod_clearing", _("Cash on delivery to collect")
        CASH = "cash", _("Cash collected, to be banked")
        RECEIVABLE = "receivable", _("Invoices to be paid")
        WHOLESALE_DEFERRED = "wholesale_deferred", _("Wholesale, deferred to shipment")
        WHOLESALE_REVENUE = "wholesale_revenue", _("Wholesale revenue")
        RESELLER_PAYABLE = "reseller_payable", _("Payable to the reseller")
        FEE = "fee", _("Platform fee")
        TAX_PAYABLE = "tax_payable", _("Tax payable")
        SHIPPING = "shipping", _("Shipping collected")
        BANK = "bank", _("Bank account")
        RESELLER_RESERVE = "reseller_reserve", _("Kept back from the reseller")
        PAYOUT_TRANSIT = "payout_transit", _("Payouts on their way")
        PROVIDER_FEE = "provider_fee", _("What the payment provider takes")
        DISPUTED = "disputed", _("Held in disputes")
        CARRIER_CLAIM = "carrier_claim", _("Owed by carriers")
        RETURN_COST = "return_cost", _("What returns cost us")
        PROMOTION = "promotion", _("Discounts we fund")
        FEE_TAX = "fee_tax", _("Tax on the platform fee")
        BUYING_SAVING = "buying_saving", _("Savings of buying, shared with shops")
        RESELLER_DEPOSIT = "reseller_deposit", _("Deposits of the reseller in buying rounds")
        DEPOSIT_KEPT = "deposit_kept", _("Deposits kept in buying rounds")
        SERVICE_HELD = "service_held", _("Kept for booked services")
        SERVICE_PAYABLE = "service_payable", _("Payable to service providers")
        SERVICE_COST = "service_cost", _("Services we book ourselves")
        GOODS_BOUGHT = "goods_bought", _("Goods bought, at landed cost")
        GOODS_UNBILLED = "goods_unbilled", _("Goods received, to be billed")
        COSTS_UNBILLED = "costs_unbilled", _("Freight, duty and the like, to be billed")
        BUYING_VARIANCE = "buying_variance", _("Buying costs too late for stock")
        VENDOR_PAYABLE = "vendor_payable", _("Payable to vendors")
        EXCHANGE = "exchange", _("Between currencies")
        HELP_COST = "help_cost", _("What helping customers costs us")
        HELP_WORK = "help_work", _("Work of our desk")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reseller", "currency"], nulls_distinct=False, name="account_once"
            ),
            # The target of the composite foreign keys that keep a transfer in one currency.
            models.UniqueConstraint(fields=["id", "currency"], name="account_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"


class Journal(models.Model):
    """One fact of money. ``key`` makes it once: the same key with other content is refused."""

    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=30)
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    order_number = models.CharField(max_length=12, blank=True)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Found by the beginning of its key too.
            models.UniqueConstraint(fields=["key"], name="journal_key", opclasses=["varchar_pattern_ops"]),
            models.UniqueConstraint(
                fields=["reverses"], name="journal_reversed_once", condition=Q(reverses__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["reseller", "order_number"], name="journal_of_order"),
            models.Index(fields=["-at", "-id"], name="journal_recent"),
            models.Index(fields=["order_number"], name="journal_number", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.key


class Transfer(models.Model):
    """``amount_minor`` from ``credit`` to ``debit``: append-only, by trigger.

    Both accounts are held by a foreign key of account and currency together.
    """

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    memo = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="transfer_moves", condition=~Q(debit=F("credit"))),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class DailySeal(models.Model):
    """The journals of a day, sealed: ``digest`` is over each of their rows and over the seal before.

    ``up_to``: the last journal under it. Journals come to seals by their number, so that none is missed and none
    is under two. ``journals``: how many there are.
    """

    on = models.DateField(unique=True)
    up_to = models.BigIntegerField()
    journals = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.on}"


class AccountSum(models.Model):
    """All that ever moved an account, up to a seal: balances are these sums and what came after."""

    seal = models.ForeignKey(DailySeal, on_delete=models.CASCADE, related_name="sums")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "account"], name="account_sum_once")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debit_minor} − {self.credit_minor}"
