"""The anonymous benchmark: which shops are compared with each other, and the figures of their months."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Peer(models.Model):
    """A shop's group for a month: set once, before the month's figures are made, and never changed."""

    month = models.DateField()
    reseller_id = models.BigIntegerField()
    group = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "reseller_id"], name="peer_once")]

    def __str__(self) -> str:
        return f"{self.month} {self.reseller_id}"


class Benchmark(models.Model):
    """A figure of a group's month: quartiles over its shops, each counting once, rounded to two digits.

    Published once and the same for all of its members; never of fewer than six, so that each sees five others.
    """

    class Figure(models.TextChoices):
        ORDERS = "orders"  # in the month
        BASKET = "basket"  # goods of an order without tax, minor units
        MARGIN = "margin"  # kept of sales, basis points
        BACK = "back"  # went back of what was sold, basis points

    month = models.DateField()
    group = models.PositiveIntegerField()
    figure = models.CharField(max_length=8, choices=Figure.choices)
    currency = models.CharField(max_length=3)
    members = models.PositiveIntegerField()
    low = models.BigIntegerField()
    middle = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "group", "figure"], name="benchmark_once"),
            models.CheckConstraint(name="benchmark_of_six_or_more", condition=Q(members__gte=6)),
            models.CheckConstraint(
                name="benchmark_in_order", condition=Q(low__lte=F("middle"), middle__lte=F("high"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.group} {self.figure}"
