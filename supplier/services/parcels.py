"""Send parcels: one, or many of one day, in the same handful of statements. Call inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from s2b2c.kernel import bulk, clock, deltas, events, ids
from s2b2c.kernel.bulk import Insert
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, FulfilmentOrder, OrderNote, SalesOrder, Shipment, ShipmentLine
from supplier.services import lot_picks, stock

State = FulfilmentOrder.State


@dataclass(frozen=True, slots=True)
class Piece:
    """Pieces of one line of a fulfilment order; ``sold_line_id`` is the line as its shop knows it.

    ``sold``: the variant and number its shop hears of; of what is in a bundle only one line tells.
    """

    line_id: int
    sold_line_id: int
    variant_id: int
    quantity: int
    sold: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves: pieces of a locked fulfilment order (``order`` read with it), under the key that makes it once."""

    fulfilment: FulfilmentOrder
    pieces: Sequence[Piece]
    carrier: str
    tracking: str
    tracking_url: str
    request_key: str


_SHIPMENTS = Insert(
    Shipment,
    *("number", "fulfilment_id", "carrier", "tracking", "tracking_url", "request_key", "shipped_at", "actor_id"),
)
_LINES = Insert(ShipmentLine, "shipment_id", "fulfilment_line_id", "quantity")
_NOTES = Insert(OrderNote, "order_id", "kind", "data", "actor_id", "at")
_CLOSE = """
    UPDATE supplier_fulfilmentorder f SET shipped_at = %s, state = CASE WHEN EXISTS (
        SELECT 1 FROM supplier_fulfilmentline l WHERE l.fulfilment_id = f.id AND l.quantity > l.shipped + l.cancelled
    ) THEN %s ELSE %s END
    WHERE f.id = ANY(%s::bigint[]) RETURNING f.id, f.state
"""
_SETTLE = """
    UPDATE supplier_salesorder o SET status = CASE WHEN EXISTS (
        SELECT 1 FROM supplier_fulfilmentorder f JOIN supplier_fulfilmentline l ON l.fulfilment_id = f.id
        WHERE f.order_id = o.id AND l.quantity > l.shipped + l.cancelled
    ) THEN %s ELSE %s END
    WHERE o.id = ANY(%s::bigint[]) RETURNING o.id, o.status
"""


def send(parcels: Sequence[Parcel], *, actor_id: int | None) -> list[int]:
    """Write parcels, let their stock leave, and tell the shops; give the ids of the shipments.

    The orders and then the fulfilment orders are locked.

    :raises StateRefused: something is no longer kept in stock for its order; nothing is sent.
    """
    at = clock.now()
    numbers = [ids.order_number() for _ in parcels]
    made = _write(parcels, numbers, at, actor_id)
    deltas.add(FulfilmentLine, {each.line_id: {"shipped": each.quantity} for p in parcels for each in p.pieces})
    _take_from_stock(parcels, numbers, actor_id)
    lot_picks.send(_of_lots(parcels, made, numbers), actor_id=actor_id)
    _note(parcels, numbers, at, actor_id)
    complete = _close(parcels, at)
    publisher.publish(
        *(_sent(p, number, at, p.fulfilment.order_id in complete) for p, number in zip(parcels, numbers, strict=True))
    )
    return made


def _write(parcels: Sequence[Parcel], numbers: Sequence[str], at: datetime, actor_id: int | None) -> list[int]:
    made = _SHIPMENTS.rows(
        [
            (number, p.fulfilment.id, p.carrier, p.tracking, p.tracking_url, p.request_key, at, actor_id)
            for p, number in zip(parcels, numbers, strict=True)
        ]
    )
    _LINES.rows(
        [(id_, each.line_id, each.quantity) for p, id_ in zip(parcels, made, strict=True) for each in p.pieces]
    )
    return made


def _take_from_stock(parcels: Sequence[Parcel], numbers: Sequence[str], actor_id: int | None) -> None:
    stock.ship_parcels(
        [
            stock.Leaving(
                p.fulfilment.order.reservation_id,
                p.fulfilment.warehouse_id,
                _by_variant(p.pieces),
                f"shipment:{number}",
            )
            for p, number in zip(parcels, numbers, strict=True)
            if p.fulfilment.order.reservation_id is not None
        ],
        actor_id=actor_id,
    )


def _of_lots(parcels: Sequence[Parcel], made: Sequence[int], numbers: Sequence[str]) -> list[lot_picks.Sent]:
    return [
        lot_picks.Sent(
            shipment_id=id_,
            number=number,
            order_id=p.fulfilment.order_id,
            order_number=p.fulfilment.order.order_number,
            reseller_id=p.fulfilment.order.reseller_id,
            warehouse_id=p.fulfilment.warehouse_id,
            line_id=each.line_id,
            variant_id=each.variant_id,
            quantity=each.quantity,
        )
        for p, id_, number in zip(parcels, made, numbers, strict=True)
        for each in p.pieces
    ]


def _by_variant(pieces: Iterable[Piece]) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    for each in pieces:
        total[each.variant_id] += each.quantity
    return total


def _note(parcels: Sequence[Parcel], numbers: Sequence[str], at: datetime, actor_id: int | None) -> None:
    _NOTES.rows(
        [
            (
                p.fulfilment.order_id,
                "shipped",
                {
                    "fulfilment": p.fulfilment.number,
                    "warehouse": p.fulfilment.warehouse_id,
                    "shipment": number,
                    "carrier": p.carrier,
                    "tracking": p.tracking,
                },
                actor_id,
                at,
            )
            for p, number in zip(parcels, numbers, strict=True)
        ]
    )


def _close(parcels: Sequence[Parcel], at: datetime) -> set[int]:
    """Set the states of the fulfilment orders and the orders; give the orders of which nothing is left."""
    fulfilments = [p.fulfilment.id for p in parcels]
    states = dict(_rows(_CLOSE, [at, State.PART_SHIPPED, State.SHIPPED, bulk.array(fulfilments)]))
    for p in parcels:
        p.fulfilment.state, p.fulfilment.shipped_at = states[p.fulfilment.id], at
    status = SalesOrder.Status
    orders = bulk.array({p.fulfilment.order_id for p in parcels})
    return {id_ for id_, now in _rows(_SETTLE, [status.PART_SHIPPED, status.SHIPPED, orders]) if now == status.SHIPPED}


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _sent(parcel: Parcel, number: str, at: datetime, complete: bool) -> events.ShipmentSent:
    return events.ShipmentSent(
        reseller_id=parcel.fulfilment.order.reseller_id,
        order_number=parcel.fulfilment.order.order_number,
        shipment_number=number,
        fulfilment_number=parcel.fulfilment.number,
        carrier=parcel.carrier,
        tracking=parcel.tracking,
        tracking_url=parcel.tracking_url,
        shipped_at=at.isoformat(),
        lines=[
            {"line_id": each.sold_line_id, "variant_id": each.sold[0], "quantity": each.sold[1]}
            for each in parcel.pieces
            if each.sold is not None
        ],
        complete=complete,
    )
