"""Insights when the mart is large: what both dashboards ask, of sums made from a network's facts.

``BENCH_FACTS`` sets how many facts (500,000; the goal is asked of 10,000,000). They spread over two years, the largest
shop having one in fifty.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from bench import rig
from bench.results import Result

FACTS = int(os.environ.get("BENCH_FACTS", "500000"))
RESELLERS, PRODUCTS, DAYS, ROUNDS = 10_000, 5_000, 730, 20
# Every third fact is an order's own; one line in twenty comes back.
_FILL = """
    INSERT INTO enablement_salesfact (day, cause, line_id, kind, reseller_id, order_number, variant_id, product_id,
        category_id, currency, pieces, sales_minor, discount_minor, tax_minor, wholesale_minor, margin_minor, fee_minor,
        shipping_minor, funded_minor, paid_minor)
    SELECT %(first)s::date + (n * {days} / {facts})::int, CASE WHEN back THEN 'refund:' ELSE 'sale:' END || n / 3, n %% 3,
        CASE WHEN back THEN 'refunded' ELSE 'sold' END, shop, 'N' || n / 3,
        thing, thing, thing %% 40, 'USD', s * g, s * g * 2000, 0, s * g * 200, s * g * 1000, s * g * 940, s * g * 60,
        s * (1 - g) * 500, 0, s * (g * 2200 + (1 - g) * 500)
    FROM generate_series(1::bigint, {facts}) n, LATERAL (SELECT
        CASE WHEN n / 3 %% 50 = 0 THEN 1 ELSE 1 + (hashint8(n / 3) & 1048575) %% {resellers} END AS shop,
        CASE WHEN n %% 3 > 0 THEN 1 + (hashint8(n) & 1048575) %% {products} END AS thing,
        n / 3 %% 20 = 7 AS back, CASE WHEN n / 3 %% 20 = 7 THEN -1 ELSE 1 END AS s, CASE WHEN n %% 3 > 0 THEN 1 ELSE 0 END AS g) x
"""


def measure() -> Iterator[Result]:
    """Fill the mart, sum it up, then ask what the pages ask."""
    with rig.servers():
        import django

        django.setup()
        last = _fill()
        yield from _summed()
        yield from _asked(last)


def _fill() -> date:
    from django.db import connection, transaction

    from enablement.services import partitions
    from s2b2c.kernel import clock

    last = clock.now().date()
    first = last - timedelta(days=DAYS)
    with transaction.atomic(), connection.cursor() as cursor:
        partitions.ensure(first + timedelta(days=number) for number in range(DAYS + 1))
        sql = _FILL.format(facts=FACTS, days=DAYS, resellers=RESELLERS, products=PRODUCTS)
        cursor.execute(sql, {"first": first})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return last


def _summed() -> Iterator[Result]:
    from django.db import connection

    from enablement.services import sums

    kept, seconds = _timed(sums.refresh)
    yield Result("summing all facts up", FACTS / seconds, "facts/s", note=f"{FACTS:,} facts, {kept:,} sums")
    _none, seconds = _timed(sums.refresh)
    yield Result("looking for what came", seconds * 1000, "ms")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _asked(last: date) -> Iterator[Result]:
    from enablement.selectors import insights

    for days in insights.SPANS:
        span = insights.Span(last, days)
        for name, ask in (("supplier's", _supply), ("the largest reseller's", _office)):
            times = sorted(_timed(lambda ask=ask, span=span: ask(span))[1] for _ in range(ROUNDS))
            slow = times[int(ROUNDS * 0.95) - 1]
            yield Result(
                f"{name} insights, {days} days, p95",
                slow,
                "s",
                goal="< 1 s of 10,000,000 facts",
                met=slow < 1 if FACTS >= 10_000_000 else None,
                note=f"{FACTS:,} facts",
            )


def _supply(span: Any) -> None:
    from enablement.selectors import insights

    for each in (span, span.before):
        insights.by_day(each, "USD")
    for grain in ("reseller", "product", "category"):
        insights.top(grain, span, "USD")
    insights.currencies()


def _office(span: Any) -> None:
    from enablement.selectors import insights

    for each in (span, span.before):
        insights.by_day(each, "USD", 1)
    insights.best_of(1, span, "USD")
    insights.currencies(1)


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began
