"""The outbox when millions of events are done: what the desk's page and the dispatcher's look for work cost then.

``BENCH_EVENTS`` sets how many are done (1,000,000; the goal is asked of 10,000,000), over 30 days, which is how long they
are kept. Times are beside those of the same with 10,000 done, in the same run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import rig
from bench.results import Result

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
FEW, DAYS, WAITING, DEAD = 10_000, 30, 2_000, 20
_GOALS = {"page": 2.5, "poll": 1.5}  # times what it takes with few
# Every topic in turn, each with a payload of an order's size; made evenly over the days, done a moment later.
_DONE = """
    INSERT INTO outbox_outboxevent (topic, key, reseller_id, payload, state, created_at, next_at, tries, done_at, error, skip_reason, acted)
    SELECT (%s::text[])[1 + n %% %s], '1:N' || n / 4, 1,
           jsonb_build_object('order_number', 'N' || n / 4, 'lines', repeat(md5(n::text), 8)),
           'done', moment, moment, 0, moment + interval '30 ms', '', '', 'supplier.open_fulfilment supplier.post_sale'
    FROM generate_series(1, %s) n,
         LATERAL (SELECT now() - interval '1 day' * %s * (1 - n::numeric / %s) AS moment) m ORDER BY n
"""
_OPEN = """
    INSERT INTO outbox_outboxevent (topic, key, reseller_id, payload, state, created_at, next_at, tries, error, skip_reason, acted)
    SELECT 'PiecesCame', %s || n, 1, '{}', %s, now(), now() + interval '1 day', 0, '', '', ''
    FROM generate_series(1, %s) n
"""


def measure() -> Iterator[Result]:
    """Measure with few events done, put in many, measure again."""
    with rig.servers():
        import django

        django.setup()
        _fill(FEW)
        few = _times()
        _run("TRUNCATE outbox_outboxevent")
        seconds, _ = _timed(lambda: _fill(EVENTS))
        yield Result("events put in", EVENTS / seconds, "rows/s", note=f"{_size()} with their indexes")
        for name, (value, worst) in _times().items():
            yield _result(name, value, worst, few[name])
        gone, seconds = _forgetting()
        yield Result("old events forgotten", gone / seconds, "events/s", note=f"{gone:,} of {EVENTS:,}")


def _result(name: str, median: float, worst: float, few: tuple[float, float]) -> Result:
    goal = _GOALS.get(name.partition(":")[0])
    return Result(
        f"outbox: {name}",
        median,
        "ms",
        ratio=median / few[0],
        goal=f"ratio ≤ {goal:g} of 10,000,000" if goal else "",
        met=median / few[0] <= goal if goal and EVENTS >= 10_000_000 else None,
        note=f"p95 {worst:.1f} ms with {EVENTS:,} done; the ratio is to {FEW:,}: {few[0]:.1f} ms, p95 {few[1]:.1f} ms",
    )


def _fill(count: int) -> None:
    from s2b2c import wiring

    topics = list(wiring.HANDLERS)
    _run(_DONE, topics, len(topics), count, DAYS, count)
    _run(_OPEN, "1:W", "pending", WAITING)
    _run(_OPEN, "1:D", "dead", DEAD)
    _run("VACUUM ANALYZE outbox_outboxevent")  # as autovacuum does


def _times() -> dict[str, tuple[float, float]]:
    """Give median and 95th percentile in ms of each thing the desk and the dispatcher ask."""
    from django.db import transaction

    from s2b2c.outbox import dispatcher, watch
    from supplier.selectors import outbox

    @transaction.atomic
    def poll() -> None:
        dispatcher._claim(dispatcher.BATCH)

    def page() -> None:
        watch.flows()
        outbox.dead()
        watch.late_seconds()
        list(outbox.failed().order_by("-id")[:25])

    def drained() -> None:
        _due(dispatcher.BATCH)
        assert dispatcher.drain({"PiecesCame": []}, limit=dispatcher.BATCH) == dispatcher.BATCH

    return {
        "page: the desk": _percentiles(page, 40),
        "poll: nothing is due": _percentiles(poll, 200),
        "200 due events of no handler": _percentiles(drained, 9),
        "the oldest that waits": _percentiles(watch.oldest_at, 200),
        "poll: 5,000 events after a vacuum": _percentiles(poll, 200) if _handle(5_000, drained) else (0.0, 0.0),
    }


def _handle(count: int, drained: Callable[[], None]) -> bool:
    """Have as many events handled as may be between two vacuums (``outbox.0006``), and none vacuumed."""
    _run("ALTER TABLE outbox_outboxevent SET (autovacuum_enabled = off)")
    _run(_OPEN, "1:V", "pending", count)
    for _ in range(count // 200):
        drained()
    return True


def _due(count: int) -> None:
    _run(
        "UPDATE outbox_outboxevent SET next_at = now() WHERE id IN (SELECT id FROM outbox_outboxevent"
        " WHERE state = 'pending' AND next_at > now() ORDER BY next_at, id LIMIT %s)",
        count,
    )


def _forgetting() -> tuple[int, float]:
    from django.conf import settings

    from s2b2c.outbox import pruning

    settings.OUTBOX_KEEP_DAYS = DAYS - 1
    seconds, gone = _timed(lambda: pruning.forget_old(limit=100_000))
    return gone, seconds


def _percentiles(work: Callable[[], object], times: int) -> tuple[float, float]:
    work()
    seen = sorted(_timed(work)[0] * 1000 for _ in range(times))
    return seen[len(seen) // 2], seen[len(seen) * 95 // 100]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _run(sql: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def _size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('outbox_outboxevent'))")
        return str(cursor.fetchone()[0])
