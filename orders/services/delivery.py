"""What becomes known of a parcel's arrival: from S, or from c who has it. See docs/adr/0017-returns.md."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent
from orders.selectors import delivery
from orders.selectors.delivery import DELIVERED, KINDS, MAIL, NO_MAIL, UNDONE, Parcel
from orders.services import mail
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context

CUSTOMER = "customer"


def note(event: events.ShipmentDelivered) -> None:
    """Show how the delivery of a parcel stands; told again, nothing is added. Call inside a transaction.

    c gets a mail only where it asked for one, and did not say itself that it has the parcel.
    """
    order = Order.objects.select_for_update().get(number=event.order_number)
    rows = _steps(order)
    before = _last(rows, event.shipment_number)
    now = (event.delivered_on, event.said_by)
    if now == before or (not event.delivered_on and not before[0]):
        return
    _write(order, event.shipment_number, event.delivered_on, event.said_by)
    first = bool(event.delivered_on) and not before[0]
    if first and event.said_by != CUSTOMER and delivery.wants_mail(kind for kind, _at, _data in rows):
        publisher.publish(*mail.requests(order, "delivered", reseller_id=event.reseller_id, on=event.delivered_on))


@transaction.atomic
def confirm(*, order_number: str) -> list[Parcel]:
    """Note that c has all parcels that were sent, and tell S. The same again changes nothing. Give those it is new of.

    A day is today, or, where that is past, the one it was presumed to be delivered on: the return window counts from it.

    :raises NotFound: no such order. :raises StateRefused: nothing was sent.
    """
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    parcels = delivery.parcels(_steps(order))
    if not parcels:
        raise StateRefused("not_sent", _("Nothing of this order has been sent yet."))
    fresh = [parcel for parcel in parcels.values() if parcel.delivered_on is None]
    days = {parcel.number: _today(parcel).isoformat() for parcel in fresh}
    for number, day in days.items():
        _write(order, number, day, CUSTOMER)
    if days:
        publisher.publish(
            events.DeliveryConfirmed(reseller_id=_shop_id(), order_number=order.number, delivered_on=days)
        )
    return fresh


@transaction.atomic
def ask_mail(*, order_number: str, wanted: bool) -> None:
    """Note whether c wants a mail when a parcel is delivered. The same again changes nothing.

    :raises NotFound: no such order.
    """
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    if delivery.wants_mail(kind for kind, _at, _data in _steps(order)) != wanted:
        kind = MAIL if wanted else NO_MAIL
        OrderEvent.objects.create(order=order, kind=kind, at=clock.now(), actor=CUSTOMER)


def _steps(order: Order) -> list[tuple[str, Any, dict[str, Any]]]:
    return list(order.events.filter(kind__in=KINDS).order_by("id").values_list("kind", "at", "data"))


def _last(steps: list[tuple[str, Any, dict[str, Any]]], number: str) -> tuple[str, str]:
    """Give the last word on a parcel: its day, empty where there is none, and whose it is."""
    said = [(kind, data) for kind, _at, data in steps if kind in (DELIVERED, UNDONE) and data["shipment"] == number]
    if not said or said[-1][0] == UNDONE:
        return "", ""
    return said[-1][1]["on"], said[-1][1]["said_by"]


def _today(parcel: Parcel) -> date:
    return min(clock.now().date(), parcel.presumed_on)


def _write(order: Order, number: str, on: str, said_by: str) -> None:
    data = {"shipment": number, "on": on, "said_by": said_by} if on else {"shipment": number}
    OrderEvent.objects.create(
        order=order, kind=DELIVERED if on else UNDONE, at=clock.now(), data=data, actor=said_by or "supplier"
    )


def _shop_id() -> int:
    reseller = context.current()
    assert reseller is not None
    return reseller.id
