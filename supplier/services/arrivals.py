"""Pieces that are expected: announced with a day, received in one or more parts, or called off."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Arrival, Movement
from supplier.services import published, stock
from supplier.services.stock import kits

State = Arrival.State


@transaction.atomic
def announce(
    *,
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    arrives_on: date,
    reference: str = "",
    source: str = "",
    actor_id: int | None = None,
) -> Arrival:
    """Say that pieces will arrive on a day; shops show the day while nothing is free.

    ``source``: what plans it; whoever receives or cancels it must name the same one.

    :raises Refused: not a positive number of pieces.
    :raises StateRefused: it is a bundle.
    """
    if quantity <= 0:
        raise Refused("quantity", _("Enter at least one piece."), field="quantity")
    kits.require_plain([variant_id])
    published.touch()
    return Arrival.objects.create(
        variant_id=variant_id,
        warehouse_id=warehouse_id,
        quantity=quantity,
        arrives_on=arrives_on,
        reference=reference.strip()[:160],
        source=source,
        actor_id=actor_id,
        created_at=clock.now(),
    )


@transaction.atomic
def receive(
    *,
    arrival_id: int,
    quantity: int,
    actor_id: int | None,
    key: str = "",
    source: str = "",
    aside: bool = False,
    told: bool = False,
) -> Movement:
    """Book pieces of an arrival into stock, or, ``aside``, into quarantine; once all are there it is closed.

    ``key`` makes it once. ``told``: their serial numbers are written next, see ``stock.receive``.

    :raises Refused: not a positive number of pieces; or they have serial numbers that nobody tells.
    :raises StateRefused: it is closed already, or planned by something else.
    """
    arrival = _locked(arrival_id)
    _require_source(arrival, source)
    cause = f"arrival:{arrival.id}:{key}"
    made = Movement.objects.filter(variant_id=arrival.variant_id, cause=cause).first() if key else None
    if made is not None:
        return made
    _require(arrival)
    made = stock.receive(
        variant_id=arrival.variant_id,
        warehouse_id=arrival.warehouse_id,
        quantity=quantity,
        reason=arrival.reference,
        cause=cause,
        actor_id=actor_id,
        aside=aside,
        told=told,
    )
    arrival.received += quantity
    if arrival.received >= arrival.quantity:
        arrival.state = State.RECEIVED
        published.touch()
    arrival.save(update_fields=["received", "state"])
    return made


@transaction.atomic
def cancel(*, arrival_id: int, source: str = "") -> Arrival:
    """Expect the rest of an arrival no longer.

    :raises StateRefused: it is closed already, or planned by something else.
    """
    arrival = _locked(arrival_id)
    _require_source(arrival, source)
    _require(arrival)
    arrival.state = State.CANCELLED
    arrival.save(update_fields=["state"])
    published.touch()
    return arrival


@transaction.atomic
def postpone(*, arrival_id: int, arrives_on: date, source: str = "") -> Arrival:
    """Expect an arrival on another day.

    :raises StateRefused: it is closed already, or planned by something else.
    """
    arrival = _locked(arrival_id)
    _require_source(arrival, source)
    _require(arrival)
    arrival.arrives_on = arrives_on
    arrival.save(update_fields=["arrives_on"])
    published.touch()
    return arrival


def _locked(arrival_id: int) -> Arrival:
    found = Arrival.objects.select_for_update(of=("self",)).filter(id=arrival_id).first()
    if found is None:
        raise NotFound()
    return found


def _require(arrival: Arrival) -> None:
    if arrival.state != State.OPEN:
        raise StateRefused(
            "arrival_state",
            _("This arrival is “%(state)s”; that step is no longer possible."),
            state=arrival.get_state_display(),
        )


def _require_source(arrival: Arrival, source: str) -> None:
    if arrival.source != source:
        raise StateRefused("arrival_source", _("It belongs to a purchase order: receive or close it there."))
