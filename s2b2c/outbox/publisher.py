"""Put events into the outbox, in the transaction of their cause."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db import transaction

from s2b2c.kernel import clock
from s2b2c.kernel.bulk import Insert
from s2b2c.kernel.events import Event
from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy.cache import GLOBAL, TolerantRedisCache

log = logging.getLogger(__name__)

_INSERT = Insert(OutboxEvent, "topic", "key", "reseller_id", "payload", "next_at")

# Held from a call for a worker until the worker begins: who commits meanwhile need not call again.
AWAKE = f"{GLOBAL}outbox:awake"
_AWAKE_SECONDS = 2  # a call that got lost is made again


def publish(*events: Event) -> None:
    """Write events as outbox rows. Call inside the transaction that made them true.

    After the commit a worker is woken, unless one was called and has not begun; a dead Redis delays, never fails.
    """
    now = clock.now()
    _INSERT.rows([(event.topic(), event.key, event.reseller_id, event.to_payload(), now) for event in events])
    if events:
        transaction.on_commit(wake)


def wake() -> None:
    """Ask a worker to drain. Errors are logged only: beat drains each second anyway.

    While the cache's Redis is silent the broker, which is the same, is not asked: a checkout must not wait for it.
    """
    from s2b2c.outbox import tasks  # noqa: PLC0415 - tasks import the dispatcher, which imports wiring

    try:
        if cache.add(AWAKE, 1, timeout=_AWAKE_SECONDS) and not TolerantRedisCache.is_silent():
            tasks.drain.apply_async(expires=5, retry=False, ignore_result=True)
    except Exception:
        log.warning("outbox: no worker could be woken", exc_info=True)
