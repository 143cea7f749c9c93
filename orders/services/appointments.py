"""Services booked with an order, as c and the shop change them: moved, cancelled, or given up by S."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.selectors import bookings as bookings_of
from enablement.services import bookings
from orders.models import Order, OrderEvent, OrderLine
from orders.services import closing, mail, refund
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context

# what a provider did → the states of its task in which that is still to be told
_STILL = {
    "accepted": ("accepted", "done", "approved", "paid"),
    "given_back": ("open", "offered"),
    "done": ("done", "approved", "paid"),
}


@transaction.atomic
def move(*, order_number: str, line_id: int, on: date, part: int, actor: str) -> Order:
    """Move a booked service to another slot; its price stays. The same slot again changes nothing.

    :raises NotFound: no such order or service.
    :raises StateRefused: it is too late, not paid for yet, or ``slot_gone``: somebody was faster.
    """
    order, line = _locked(order_number, line_id)
    before = bookings.slot(reseller_id=_shop_id(), order_number=order.number, line_id=line.id)
    row = bookings.move(reseller_id=_shop_id(), order_number=order.number, line_id=line.id, on=on, part=part)
    if (row.on, row.part) != before:
        data = {"title": line.title, "on": on.isoformat(), "part": part}
        OrderEvent.objects.create(order=order, kind="service_moved", at=clock.now(), actor=actor, data=data)
        _write(order, line, what="moved", on=on.isoformat(), part=part)
    return order


@transaction.atomic
def cancel(*, order_number: str, line_id: int, actor: str) -> Order:
    """Cancel a booked service until the day before; what it cost goes back. Again, nothing changes.

    :raises NotFound: no such order or service. :raises StateRefused: it is too late, or not paid for yet.
    """
    order, line = _locked(order_number, line_id)
    if line.refunded:
        return order
    bookings.cancel(reseller_id=_shop_id(), order_number=order.number, line_id=line.id)
    OrderEvent.objects.create(
        order=order, kind="service_cancelled", at=clock.now(), actor=actor, data={"title": line.title}
    )
    refund.grant(
        order_number=order.number, pieces={line.id: 1}, shipping=False, reason="service_cancelled",
        key=f"service:{order.number}:{line.id}", actor=actor, stop_sending=False,
    )  # fmt: skip
    return order


def fail(event: events.ServiceFailed) -> None:
    """S can't have it done: the money goes back, and c is told why. Call inside a transaction; told again, nothing happens."""
    order = Order.objects.select_for_update().get(number=event.order_number)
    line = order.lines.get(id=event.line_id)
    if line.refunded:
        return
    OrderEvent.objects.create(
        order=order, kind="service_failed", at=clock.now(), actor="supplier",
        data={"title": line.title, "why": event.reason},
    )  # fmt: skip
    told = {"what": "service", "title": line.title, "goods": line.label}
    publisher.publish(*mail.requests(order, "changed", reseller_id=event.reseller_id, **told))
    refund.undo(
        order_number=order.number, pieces={line.id: 1}, shipping=False, reason="service_failed",
        key=f"service:{order.number}:{line.id}", actor="supplier",
    )  # fmt: skip


def tell(event: events.ServiceTold) -> None:
    """Write to c in the shop's name who comes, that another is looked for, or that it is done. Call inside a transaction.

    What is no longer so – moved, cancelled or in other hands meanwhile – is not told.
    """
    order = Order.objects.get(number=event.order_number)
    line = order.lines.get(id=event.line_id)
    found = bookings_of.of_order(reseller_id=event.reseller_id, order_number=order.number).get(line.id)
    if line.refunded or found is None or found.code not in _STILL[event.what]:
        return
    if (found.booking.on.isoformat(), found.booking.part) == (event.on, event.part):
        _write(order, line, what=event.what, who=event.who, on=event.on, part=event.part)


def _write(order: Order, line: OrderLine, **told: str | int) -> None:
    told = {"title": line.title, "goods": line.label, **told}
    publisher.publish(*mail.requests(order, "service", reseller_id=_shop_id(), **told))


def _locked(order_number: str, line_id: int) -> tuple[Order, OrderLine]:
    order = closing.locked(order_number=order_number)
    line = order.lines.filter(id=line_id, service__isnull=False).first() if order is not None else None
    if order is None or line is None:
        raise NotFound()
    if order.status in (Order.Status.PENDING, Order.Status.EXPIRED, Order.Status.CANCELLED):
        raise StateRefused("not_placed", _("This order is not paid yet, or it is over."))
    return order, line


def _shop_id() -> int:
    reseller = context.current()
    assert reseller is not None
    return reseller.id
