"""Ship: stock leaves, order and shop hear of it, in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import FulfilmentLine, FulfilmentOrder, Shipment
from supplier.services import fulfilment as fulfilments
from supplier.services import parcels, steps

State = FulfilmentOrder.State


@transaction.atomic
def ship(
    *,
    number: str,
    carrier: str,
    tracking: str,
    request_key: str,
    pieces: Mapping[int, int] | None = None,
    tracking_url: str = "",
    actor_id: int | None = None,
) -> Shipment:
    """Send a parcel: pieces by fulfilment line id, or everything that is left.

    Stock leaves the warehouse, the order and the shop hear of it, all in one transaction.
    ``request_key`` makes it once: the same key gives the shipment already made.

    :raises Refused: nothing to send, more than is left, part of a bundle, or no carrier.
    :raises StateRefused: nothing is left to send.
    """
    if not carrier.strip():
        raise Refused("carrier", _("Name the carrier."), field="carrier")
    order = steps.locked(number)
    made = Shipment.objects.filter(request_key=request_key).first()
    if made is not None:
        return made
    fulfilments.require(order, State.SHIPPED)
    steps.require_going(order)
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = steps.choose(lines, pieces)
    steps.require_whole(lines, chosen)
    parcel = parcels.Parcel(
        order,
        [_piece(line, quantity) for line, quantity in chosen],
        carrier.strip(),
        tracking.strip(),
        tracking_url,
        request_key,
    )
    return Shipment.objects.get(id=parcels.send([parcel], actor_id=actor_id)[0])


@transaction.atomic
def ship_whole(
    *, numbers: Sequence[str], carrier: str, tracking: str = "", request_key: str, actor_id: int | None = None
) -> None:
    """Send all that is left of several fulfilment orders, a parcel each, in one transaction and a few statements.

    ``request_key`` makes it once: fulfilment orders that were sent under it already are left alone.

    :raises Refused: no carrier, or nothing left to send; nothing is sent.
    :raises StateRefused: one of them can no longer be sent; nothing is sent.
    """
    if not carrier.strip():
        raise Refused("carrier", _("Name the carrier."), field="carrier")
    keys = {number: f"{request_key}:{number}" for number in numbers}
    orders = steps.locked_several(numbers)
    made = set(Shipment.objects.filter(request_key__in=keys.values()).values_list("fulfilment_id", flat=True))
    waiting = [order for order in orders if order.id not in made]
    for order in waiting:
        fulfilments.require(order, State.SHIPPED)
    steps.require_going(*waiting)
    pieces = _all_left(waiting)
    parcels.send(
        [
            parcels.Parcel(order, pieces[order.id], carrier.strip(), tracking.strip(), "", keys[order.number])
            for order in waiting
        ],
        actor_id=actor_id,
    )


def _all_left(orders: Sequence[FulfilmentOrder]) -> dict[int, list[parcels.Piece]]:
    """Give what is left of each fulfilment order, by its id.

    :raises Refused: nothing is left of one.
    """
    lines: dict[int, list[FulfilmentLine]] = {order.id: [] for order in orders}
    for line in FulfilmentLine.objects.filter(fulfilment_id__in=lines).select_related("line").order_by("id"):
        lines[line.fulfilment_id].append(line)
    return {
        id_: [_piece(line, quantity) for line, quantity in steps.choose(mine, None)] for id_, mine in lines.items()
    }


def _piece(line: FulfilmentLine, quantity: int) -> parcels.Piece:
    sold = (line.line.variant_id, quantity // line.per) if line.lead else None
    return parcels.Piece(line.id, line.line.line_id, line.variant_id, quantity, sold)
