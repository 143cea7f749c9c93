"""What will be sold: forecasts by variant, of all shops together and of each; what was foretold; how far tonight's are."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ForecastRun(models.Model):
    """A night's forecasts, made of the days before ``made_on``. Variants up to ``upto`` have theirs.

    Then come sums: of all shops, and of each up to ``shops_upto``; below nothing: not even the first.
    """

    made_on = models.DateField(unique=True)
    upto = models.BigIntegerField(default=0)
    shops_upto = models.BigIntegerField(default=-1)
    series = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.made_on}"


class Forecast(models.Model):
    """Pieces of a variant in the 28 days from ``made_on`` on: of all shops (``reseller_id`` 0) or of one.

    ``variant_id`` 0: all variants together. ``expected`` is the mean of each day, ``low`` to ``high`` holds a day in four
    of five cases; variants of single shops have sums only. ``sold``: in the last 28 days; ``ahead``: expected in the next. ``sums`` has a row for 7, 14 and 28 days: expected, low, high, and what is enough in 95 of 100 cases.
    ``error`` and ``naive`` are the back-test's mean errors of a day: ours, and of "the same as a week before".
    ``inside``: the part of its days that lay in the band. None of the three: too short a history to test.
    """

    reseller_id = models.BigIntegerField(default=0)
    variant_id = models.BigIntegerField()
    made_on = models.DateField()
    model = models.CharField(max_length=8)
    days = models.PositiveSmallIntegerField()
    sold = models.PositiveIntegerField()
    ahead = models.FloatField()
    expected = ArrayField(models.FloatField(), default=list)
    low = ArrayField(models.IntegerField(), default=list)
    high = ArrayField(models.IntegerField(), default=list)
    sums = ArrayField(ArrayField(models.FloatField(), size=4), size=3)
    error = models.FloatField(null=True)
    naive = models.FloatField(null=True)
    inside = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant_id", "reseller_id"], name="forecast_once"),
            models.CheckConstraint(
                name="forecast_is_of_28_days",
                condition=Q(expected__len=28, low__len=28, high__len=28) | Q(expected=[], low=[], high=[]),
            ),
            models.CheckConstraint(name="forecast_inside_is_a_part", condition=Q(inside__range=(0, 1))),
        ]
        indexes = [models.Index(fields=["reseller_id"], name="forecast_of_shop")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.made_on}"


class PastForecast(models.Model):
    """What was forecast for a day in the night before it, kept beside what came: never written again but for ``sold``.

    Pieces, as in ``Forecast``: variants of all shops together; all variants together (``variant_id`` 0) of all shops
    and of each. ``week``: expected, low and high of the seven days from ``day`` on. ``sold``: what came, written by a
    later night; NULL: not known yet.
    """

    day = models.DateField()
    variant_id = models.BigIntegerField()
    reseller_id = models.BigIntegerField(default=0)
    expected = models.FloatField()
    low = models.IntegerField()
    high = models.IntegerField()
    week = ArrayField(models.FloatField(), size=3)
    sold = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant_id", "reseller_id", "day"], name="past_forecast_once"),
            models.CheckConstraint(name="past_forecast_band", condition=Q(low__gte=0, low__lte=models.F("high"))),
        ]
        indexes = [models.Index(fields=["day"], name="past_forecast_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.variant_id}"
