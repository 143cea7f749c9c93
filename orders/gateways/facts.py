"""What passes the door of a payment provider, in our own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """What the customer reads on the payment page. ``amount_minor`` is for the whole line."""

    name: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """Where to send the browser to pay."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """What the provider says of a checkout now.

    ``state``: ``open`` (not paid yet), ``processing`` (done by the customer, money not there yet),
    ``paid``, ``expired`` (nobody can pay there any more; also when the bank refused after days). ``fee_minor`` is the provider's fee, None while it isn't booked; it is in
    ``fee_currency``, which is the currency the account settles in.
    """

    session_id: str
    state: str
    order_number: str
    reseller_slug: str
    amount_minor: int
    currency: str
    refunded_minor: int = 0
    payment_intent: str = ""
    charge: str = ""
    method: str = ""
    email: str = ""
    fee_minor: int | None = None
    fee_currency: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundFact:
    """What the provider says of a refund now.

    ``state``: ``pending``, ``requires_action``, ``succeeded``, ``failed``, ``canceled``.
    """

    refund_id: str
    state: str
    payment_intent: str
    amount_minor: int
    currency: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventFact:
    """A webhook whose signature is good. It says what to look at, not what is true: fetch the object.

    ``account`` is the connected account it happened at; empty for our own.
    """

    id: str
    type: str
    object_id: str
    metadata: Mapping[str, str]
    created_at: dt.datetime
    account: str = ""
