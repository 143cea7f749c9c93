"""Single pieces of a reservation: freed, or shipped out of the warehouse that kept them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, deltas
from s2b2c.kernel.bulk import Insert
from s2b2c.kernel.errors import StateRefused
from supplier.models import Movement, ReservationLine, Stock

_MOVEMENTS = Insert(Movement, "variant_id", "warehouse_id", "quantity", "kind", "cause", "actor_id", "at")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Pieces by variant id that leave a warehouse for one reservation; ``cause`` is noted with the movements."""

    reservation_id: int
    warehouse_id: int
    pieces: Mapping[int, int]
    cause: str


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
    ship_parcels([Leaving(reservation_id, warehouse_id, dict(pieces), cause)], actor_id=actor_id)


def ship_parcels(parcels: Sequence[Leaving], *, actor_id: int | None) -> None:
    """Do for several parcels what :func:`ship_pieces` does for one, in as many statements.

    Call inside a transaction. The rows of stock are locked in the order of their ids.

    :raises StateRefused: more than is still held there.
    """
    kept: dict[int, list[ReservationLine]] = defaultdict(list)
    for line in _lines_of(*{parcel.reservation_id for parcel in parcels}):
        kept[line.reservation_id].append(line)
    chosen: dict[ReservationLine, int] = defaultdict(int)
    for parcel in parcels:
        for line, quantity in _choose(kept[parcel.reservation_id], parcel.pieces, parcel.warehouse_id, chosen).items():
            chosen[line] += quantity
    deltas.add(Stock, _by_stock(chosen, lambda quantity: {"held": -quantity}))
    deltas.add(ReservationLine, {line.id: {"shipped": quantity} for line, quantity in chosen.items()})
    now = clock.now()
    _MOVEMENTS.rows(
        [
            (variant_id, parcel.warehouse_id, -quantity, Movement.Kind.SHIPMENT, parcel.cause, actor_id, now)
            for parcel in parcels
            for variant_id, quantity in sorted(parcel.pieces.items())
        ]
    )


def _take_kept(reservation_id: int, wanted: Mapping[int, int], warehouse_id: int | None) -> dict[ReservationLine, int]:
    """Choose, and lock, the lines that keep the wanted pieces.

    :raises StateRefused: more than is still held.
    """
    return _choose(_lines_of(reservation_id), wanted, warehouse_id, {})


def _choose(
    lines: Iterable[ReservationLine],
    wanted: Mapping[int, int],
    warehouse_id: int | None,
    taken: Mapping[ReservationLine, int],
) -> dict[ReservationLine, int]:
    """Choose lines that keep the wanted pieces, beside those already ``taken``.

    :raises StateRefused: more than is still held.
    """
    left = dict(wanted)
    chosen: dict[ReservationLine, int] = {}
    for line in lines:
        take = min(left.get(line.variant_id, 0), _kept(line) - taken.get(line, 0))
        if take and warehouse_id in (None, line.warehouse_id):
            chosen[line] = take
            left[line.variant_id] -= take
    if any(left.values()):
        raise StateRefused("not_held", _("More pieces than are still held."))
    return chosen


def _lines_of(*reservation_ids: int) -> list[ReservationLine]:
    rows = ReservationLine.objects.select_for_update().filter(reservation_id__in=reservation_ids)
    return list(rows.order_by("stock_id", "id"))


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
