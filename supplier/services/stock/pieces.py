"""Single pieces of a reservation: freed, or shipped out of the warehouse that kept them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, deltas
from s2b2c.kernel.errors import StateRefused
from supplier.models import Movement, ReservationLine, Stock


def free(reservation_id: int) -> None:
    """Free all that a reservation still keeps. Call inside a transaction."""
    _give_back({line: _kept(line) for line in _lines_of(reservation_id) if _kept(line)})


def release_pieces(*, reservation_id: int, pieces: Iterable[tuple[int, int]], warehouse_id: int | None = None) -> None:
    """Free single pieces ``(variant_id, quantity)`` of a paid reservation that will not be shipped.

    Call inside a transaction. With ``warehouse_id`` only what is kept there is freed.

    :raises StateRefused: more than is still held.
    """
    _give_back(_take_kept(reservation_id, dict(pieces), warehouse_id))


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
