"""Hot variants: their pieces at one place lie in several rows, so that buyers seldom wait for each other.

A place is a variant in a warehouse. Bucket 0 is its door: whoever moves pieces between buckets, or must see all of
them, locks bucket 0 first and reads the others afterwards, so nothing is moved behind his back. Heating and cooling
only move what is free; what is held stays in the row its order knows, and rows are never taken away.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import connection, transaction

from supplier.models import Stock
from supplier.services.stock import kits
from supplier.services.stock.rows import Row, Take

Place = tuple[int, int]  # variant id, warehouse id

# Of the buckets with enough, any one nobody is at. To wait, one is chosen without a lock and the update waits for that
# one alone: a lock in the choice would be kept on every bucket found empty after waiting, in random order.
_TAKE = """
    WITH wanted(variant_id, warehouse_id, quantity) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[])),
         picked AS MATERIALIZED (
            SELECT s.id, w.* FROM wanted w CROSS JOIN LATERAL (
                SELECT b.id FROM supplier_stock b
                WHERE b.variant_id = w.variant_id AND b.warehouse_id = w.warehouse_id AND b.available >= w.quantity
                ORDER BY random() LIMIT 1 {how}) s),
         taken AS (
            UPDATE supplier_stock s SET available = s.available - p.quantity, held = s.held + p.quantity
            FROM picked p WHERE s.id = p.id AND s.available >= p.quantity
            RETURNING s.id, s.variant_id, s.warehouse_id, p.quantity)
    INSERT INTO supplier_reservationline
        (reservation_id, variant_id, warehouse_id, stock_id, quantity, shipped, released)
    SELECT %s, t.variant_id, t.warehouse_id, t.id, t.quantity, 0, 0 FROM taken t
"""


# Where a variant was last seen in buckets, and when, by this process: only a hint, what is taken is taken by the row.
_seen: dict[int, tuple[int, float]] = {}
_SEEN_FOR, _SEEN_MOST = 1.0, 1_000


def remember(fixed: Sequence[Take], anywhere: Sequence[Take]) -> None:
    """Keep in mind for a second that one variant, wanted alone, lies in buckets: its rows need not be read each time."""
    if len(anywhere) == 1 and not fixed:
        if len(_seen) >= _SEEN_MOST:
            _seen.clear()
        _seen[anywhere[0].variant_id] = anywhere[0].warehouse_id, time.monotonic()


def remembered(demand: Mapping[int, int]) -> Take | None:
    """Give what to take from any bucket of the place its one variant was just seen at, or None."""
    if len(demand) != 1:
        return None
    [(variant_id, quantity)] = demand.items()
    warehouse_id, when = _seen.get(variant_id, (0, 0.0))
    fresh = warehouse_id and time.monotonic() - when < _SEEN_FOR
    return Take(0, variant_id, warehouse_id, quantity) if fresh else None


def forget(take: Take) -> None:
    """Read the rows of this variant again before the next take: here nothing was to be had."""
    _seen.pop(take.variant_id, None)


def part(rows: Sequence[Row], takes: Sequence[Take]) -> tuple[list[Take], list[Take]]:
    """Part takes into those of a row of their own, and those any bucket of their place may serve."""
    buckets = Counter((row.variant_id, row.warehouse_id) for row in rows)
    asked = Counter((take.variant_id, take.warehouse_id) for take in takes)
    fixed: list[Take] = []
    anywhere: list[Take] = []
    for take in takes:
        place = take.variant_id, take.warehouse_id
        (anywhere if buckets[place] > 1 and asked[place] == 1 else fixed).append(take)
    return fixed, anywhere


def take(reservation_id: int, takes: Sequence[Take], *, wait: bool = False) -> bool:
    """Move pieces from available to held in whichever bucket is at hand, and write the reservation's lines.

    Call inside a savepoint, after all other locks. Give whether all could be taken; when not, some may have been.
    With ``wait`` it waits for a bucket somebody is at, instead of passing it over: for a single take only.
    """
    columns = zip(*((each.variant_id, each.warehouse_id, each.quantity) for each in takes), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE.format(how="" if wait else "FOR NO KEY UPDATE SKIP LOCKED"),
            [*(list(column) for column in columns), reservation_id],
        )
        return cursor.rowcount == len(takes)


def locked(variant_id: int, warehouse_id: int) -> list[Stock]:
    """Give all rows of a place, locked, the door first; the door is made where there is none.

    Call inside a transaction.

    :raises StateRefused: it is a bundle.
    """
    here = Stock.objects.filter(variant_id=variant_id, warehouse_id=warehouse_id)
    if not here.select_for_update().filter(bucket=0).exists():
        kits.require_plain([variant_id])
        Stock.objects.bulk_create(
            [Stock(variant_id=variant_id, warehouse_id=warehouse_id, bucket=0)], ignore_conflicts=True
        )
        list(here.select_for_update().filter(bucket=0))
    return list(here.select_for_update().order_by("id"))


@transaction.atomic
def heat(*, variant_id: int, warehouse_id: int, buckets: int | None = None) -> int:
    """Spread what is free at a place evenly over its buckets; give how many pieces that are.

    Not a piece is made or lost: they are moved between locked rows in one statement.
    """
    number = buckets or settings.HOT_BUCKETS
    rows = locked(variant_id, warehouse_id)
    there = {row.bucket for row in rows}
    missing = [bucket for bucket in range(number) if bucket not in there]
    made = [Stock(variant_id=variant_id, warehouse_id=warehouse_id, bucket=bucket) for bucket in missing]
    Stock.objects.bulk_create(made)
    rows += made
    free = sum(row.available for row in rows)
    shares = {row.id: free // number + (row.bucket < free % number) if row.bucket < number else 0 for row in rows}
    _set(shares)
    return free


@transaction.atomic
def cool(*, variant_id: int, warehouse_id: int) -> int:
    """Bring what is free at a place together in its first row again; give how many pieces that are."""
    rows = locked(variant_id, warehouse_id)
    free = sum(row.available for row in rows)
    _set({row.id: free if row.bucket == 0 else 0 for row in rows})
    return free


_SET = """
    UPDATE supplier_stock s SET available = n.available FROM unnest(%s::bigint[], %s::int[]) AS n(id, available)
    WHERE s.id = n.id AND s.available <> n.available
"""


def _set(shares: dict[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [list(shares), list(shares.values())])


# --- By itself -------------------------------------------------------------------------------------
_RATES = """
    SELECT l.variant_id, l.warehouse_id, count(*) AS taken
    FROM (SELECT id FROM supplier_reservation ORDER BY id DESC LIMIT %s) newest
    JOIN supplier_reservation r ON r.id = newest.id AND r.created_at > now() - make_interval(secs => %s)
    JOIN supplier_reservationline l ON l.reservation_id = r.id
    GROUP BY 1, 2
"""
# A hot place is uneven when most of its buckets are empty though each could have a piece, or when one has far more
# than its share, as after a delivery, which comes into bucket 0.
_SPREAD = """
    SELECT variant_id, warehouse_id, count(*) FILTER (WHERE available > 0), sum(available), max(available)
    FROM supplier_stock WHERE (variant_id, warehouse_id) IN (
        SELECT variant_id, warehouse_id FROM supplier_stock WHERE bucket > 0)
    GROUP BY 1, 2
"""


def tend() -> dict[Place, str]:
    """Heat the places many orders were drawn from of late, even out hot ones, cool those that are quiet.

    Give what was done: ``hot``, ``evened`` or ``cold``. May run at any time, twice or never.
    """
    rates, spread = _rates(), _spreads()
    done: dict[Place, str] = {}
    for place in sorted({*rates, *spread}):
        rate, (filled, free, fullest) = rates.get(place, 0.0), spread.get(place, (1, settings.HOT_BUCKETS, 0))
        word = _due(rate, filled, free, fullest)
        if word:
            variant_id, warehouse_id = place
            (cool if word == "cold" else heat)(variant_id=variant_id, warehouse_id=warehouse_id)
            done[place] = word
    return done


def _due(rate: float, filled: int, free: int, fullest: int) -> str:
    if filled > 1 and rate < settings.HOT_RATE / 10:
        return "cold"
    if filled <= 1 and free > 1 and rate >= settings.HOT_RATE:
        return "hot"
    share = -(-free // settings.HOT_BUCKETS)
    uneven = filled < min(settings.HOT_BUCKETS, free) // 2 or fullest > 2 * share + 2
    return "evened" if filled > 1 and uneven and rate >= settings.HOT_RATE / 10 else ""


def _rates() -> dict[Place, float]:
    """Give orders a second by place, over the last seconds; the newest reservations are read by their key."""
    seconds = settings.HOT_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(_RATES, [20_000, seconds])
        return {(variant, warehouse): taken / seconds for variant, warehouse, taken in cursor.fetchall()}


def _spreads() -> dict[Place, tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD)
        return {(variant, warehouse): tuple(sums) for variant, warehouse, *sums in cursor.fetchall()}
