"""Drain the outbox: each handler acts exactly once per event, in strict order per key.

What a row's handlers do and the mark on the row, which names them, are one transaction that locks the row, so a
worker may die at any point. Rows of one key wait for the earliest undone one. Measured choice: docs/adr/0004-outbox.md.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from s2b2c.kernel import bulk, clock, events
from s2b2c.outbox import redacting
from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller

log = logging.getLogger(__name__)

BATCH = 200
MAX_TRIES = 12
OUTSIDE_LEASE = timedelta(seconds=90)
OUTSIDE_BATCH = 20  # how many slow rows are taken at once: what stays inside must not wait for long


@dataclass(slots=True)
class _Row:
    """An event as it was claimed: columns of its row, without a model's weight."""

    id: int
    topic: str
    key: str
    reseller_id: int
    payload: Any
    next_at: datetime
    tries: int
    acted: str


@dataclass(frozen=True, slots=True)
class Handler:
    """``tenant``: runs inside the shop's schema. ``outside``: reaches beyond the database.

    An outside handler runs without a transaction, at least once, and must be idempotent by its own key.
    ``apart``: its row is a transaction of its own. So it is with all that locks stock: a batch would keep a
    hot row from every checkout, and lock rows in the order of events instead of their own. A function tells it of
    each event.
    ``many``: does for several events at once (of one shop, where ``tenant``) what ``function`` does for each. A
    batch holds at most one event of a key, so nothing is out of order.
    """

    name: str
    function: Callable[[events.Event], None]
    tenant: bool = False
    outside: bool = False
    apart: bool | Callable[[events.Event], bool] = False
    many: Callable[[Sequence[Any]], None] | None = None


# While tables grow fast their statistics lag, and what a connection planned when they were small it keeps: the queue would
# be sorted whole, and foreign keys checked by reading whole tables. So the look for work and the check of foreign keys, and
# nothing that handlers ask, are planned by index.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"
_AS_USUAL = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT"
_COLUMNS = ("id", "topic", "key", "reseller_id", "payload", "next_at", "tries", "acted")
_ROWS = f"SELECT {', '.join(f'o.{name}' for name in _COLUMNS)} FROM outbox_outboxevent o"
_DUE = "o.state = 'pending' AND o.next_at <= now()"
_HEADS = f"""
    {BY_INDEX}
    {_ROWS} WHERE {_DUE}
      AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e
                      WHERE e.key = o.key AND e.id < o.id AND e.state IN ('pending', 'dead'))
    ORDER BY o.next_at, o.id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_ONE = f"{BY_INDEX} {_ROWS} WHERE o.id = %s AND {_DUE} FOR UPDATE SKIP LOCKED"
# What waits for the end of the transaction is checked here: what a handler wrote may refer to nothing, and is then this
# row's failure, not that of a COMMIT which would take every other row with it.
_DONE = f"""
    {BY_INDEX} SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE outbox_outboxevent o SET state = %s, done_at = %s, error = '', payload = {redacting.WITHOUT_PEOPLE},
                                    acted = w.acted
    FROM unnest(%s::bigint[], %s::text[]) AS w(id, acted) WHERE o.id = w.id
"""


def drain(
    wiring: dict[str, list[Handler]], *, limit: int = 100_000, when_full: Callable[[], None] | None = None
) -> int:
    """Handle due events until none is left or ``limit`` is reached; give how many were handled.

    ``when_full`` is called after each batch that was full: there is more than one worker may get through, and several
    may drain side by side.
    """
    done = 0
    while done < limit:
        handled = _drain_batch(wiring, min(BATCH, limit - done))
        if not handled:
            return done
        done += handled
        if when_full is not None and handled >= BATCH:
            when_full()
    return done


def _drain_batch(wiring: dict[str, list[Handler]], size: int) -> int:
    """Handle one batch in one transaction; on failure, row by row, so that one bad row stops only itself."""
    try:
        with transaction.atomic():
            inside, apart, outside = _parted(wiring, _claim(size))
            _handle(wiring, inside)
            _mark_done(wiring, inside)
            _lease(outside)
    except Exception:
        log.warning("outbox: a batch failed, going row by row", exc_info=True)
        return _drain_singly(wiring, size)
    for row in apart:
        _handle_apart(wiring, row.id)
    for row in outside:
        _handle_outside(wiring, row)
    return len(inside) + len(apart) + len(outside)


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
                _try_one(wiring, row)
        if _is_outside(wiring, row):
            _handle_outside(wiring, row)
        count += 1
    return count


def _handle_apart(wiring: dict[str, list[Handler]], row_id: int) -> None:
    """Handle one row in a transaction of its own, unless another worker has it, or had it."""
    with transaction.atomic():
        for row in _rows(_ONE, row_id):
            _try_one(wiring, row)


def _try_one(wiring: dict[str, list[Handler]], row: _Row) -> None:
    """Handle a row, or put it off with its error. Call inside a transaction that locks it."""
    try:
        with transaction.atomic():
            _handle(wiring, [row])
            _mark_done(wiring, [row])
    except Exception as error:
        _postpone(row, error)


def _claim(size: int) -> list[_Row]:
    """Lock the due heads of their keys. Call inside a transaction."""
    return sorted(_rows(_HEADS, size), key=lambda row: row.id)


def _rows(sql: str, value: int) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        made = [_Row(*row) for row in cursor.fetchall()]
        if made:
            cursor.execute(_AS_USUAL)
    for row in made:
        row.payload = json.loads(row.payload)
    return made


def _parted(wiring: dict[str, list[Handler]], rows: list[_Row]) -> tuple[list[_Row], list[_Row], list[_Row]]:
    """Tell what stays inside, what stands apart, and what reaches outside (some of it; the rest waits its turn)."""
    inside: list[_Row] = []
    apart: list[_Row] = []
    outside: list[_Row] = []
    for row in rows:
        if _is_outside(wiring, row):
            outside.append(row)
        else:
            (apart if _is_apart(wiring, row) else inside).append(row)
    return inside, apart, outside[:OUTSIDE_BATCH]


def _is_outside(wiring: dict[str, list[Handler]], row: _Row) -> bool:
    return any(handler.outside for handler in wiring.get(row.topic, ()))


def _is_apart(wiring: dict[str, list[Handler]], row: _Row) -> bool:
    return any(handler.apart and _stands_apart(handler, row) for handler in wiring.get(row.topic, ()))


def _stands_apart(handler: Handler, row: _Row) -> bool:
    if callable(handler.apart):
        return handler.apart(events.from_payload(row.topic, row.payload))
    return handler.apart


def _handle(wiring: dict[str, list[Handler]], rows: Iterable[_Row]) -> None:
    """Run the handlers of rows that have not acted yet. Call inside a transaction that locks them and marks them done."""
    due = [(row, handler) for row in rows for handler in wiring[row.topic] if handler.name not in row.acted.split()]
    shops = {row.reseller_id for row, handler in due if handler.tenant}
    resellers = Reseller.objects.in_bulk(shops) if shops else {}
    for handler, reseller_id, group in _grouped(wiring, due):
        if reseller_id is not None:
            with context.entered(resellers[reseller_id]):
                _act(handler, group)
        else:
            _act(handler, group)


_Group = tuple[Handler, int | None, list[events.Event]]


def _grouped(wiring: dict[str, list[Handler]], due: list[tuple[_Row, Handler]]) -> list[_Group]:
    """Give what each handler has to do: topic by topic, a topic's handlers in their order, shop by shop."""
    groups: dict[tuple[str, int, int | None], _Group] = {}
    made: dict[int, events.Event] = {}
    for row, handler in due:
        if row.id not in made:
            made[row.id] = events.from_payload(row.topic, row.payload)
        place = wiring[row.topic].index(handler)
        shop = row.reseller_id if handler.tenant else None
        groups.setdefault((row.topic, place, shop), (handler, shop, []))[2].append(made[row.id])
    topics = {topic: number for number, topic in enumerate(dict.fromkeys(row.topic for row, _ in due))}
    return [groups[key] for key in sorted(groups, key=lambda key: (topics[key[0]], key[1]))]


def _act(handler: Handler, group: list[events.Event]) -> None:
    if handler.many is not None and len(group) > 1:
        handler.many(group)
        return
    for event in group:
        handler.function(event)


def _handle_outside(wiring: dict[str, list[Handler]], row: _Row) -> None:
    """Run handlers that reach beyond the database: the row is leased, not locked, meanwhile.

    The rows before it in the batch took their time: its lease is made anew, unless another worker has it now.
    """
    if not _lease_again(row):
        return
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
        _mark_done(wiring, [row])


def _lease(rows: list[_Row]) -> None:
    until = clock.now() + OUTSIDE_LEASE
    if rows:
        OutboxEvent.objects.filter(id__in=[row.id for row in rows]).update(next_at=until)
    for row in rows:
        row.next_at = until


def _lease_again(row: _Row) -> bool:
    until = clock.now() + OUTSIDE_LEASE
    mine = OutboxEvent.objects.filter(id=row.id, state=OutboxEvent.State.PENDING, next_at=row.next_at)
    return bool(mine.update(next_at=until))


def _mark_done(wiring: dict[str, list[Handler]], rows: list[_Row]) -> None:
    """Mark rows done by all their handlers, those of former wirings included. Call inside the transaction of these."""
    if rows:
        names = {topic: [handler.name for handler in wiring[topic]] for topic in {row.topic for row in rows}}
        acted = [" ".join(dict.fromkeys([*row.acted.split(), *names[row.topic]])) for row in rows]
        ids = bulk.array(row.id for row in rows)
        with connection.cursor() as cursor:
            cursor.execute(_DONE, [OutboxEvent.State.DONE, clock.now(), ids, bulk.texts(acted)])


def _postpone(row: _Row, error: Exception) -> None:
    """Back off: 1, 2, 4 … 600 s; after ``MAX_TRIES`` the row is dead and waits for a person."""
    tries = row.tries + 1
    state = OutboxEvent.State.DEAD if tries >= MAX_TRIES else OutboxEvent.State.PENDING
    OutboxEvent.objects.filter(id=row.id, state=OutboxEvent.State.PENDING).update(
        tries=tries,
        state=state,
        next_at=clock.now() + timedelta(seconds=min(600, 2 ** (tries - 1))),
        error="".join(traceback.format_exception(error))[-8000:],
    )
    log.warning("outbox: %s %s failed (%s tries): %r", row.topic, row.key, tries, error)
