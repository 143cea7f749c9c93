"""How long an order takes to S, and the answer back, at a steady rate and with a real Celery worker.

The orders are placed by the service beforehand and kept back: placing costs more than handing over, and on one small
machine it would be the thing measured. At its moment each one's outbox row is written anew, with the time of that
moment, and a worker is woken, just as the commit of a checkout does.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import django

from bench import rig
from bench.results import Result
from s2b2c.embedded import places, processes

RATES, SECONDS, GENERATORS = (50, 200), 8, 2
_HEAD_START = 6  # seconds in which the generators start
_WORKER = ("-m", "celery", "-A", "s2b2c.celery", "worker", "--loglevel", "WARNING", "--concurrency", "1")
_GOAL_MS = 200  # p99 at the highest rate


def measure(order: Callable[[], None]) -> Iterator[Result]:
    """Hand orders over at each rate; ``order`` places one."""
    kept = _keep_back(order, SECONDS * sum(RATES))
    quiet = ("--without-gossip", "--without-mingle")
    worker = processes.spawn([sys.executable, *_WORKER, *quiet], cwd=places.PROJECT, output=subprocess.DEVNULL)
    try:
        _wait_for_worker(order)
        for rate in RATES:
            mine, kept = kept[: rate * SECONDS], kept[rate * SECONDS :]
            yield from _results(rate, mine, _hand_over(mine, rate))
    finally:
        processes.stop(worker, 15, grace=10)


def _keep_back(order: Callable[[], None], count: int) -> list[int]:
    """Place orders whose events are not due yet; give the ids of their outbox rows."""
    from s2b2c.kernel import clock
    from s2b2c.outbox.models import OutboxEvent

    for _ in range(count):
        order()
    waiting = OutboxEvent.objects.filter(state="pending", topic="OrderPlaced")
    ids = list(waiting.order_by("id").values_list("id", flat=True))
    waiting.update(next_at=clock.now() + timedelta(days=1))
    return ids


def _wait_for_worker(order: Callable[[], None]) -> None:
    from s2b2c.kernel import clock
    from s2b2c.outbox.models import OutboxEvent

    def drained() -> bool:
        order()
        time.sleep(0.3)
        return not OutboxEvent.objects.filter(state="pending", next_at__lte=clock.now()).exists()

    rig.seconds_until(drained, limit=60)


def _hand_over(ids: list[int], rate: int) -> float:
    """Let orders become due one by one, from processes of their own; give the rate that was kept."""
    from s2b2c.outbox.models import OutboxEvent

    began = time.time() + _HEAD_START
    turns = [(ids[mine::GENERATORS], began + mine / rate, GENERATORS / rate) for mine in range(GENERATORS)]
    with ProcessPoolExecutor(GENERATORS, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        ended = max(pool.map(_generate, turns))
    rig.seconds_until(lambda: not OutboxEvent.objects.filter(id__in=ids).exclude(state="done").exists(), limit=60)
    return len(ids) / (ended - began)


def _generate(turn: tuple[list[int], float, float]) -> float:
    """Hand over some orders, one each ``step`` seconds from ``began`` on; give when the last one was."""
    from django.db import connection

    from s2b2c.outbox import publisher

    ids, began, step = turn
    with connection.cursor() as cursor:
        publisher.wake()  # connects to Redis and to the broker before it counts
        for number, id_ in enumerate(ids):
            time.sleep(max(0, began + number * step - time.time()))
            cursor.execute(_DUE, [id_])
            publisher.wake()
    return time.time()


_DUE = "UPDATE outbox_outboxevent SET created_at = clock_timestamp(), next_at = clock_timestamp() WHERE id = %s"


def _results(rate: int, ids: list[int], kept: float) -> Iterator[Result]:
    from s2b2c.outbox.models import OutboxEvent

    orders = OutboxEvent.objects.filter(id__in=ids)
    answers = OutboxEvent.objects.filter(topic="FulfilmentOpened", key__in=orders.values("key"))
    rig.seconds_until(lambda: not answers.exclude(state="done").exists(), limit=60)
    for rows, name, asked in ((orders, "order to S", rate == max(RATES)), (answers, "answer to the shop", False)):
        lags = sorted(_lags(rows))
        note = f"{kept:.0f} orders/s handed over for {SECONDS} s, one Celery worker"
        yield Result(f"sync: lag at {rate}/s, {name}, p50", lags[len(lags) // 2], "ms", note=note)
        late = lags[len(lags) * 99 // 100]
        goal = f"≤ {_GOAL_MS} ms" if asked else ""
        met = late <= _GOAL_MS if asked else None
        yield Result(f"sync: lag at {rate}/s, {name}, p99", late, "ms", goal=goal, met=met)


def _lags(rows: Any) -> Iterator[float]:
    for made, done in rows.values_list("created_at", "done_at"):
        yield (done - made).total_seconds() * 1000
