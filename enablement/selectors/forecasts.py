"""What forecasts say: of a variant's next days, of a shop's, and how well they did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from enablement.models import Forecast, ForecastRun, PastForecast, SalesFact
from s2b2c.kernel import clock

SPANS = (7, 14, 28)
KEPT = 8  # days after which a forecast that was not made anew is no longer believed
BETTER = 0.9  # of the naive error, or less


@dataclass(frozen=True, slots=True)
class Outlook:
    """Pieces in some days: expected, four times of five between ``low`` and ``high``, ``enough`` 95 times of 100."""

    expected: float
    low: float
    high: float
    enough: float


@dataclass(frozen=True, slots=True)
class Record:
    """How all forecasts did on days they did not see: how many were tested, how many clearly beat "as last week"."""

    tested: int
    better: int
    inside: float

    @property
    def better_percent(self) -> int:
        return round(self.better * 100 / self.tested) if self.tested else 0

    @property
    def inside_percent(self) -> int:
        return round(self.inside * 100)


def fresh(reseller_id: int = 0) -> QuerySet[Forecast]:
    """Give the forecasts of variants, of all shops together or of one, that can still be believed."""
    return _believed(reseller_id).filter(variant_id__gt=0)


def _believed(reseller_id: int) -> QuerySet[Forecast]:
    return Forecast.objects.filter(reseller_id=reseller_id, made_on__gte=clock.now().date() - timedelta(days=KEPT))


def of_all(reseller_id: int = 0) -> Forecast | None:
    """Give the forecast of all variants together, of all shops or of one; None: there is none yet."""
    return _believed(reseller_id).filter(variant_id=0).first()


def of(variant_ids: Iterable[int], reseller_id: int = 0) -> dict[int, Forecast]:
    """Give the forecasts of variants that have one."""
    return {each.variant_id: each for each in fresh(reseller_id).filter(variant_id__in=list(variant_ids))}


def ahead(forecast: Forecast, days: int) -> Outlook:
    """Give what is to come in so many days from the forecast's own: what is uncertain grows with their root."""
    steps = [(0, [0.0] * 4), *zip(SPANS, forecast.sums, strict=True)]
    if days >= SPANS[-1]:
        return _longer(forecast.sums[-1], days / SPANS[-1])
    (before, there), (after, here) = next(pair for pair in pairwise(steps) if days <= pair[1][0])
    part = (days - before) / (after - before)
    expected = there[0] + (here[0] - there[0]) * part
    away = (sqrt(days) - sqrt(before)) / (sqrt(after) - sqrt(before))
    low, high, enough = (
        expected + (there[at] - there[0]) * (1 - away) + (here[at] - here[0]) * away for at in (1, 2, 3)
    )  # fmt: skip
    return Outlook(expected, max(low, 0), high, enough)


def _longer(sums: list[float], times: float) -> Outlook:
    expected = sums[0] * times
    low, high, enough = (expected + (sums[at] - sums[0]) * sqrt(times) for at in (1, 2, 3))
    return Outlook(expected, max(low, 0), high, enough)


def record(reseller_id: int = 0) -> Record:
    """Tell how the forecasts did in the back-test."""
    tested = fresh(reseller_id).filter(naive__gt=0)
    found = tested.aggregate(
        n=Count("pk"), better=Count("pk", filter=Q(error__lte=F("naive") * BETTER)), inside=Avg("inside")
    )
    return Record(found["n"], found["better"], found["inside"] or 0.0)


def past(variant_id: int, first: date, last: date) -> dict[date, PastForecast]:
    """Give by day what had been foretold for it the night before, of all shops; ``variant_id`` 0: of all variants."""
    rows = PastForecast.objects.filter(variant_id=variant_id, reseller_id=0, day__range=(first, last))
    return {each.day: each for each in rows}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What nights had foretold, held against what came: ``inside`` of ``days`` days lay in their bands; pieces."""

    days: int
    inside: int
    expected: float
    sold: int

    @property
    def inside_percent(self) -> int:
        return round(self.inside * 100 / self.days) if self.days else 0


def outcome(variant_id: int | None = None, days: int = SPANS[-1]) -> Outcome:
    """Hold what was foretold of the last days against what came: of a variant, or of each variant. One query."""
    rows = PastForecast.objects.filter(
        reseller_id=0, sold__isnull=False, day__gte=clock.now().date() - timedelta(days=days)
    )
    rows = rows.filter(variant_id__gt=0) if variant_id is None else rows.filter(variant_id=variant_id)
    within = Q(sold__gte=F("low"), sold__lte=F("high"))
    return Outcome(
        **rows.aggregate(
            days=Count("pk"), inside=Count("pk", filter=within), expected=Sum("expected", default=0.0), sold=Sum("sold", default=0)
        )
    )  # fmt: skip


def sold_by_day(variant_id: int, first: date, last: date) -> dict[date, int]:
    """Give a variant's pieces by day, of all shops, without what was called off; ``variant_id`` 0: of all variants."""
    kinds = (SalesFact.Kind.SOLD, SalesFact.Kind.REFUNDED)
    rows = SalesFact.objects.filter(day__range=(first, last), kind__in=kinds)
    rows = rows.filter(variant_id=variant_id) if variant_id else rows
    return dict(rows.values_list("day").annotate(n=Greatest(Sum("pieces"), 0)))


def last_run() -> ForecastRun | None:
    """Give the night that was finished last."""
    return ForecastRun.objects.filter(finished_at__isnull=False).order_by("-made_on").first()
