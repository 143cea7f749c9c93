"""The moment an order becomes S's to serve. Call inside the transaction that made it true."""

from __future__ import annotations

from collections.abc import Sequence

from orders.models import Order, OrderEvent, OrderLine
from orders.selectors import fees
from orders.services import mail
from s2b2c.kernel import clock, events
from s2b2c.kernel.rows import New
from s2b2c.outbox import publisher

STEPS = New(OrderEvent)
# Of the terms frozen on an order, what S needs when it comes to a return or a dispute.
AGREED = ("return_postage_minor", "return_postage_by", "dispute_bearers", "fee_tax_bps")


def place(order: Order, lines: Sequence[OrderLine], *, reseller_id: int, paid: str, payment_intent: str = "") -> None:
    """Mark an order that waited placed and hand it to S through the outbox; c gets a mail."""
    step = mark(order, paid=paid)
    order.save(update_fields=["status", "paid", "paid_at", "expires_at", "closed_at"])
    step.order = order
    STEPS.add([step])
    hand_over(order, lines, reseller_id=reseller_id, payment_intent=payment_intent)


def mark(order: Order, *, paid: str) -> OrderEvent:
    """Set what being placed means for an order, and give the step of it; the caller writes both."""
    now = clock.now()
    order.status, order.paid, order.expires_at, order.closed_at = Order.Status.PLACED, paid, None, None
    if paid == Order.Paid.PAID:
        order.paid_at = now
    return OrderEvent(kind="placed", at=now, data={"paid": paid})


def hand_over(order: Order, lines: Sequence[OrderLine], *, reseller_id: int, payment_intent: str = "") -> None:
    """Tell S, and whoever else is to know, of an order placed."""
    publisher.publish(
        placed_event(order, lines, reseller_id, payment_intent),
        *mail.requests(order, "placed", reseller_id=reseller_id),
    )


def placed_event(
    order: Order, lines: Sequence[OrderLine], reseller_id: int, payment_intent: str = ""
) -> events.OrderPlaced:
    """Say what S needs to serve and book the order: the split without tax inside the delivery price."""
    shipping = order.shipping_minor - (order.shipping_tax_minor if order.tax_included else 0)
    return events.OrderPlaced(
        reseller_id=reseller_id,
        order_number=order.number,
        currency=order.currency,
        method=order.method,
        captured_minor=order.total_minor,
        fee_tax_minor=fees.tax_in(sum(line.fee_minor for line in lines), order.terms),
        shipping_funded_minor=order.terms.get("shipping_funded_minor", 0),
        shipping_funder=order.terms.get("shipping_funder", ""),
        shipping_minor=shipping,
        shipping_tax_minor=order.shipping_tax_minor,
        services=[
            events.SoldService(
                line_id=line.id,
                variant_id=line.variant_id,
                cost_minor=line.wholesale_minor,
                margin_minor=line.margin_minor,
                fee_minor=line.fee_minor,
                tax_minor=line.tax_minor,
                retail_minor=line.retail_minor,
                tax_bps=line.tax_bps,
            )
            for line in lines
            if line.service is not None
        ],
        lines=[
            events.SoldLine(
                line_id=line.id,
                variant_id=line.variant_id,
                quantity=line.quantity,
                wholesale_minor=line.wholesale_minor,
                margin_minor=line.margin_minor,
                fee_minor=line.fee_minor,
                tax_minor=line.tax_minor,
                retail_minor=line.retail_minor,
                funded_minor=line.funded_minor or 0,
                tax_bps=line.tax_bps,
                discount_minor=line.discount_minor or 0,
            )
            for line in lines
            if line.service is None
        ],
        recipient={"name": order.name, "email": order.email, **order.address},
        language=order.language,
        placed_at=order.placed_at.isoformat(),
        external_id=order.external_id,
        return_days=order.terms.get("return_days", 14),
        reserve_bps=order.terms.get("reserve_bps", 0),
        agreed={name: order.terms[name] for name in AGREED if name in order.terms},
        payment_intent=payment_intent,
    )
