"""Cancel an order while nothing of it was picked: stock free, money back, S told, in one transaction."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent
from orders.services import closing, mail, refund
from orders.services.returns import unreplaced
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from supplier.selectors import fulfilment as fulfilments
from supplier.services import fulfilment


@transaction.atomic
def cancel(*, order_number: str, actor: str, reason: str) -> Order:
    """Cancel an order on behalf of ``actor`` ("customer", or a staff member's name).

    Cancelling a cancelled order changes nothing.

    :raises NotFound: no such order.
    :raises StateRefused: picking has begun, or it has been sent.
    """
    order = closing.locked(order_number=order_number)
    if order is None:
        raise NotFound()
    if order.status in (Order.Status.CANCELLED, Order.Status.EXPIRED):
        return order
    if order.status == Order.Status.PENDING:
        closing.close_pending(order, status=Order.Status.CANCELLED, reason=reason)
        return order
    if order.status not in (Order.Status.PLACED, Order.Status.PROCESSING):
        raise StateRefused("too_late", _("This order is on its way already."))
    _cancel_placed(order, actor, reason)
    return order


def _cancel_placed(order: Order, actor: str, reason: str) -> None:
    reseller = context.current()
    assert reseller is not None
    if not fulfilments.lock_untouched(reseller_id=reseller.id, order_number=order.number):
        raise StateRefused("too_late", _("The warehouse is packing this order already."))
    event = events.OrderCancelled(reseller_id=reseller.id, order_number=order.number, reason=reason)
    fulfilment.cancel_order(event)
    OrderEvent.objects.create(order=order, kind="cancelled", at=clock.now(), actor=actor, data={"reason": reason})
    publisher.publish(event, *mail.requests(order, "cancelled", reseller_id=reseller.id))
    left = {line.id: line.quantity - line.refunded for line in order.lines.all()}
    if order.refunded_minor < order.total_minor:
        refund.undo(
            order_number=order.number,
            pieces=left,
            shipping=True,
            reason="cancelled",
            key=f"cancel:{order.number}",
            actor=actor,
        )
        order.refresh_from_db()
    unreplaced.never_sent(order, left, reason="cancelled", actor=actor)
    order.status, order.closed_at = Order.Status.CANCELLED, clock.now()
    order.save(update_fields=["status", "closed_at"])
