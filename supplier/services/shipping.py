"""Ship: stock leaves, order and shop hear of it, in the transaction that makes it true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, deltas, events, ids
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from supplier.models import FulfilmentLine, FulfilmentOrder, SalesOrder, Shipment, ShipmentLine
from supplier.services import fulfilment as fulfilments
from supplier.services import steps, stock

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

    :raises Refused: nothing to send, more than is left, or no carrier.
    :raises StateRefused: nothing is left to send.
    """
    if not carrier.strip():
        raise Refused("carrier", _("Name the carrier."), field="carrier")
    order = steps.locked(number)
    made = Shipment.objects.filter(request_key=request_key).first()
    if made is not None:
        return made
    fulfilments.require(order, State.SHIPPED)
    lines = list(order.lines.select_related("line").order_by("id"))
    chosen = steps.choose(lines, pieces)
    shipment = Shipment.objects.create(
        number=ids.order_number(),
        fulfilment=order,
        carrier=carrier.strip(),
        tracking=tracking.strip(),
        tracking_url=tracking_url,
        request_key=request_key,
        shipped_at=clock.now(),
        actor_id=actor_id,
    )
    _send(order, shipment, chosen, actor_id)
    _publish_sent(order, shipment, chosen, complete=_close(order, shipment))
    return shipment


def _send(
    order: FulfilmentOrder, shipment: Shipment, chosen: list[tuple[FulfilmentLine, int]], actor_id: int | None
) -> None:
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, fulfilment_line=line, quantity=quantity) for line, quantity in chosen
    )
    by_variant: dict[int, int] = defaultdict(int)
    for line, quantity in chosen:
        by_variant[line.variant_id] += quantity
    deltas.add(FulfilmentLine, {line.id: {"shipped": quantity} for line, quantity in chosen})
    if order.order.reservation_id:
        stock.ship_pieces(
            reservation_id=order.order.reservation_id,
            warehouse_id=order.warehouse_id,
            pieces=by_variant.items(),
            cause=f"shipment:{shipment.number}",
            actor_id=actor_id,
        )
    steps.note(
        order,
        "shipped",
        actor_id,
        {"shipment": shipment.number, "carrier": shipment.carrier, "tracking": shipment.tracking},
    )


def _close(order: FulfilmentOrder, shipment: Shipment) -> bool:
    """Set the states of the fulfilment order and the order; give whether nothing of the order is left."""
    rest_here = order.lines.filter(quantity__gt=F("shipped") + F("cancelled")).exists()
    order.state = State.PART_SHIPPED if rest_here else State.SHIPPED
    order.shipped_at = shipment.shipped_at
    order.save(update_fields=["state", "shipped_at"])
    rest = FulfilmentLine.objects.filter(
        fulfilment__order=order.order_id, quantity__gt=F("shipped") + F("cancelled")
    ).exists()
    status = SalesOrder.Status.PART_SHIPPED if rest else SalesOrder.Status.SHIPPED
    SalesOrder.objects.filter(id=order.order_id).update(status=status)
    return not rest


def _publish_sent(
    order: FulfilmentOrder, shipment: Shipment, chosen: list[tuple[FulfilmentLine, int]], *, complete: bool
) -> None:
    publisher.publish(
        events.ShipmentSent(
            reseller_id=order.order.reseller_id,
            order_number=order.order.order_number,
            shipment_number=shipment.number,
            fulfilment_number=order.number,
            carrier=shipment.carrier,
            tracking=shipment.tracking,
            tracking_url=shipment.tracking_url,
            shipped_at=shipment.shipped_at.isoformat(),
            lines=[
                {"line_id": line.line.line_id, "variant_id": line.variant_id, "quantity": quantity}
                for line, quantity in chosen
            ],
            complete=complete,
        )
    )
