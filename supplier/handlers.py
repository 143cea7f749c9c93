"""What S does when it hears of something. Each may run twice; the inbox sees that it acts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from s2b2c.kernel import events
from supplier.services import fulfilment, postings, shortage


def open_fulfilment(event: events.Event) -> None:
    """Take an order over: one fulfilment order per warehouse that holds stock for it."""
    fulfilment.open_order(cast(events.OrderPlaced, event))


def open_fulfilments(several: Sequence[events.OrderPlaced]) -> None:
    """Take several orders over."""
    fulfilment.open_orders(several)


def post_sale(event: events.Event) -> None:
    """Book the sale as split at sale."""
    postings.sale(cast(events.OrderPlaced, event))


def post_sales(several: Sequence[events.OrderPlaced]) -> None:
    """Book several sales."""
    postings.sales(several)


def post_shipment(event: events.Event) -> None:
    """Book what a parcel earned: its wholesale value is no longer deferred."""
    sent = cast(events.ShipmentSent, event)
    postings.shipment(sent, at=datetime.fromisoformat(sent.shipped_at))


def post_refund(event: events.Event) -> None:
    """Book a refund: the proportional reversal of the frozen split; free what will not be sent."""
    made = cast(events.RefundMade, event)
    postings.refund(made)
    shortage.drop_refunded(made)


def cancel_order(event: events.Event) -> None:
    """Stop serving an order its shop cancelled before picking."""
    fulfilment.cancel_order(cast(events.OrderCancelled, event))
