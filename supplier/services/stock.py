"""Hold, release, ship, receive and adjust stock. Only this and ``counts`` (imports) write stock rows.

Stock rows are taken by a conditional update as the last statement of the caller's transaction, so a hot
row is locked for as short as can be. When that misses, a second pass locks every row of the variants
and decides for good: "sold out" is never said while a piece is there. See docs/adr/0003-stock.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, deltas
from s2b2c.kernel.errors import OutOfStock, Refused, StateRefused
from supplier.models import Movement, Reservation, ReservationLine, Stock
from supplier.services import published

# A cause that begins with this names a form that was sent: it moves stock once, however often it is sent.
ONCE = "form:"


@dataclass(frozen=True, slots=True)
class _Take:
    stock_id: int
    variant_id: int
    warehouse_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    variant_id: int
    warehouse_id: int
    available: int


_ROWS = """
    SELECT s.id, s.variant_id, s.warehouse_id, s.available
    FROM supplier_stock s JOIN supplier_warehouse w ON w.id = s.warehouse_id
    WHERE s.variant_id = ANY(%s) AND w.active {having}
    ORDER BY {order} {lock}
"""
_TAKE = """
    WITH wanted(id, quantity) AS (SELECT * FROM unnest(%s::bigint[], %s::int[])),
         locked AS (SELECT s.id FROM supplier_stock s WHERE s.id = ANY(%s) ORDER BY s.id FOR UPDATE)
    UPDATE supplier_stock s SET available = s.available - w.quantity, held = s.held + w.quantity
    FROM wanted w JOIN locked l ON l.id = w.id
    WHERE s.id = w.id AND s.available >= w.quantity
"""
_TAKE_ONE = """
    UPDATE supplier_stock SET available = available - %s, held = held + %s WHERE id = %s AND available >= %s
"""


def hold(
    *, reseller_id: int, order_number: str, wanted: Mapping[int, int], expires_at: datetime | None = None
) -> Reservation:
    """Keep pieces for one order, from as few warehouses as can serve it.

    Call inside a transaction, as its last statement. ``wanted``: pieces by variant id, each at least 1.
    Without ``expires_at`` the reservation is firm (paid) at once.

    :raises OutOfStock: some variant is short in all warehouses together; nothing is held.
    """
    demand = dict(sorted(wanted.items()))
    takes = _plan(_rows(demand, lock=False), demand)
    if takes:
        try:
            return _write(reseller_id, order_number, takes, expires_at)
        except _Missed:
            pass
    rows = _rows(demand, lock=True)
    takes = _plan(rows, demand)
    if not takes:
        raise OutOfStock(_shortfall(rows, demand))
    return _write(reseller_id, order_number, takes, expires_at)


class _Missed(Exception):
    """Somebody else took a piece between reading and taking."""


def _rows(demand: Mapping[int, int], *, lock: bool) -> list[_Row]:
    """Read the stock rows of variants by warehouse priority; with ``lock``, wait for and lock all of them."""
    sql = _ROWS.format(
        having="" if lock else "AND s.available > 0",
        order="s.id" if lock else "w.priority, s.warehouse_id, s.available DESC, s.id",
        lock="FOR UPDATE OF s" if lock else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(demand)])
        return [_Row(*row) for row in cursor.fetchall()]


def wait_for(variant_ids: Iterable[int]) -> None:
    """Lock the rows of variants in the order of :func:`hold`: before freeing some pieces and holding others.

    Call inside a transaction.
    """
    _rows(dict.fromkeys(variant_ids, 0), lock=True)


def _plan(rows: list[_Row], demand: Mapping[int, int]) -> list[_Take] | None:
    """Choose rows to draw from: one warehouse for everything when one can, else in the order of rows."""
    by_warehouse: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_warehouse[row.warehouse_id].append(row)
    for group in by_warehouse.values():
        takes = _draw(group, demand)
        if takes:
            return takes
    return _draw(rows, demand)


def _draw(rows: list[_Row], demand: Mapping[int, int]) -> list[_Take] | None:
    missing = dict(demand)
    takes = []
    for row in rows:
        quantity = min(missing.get(row.variant_id, 0), row.available)
        if quantity > 0:
            missing[row.variant_id] -= quantity
            takes.append(_Take(row.id, row.variant_id, row.warehouse_id, quantity))
    return None if any(missing.values()) else sorted(takes, key=lambda take: take.stock_id)


def _shortfall(rows: list[_Row], demand: Mapping[int, int]) -> list[tuple[int, int, int]]:
    there: dict[int, int] = defaultdict(int)
    for row in rows:
        there[row.variant_id] += row.available
    return [(variant, want, there[variant]) for variant, want in demand.items() if there[variant] < want]


def _write(reseller_id: int, order_number: str, takes: list[_Take], expires_at: datetime | None) -> Reservation:
    """Write the reservation, then take the pieces. Call inside a transaction.

    A row that was waited for and then had too little stays locked although nothing was changed; met out of order
    by the second pass, two such rows would be a deadlock. So missing rolls back to a savepoint, which frees them.
    Where nothing is missed the savepoint ends with the transaction: releasing it would lock rows for longer.

    :raises _Missed: a row no longer has enough; nothing is written.
    """
    before = transaction.savepoint()
    reservation = _reserve(reseller_id, order_number, takes, expires_at)
    if not (_take_one(takes[0]) if len(takes) == 1 else _take_several(takes)):
        transaction.savepoint_rollback(before)
        raise _Missed
    return reservation


def _reserve(reseller_id: int, order_number: str, takes: list[_Take], expires_at: datetime | None) -> Reservation:
    now = clock.now()
    reservation = Reservation.objects.create(
        reseller_id=reseller_id,
        order_number=order_number,
        state=Reservation.State.HELD if expires_at else Reservation.State.PAID,
        expires_at=expires_at or now,
    )
    ReservationLine.objects.bulk_create(
        ReservationLine(
            reservation=reservation,
            variant_id=take.variant_id,
            warehouse_id=take.warehouse_id,
            stock_id=take.stock_id,
            quantity=take.quantity,
        )
        for take in takes
    )
    return reservation


def _take_one(take: _Take) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ONE, [take.quantity, take.quantity, take.stock_id, take.quantity])
        return cursor.rowcount == 1


def _take_several(takes: list[_Take]) -> bool:
    ids = [take.stock_id for take in takes]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [ids, [take.quantity for take in takes], ids])
        return cursor.rowcount == len(takes)


def _of(reseller_id: int, order_number: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(reseller_id=reseller_id, order_number=order_number)


def confirm(*, reseller_id: int, order_number: str) -> bool:
    """Turn a held reservation into a paid one, unless expiry or release was faster. Give whether it is paid.

    Call inside a transaction.
    """
    mine = _of(reseller_id, order_number)
    won = mine.filter(state=Reservation.State.HELD).update(state=Reservation.State.PAID)
    return bool(won) or mine.filter(state=Reservation.State.PAID).exists()


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
        _free(_of(reseller_id, order_number).get().id)
    return bool(won)


def hold_again(
    *, reseller_id: int, order_number: str, wanted: Mapping[int, int], expires_at: datetime | None = None
) -> Reservation:
    """Hold for an order whose reservation expired or was released, as :func:`hold` does.

    Call inside a transaction.
    """
    _of(reseller_id, order_number).filter(state__in=(Reservation.State.EXPIRED, Reservation.State.RELEASED)).delete()
    return hold(reseller_id=reseller_id, order_number=order_number, wanted=wanted, expires_at=expires_at)


def _free(reservation_id: int) -> None:
    _give_back({line: _kept(line) for line in _lines_of(reservation_id) if _kept(line)})


def release_pieces(*, reservation_id: int, pieces: Iterable[tuple[int, int]], warehouse_id: int | None = None) -> None:
    """Free single pieces ``(variant_id, quantity)`` of a paid reservation that will not be shipped.

    Call inside a transaction. With ``warehouse_id`` only what is kept there is freed.

    :raises StateRefused: more than is still held.
    """
    _give_back(_take_kept(reservation_id, dict(pieces), warehouse_id))


def _take_kept(reservation_id: int, wanted: Mapping[int, int], warehouse_id: int | None) -> dict[ReservationLine, int]:
    """Choose, and lock, the lines that keep the wanted pieces.

    :raises StateRefused: more than is still held.
    """
    left = dict(wanted)
    chosen: dict[ReservationLine, int] = {}
    for line in _lines_of(reservation_id):
        take = min(left.get(line.variant_id, 0), _kept(line))
        if take and warehouse_id in (None, line.warehouse_id):
            chosen[line] = take
            left[line.variant_id] -= take
    if any(left.values()):
        raise StateRefused("not_held", _("More pieces than are still held."))
    return chosen


def _lines_of(reservation_id: int) -> list[ReservationLine]:
    return list(
        ReservationLine.objects.select_for_update().filter(reservation_id=reservation_id).order_by("stock_id", "id")
    )


def _kept(line: ReservationLine) -> int:
    return line.quantity - line.shipped - line.released


def _give_back(pieces: Mapping[ReservationLine, int]) -> None:
    deltas.add(Stock, _by_stock(pieces, lambda quantity: {"available": quantity, "held": -quantity}))
    deltas.add(ReservationLine, {line.id: {"released": quantity} for line, quantity in pieces.items()})


def _by_stock(
    pieces: Mapping[ReservationLine, int], change: Callable[[int], dict[str, int]]
) -> dict[int, dict[str, int]]:
    total: dict[int, int] = defaultdict(int)
    for line, quantity in pieces.items():
        total[line.stock_id] += quantity
    return {stock_id: change(quantity) for stock_id, quantity in total.items()}


def ship_pieces(
    *,
    reservation_id: int,
    warehouse_id: int,
    pieces: Iterable[tuple[int, int]],
    cause: str,
    actor_id: int | None,
) -> None:
    """Take held pieces ``(variant_id, quantity)`` out of the warehouse, with movements.

    Call inside a transaction. A handful of statements, whatever the number of variants.

    :raises StateRefused: more than is still held there.
    """
    wanted = dict(pieces)
    chosen = _take_kept(reservation_id, wanted, warehouse_id)
    deltas.add(Stock, _by_stock(chosen, lambda quantity: {"held": -quantity}))
    deltas.add(ReservationLine, {line.id: {"shipped": quantity} for line, quantity in chosen.items()})
    now = clock.now()
    Movement.objects.bulk_create(
        Movement(
            variant_id=variant_id,
            warehouse_id=warehouse_id,
            quantity=-quantity,
            kind=Movement.Kind.SHIPMENT,
            cause=cause,
            actor_id=actor_id,
            at=now,
        )
        for variant_id, quantity in sorted(wanted.items())
    )


@transaction.atomic
def receive(
    *,
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    reason: str = "",
    cause: str = "",
    actor_id: int | None = None,
) -> Movement:
    """Add pieces that arrived to free stock.

    :raises Refused: not a positive number of pieces.
    """
    if quantity <= 0:
        raise Refused("quantity", _("Enter at least one piece."), field="quantity")
    return _change(variant_id, warehouse_id, quantity, Movement.Kind.RECEIPT, reason, cause, actor_id)


@transaction.atomic
def adjust(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, actor_id: int | None = None, cause: str = ""
) -> Movement:
    """Correct what is on hand by a signed number of pieces, with a reason.

    :raises Refused: zero, no reason, or more than is free to take away.
    """
    if not quantity:
        raise Refused("quantity", _("Enter how many pieces more or fewer."), field="quantity")
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    return _change(variant_id, warehouse_id, quantity, Movement.Kind.ADJUSTMENT, reason, cause, actor_id)


@transaction.atomic
def take_back(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, cause: str, actor_id: int | None = None
) -> Movement:
    """Put returned pieces back into free stock."""
    return _change(variant_id, warehouse_id, quantity, Movement.Kind.RETURN, reason, cause, actor_id)


def _change(
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    kind: str,
    reason: str,
    cause: str,
    actor_id: int | None,
) -> Movement:
    """Change free stock and write the movement. Call inside a transaction."""
    Stock.objects.bulk_create(
        [Stock(variant_id=variant_id, warehouse_id=warehouse_id, bucket=0)], ignore_conflicts=True
    )
    rows = list(
        Stock.objects.select_for_update().filter(variant_id=variant_id, warehouse_id=warehouse_id).order_by("id")
    )
    made = _made(variant_id, warehouse_id, cause)
    if made is not None:
        return made
    if quantity > 0:
        Stock.objects.filter(id=rows[0].id).update(available=F("available") + quantity)
    else:
        _take_free(rows, -quantity)
    published.touch()  # "sold out" ends, or begins, on every page at once; sales show within the pages' five seconds
    return _move(variant_id, warehouse_id, quantity, kind, reason=reason, cause=cause, actor_id=actor_id)


def _made(variant_id: int, warehouse_id: int, cause: str) -> Movement | None:
    """Give the movement a form or request made before; the stock rows are locked, so nobody is making it now."""
    if not cause.startswith(ONCE):
        return None
    movements = Movement.objects.filter(variant_id=variant_id, warehouse_id=warehouse_id, cause=cause)
    return movements.order_by("-id").first()


def _take_free(rows: list[Stock], quantity: int) -> None:
    free = sum(row.available for row in rows)
    if free < quantity:
        raise Refused(
            "not_free",
            _("Only %(free)s pieces are free here; the others are kept for orders."),
            field="quantity",
            free=free,
        )
    for row in rows:
        take = min(quantity, row.available)
        if take:
            Stock.objects.filter(id=row.id).update(available=F("available") - take)
            quantity -= take


def _move(
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    kind: str,
    *,
    reason: str = "",
    cause: str = "",
    actor_id: int | None = None,
) -> Movement:
    return Movement.objects.create(
        variant_id=variant_id,
        warehouse_id=warehouse_id,
        quantity=quantity,
        kind=kind,
        reason=reason,
        cause=cause,
        actor_id=actor_id,
        at=clock.now(),
    )
