"""Parcels that were delivered: S, a carrier's list or c says on which day, and whoever erred takes it back.

It is a fact about the parcel, told as it stands: the same again changes nothing, another day replaces the first. S and its
carriers are believed before c. The return window counts from it, so what the order earns is due later, too, unless that
stands on a statement already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import OrderNote, SalesOrder, Shipment
from supplier.selectors import cash
from supplier.selectors import deliveries as selectors

SaidBy = Shipment.SaidBy
MOST = 2_000
_AHEAD = timedelta(hours=14)  # it is tomorrow there


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of the parcels of a ``reference``: the day, an empty one taking back what was said."""

    reference: str
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it: the parcels' numbers, none where it was refused, and ``problem`` says why."""

    told: Told
    parcels: list[str]
    problem: Refused | None = None


def book(*, several: Sequence[Told], actor_id: int | None) -> list[Result]:
    """Note what a carrier says of many parcels; a wrong line is told and keeps none of the others back.

    :raises Refused: more than ``MOST`` lines; nothing is noted.
    """
    if len(several) > MOST:
        raise Refused("too_many", _("At most %(most)s lines at once."), field="lines", most=MOST)
    return [_one(told, actor_id) for told in several]


def _one(told: Told, actor_id: int | None) -> Result:
    try:
        with transaction.atomic():
            numbers = selectors.parcels_of(told.reference)
            for number in numbers:
                note(number=number, delivered_on=told.delivered_on, said_by=SaidBy.CARRIER, actor_id=actor_id)
    except Refused as problem:
        return Result(told, [], problem)
    return Result(told, numbers)


@transaction.atomic
def note(
    *, number: str, delivered_on: date | None, said_by: str = SaidBy.SUPPLIER, actor_id: int | None = None
) -> Shipment:
    """Note the day a parcel was delivered on, or, with None, that it is not known. The same again changes nothing.

    :raises NotFound: no such parcel.
    :raises Refused: a day before it left, or one that has not begun anywhere.
    """
    parcel = _locked(number)
    if delivered_on is not None:
        _check(parcel, delivered_on)
    if parcel.delivered_on == delivered_on:
        return parcel
    _write(parcel, delivered_on, said_by if delivered_on else "", actor_id)
    return parcel


def take_confirmed(event: events.DeliveryConfirmed) -> None:
    """Believe c where nobody else has said a day; else what was said is told again. Call inside a transaction."""
    for number, day in sorted(event.delivered_on.items()):
        parcel = _locked(number, event.reseller_id)
        if parcel.delivered_on is None:
            _write(parcel, max(date.fromisoformat(day), _first_day(parcel)), SaidBy.CUSTOMER, None)
        elif parcel.said_by != SaidBy.CUSTOMER:
            _tell(parcel)


def _locked(number: str, reseller_id: int | None = None) -> Shipment:
    rows = Shipment.objects.filter(number=number)
    if reseller_id is not None:
        rows = rows.filter(fulfilment__order__reseller_id=reseller_id)
    order_id = rows.values_list("fulfilment__order_id", flat=True).first()
    if order_id is None:
        raise NotFound()
    SalesOrder.objects.select_for_update().get(id=order_id)
    return Shipment.objects.select_for_update(of=("self",)).select_related("fulfilment__order").get(number=number)


def _first_day(parcel: Shipment) -> date:
    return parcel.shipped_at.date() - timedelta(days=1)


def _check(parcel: Shipment, on: date) -> None:
    if on < _first_day(parcel):
        raise Refused("day", _("It had not left by then."), field="delivered_on")
    if on > (clock.now() + _AHEAD).date():
        raise Refused("day", _("This day is still to come."), field="delivered_on")


def _write(parcel: Shipment, on: date | None, said_by: str, actor_id: int | None) -> None:
    parcel.delivered_on, parcel.said_by = on, said_by
    parcel.save(update_fields=["delivered_on", "said_by"])
    order = parcel.fulfilment.order
    if order.due_at is not None and not cash.is_settled(order):
        SalesOrder.objects.filter(id=order.id).update(due_at=None)  # worked out anew by the next look
    OrderNote.objects.create(
        order=order, kind="delivered" if on else "delivery_undone", actor_id=actor_id, at=clock.now(),
        data={"parcel": parcel.number, "carrier": parcel.carrier, "tracking": parcel.tracking,
              "on": on.isoformat() if on else "", "said_by": said_by},
    )  # fmt: skip
    _tell(parcel)


def _tell(parcel: Shipment) -> None:
    order = parcel.fulfilment.order
    publisher.publish(
        events.ShipmentDelivered(
            reseller_id=order.reseller_id,
            order_number=order.order_number,
            shipment_number=parcel.number,
            delivered_on=parcel.delivered_on.isoformat() if parcel.delivered_on else "",
            said_by=parcel.said_by,
        )
    )
