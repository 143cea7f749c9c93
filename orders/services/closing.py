"""End an order that was never paid. Call inside a transaction."""

from __future__ import annotations

from django.db import transaction

from enablement.services import bookings
from orders.models import Cart, Order, OrderEvent, Payment
from reseller.services import promotions
from s2b2c.kernel import clock, events
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from supplier.services import stock


def close_pending(order: Order, *, status: str, reason: str) -> None:
    """Cancel or expire a pending order: its stock is free again, its payment page is shut."""
    now = clock.now()
    order.status, order.closed_at, order.expires_at = status, now, None
    order.save(update_fields=["status", "closed_at", "expires_at"])
    Cart.objects.filter(token=order.cart_token).update(order_token="")
    OrderEvent.objects.create(order=order, kind=status, at=now, data={"reason": reason})
    promotions.give_back(limited_discounts(order))
    close_pages(order)
    reseller = context.current()
    assert reseller is not None
    if order.terms.get("services"):
        bookings.release(reseller_id=reseller.id, order_number=order.number)
    stock.release(reseller_id=reseller.id, order_number=order.number)


def limited_discounts(order: Order) -> list[int]:
    """Give the promotions an order used that can be used so often only."""
    return [used["id"] for used in order.terms.get("promotions", []) if used["limited"]]


def close_pages(order: Order) -> None:
    """Ask to shut the open payment pages of an order that is over. Call inside a transaction."""
    reseller = context.current()
    assert reseller is not None
    for payment in order.payments.filter(state=Payment.State.OPEN).exclude(session_id=""):
        publisher.publish(
            events.PageCloseRequested(
                reseller_id=reseller.id, order_number=order.number, session_id=payment.session_id
            )
        )


def locked(*, order_number: str) -> Order | None:
    """Lock an order, its bag first as the checkout does: the fixed order of locks. Call inside a transaction."""
    bag = Order.objects.filter(number=order_number).values("cart_token")
    list(Cart.objects.select_for_update(of=("self",)).filter(token__in=bag).values_list("token"))
    return Order.objects.select_for_update().filter(number=order_number).first()


@transaction.atomic
def expire(*, order_number: str) -> bool:
    """Expire a pending order whose time is over. Give whether this call did it."""
    order = locked(order_number=order_number)
    if order is None or order.status != Order.Status.PENDING or not order.expires_at:
        return False
    if order.expires_at > clock.now():
        return False
    close_pending(order, status=Order.Status.EXPIRED, reason="not_paid_in_time")
    return True
