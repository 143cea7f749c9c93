"""Count openings of shops' pages: in the process, then in Redis, then by a task in the database. No cookie, no address.

A request pays for a sum in memory; a thread of the process tells Redis a second later, so that no visitor ever waits for
it. While Redis is away counts are dropped and nothing else happens. What a process holds when it is killed, a second at
most, is lost. What was taken from Redis is written exactly once: the batch's key is in the transaction that adds its counts.
"""

from __future__ import annotations

import atexit
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import ResponseError

from enablement.models import Kit, VisitBatch, Visits
from s2b2c.kernel import clock
from supplier.models import Product

Kind = Visits.Kind
HELD_SECONDS = 1.0
REMEMBERED = timedelta(days=400)
BATCHES_KNOWN = timedelta(days=30)
_NOW, _TAKEN, _BATCHES = "visits|now", "visits|taken|", "visits|batches"
_ADD = """
    INSERT INTO enablement_visits (day, reseller_id, kind, thing_id, count)
    SELECT * FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) ORDER BY 2, 3, 1, 4
    ON CONFLICT (reseller_id, kind, day, thing_id) DO UPDATE SET count = enablement_visits.count + EXCLUDED.count
"""


class _Held:
    """What this process has counted and not told Redis yet, and the thread that tells it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.telling = threading.Lock()  # what was taken is in Redis once this is free
        self.counts: Counter[str] = Counter()
        self.some = threading.Event()
        self.teller: threading.Thread | None = None

    def add(self, fields: Mapping[str, int]) -> None:
        """Add counts; they are told within the next second."""
        with self.lock:
            self.counts.update(fields)
            if self.teller is None or not self.teller.is_alive():  # the first time, and after a fork
                self.teller = threading.Thread(target=self._tell, name="visits", daemon=True)
                self.teller.start()
        self.some.set()

    def take(self) -> Counter[str]:
        with self.lock:
            taken, self.counts = self.counts, Counter()
        return taken

    def tell(self) -> None:
        """Tell Redis all that was counted before, also what another thread is about to tell."""
        with self.telling:
            _tell(self.take())

    def _tell(self) -> None:
        while True:
            self.some.wait()
            time.sleep(HELD_SECONDS)
            self.some.clear()
            self.tell()


_held = _Held()


def note(*, reseller_id: int, kind: str = "", slug: str = "", arrived: bool = False) -> None:
    """Count a page that was opened: a product's or a kit's story by its ``slug``, and a visit if one ``arrived`` by it.

    Never raises for want of Redis, and asks no database.
    """
    day = clock.now().date().isoformat()
    fields = {f"{day}|{reseller_id}|{kind}|{slug}": 1} if kind else {}
    if arrived:
        fields[f"{day}|{reseller_id}|{Kind.SHOP.value}|"] = 1
    if fields:
        _held.add(fields)


def _tell(counts: Mapping[str, int]) -> None:
    def do(redis: Any) -> None:
        pipe = redis.pipeline(transaction=False)
        for name, count in counts.items():
            pipe.hincrby(_NOW, name, count)
        pipe.execute()

    if counts:
        cache.ask(do)  # type: ignore[attr-defined]


def _tell_the_rest() -> None:
    """Tell what is left when the process ends in peace."""
    _held.tell()


atexit.register(_tell_the_rest)


def flush() -> int:
    """Write what Redis holds into the database, each count once; give how many sums were touched. May run twice."""
    _held.tell()
    written = 0
    for key in cache.ask(_take, ()):  # type: ignore[attr-defined]
        counts = cache.ask(lambda redis, key=key: redis.hgetall(_TAKEN + key), None)  # type: ignore[attr-defined]
        if counts is None:
            break
        written += _write(uuid.UUID(key), {name.decode(): int(count) for name, count in counts.items()})
        cache.ask(lambda redis, key=key: _forget(redis, key))  # type: ignore[attr-defined]
    return written


def _take(redis: Any) -> list[str]:
    """Put what was counted aside under a key of its own; give the keys of all that was put aside."""
    if redis.exists(_NOW):
        key = str(uuid.uuid4())
        pipe = redis.pipeline()
        pipe.sadd(_BATCHES, key)
        pipe.rename(_NOW, _TAKEN + key)
        with suppress(ResponseError):  # another one took it meanwhile: ours is empty, and forgotten as such
            pipe.execute()
    return sorted(each.decode() for each in redis.smembers(_BATCHES))


def _forget(redis: Any, key: str) -> None:
    pipe = redis.pipeline()
    pipe.delete(_TAKEN + key)
    pipe.srem(_BATCHES, key)
    pipe.execute()


@transaction.atomic
def _write(key: uuid.UUID, counts: Mapping[str, int]) -> int:
    rows = _rows(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enablement_visitbatch (key, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [key, clock.now()]
        )
        if not cursor.rowcount or not rows:
            return 0
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


def _rows(counts: Mapping[str, int]) -> list[tuple[date, int, str, int, int]]:
    """Give the rows of counts; what names no product or kit any more is left out."""
    asked = [_read(name, count) for name, count in counts.items()]
    ids = {kind: _ids(model, asked, kind) for kind, model in ((Kind.PRODUCT, Product), (Kind.STORY, Kit))}
    found = []
    for day, shop, kind, slug, count in asked:
        thing = 0 if kind == Kind.SHOP else ids.get(kind, {}).get(slug)
        if thing is not None:
            found.append((day, shop, kind.value, thing, count))
    return found


_Asked = tuple[date, int, Kind, str, int]


def _read(name: str, count: int) -> _Asked:
    day, shop, kind, slug = name.split("|", 3)
    return date.fromisoformat(day), int(shop), Kind(kind), slug, count


def _ids(model: Any, asked: list[_Asked], kind: str) -> dict[str, int]:
    slugs = {row[3] for row in asked if row[2] == kind}
    return dict(model.objects.filter(slug__in=slugs).values_list("slug", "id")) if slugs else {}


def forget() -> int:
    """Let go of sums older than a year and a month, and of keys of batches long written; give how many rows went."""
    now = clock.now()
    VisitBatch.objects.filter(at__lt=now - BATCHES_KNOWN).delete()
    return Visits.objects.filter(day__lt=(now - REMEMBERED).date()).delete()[0]
