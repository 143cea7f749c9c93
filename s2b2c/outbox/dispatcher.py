"""Drain the outbox: each handler acts exactly once per event, in strict order per key.

A row's handlers, their inbox entries and the mark on the row are one transaction, so a worker may die
at any point. Rows of one key wait for the earliest undone one. Measured choice: docs/adr/0004-outbox.md.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from s2b2c.kernel import clock, events
from s2b2c.outbox.models import InboxEntry, OutboxEvent
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller

log = logging.getLogger(__name__)

BATCH = 200
MAX_TRIES = 12
OUTSIDE_LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Handler:
    """``tenant``: runs inside the shop's schema. ``outside``: reaches beyond the database.

    An outside handler runs without a transaction, at least once, and must be idempotent by its own key.
    """

    name: str
    function: Callable[[events.Event], None]
    tenant: bool = False
    outside: bool = False


_HEADS = """
    SELECT o.id FROM outbox_outboxevent o
    WHERE o.state = 'pending' AND o.next_at <= now()
      AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e
                      WHERE e.key = o.key AND e.id < o.id AND e.state IN ('pending', 'dead'))
    ORDER BY o.next_at, o.id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def drain(wiring: dict[str, list[Handler]], *, limit: int = 100_000) -> int:
    """Handle due events until none is left or ``limit`` is reached; give how many were handled."""
    done = 0
    while done < limit:
        handled = _drain_batch(wiring, min(BATCH, limit - done))
        if not handled:
            return done
        done += handled
    return done


def _drain_batch(wiring: dict[str, list[Handler]], size: int) -> int:
    """Handle one batch in one transaction; on failure, row by row, so that one bad row stops only itself."""
    outside: list[OutboxEvent] = []
    try:
        with transaction.atomic():
            rows = _claim(size)
            inside = [row for row in rows if not _is_outside(wiring, row)]
            outside = [row for row in rows if _is_outside(wiring, row)]
            _handle(wiring, inside)
            _mark_done(inside)
            _lease(outside)
    except Exception:
        log.warning("outbox: a batch failed, going row by row", exc_info=True)
        return _drain_singly(wiring, size)
    for row in outside:
        _handle_outside(wiring, row)
    return len(rows)


def _drain_singly(wiring: dict[str, list[Handler]], size: int) -> int:
    count = 0
    for _ in range(size):
        with transaction.atomic():
            rows = _claim(1)
            if not rows:
                break
            row = rows[0]
            if _is_outside(wiring, row):
                _lease([row])
            else:
                try:
                    with transaction.atomic():
                        _handle(wiring, [row])
                        _mark_done([row])
                except Exception as error:
                    _postpone(row, error)
        if _is_outside(wiring, row):
            _handle_outside(wiring, row)
        count += 1
    return count


def _claim(size: int) -> list[OutboxEvent]:
    """Lock the due heads of their keys. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [size])
        ids = [row[0] for row in cursor.fetchall()]
    return list(OutboxEvent.objects.filter(id__in=ids).order_by("id")) if ids else []


def _is_outside(wiring: dict[str, list[Handler]], row: OutboxEvent) -> bool:
    return any(handler.outside for handler in wiring.get(row.topic, ()))


def _handle(wiring: dict[str, list[Handler]], rows: Iterable[OutboxEvent]) -> None:
    """Run the handlers of rows, each guarded by its inbox entry. Call inside a transaction."""
    rows = list(rows)
    pairs = [(row, handler) for row in rows for handler in wiring[row.topic]]
    entries = [InboxEntry(event_id=row.id, handler=handler.name) for row, handler in pairs]
    seen = set(InboxEntry.objects.filter(event_id__in=[row.id for row in rows]).values_list("event_id", "handler"))
    InboxEntry.objects.bulk_create(entry for entry in entries if (entry.event_id, entry.handler) not in seen)
    resellers = Reseller.objects.in_bulk({row.reseller_id for row, handler in pairs if handler.tenant})
    for row, handler in pairs:
        if (row.id, handler.name) in seen:
            continue
        event = events.from_payload(row.topic, row.payload)
        if handler.tenant:
            with context.entered(resellers[row.reseller_id]):
                handler.function(event)
        else:
            handler.function(event)


def _handle_outside(wiring: dict[str, list[Handler]], row: OutboxEvent) -> None:
    """Run handlers that reach beyond the database: the row is leased, not locked, meanwhile."""
    try:
        event = events.from_payload(row.topic, row.payload)
        for handler in wiring[row.topic]:
            if handler.tenant:
                with context.entered(Reseller.objects.get(id=row.reseller_id)):
                    handler.function(event)
            else:
                handler.function(event)
    except Exception as error:
        with transaction.atomic():
            _postpone(row, error)
        return
    with transaction.atomic():
        _mark_done([row])


def _lease(rows: list[OutboxEvent]) -> None:
    if rows:
        OutboxEvent.objects.filter(id__in=[row.id for row in rows]).update(next_at=clock.now() + OUTSIDE_LEASE)


def _mark_done(rows: list[OutboxEvent]) -> None:
    if rows:
        OutboxEvent.objects.filter(id__in=[row.id for row in rows]).update(
            state=OutboxEvent.State.DONE, done_at=clock.now(), error=""
        )


def _postpone(row: OutboxEvent, error: Exception) -> None:
    """Back off: 1, 2, 4 … 600 s; after ``MAX_TRIES`` the row is dead and waits for a person."""
    tries = row.tries + 1
    state = OutboxEvent.State.DEAD if tries >= MAX_TRIES else OutboxEvent.State.PENDING
    OutboxEvent.objects.filter(id=row.id).update(
        tries=tries,
        state=state,
        next_at=clock.now() + timedelta(seconds=min(600, 2 ** (tries - 1))),
        error="".join(traceback.format_exception(error))[-8000:],
    )
    log.warning("outbox: %s %s failed (%s tries): %r", row.topic, row.key, tries, error)
