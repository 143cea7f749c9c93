"""S's side of helping c: the cases of all shops, who of S can help with what, and how long anybody may take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller


class Topic(models.TextChoices):
    """What a case is about; also what somebody at the desk is good at."""

    GOODS = "goods", pgettext_lazy("help", "Goods")
    DELIVERY = "delivery", pgettext_lazy("help", "Delivery")
    PAYMENT = "payment", _("Payment")
    SERVICE = "service", _("The shop's service")
    VISIT = "visit", pgettext_lazy("help", "A booked service")
    OTHER = "other", pgettext_lazy("help", "Other")


class DeskCase(models.Model):
    """One case as S knows it: that it is there, and, once S was pulled in, what was said.

    ``entries`` are the shop's, copied by events; ``notes`` are S's own, ``[{"at", "who", "text"}]``, and go nowhere.
    ``due_at``: until when whose turn it is should answer. ``moved_at``: the shop's last word, as its event said.
    ``cost_minor`` in ``currency``: what the work of S was worth, and ``cause``: who made it necessary.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("help", "Open")
        ANSWERED = "answered", pgettext_lazy("help", "Answered")
        CLOSED = "closed", pgettext_lazy("help", "Solved")

    class Turn(models.TextChoices):
        SHOP = "shop", _("Shop")
        SUPPLIER = "supplier", _("Supplier")

    class Cause(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        RESELLER = "reseller", _("Shop")
        CARRIER = "carrier", _("Carrier")
        CUSTOMER = "customer", _("Customer")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=12)
    number = models.CharField(max_length=12)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    turn = models.CharField(max_length=10, choices=Turn.choices, default=Turn.SHOP)
    why = models.CharField(max_length=6, blank=True)
    consent_at = models.DateTimeField(null=True)
    entries = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "number"], name="desk_case_once"),
            models.CheckConstraint(name="desk_reads_nothing_before_it_is_asked", condition=~Q(why="") | Q(entries=[])),
            models.CheckConstraint(name="desk_turn_needs_being_asked", condition=~Q(turn="supplier") | ~Q(why="")),
            models.CheckConstraint(
                name="desk_cost_has_its_cause",
                condition=Q(cost_minor=0) | Q(cost_minor__gt=0) & ~Q(cause="") & ~Q(currency=""),
            ),
        ]
        indexes = [
            models.Index(fields=["turn", "due_at"], name="desk_due", condition=Q(state="open")),
            models.Index(fields=["assignee"], name="desk_load", condition=Q(state="open", turn="supplier")),
            models.Index(fields=["-moved_at", "-id"], name="desk_recent"),
        ]

    def __str__(self) -> str:
        return self.number


class DeskSkill(models.Model):
    """Somebody at S who can help with a topic."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=10, choices=Topic.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="desk_skill_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}"


class DeskClock(models.Model):
    """How many hours a shop, and S, may take to answer a topic. A topic without a row has the usual ones."""

    topic = models.CharField(max_length=10, choices=Topic.choices, unique=True)
    shop_hours = models.PositiveSmallIntegerField()
    desk_hours = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="desk_clock_within_a_month",
                condition=Q(shop_hours__gte=1, shop_hours__lte=720, desk_hours__gte=1, desk_hours__lte=720),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.shop_hours} {self.desk_hours}"
