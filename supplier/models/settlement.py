"""What resellers are paid: runs, one statement per reseller in each, its lines, and the payouts it leads to.

A released statement and its lines are never changed, and a transfer stands on one statement only: by trigger and
constraint. See docs/adr/0014-settlement.md.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models.company import Terms
from supplier.models.ledger import Transfer


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class SettlementRun(models.Model):
    """One settlement of all resellers in one currency: what was due before ``until``.

    ``position`` is how far a worker has come: the last account built, or the last statement released.
    """

    class State(models.TextChoices):
        BUILDING = "building", pgettext_lazy("settlement", "Being built")
        DRAFT = "draft", pgettext_lazy("settlement", "To review")
        REVIEWED = "reviewed", pgettext_lazy("settlement", "Reviewed")
        RELEASING = "releasing", pgettext_lazy("settlement", "Being released")
        RELEASED = "released", pgettext_lazy("settlement", "Released")
        CANCELLED = "cancelled", pgettext_lazy("settlement", "Cancelled")

    OPEN = ("building", "draft", "reviewed", "releasing")

    number = models.CharField(max_length=20, unique=True)
    currency = models.CharField(max_length=3)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    position = models.BigIntegerField(default=0)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    worked_at = models.DateTimeField(null=True)
    made_by = _person()
    reviewed_by = _person()
    released_by = _person()
    created_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="settlement_run_open_once",
                fields=["currency"],
                condition=Q(state__in=("building", "draft", "reviewed", "releasing")),
            )
        ]
        indexes = [models.Index(fields=["-until", "-id"], name="settlement_run_recent")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.BUILDING, self.State.RELEASING)


class Settlement(models.Model):
    """One reseller's part of a run: the statement. Minor units; refunds and claims are signed.

    ``blocked`` says why nothing is paid out. ``kept``: ids of orders on earlier statements that were never paid out and
    are held back now; so much of them, ``kept_minor``, is carried on however much is paid. ``document`` is the statement as it was released, ``digest`` its
    SHA-256: printed later it is the same to the byte.
    """

    run = models.ForeignKey(SettlementRun, on_delete=models.CASCADE, related_name="settlements")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=20, unique=True, null=True)
    released = models.BooleanField(default=False)
    opening_minor = models.BigIntegerField(default=0)
    sales_minor = models.BigIntegerField(default=0)
    refunds_minor = models.BigIntegerField(default=0)
    claims_minor = models.BigIntegerField(default=0)
    adjustments_minor = models.BigIntegerField(default=0)
    reserve_released_minor = models.BigIntegerField(default=0)
    reserve_held_minor = models.BigIntegerField(default=0)
    payout_minor = models.BigIntegerField(default=0)
    closing_minor = models.BigIntegerField(default=0)
    orders = models.IntegerField(default=0)
    method = models.CharField(max_length=8, choices=Terms.Method.choices)
    min_payout_minor = models.BigIntegerField(default=0)
    reserve_until = models.DateTimeField(null=True)
    blocked = models.CharField(max_length=20, blank=True)
    kept = models.JSONField(default=list, db_default=[])
    kept_minor = models.BigIntegerField(default=0, db_default=0)
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "reseller"], name="settlement_once"),
            models.CheckConstraint(
                name="settlement_adds_up",
                condition=Q(
                    closing_minor=F("opening_minor")
                    + F("sales_minor")
                    + F("refunds_minor")
                    + F("claims_minor")
                    + F("adjustments_minor")
                    + F("reserve_released_minor")
                    - F("reserve_held_minor")
                    - F("payout_minor")
                ),
            ),
            models.CheckConstraint(
                name="settlement_pays_what_is_there",
                condition=Q(payout_minor=0) | Q(payout_minor__gt=0, closing_minor__gte=0),
            ),
            models.CheckConstraint(
                name="settlement_keeps_what_is_held",
                condition=Q(kept_minor__gte=0) & (Q(payout_minor=0) | Q(closing_minor__gte=F("kept_minor"))),
            ),
            models.CheckConstraint(
                name="settlement_reserve_positive",
                condition=Q(reserve_held_minor__gte=0, reserve_released_minor__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["reseller", "currency", "-id"], name="settlement_of_reseller")]

    def __str__(self) -> str:
        return self.number or f"{self.run_id}:{self.reseller_id}"


class StatementLine(models.Model):
    """A transfer on the reseller's account, on the one statement that settles it; ``amount_minor`` is signed."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="lines")
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    kind = models.CharField(max_length=30)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class BankFile(models.Model):
    """Payouts handed to S's bank in one file; their details are frozen on them."""

    number = models.CharField(max_length=20, unique=True)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    count = models.IntegerField()
    made_by = _person()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class Payout(models.Model):
    """Money to a reseller. ``key`` is stored before the first try and moves money once; see ``supplier.gateways.stripe``.

    An ``unresolved`` one keeps its entries in the books: nobody knows yet, and the provider is asked.
    ``destination``: the account at Stripe, or the bank details as they were.
    """

    class State(models.TextChoices):
        CREATED = "created", pgettext_lazy("payout", "To send")
        SENT = "sent", pgettext_lazy("payout", "Sent")
        PAID = "paid", pgettext_lazy("payout", "Paid")
        FAILED = "failed", pgettext_lazy("payout", "Failed")
        UNRESOLVED = "unresolved", pgettext_lazy("payout", "Not known")

    OPEN = ("created", "sent", "unresolved")

    settlement = models.OneToOneField(Settlement, on_delete=models.PROTECT, related_name="payout")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    method = models.CharField(max_length=8, choices=Terms.Method.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    key = models.CharField(max_length=60, unique=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    destination = models.JSONField(default=dict)
    provider_id = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="payouts")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="payout_positive", condition=Q(amount_minor__gt=0))]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="payout_recent"),
            models.Index(
                fields=["state"], name="payout_open", condition=Q(state__in=("created", "sent", "unresolved"))
            ),
            models.Index(fields=["reseller", "-id"], name="payout_of_reseller"),
            models.Index(fields=["provider_id"], name="payout_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return self.key


class Clawback(models.Model):
    """Part of a payout taken back at the provider, because the reseller owes it meanwhile.

    ``cause``: the return, order or dispute it was asked for by itself; empty where a person did.
    """

    class State(models.TextChoices):
        CREATED = "created", pgettext_lazy("clawback", "To take back")
        DONE = "done", pgettext_lazy("clawback", "Taken back")
        FAILED = "failed", pgettext_lazy("clawback", "Refused")
        UNRESOLVED = "unresolved", pgettext_lazy("clawback", "Not known")

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="clawbacks")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    key = models.CharField(max_length=60, unique=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    provider_id = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=80, blank=True, default="")
    actor = _person()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="clawback_positive", condition=Q(amount_minor__gt=0))]

    def __str__(self) -> str:
        return self.key
