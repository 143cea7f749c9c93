"""How events flow, per way they go: what waits, since when, how fast they are, how many a minute. Reads only.

Rows that wait are read through indexes as small as the backlog, rows of the last hours through a BRIN index, so the
desk costs the same at any number of rows done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from s2b2c.kernel import clock
from s2b2c.outbox.dispatcher import Handler
from s2b2c.outbox.models import OutboxEvent

TO_SUPPLIER, TO_SHOP, OUTSIDE = "to_supplier", "to_shop", "outside"
WAYS = (TO_SUPPLIER, TO_SHOP, OUTSIDE)
MINUTES = 60
_MANY = 10_000
_LATEST = timedelta(hours=2)  # what took longer than that is not among the rates; it is late long before


@dataclass(slots=True)
class Flow:
    """Of one way. ``waiting`` is counted up to 10,000; ``p50`` and ``p99`` are seconds from birth to done, of the last hour."""

    way: str
    waiting: int = 0
    oldest_at: datetime | None = None
    handled: int = 0
    p50: float | None = None
    p99: float | None = None
    per_minute: list[int] = field(default_factory=lambda: [0] * MINUTES)  # the last entry is this minute


def ways() -> dict[str, list[str]]:
    """Give the topics of each way, as wired."""
    from s2b2c import wiring  # noqa: PLC0415 - the composition root sees everything, nobody sees it at import

    found: dict[str, list[str]] = {way: [] for way in WAYS}
    for topic, handlers in wiring.HANDLERS.items():
        found[_way(handlers)].append(topic)
    return found


def _way(handlers: list[Handler]) -> str:
    if any(handler.outside for handler in handlers):
        return OUTSIDE
    return TO_SHOP if any(handler.tenant for handler in handlers) else TO_SUPPLIER


def flows() -> list[Flow]:
    """Give how events flow each way now. Call outside or inside a transaction."""
    return [_flow(way, topics) for way, topics in ways().items()]


_WAITING = """
    SELECT count(*) FROM (SELECT FROM outbox_outboxevent
                          WHERE state = 'pending' AND topic = ANY(%s::text[]) LIMIT %s) e
"""
_OLDEST = """
    SELECT created_at FROM outbox_outboxevent
    WHERE state = 'pending' AND topic = ANY(%s::text[]) ORDER BY id LIMIT 1
"""
_DONE = "state = 'done' AND created_at >= %s AND done_at >= %s AND topic = ANY(%s::text[])"
_RATE = f"""
    SELECT floor(extract(epoch FROM %s::timestamptz - done_at) / 60)::int AS ago, count(*)
    FROM outbox_outboxevent WHERE {_DONE} GROUP BY 1
"""
_LAGS = f"""
    SELECT percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY GREATEST(extract(epoch FROM done_at - created_at)::float, 0))
    FROM outbox_outboxevent WHERE {_DONE}
"""


def _flow(way: str, topics: list[str]) -> Flow:
    now, found = clock.now(), Flow(way)
    done: list[Any] = [now - _LATEST, now - timedelta(minutes=MINUTES), topics]
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [topics, _MANY])
        found.waiting = cursor.fetchone()[0]
        cursor.execute(_OLDEST, [topics])
        found.oldest_at = next((row[0] for row in cursor.fetchall()), None)
        cursor.execute(_RATE, [now, *done])
        for ago, count in cursor.fetchall():
            found.per_minute[MINUTES - 1 - min(max(ago, 0), MINUTES - 1)] += count
        cursor.execute(_LAGS, done)
        found.p50, found.p99 = cursor.fetchone()[0] or (None, None)
    found.handled = sum(found.per_minute)
    return found


def oldest_at() -> datetime | None:
    """Give when the event that waits for longest was made, those that failed and are tried again included."""
    pending = OutboxEvent.objects.filter(state=OutboxEvent.State.PENDING)
    return pending.order_by("id").values_list("created_at", flat=True).first()


def late_seconds() -> int:
    """Give for how long the oldest event waits where that is past ``OUTBOX_ALARM_SECONDS``, else 0."""
    oldest = oldest_at()
    waits = int((clock.now() - oldest).total_seconds()) if oldest else 0
    return waits if waits >= settings.OUTBOX_ALARM_SECONDS else 0
