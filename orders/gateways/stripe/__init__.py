"""Payment by Stripe Checkout, refunds, and the provider's messages. Disputes are next door, in ``disputes``.

All calls go to the outside: never make one inside a transaction. Each may raise
:class:`GatewayUnavailable` – nothing is known, call again with the same idempotency key – and
:class:`GatewayError` – we asked wrongly or our key is wrong, a bug or a setting.

With ``STRIPE_API_BASE`` empty the calls go to Stripe; see docs/adr/0006-fake-stripe.md.
"""

from orders.gateways.facts import (
    CheckoutLine,
    CheckoutPage,
    EventFact,
    PaymentFact,
    RefundFact,
)
from orders.gateways.stripe.checkouts import create_checkout, expire_checkout, retrieve_checkout
from orders.gateways.stripe.notices import parse_event
from orders.gateways.stripe.refunds import refund, retrieve_refund
from s2b2c.kernel.errors import GatewayError, GatewayUnavailable

__all__ = [
    "CheckoutLine",
    "CheckoutPage",
    "EventFact",
    "GatewayError",
    "GatewayUnavailable",
    "PaymentFact",
    "RefundFact",
    "create_checkout",
    "expire_checkout",
    "parse_event",
    "refund",
    "retrieve_checkout",
    "retrieve_refund",
]
