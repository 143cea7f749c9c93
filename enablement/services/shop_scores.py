"""Make the scores of shops from facts, for a thousand shops at a time, each by a few statements; made again they are the same.

The formula is published (ADR 34) and shown to each shop with its own figures. What there was nothing of is left out, and
the other parts weigh more; a shop with fewer than ``LEAST`` parts has no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from enablement.models import ShopScore
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller

WEIGHTS = {"returns": 25, "cases": 25, "must_reads": 15, "courses": 15, "growth": 20}
LEAST = 3  # parts
DAYS, MONTH = 91, 28
ANSWER_HOURS = 48  # to decide on a return
BATCH = 1_000
# Answered: the first thing that was decided about it. What is neither answered nor late yet does not count.
_RETURNS = """
    SELECT reseller_id, count(*) FILTER (WHERE answered_at <= created_at + %(hours)s), count(*)
    FROM (
        SELECT r.reseller_id, r.created_at, (
            SELECT min(n.at) FROM supplier_ordernote n
            WHERE n.order_id = r.order_id AND n.data ->> 'return' = r.number AND n.kind LIKE 'return_%%'
                AND n.kind <> 'return_requested'
        ) AS answered_at
        FROM supplier_returnorder r
        WHERE r.reseller_id = ANY(%(shops)s) AND r.created_at >= %(since)s AND r.reason NOT IN ('door', 'lost')
    ) asked
    WHERE answered_at IS NOT NULL OR created_at < %(now)s - %(hours)s GROUP BY 1
"""
# Those about goods go to S at once; ``time``: the clock passed it on, for the shop had not answered.
_CASES = """
    SELECT reseller_id, count(*) FILTER (WHERE why <> 'time'), count(*) FROM enablement_deskcase
    WHERE reseller_id = ANY(%(shops)s) AND opened_at >= %(since)s AND why <> 'topic'
        AND (why <> '' OR state <> 'open' OR due_at < %(now)s) GROUP BY 1
"""
_MUST_READS = """
    SELECT s.id, count(*) FILTER (WHERE r.read_at::date <= COALESCE(a.due_on, r.read_at::date)), count(*)
    FROM tenancy_reseller s JOIN enablement_announcement a
        ON a.must_read AND a.withdrawn_at IS NULL AND a.audience = 'all' AND a.published_at >= s.opened_at
    LEFT JOIN enablement_announcementread r ON r.announcement_id = a.id AND r.reseller_id = s.id
    WHERE s.id = ANY(%(shops)s) AND a.published_at >= %(year)s
        AND (r.id IS NOT NULL OR COALESCE(a.due_on, a.published_at::date + 7) < %(today)s) GROUP BY 1
"""
_COURSES = """
    SELECT s.id, count(p.id), count(*) FROM tenancy_reseller s CROSS JOIN enablement_course c
    LEFT JOIN enablement_coursepassed p ON p.course_id = c.id AND p.reseller_id = s.id
    WHERE s.id = ANY(%(shops)s) AND c.published_at <= %(now)s GROUP BY 1
"""
_GROWTH = """
    SELECT s.id, sum(f.sales_minor) FILTER (WHERE f.day > %(month)s), sum(f.sales_minor) FILTER (WHERE f.day <= %(month)s)
    FROM tenancy_reseller s JOIN enablement_salessum f
        ON f.grain = 'reseller' AND f.thing_id = s.id AND f.currency = s.currency
    WHERE s.id = ANY(%(shops)s) AND f.day > %(two_months)s AND f.day <= %(yesterday)s GROUP BY 1
"""
_PARTS = {"returns": _RETURNS, "cases": _CASES, "must_reads": _MUST_READS, "courses": _COURSES}


def run() -> int:
    """Make today's score of each open shop that has none of today; give how many were made. A batch is a transaction."""
    today, made = clock.now().date(), 0
    open_ = Reseller.objects.filter(status=Reseller.Status.OPEN).order_by("pk")
    after = 0
    while shops := list(open_.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        made, after = made + _batch(today, shops), shops[-1]
    ShopScore.objects.exclude(reseller__status=Reseller.Status.OPEN).delete()
    return made


@transaction.atomic
def _batch(today: date, shops: Sequence[int]) -> int:
    there = set(ShopScore.objects.filter(reseller__in=shops, made_on=today).values_list("reseller_id", flat=True))
    wanted = [shop for shop in shops if shop not in there]
    if not wanted:
        return 0
    facts = _facts(today, wanted)
    rows = [_score(today, shop, {key: each[shop] for key, each in facts.items() if shop in each}) for shop in wanted]
    ShopScore.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["reseller"], update_fields=["score", "parts", "made_on"]
    )
    return len(rows)


def _facts(today: date, shops: list[int]) -> dict[str, dict[int, tuple[int, int]]]:
    """Give by part and shop how much was good, of how much; of growth: sales of four weeks, and of the four before."""
    now, last = clock.now(), today - timedelta(days=1)
    given: dict[str, Any] = {
        "shops": shops, "now": now, "since": now - timedelta(days=DAYS), "hours": timedelta(hours=ANSWER_HOURS), "today": today,
        "year": now - timedelta(days=365), "yesterday": last, "month": last - timedelta(days=MONTH),
        "two_months": last - timedelta(days=2 * MONTH),
    }  # fmt: skip
    found: dict[str, dict[int, tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        for key, statement in {**_PARTS, "growth": _GROWTH}.items():
            cursor.execute(statement, given)
            found[key] = {shop: (int(good or 0), int(of or 0)) for shop, good, of in cursor.fetchall()}
    return found


def _score(today: date, shop: int, facts: dict[str, tuple[int, int]]) -> ShopScore:
    parts = [
        {"key": key, "percent": percent(key, *facts[key]), "good": facts[key][0], "of": facts[key][1]}
        for key in WEIGHTS
        if facts.get(key, (0, 0))[1] > 0
    ]
    return ShopScore(reseller_id=shop, score=score(parts), parts=parts, made_on=today)


def percent(key: str, good: int, of: int) -> int:
    """Give a part, 0 to 100. Sales that neither grew nor fell are 50, each per cent of change is a point."""
    if key == "growth":
        return min(100, max(0, 50 + round((good - of) * 100 / of)))
    return round(good * 100 / of)


def score(parts: Sequence[dict[str, Any]]) -> int | None:
    """Give the weighted mean of what is known; None where that is too little."""
    if len(parts) < LEAST:
        return None
    return round(
        sum(WEIGHTS[each["key"]] * each["percent"] for each in parts) / sum(WEIGHTS[each["key"]] for each in parts)
    )
