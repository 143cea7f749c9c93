"""An order's reservation as a whole: held, paid, expired, released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Greatest

from s2b2c.kernel import clock
from s2b2c.kernel.errors import OutOfStock
from supplier.models import Reservation
from supplier.selectors import bundles, dealing
from supplier.services.stock import buckets, kits, pieces, rows


def hold(
    *, reseller_id: int, order_number: str, wanted: Mapping[int, int], expires_at: datetime | None = None
) -> Reservation:
    """Keep pieces for one order, from as few warehouses as can serve it.

    Call inside a transaction, as its last statement. ``wanted``: pieces by variant id, each at least 1; a bundle's
    parts are kept in its place, summed with the same variants wanted loose, each bundle's in one warehouse. Without ``expires_at`` the reservation is firm (paid) at once.

    :raises OutOfStock: some variant is short in all warehouses together; nothing is held.
    """
    demand = dict(sorted(wanted.items()))
    if (known := buckets.remembered(demand)) is not None:
        try:
            return _reserve(reseller_id, order_number, (), expires_at, known)
        except _Missed:
            buckets.forget(known)
    seen = rows.read(demand, lock=False)
    order = None
    if not demand.keys() <= {row.variant_id for row in seen}:  # a bundle has no rows; nor has what is sold out
        order = kits.read(demand)
    if order is not None:
        demand = order.total
        seen = rows.read(demand, lock=False)
    takes = _plan(seen, demand, order)
    fixed, anywhere = buckets.part(seen, takes or [])
    buckets.remember(fixed, anywhere)
    tries = (False, True) if len(anywhere) == 1 and not fixed else (False,) if takes else ()
    for wait in tries:
        try:
            return _write(reseller_id, order_number, fixed, expires_at, anywhere, wait=wait)
        except _Missed:
            pass
    return _hold_for_good(reseller_id, order_number, demand, order, expires_at)


def _plan(there: list[rows.Row], demand: Mapping[int, int], order: dealing.Order | None) -> list[rows.Take] | None:
    return rows.plan(there, demand) if order is None else kits.plan(there, order)


def _hold_for_good(
    reseller_id: int,
    order_number: str,
    demand: Mapping[int, int],
    order: dealing.Order | None,
    expires_at: datetime | None,
) -> Reservation:
    """Wait for every row of the variants, then take or refuse.

    A bucket made while this waited for the first row was not among those it locked; once that row is locked no piece
    is moved between buckets, so reading once more shows them all.
    """
    there = rows.read(demand, lock=True)
    takes = _plan(there, demand, order)
    if not takes:
        there = rows.read(demand, lock=True)
        takes = _plan(there, demand, order)
    if not takes:
        raise OutOfStock(rows.shortfall(there, demand) if order is None else kits.shortfall(there, order))
    return _write(reseller_id, order_number, takes, expires_at)


class _Missed(Exception):
    """Somebody else took a piece between reading and taking."""


def wait_for(variant_ids: Iterable[int]) -> None:
    """Lock the rows of variants in the order of :func:`hold`: before freeing some pieces and holding others.

    Call inside a transaction.
    """
    wanted = set(variant_ids)
    inside = bundles.parts(wanted).values()
    rows.read(dict.fromkeys(wanted.union(*inside), 0), lock=True)


def _write(
    reseller_id: int,
    order_number: str,
    takes: list[rows.Take],
    expires_at: datetime | None,
    anywhere: Sequence[rows.Take] = (),
    *,
    wait: bool = False,
) -> Reservation:
    """Write the reservation, then take the pieces: from rows of their own, then from any bucket of hot places.

    Call inside a transaction.

    A row that was waited for and then had too little stays locked although nothing was changed; met out of order
    by the second pass, two such rows would be a deadlock. So missing rolls back to a savepoint, which frees them.
    Where nothing is missed the savepoint ends with the transaction: releasing it would lock rows for longer.

    :raises _Missed: a row no longer has enough; nothing is written.
    """
    if len(anywhere) == 1 and not takes and not wait:
        return _reserve(reseller_id, order_number, (), expires_at, anywhere[0])
    reservation = _reserve(reseller_id, order_number, takes, expires_at)
    if not (rows.take(takes) and (not anywhere or buckets.take(reservation.pk, anywhere, wait=wait))):
        _undo()
        raise _Missed
    return reservation


def _undo() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT held")


# The savepoint travels with the statement: a message less while others may want the same pieces.
_RESERVE = """
    SAVEPOINT held;
    WITH made AS (INSERT INTO supplier_reservation (reseller_id, order_number, state, expires_at, created_at)
                  VALUES (%s, %s, %s, %s, %s) RETURNING id),
         lines AS (INSERT INTO supplier_reservationline
                       (reservation_id, variant_id, warehouse_id, stock_id, quantity, shipped, released)
                   SELECT made.id, line.*, 0, 0
                   FROM made, unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[]) AS line)
    SELECT id FROM made
"""
# A piece of a hot variant and nothing else: chosen, taken and written down at once, or not at all.
_RESERVE_ANYWHERE = """
    SAVEPOINT held;
    WITH picked AS MATERIALIZED (
            SELECT id FROM supplier_stock WHERE variant_id = %s AND warehouse_id = %s AND available >= %s
                AND (SELECT active FROM supplier_warehouse WHERE id = %s)
            ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED),
         taken AS (UPDATE supplier_stock s SET available = s.available - %s, held = s.held + %s
                   FROM picked p WHERE s.id = p.id AND s.available >= %s RETURNING s.*),
         made AS (INSERT INTO supplier_reservation (reseller_id, order_number, state, expires_at, created_at)
                  SELECT %s, %s, %s, %s, %s FROM taken RETURNING id),
         lines AS (INSERT INTO supplier_reservationline
                       (reservation_id, variant_id, warehouse_id, stock_id, quantity, shipped, released)
                   SELECT made.id, t.variant_id, t.warehouse_id, t.id, %s, 0, 0 FROM made, taken t)
    SELECT id FROM made
"""


def _reserve(
    reseller_id: int,
    order_number: str,
    takes: Sequence[rows.Take],
    expires_at: datetime | None,
    anywhere: rows.Take | None = None,
) -> Reservation:
    """Write a reservation with its lines, in one statement; with ``anywhere`` also take its pieces, from any bucket.

    :raises _Missed: no bucket that nobody is at has enough; nothing is written.
    """
    now = clock.now()
    made = Reservation(
        reseller_id=reseller_id,
        order_number=order_number,
        state=Reservation.State.HELD if expires_at else Reservation.State.PAID,
        expires_at=expires_at or now,
        created_at=now,
    )
    lines = [(take.variant_id, take.warehouse_id, take.stock_id, take.quantity) for take in takes]
    columns: list[Any] = [list(column) for column in zip(*lines, strict=True)] or [[], [], [], []]
    values: list[Any] = [reseller_id, order_number, made.state, made.expires_at, now]
    with connection.cursor() as cursor:
        if anywhere is None:
            cursor.execute(_RESERVE, [*values, *columns])
        else:
            place, number = anywhere.warehouse_id, anywhere.quantity
            picked = [anywhere.variant_id, place, number, place]
            cursor.execute(_RESERVE_ANYWHERE, [*picked, *[number] * 3, *values, number])
        found = cursor.fetchone()
    if found is None:
        _undo()
        raise _Missed
    made.pk = found[0]
    made._state.adding, made._state.db = False, connection.alias
    return made


def _of(reseller_id: int, order_number: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(reseller_id=reseller_id, order_number=order_number)


def confirm(*, reseller_id: int, order_number: str) -> bool:
    """Turn a held reservation into a paid one, unless expiry or release was faster. Give whether it is paid.

    Call inside a transaction.
    """
    mine = _of(reseller_id, order_number)
    won = mine.filter(state=Reservation.State.HELD).update(state=Reservation.State.PAID)
    return bool(won) or mine.filter(state=Reservation.State.PAID).exists()


def prolong(*, reseller_id: int, order_number: str, until: datetime) -> bool:
    """Hold for longer what is held and not expired. Give whether it is still held. Call inside a transaction."""
    held = _of(reseller_id, order_number).filter(state=Reservation.State.HELD)
    return bool(held.update(expires_at=Greatest("expires_at", until)))


def expire(*, reseller_id: int, order_number: str) -> bool:
    """Free a held reservation whose time is over. Give whether this call did it. Call inside a transaction."""
    due = _of(reseller_id, order_number).filter(state=Reservation.State.HELD, expires_at__lte=clock.now())
    return _end(reseller_id, order_number, due.update(state=Reservation.State.EXPIRED))


def release(*, reseller_id: int, order_number: str) -> bool:
    """Free what a held or paid reservation still keeps. Give whether this call did it.

    Call inside a transaction.
    """
    live = _of(reseller_id, order_number).filter(state__in=(Reservation.State.HELD, Reservation.State.PAID))
    return _end(reseller_id, order_number, live.update(state=Reservation.State.RELEASED))


def _end(reseller_id: int, order_number: str, won: int) -> bool:
    if won:
        pieces.free(_of(reseller_id, order_number).get().id)
    return bool(won)


def hold_again(
    *, reseller_id: int, order_number: str, wanted: Mapping[int, int], expires_at: datetime | None = None
) -> Reservation:
    """Hold for an order whose reservation expired or was released, as :func:`hold` does.

    Call inside a transaction.
    """
    _of(reseller_id, order_number).filter(state__in=(Reservation.State.EXPIRED, Reservation.State.RELEASED)).delete()
    return hold(reseller_id=reseller_id, order_number=order_number, wanted=wanted, expires_at=expires_at)
