"""What the tests of the payout gateway do again and again."""

from __future__ import annotations

from typing import Any

from supplier.gateways import stripe
from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted


def opened(**changes: str) -> stripe.AccountFact:
    """Open Lin's account."""
    arguments = {
        "reseller_slug": "lin",
        "country": "US",
        "currency": "USD",
        "email": "lin@shop.example",
        "name": "Lin's Tea",
        "url": "https://lin.example.com",
        "idempotency_key": "account:7",
    }
    return stripe.create_account(**arguments | changes)


def sent(lin: str, **changes: Any) -> stripe.TransferFact:
    """Send 30.00 USD to Lin."""
    arguments = {
        "account_id": lin,
        "amount_minor": 3_000,
        "currency": "USD",
        "group": "run-7",
        "idempotency_key": "payout:7",
    }
    return stripe.transfer(**arguments | changes)


def charged(fake: FakeStripe, currency: str = "usd", amount: int = 2_500) -> str:
    """Let a customer pay; give the payment intent."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Thing"}}
    session = client_of(fake).v1.checkout.sessions.create(wanted(line_items=[{"quantity": 1, "price_data": price}]))
    fake.pay(session.id)
    return fake.all("payment_intent")[-1]["id"]
