"""Take orders over from shops, and stop serving them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NoReturn

from django.db import connection
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import bulk, clock, events, ids
from s2b2c.kernel.bulk import Insert
from s2b2c.kernel.errors import StateRefused
from s2b2c.outbox import publisher
from supplier.models import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    SalesLine,
    SalesOrder,
)
from supplier.selectors import bundles, dealing, warranties
from supplier.selectors.dealing import Parts
from supplier.services import stock

State = FulfilmentOrder.State
_WHOLE = (State.QUEUED, State.PICKING, State.PACKED)  # nothing of it has left
TRANSITIONS: dict[str, set[str]] = {
    State.QUEUED: {State.PICKING, State.PACKED, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PICKING: {State.QUEUED, State.PACKED, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PACKED: {State.PICKING, State.PART_SHIPPED, State.SHIPPED, State.CANCELLED},
    State.PART_SHIPPED: {State.SHIPPED},
    State.SHIPPED: set(),
    State.CANCELLED: set(),
}


_Named = tuple[int, str]  # reseller, order number
_Held = dict[int, dict[int, int]]  # pieces by warehouse and variant

_ORDERS = Insert(
    SalesOrder,
    *("reseller_id", "order_number", "method", "currency", "captured_minor", "wholesale_minor", "margin_minor"),
    *("fee_minor", "tax_minor", "shipping_minor", "units", "recipient", "recipient_name", "language"),
    *("reservation_id", "placed_at", "funded_minor", "fee_tax_minor", "shipping_funded_minor", "shipping_funder"),
    *("return_days", "reserve_bps", "agreed", "service_minor", "services", "payment_intent"),
)
_LINES = Insert(
    SalesLine,
    *("order_id", "line_id", "variant_id", "quantity"),
    *("wholesale_minor", "margin_minor", "fee_minor", "tax_minor", "retail_minor", "funded_minor", "tax_bps"),
    "discount_minor",
    "warranty_months",
)
_FULFILMENTS = Insert(FulfilmentOrder, "number", "order_id", "warehouse_id", "created_at")
_PIECES = Insert(FulfilmentLine, "fulfilment_id", "line_id", "variant_id", "quantity", "bundle_id", "per", "lead")
_NOTES = Insert(OrderNote, "order_id", "kind", "at")
_THERE = """
    SELECT o.reseller_id, o.order_number FROM unnest(%s::bigint[], %s::text[]) AS w(reseller_id, order_number)
    JOIN supplier_salesorder o USING (reseller_id, order_number)
"""
_KEPT = """
    SELECT r.reseller_id, r.order_number, r.id, l.warehouse_id, l.variant_id, l.quantity - l.released
    FROM unnest(%s::bigint[], %s::text[]) AS w(reseller_id, order_number)
    JOIN supplier_reservation r USING (reseller_id, order_number)
    LEFT JOIN supplier_reservationline l ON l.reservation_id = r.id
    ORDER BY l.id
"""


@dataclass(slots=True)
class _Taking:
    """An order while it is taken over."""

    event: events.OrderPlaced
    reservation_id: int | None = None
    held: _Held = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    order_id: int = 0
    line_ids: list[int] = field(default_factory=list)
    fulfilments: list[tuple[int, str, int]] = field(default_factory=list)  # id, number, warehouse


def open_order(event: events.OrderPlaced) -> SalesOrder:
    """Open S's side of an order: lines as sold and one fulfilment order per warehouse holding its stock.

    Call inside a transaction. The same order again gives what is there. Publishes ``FulfilmentOpened``.
    """
    open_orders([event])
    return SalesOrder.objects.get(reseller_id=event.reseller_id, order_number=event.order_number)


def open_orders(several: Sequence[events.OrderPlaced]) -> None:
    """Do for several orders what :func:`open_order` does for one, in as many statements."""
    there = {(row[0], row[1]) for row in _select(_THERE, several)}
    fresh = {_named(event): _Taking(event) for event in several if _named(event) not in there}
    if not fresh:
        return
    _find_kept(fresh)
    taken = list(fresh.values())
    _write_orders(taken)
    _write_lines(taken)
    _write_fulfilments(taken)
    publisher.publish(*(_opened(each) for each in taken))


def _named(event: events.Event) -> _Named:
    return event.reseller_id, event.order_number


def _select(sql: str, several: Iterable[events.Event]) -> list[tuple[Any, ...]]:
    names = [_named(event) for event in several]
    with connection.cursor() as cursor:
        cursor.execute(sql, [bulk.array(name[0] for name in names), bulk.texts(name[1] for name in names)])
        return cursor.fetchall()


def _find_kept(fresh: dict[_Named, _Taking]) -> None:
    """Follow the reservations: what is held where is sent from there."""
    rows = _select(_KEPT, [taking.event for taking in fresh.values()])
    for reseller_id, order_number, reservation_id, warehouse_id, variant_id, kept in rows:
        taking = fresh[reseller_id, order_number]
        taking.reservation_id = reservation_id
        if warehouse_id is not None:
            taking.held[warehouse_id][variant_id] += kept


def _write_orders(taken: Sequence[_Taking]) -> None:
    for taking, order_id in zip(taken, _ORDERS.rows([_order(taking) for taking in taken]), strict=True):
        taking.order_id = order_id
    _NOTES.rows([(taking.order_id, "placed", datetime.fromisoformat(taking.event.placed_at)) for taking in taken])


def _order(taking: _Taking) -> tuple[Any, ...]:
    event, lines = taking.event, taking.event.lines
    booked = event.services
    return (
        event.reseller_id,
        event.order_number,
        event.method,
        event.currency,
        event.captured_minor,
        sum([line.wholesale_minor for line in lines]),
        sum([line.margin_minor for line in lines]) + sum([each.margin_minor for each in booked]),
        sum([line.fee_minor for line in lines]) + sum([each.fee_minor for each in booked]),
        sum([line.tax_minor for line in lines]) + sum([each.tax_minor for each in booked]) + event.shipping_tax_minor,
        event.shipping_minor,
        sum([line.quantity for line in lines]),
        event.recipient,
        event.recipient.get("name", "")[:120],
        event.language,
        taking.reservation_id,
        datetime.fromisoformat(event.placed_at),
        sum([line.funded_minor for line in lines]),
        event.fee_tax_minor,
        event.shipping_funded_minor,
        event.shipping_funder,
        event.return_days,
        event.reserve_bps,
        event.agreed,
        sum([each.cost_minor for each in booked]),
        [asdict(each) for each in booked],
        event.payment_intent,
    )


def _write_lines(taken: Sequence[_Taking]) -> None:
    promised = warranties.promised({line.variant_id for taking in taken for line in taking.event.lines})
    rows = [
        (
            *(taking.order_id, line.line_id, line.variant_id, line.quantity, line.wholesale_minor),
            *(line.margin_minor, line.fee_minor, line.tax_minor, line.retail_minor, line.funded_minor, line.tax_bps),
            line.discount_minor,
            promised.get(line.variant_id),
        )
        for taking in taken
        for line in taking.event.lines
    ]
    made = iter(_LINES.rows(rows))
    for taking in taken:
        taking.line_ids = list(islice(made, len(taking.event.lines)))


def _write_fulfilments(taken: Sequence[_Taking]) -> None:
    now = clock.now()
    places = [(taking, warehouse_id) for taking in taken for warehouse_id in sorted(taking.held)]
    rows = [(ids.order_number(), taking.order_id, warehouse_id, now) for taking, warehouse_id in places]
    for (taking, warehouse_id), row, made in zip(places, rows, _FULFILMENTS.rows(rows), strict=True):
        taking.fulfilments.append((made, row[0], warehouse_id))
    inside = _inside(taken)
    _PIECES.rows([row for taking in taken for row in _pieces(taking, inside)])


_Piece = tuple[
    int, int, int, int, int | None, int, bool
]  # fulfilment order, line, variant, quantity, bundle, per, lead


def _inside(taken: Sequence[_Taking]) -> Mapping[int, Parts]:
    """Give what is in the bundles that were sold; they are told by nothing being kept of themselves."""
    unkept = {
        line.variant_id
        for taking in taken
        for line in taking.event.lines
        if not any(line.variant_id in shelf for shelf in taking.held.values())
    }
    return bundles.parts(unkept) if unkept else {}


def _pieces(taking: _Taking, inside: Mapping[int, Parts]) -> Iterator[_Piece]:
    """Deal the lines out to the warehouses: bundles whole, a row for each part, then single pieces."""
    lines = list(zip(taking.line_ids, taking.event.lines, strict=True))
    if inside:
        sold = [(line_id, line) for line_id, line in lines if line.variant_id in inside]
        lines = [(line_id, line) for line_id, line in lines if line.variant_id not in inside]
        yield from _kits(
            taking, [(id_, dealing.Kit(line.variant_id, line.quantity, inside[line.variant_id])) for id_, line in sold]
        )
    left = {line_id: line.quantity for line_id, line in lines}
    for fulfilment_id, _number, warehouse_id in taking.fulfilments:
        kept = taking.held[warehouse_id]
        for line_id, line in lines:
            take = min(left[line_id], kept[line.variant_id])
            if take:
                left[line_id] -= take
                kept[line.variant_id] -= take
                yield fulfilment_id, line_id, line.variant_id, take, None, 1, True
    if any(left.values()):  # at the desk of failed events it is seen; an order without parcels would wait for ever
        raise RuntimeError(f"nothing is kept for {left}")


def _kits(taking: _Taking, sold: Sequence[tuple[int, dealing.Kit]]) -> Iterator[_Piece]:
    spread = dealing.deal([kit for _id, kit in sold], taking.held)
    if spread is None:
        raise RuntimeError(f"what is kept makes no bundles of {sold}")
    fulfilments = {warehouse_id: id_ for id_, _number, warehouse_id in taking.fulfilments}
    for (line_id, kit), places in zip(sold, spread, strict=True):
        for warehouse_id, units in places.items():
            for place, (variant_id, per) in enumerate(kit.parts.items()):
                taking.held[warehouse_id][variant_id] -= units * per
                yield fulfilments[warehouse_id], line_id, variant_id, units * per, kit.variant_id, per, not place


def _opened(taking: _Taking) -> events.FulfilmentOpened:
    return events.FulfilmentOpened(
        reseller_id=taking.event.reseller_id,
        order_number=taking.event.order_number,
        fulfilments=[{"number": number, "warehouse": warehouse} for _id, number, warehouse in taking.fulfilments],
    )


def cancel_order(event: events.OrderCancelled) -> None:
    """Cancel what has not left and free its stock; parcels that left stay sent. Call inside a transaction."""
    order = (
        SalesOrder.objects.select_for_update()
        .filter(reseller_id=event.reseller_id, order_number=event.order_number)
        .first()
    )
    if order is None or order.status == SalesOrder.Status.CANCELLED:
        return
    lines = FulfilmentLine.objects.filter(fulfilment__order=order)
    lines.update(cancelled=F("quantity") - F("shipped"), waiting=0, picked=Least(F("picked"), F("shipped")))
    order.fulfilments.filter(state__in=_WHOLE).update(state=State.CANCELLED)
    order.fulfilments.filter(state=State.PART_SHIPPED).update(state=State.SHIPPED)
    sent = lines.filter(shipped__gt=0).exists()
    status = SalesOrder.Status.SHIPPED if sent else SalesOrder.Status.CANCELLED
    SalesOrder.objects.filter(id=order.id).update(status=status)
    stock.release(reseller_id=event.reseller_id, order_number=event.order_number)
    OrderNote.objects.create(order=order, kind="cancelled", data={"reason": event.reason}, at=clock.now())


def require(fulfilment: FulfilmentOrder, state: str) -> None:
    """Check a step against the declared transitions.

    :raises StateRefused: the step is not among them.
    """
    if state not in TRANSITIONS[fulfilment.state]:
        refuse(fulfilment)


def refuse(fulfilment: FulfilmentOrder) -> NoReturn:
    """Say that a step is not possible in the state it is in.

    :raises StateRefused: always.
    """
    raise StateRefused(
        "fulfilment_state",
        _("This fulfilment order is “%(state)s”; that step is no longer possible."),
        state=fulfilment.get_state_display(),
    )
