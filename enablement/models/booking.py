"""Services a consumer books with goods: what S offers with which goods, and the slot an order has.

The database holds that no provider is promised to more than it can do: see the migration with the guards.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from enablement.models.service import Part, ServiceKind, ServiceProvider, ServiceTask
from s2b2c.tenancy.models import Reseller
from supplier.models import Category, Product


class ServiceOption(models.Model):
    """A service c can book with a product, or with everything in a category. Amounts are for one visit.

    ``price_minor``: what c pays, as the shop shows its prices. ``cost_minor``: what S gets of it, and a provider may
    ask at most. One visit does up to ``most_pieces``. ``left_out``: the shops that do not want it.
    """

    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    text_en = models.CharField(max_length=240, blank=True)
    text_zh = models.CharField(max_length=240, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField()
    most_pieces = models.PositiveSmallIntegerField(default=4)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_option_goes_with_something",
                condition=Q(product__isnull=True, category__isnull=False)
                | Q(product__isnull=False, category__isnull=True),
            ),
            models.CheckConstraint(
                name="service_option_prices", condition=Q(cost_minor__gt=0) & Q(price_minor__gte=F("cost_minor"))
            ),
            models.CheckConstraint(name="service_option_pieces", condition=Q(most_pieces__gte=1, most_pieces__lte=99)),
        ]

    def __str__(self) -> str:
        return self.name_en


class ServiceOptOut(models.Model):
    """A shop that does not offer a service to its customers."""

    option = models.ForeignKey(ServiceOption, on_delete=models.CASCADE, related_name="left_out")
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reseller", "option"], name="service_opt_out_once")]

    def __str__(self) -> str:
        return f"{self.option_id} {self.reseller_id}"


class ServiceBooking(models.Model):
    """The slot of a service on an order: kept from the order on, a task once it is paid for.

    ``line_id``: of the order's line in the shop's schema. ``provider``: whose day has a place kept for it; null once a
    task looks after it, or it is over. ``booked_at``: S heard of the order; ``refunded_at``: S heard that c has the
    money back. ``pieces`` and ``cost_minor`` are as sold.
    """

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("booking", "Waits for payment")
        PLACED = "placed", pgettext_lazy("booking", "Booked")
        RELEASED = "released", pgettext_lazy("booking", "Not paid in time")
        CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
        FAILED = "failed", pgettext_lazy("booking", "Could not be done")

    LIVE = ("held", "placed")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12)
    line_id = models.BigIntegerField()
    option = models.ForeignKey(ServiceOption, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    pieces = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    cost_minor = models.BigIntegerField()
    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=12)
    on = models.DateField()
    part = models.SmallIntegerField(choices=Part.choices)
    provider = models.ForeignKey(ServiceProvider, on_delete=models.PROTECT, null=True, related_name="+")
    task = models.OneToOneField(ServiceTask, on_delete=models.PROTECT, null=True, related_name="booking")
    moved = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "order_number", "line_id"], name="service_booking_once"),
            models.CheckConstraint(
                name="service_booking_keeps_a_place_while_it_lives",
                condition=Q(provider__isnull=True) | Q(state__in=("held", "placed")),
            ),
            models.CheckConstraint(
                name="service_booking_held_keeps_a_place", condition=~Q(state="held") | Q(provider__isnull=False)
            ),
            models.CheckConstraint(
                name="service_booking_task_is_paid_for", condition=Q(task__isnull=True) | Q(booked_at__isnull=False)
            ),
            models.CheckConstraint(name="service_booking_cost", condition=Q(cost_minor__gt=0) & Q(pieces__gt=0)),
        ]
        indexes = [
            models.Index(fields=["provider", "on"], name="service_booking_kept", condition=Q(provider__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.on}"
