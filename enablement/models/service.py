"""The service network: providers, what they can do, the tasks they are offered, and what they are paid.

The database holds the states: see the migration with the guards, and docs/adr on the service network.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models import Product


class ServiceKind(models.TextChoices):
    """What can be booked."""

    DELIVERY = "delivery", pgettext_lazy("service", "Delivery")
    INSTALLATION = "install", pgettext_lazy("service", "Installation")
    PHOTOS = "photos", pgettext_lazy("service", "Photos")
    COPY = "copy", pgettext_lazy("service", "Copywriting")
    CALLS = "calls", pgettext_lazy("service", "Phone service")


class Part(models.IntegerChoices):
    """A part of a day."""

    MORNING = 0, pgettext_lazy("part of a day", "Morning")
    AFTERNOON = 1, pgettext_lazy("part of a day", "Afternoon")
    EVENING = 2, pgettext_lazy("part of a day", "Evening")


ANYWHERE = "*"


class ServiceProvider(models.Model):
    """A third party that carries out services.

    ``areas``: beginnings of postcodes, ``*`` anywhere. ``base``: its own postcode. ``hours``: the parts of the week
    it works, weekday × 3 + part. ``capacity``: tasks a day. ``access``: raised, every link sent before is dead.
    ``bank``: where it is paid, as of a reseller. ``language``: that of mails to it.
    """

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("provider", "Applied")
        VETTED = "vetted", pgettext_lazy("provider", "Checked")
        ACTIVE = "active", pgettext_lazy("provider", "Active")
        SUSPENDED = "suspended", pgettext_lazy("provider", "Suspended")
        REFUSED = "refused", pgettext_lazy("provider", "Refused")

    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    place = models.CharField(max_length=80, blank=True)
    base = models.CharField(max_length=12, blank=True)
    areas = ArrayField(models.CharField(max_length=12))
    hours = ArrayField(models.SmallIntegerField())
    capacity = models.PositiveSmallIntegerField(default=4)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10, default="en", choices=settings.LANGUAGES)
    about = models.CharField(max_length=600, blank=True)
    bank = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    state_reason = models.CharField(max_length=200, blank=True)
    access = models.PositiveIntegerField(default=1)
    vetted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    vetted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="provider_email_once"),
            models.CheckConstraint(name="provider_capacity", condition=Q(capacity__gte=1, capacity__lte=200)),
            models.CheckConstraint(
                name="provider_vetted_by_somebody",
                condition=Q(state__in=("applied", "refused")) | Q(vetted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def works(self, weekday: int) -> list[int]:
        """Give the parts of a weekday (Monday is 0) it works in."""
        return sorted(hour % 3 for hour in self.hours if hour // 3 == weekday)


class ServiceRate(models.Model):
    """What a provider can do, and what it asks for a task of it, in its currency."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="rates")
    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    price_minor = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind"], name="service_rate_once"),
            models.CheckConstraint(name="service_rate_positive", condition=Q(price_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.price_minor}"


class ServiceStatement(models.Model):
    """What a provider is paid at once: approved tasks, in one line of a bank file (``batch``). ``bank``: as it was."""

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("provider statement", "With the bank")
        PAID = "paid", pgettext_lazy("provider statement", "Paid")

    number = models.CharField(max_length=20, unique=True)
    batch = models.CharField(max_length=20)
    provider = models.ForeignKey(ServiceProvider, on_delete=models.PROTECT, related_name="statements")
    currency = models.CharField(max_length=3)
    total_minor = models.PositiveBigIntegerField()
    bank = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.FILED)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="service_statement_positive", condition=Q(total_minor__gt=0))]
        indexes = [models.Index(fields=["batch"], name="service_statement_batch")]

    def __str__(self) -> str:
        return self.number


class ServiceTask(models.Model):
    """Something one provider is to do. Amounts are minor units of ``currency``.

    ``reseller``: the shop that booked it and pays; null: S itself, or a consumer with an order of the shop ``sold_by``. ``budget_minor``: what it may cost at most.
    Wanted on ``day``, at the latest on ``latest``, in ``part`` (null: any). ``provider``, ``price_minor``, ``on`` and
    ``at_part`` are the assignment; ``reason`` says why it is this one, or why it is nobody. ``fixed``: a person chose.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("service", "Looking for a provider")
        OFFERED = "offered", pgettext_lazy("service", "Offered")
        ACCEPTED = "accepted", pgettext_lazy("service", "Accepted")
        DONE = "done", pgettext_lazy("service", "Done, to approve")
        APPROVED = "approved", pgettext_lazy("service", "Approved")
        PAID = "paid", pgettext_lazy("service", "Paid")
        CANCELLED = "cancelled", pgettext_lazy("service", "Cancelled")

    WAITING = ("open", "offered")
    RUNNING = ("open", "offered", "accepted", "done")

    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, related_name="+")
    sold_by = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    brief = models.CharField(max_length=1000)
    contact = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=240, blank=True)
    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=12)
    day = models.DateField()
    latest = models.DateField()
    part = models.SmallIntegerField(choices=Part.choices, null=True)
    currency = models.CharField(max_length=3)
    budget_minor = models.PositiveBigIntegerField()
    provider = models.ForeignKey(ServiceProvider, on_delete=models.PROTECT, null=True, related_name="tasks")
    price_minor = models.PositiveBigIntegerField(null=True)
    on = models.DateField(null=True)
    at_part = models.SmallIntegerField(choices=Part.choices, null=True)
    reason = models.JSONField(default=dict)
    fixed = models.BooleanField(default=False)
    proof = models.CharField(max_length=600, blank=True)
    photos = models.JSONField(default=list)
    sent_back = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    complaint = models.CharField(max_length=300, blank=True)
    statement = models.ForeignKey(ServiceStatement, on_delete=models.PROTECT, null=True, related_name="tasks")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="service_task_days", condition=Q(latest__gte=F("day"))),
            models.CheckConstraint(name="service_task_budget", condition=Q(budget_minor__gt=0)),
            models.CheckConstraint(
                name="service_task_has_somebody",
                condition=Q(state__in=("open", "cancelled"))
                | Q(provider__isnull=False, on__isnull=False, at_part__isnull=False, price_minor__gt=0),
            ),
            models.CheckConstraint(
                name="service_task_within_budget",
                condition=Q(price_minor__isnull=True) | Q(price_minor__lte=F("budget_minor")),
            ),
            models.CheckConstraint(
                name="service_task_paid_by_statement", condition=~Q(state="paid") | Q(statement__isnull=False)
            ),
            models.CheckConstraint(
                name="service_task_on_statement_when_approved",
                condition=Q(statement__isnull=True) | Q(state__in=("approved", "paid")),
            ),
            models.CheckConstraint(
                name="service_task_proved",
                condition=~Q(state__in=("done", "approved", "paid")) | ~Q(proof="") | ~Q(photos=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "on"], name="service_task_state"),
            models.Index(fields=["provider", "on"], name="service_task_provider"),
            models.Index(fields=["reseller", "-id"], name="service_task_reseller"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def pictures(self) -> list[str]:
        """Give the names of the photos handed in."""
        found: Any = self.photos
        return list(found)


class ServiceOffer(models.Model):
    """A task offered to one provider, once. What was answered stays. ``until``: then the next one is asked."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("offer", "Waits for an answer")
        ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
        DECLINED = "declined", pgettext_lazy("offer", "Declined")
        EXPIRED = "expired", pgettext_lazy("offer", "No answer in time")
        WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")
        GIVEN_BACK = "given_back", pgettext_lazy("offer", "Given back")

    task = models.ForeignKey(ServiceTask, on_delete=models.PROTECT, related_name="offers")
    provider = models.ForeignKey(ServiceProvider, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    price_minor = models.PositiveBigIntegerField()
    on = models.DateField()
    at_part = models.SmallIntegerField(choices=Part.choices)
    reason = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "provider"], name="service_offer_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(state="open"), name="service_offer_one_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["until"], name="service_offer_due", condition=Q(state="open")),
            models.Index(fields=["provider", "-id"], name="service_offer_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.state}"
