"""Forecasts made anew each night, by batches of variants, then of shops: killed, they carry on; asked again, they are there.

What was foretold for a day stays, and what came is written beside it: see ``PastForecast``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Min

from enablement.models import Forecast, ForecastRun, PastForecast, SalesFact
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import Variant

if TYPE_CHECKING:
    from enablement.selectors.forecasting import Forecasts

BATCH = 500  # variants
SHOPS = 1_000  # in a batch
MOST = 364  # days of history
LEAST = 14  # … below which nothing is foretold
LATELY = 91  # days in which a shop must have sold a variant
REMEMBERED = 400  # days what was foretold is kept
SETTLED = 7  # days after which what came is no longer looked at again
# What was called off before it was sent was no demand.
_SOLD = """
    SELECT variant_id, reseller_id, day - %s, sum(pieces)
    FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND variant_id > %s AND variant_id <= %s AND kind IN ('sold', 'refunded')
    GROUP BY 1, 2, 3
"""
_TOTALS = """
    SELECT 0, reseller_id, day - %s, sum(pieces)
    FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND reseller_id = ANY(%s) AND kind IN ('sold', 'refunded') GROUP BY 2, 3
"""
_ALL = """
    SELECT 0, 0, day - %s, sum(pieces) FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND kind IN ('sold', 'refunded') GROUP BY 3
"""
_CAME = """
    WITH came AS (
        SELECT day, COALESCE(variant_id, 0) AS variant_id, COALESCE(reseller_id, 0) AS reseller_id, sum(pieces) AS n
        FROM enablement_salesfact
        WHERE day >= %s AND day < %s AND kind IN ('sold', 'refunded') AND variant_id IS NOT NULL
        GROUP BY GROUPING SETS ((day, variant_id), (day, reseller_id), (day))
    )
    UPDATE enablement_pastforecast p SET sold = GREATEST(COALESCE(came.n, 0), 0)
    FROM enablement_pastforecast q LEFT JOIN came USING (day, variant_id, reseller_id)
    WHERE p.id = q.id AND q.day >= %s AND q.day < %s AND p.sold IS DISTINCT FROM GREATEST(COALESCE(came.n, 0), 0)
"""
_WRITTEN = ("made_on", "model", "days", "sold", "ahead", "expected", "low", "high", "sums", "error", "naive", "inside")


def run(batches: int | None = None) -> int:
    """Make what of today's forecasts is not made yet, so many batches at most; give how many were written.

    Each batch is a transaction that holds the night's row: two at once do not do the same.
    """
    ForecastRun.objects.get_or_create(made_on=clock.now().date())
    written = 0
    while batches is None or batches > 0:
        made = _batch(clock.now().date())
        if made is None:
            break
        written, batches = written + made, None if batches is None else batches - 1
    return written


@transaction.atomic
def _batch(today: date) -> int | None:
    rows = ForecastRun.objects.select_for_update(skip_locked=True)
    night = rows.filter(made_on=today, finished_at=None).first()
    if night is None:
        return None
    on_sale = Variant.objects.filter(pk__gt=night.upto, status=Variant.Status.ACTIVE, product__status="active")
    ids = list(on_sale.order_by("pk").values_list("pk", flat=True)[:BATCH])
    shops = [] if ids else _shops(night.shops_upto)
    made = _forecast(today, night.upto, ids) if ids else _totals(today, shops) if shops else 0
    night.series += made
    if ids:
        night.upto = ids[-1]
    elif shops:
        night.shops_upto = shops[-1]
    else:
        _close(today)
        night.finished_at = clock.now()
    night.save()
    return made


def _shops(after: int) -> list[int]:
    """Give the next shops whose sums are to be foretold; 0, all of them together, is the first."""
    first = [0] if after < 0 else []
    found = Reseller.objects.filter(pk__gt=max(after, 0)).order_by("pk").values_list("pk", flat=True)
    return first + list(found[:SHOPS])


def _close(today: date) -> None:
    """Forget what was not made anew, and write beside what was foretold of days that are over what came of them."""
    Forecast.objects.filter(made_on__lt=today).delete()
    PastForecast.objects.filter(day__lt=today - timedelta(days=REMEMBERED)).delete()
    since = today - timedelta(days=SETTLED)
    with connection.cursor() as cursor:
        cursor.execute(_CAME, [since, today, since, today])


def _forecast(today: date, after: int, ids: Sequence[int]) -> int:
    days = _history(today)
    if days < LEAST:
        return 0
    first = today - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, [first, first, today, after, ids[-1]])
        found = [row for row in cursor.fetchall() if row[0] in set(ids)]
    return _write([_series(found, days, by_shop=False), _series(found, days, by_shop=True)], today)


def _totals(today: date, shops: Sequence[int]) -> int:
    """Foretell what shops will sell of all variants together, and with shop 0 what all of them will."""
    days = _history(today)
    if days < LEAST:
        return 0
    first = today - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [first, first, today, list(shops)])
        found = cursor.fetchall()
        if shops[0] == 0:
            cursor.execute(_ALL, [first, first, today])
            found += cursor.fetchall()
    return _write([_series(found, days, by_shop=True)], today)


def _write(several: Iterable[_Series], today: date) -> int:
    """Write forecasts, and keep what they say of their first day. Said once, that stays."""
    forecasts = [each for series in several for each in _made(series, today)]
    Forecast.objects.bulk_create(
        forecasts, batch_size=1_000, update_conflicts=True, unique_fields=["variant_id", "reseller_id"],
        update_fields=_WRITTEN,
    )  # fmt: skip
    kept = [
        PastForecast(
            day=today, variant_id=each.variant_id, reseller_id=each.reseller_id, expected=each.expected[0], low=each.low[0],
            high=each.high[0], week=each.sums[0][:3],
        )
        for each in forecasts if each.expected
    ]  # fmt: skip
    PastForecast.objects.bulk_create(kept, batch_size=1_000, ignore_conflicts=True)
    return len(forecasts)


def _history(today: date) -> int:
    """Give how many whole days of sales there are, a year at most."""
    first = SalesFact.objects.filter(day__gte=today - timedelta(days=MOST)).aggregate(day=Min("day"))["day"]
    return (today - first).days if first else 0


@dataclass(frozen=True)
class _Series:
    """Pieces by day of (variant, shop); shop 0 is all of them."""

    keys: list[tuple[int, int]]
    pieces: Any


def _series(found: Iterable[Any], days: int, *, by_shop: bool) -> _Series:
    import numpy as np  # noqa: PLC0415 - weighs 20 MB, which only the nightly task needs

    rows: dict[tuple[int, int], Any] = {}
    for variant, shop, day, pieces in found:
        key = (variant, shop if by_shop else 0)
        if key not in rows:
            rows[key] = np.zeros(days)
        rows[key][day] += float(pieces)
    since = -LATELY if by_shop else -2 * LATELY
    kept = sorted(key for key, row in rows.items() if row[since:].max() > 0)
    return _Series(kept, np.maximum(np.stack([rows[key] for key in kept]), 0) if kept else None)


def _made(series: _Series, today: date) -> Iterable[Forecast]:
    if not series.keys:
        return
    from enablement.selectors import forecasting  # noqa: PLC0415 - brings numpy

    made = forecasting.forecast(series.pieces)
    days, lately = series.pieces.shape[1], series.pieces[:, -forecasting.AHEAD :].sum(1)
    for row, (variant, shop) in enumerate(series.keys):
        yield Forecast(
            variant_id=variant, reseller_id=shop, made_on=today, days=days, sold=int(lately[row]), ahead=round(float(made.sums[forecasting.AHEAD][row][0]), 2),
            model=forecasting.MODELS[int(made.model[row])],
            sums=[[round(float(each), 2) for each in made.sums[span][row]] for span in forecasting.SPANS],
            **_tested(made, row), **({} if shop and variant else _daily(made, row)),
        )  # fmt: skip


def _tested(made: Forecasts, row: int) -> dict[str, Any]:
    """Give what the back-test found; a number that is none is none."""
    found = {"error": made.error[row], "naive": made.naive[row], "inside": made.inside[row]}
    return {name: None if value != value else float(value) for name, value in found.items()}


def _daily(made: Forecasts, row: int) -> dict[str, Any]:
    return {
        "expected": [round(float(each), 3) for each in made.expected[row]],
        "low": [int(each) for each in made.low[row]],
        "high": [int(each) for each in made.high[row]],
    }
