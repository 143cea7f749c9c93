"""Payment pages: open one, ask what became of it, end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.gateways.facts import CheckoutLine, CheckoutPage, PaymentFact
from orders.gateways.stripe import client
from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayError, Refused
from supplier.gateways import amounts

# A session lives at least 30 minutes and at most 24 hours from its creation (Stripe's limits).
SHORTEST, LONGEST = dt.timedelta(minutes=30), dt.timedelta(hours=24)
MOST_LINES, LONGEST_NAME = 100, 250
LOCALES = {"en": "en", "zh-hans": "zh", "zh-cn": "zh", "zh-hant": "zh-TW"}


def create_checkout(
    *,
    order_number: str,
    reseller_slug: str,
    amount_minor: int,
    currency: str,
    lines: Sequence[CheckoutLine],
    success_url: str,
    cancel_url: str,
    expires_at: dt.datetime,
    idempotency_key: str,
    email: str = "",
    locale: str = "",
    methods: Sequence[str] = (),
    shop_name: str = "",
) -> CheckoutPage:
    """Open a payment page for an order.

    ``expires_at`` is the end of the stock hold; Stripe's page lives 30 minutes longer, its shortest
    life, so the caller ends it with :func:`expire_checkout`. Everything sent follows from the
    arguments alone: the same arguments again with the same key give the same page. Other arguments
    (a corrected address) need another key. ``lines`` sum to ``amount_minor``. ``methods`` limits
    the methods (``card``, ``alipay``, ``wechat_pay``); empty: all that fit. ``success_url`` may
    hold ``{CHECKOUT_SESSION_ID}``.

    :raises Refused: ``hold_over``, ``amount_too_small``, ``amount_too_large``, ``email``.
    """
    if sum(line.amount_minor for line in lines) != amount_minor or amount_minor <= 0:
        raise ValueError("the lines must sum to a positive amount")
    marks = {"order_number": order_number, "reseller": reseller_slug}
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": _line_items(order_number, lines, currency),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "client_reference_id": order_number,
        "locale": LOCALES.get(locale.lower(), "auto"),
        "submit_type": "pay",
        "adaptive_pricing": {"enabled": False},  # the order's currency and amount are frozen
        "metadata": marks,
        "payment_intent_data": {
            "description": f"{shop_name or reseller_slug} {order_number}",
            "metadata": marks,
            "transfer_group": f"{reseller_slug}/{order_number}",
        },
        **_expiry(expires_at),
        **({"customer_email": email} if email else {}),
        **({"allowed_payment_method_types": list(methods)} if methods else {}),
        **({"branding_settings": {"display_name": shop_name}} if shop_name else {}),
    }
    with client.errors():
        session = client.get().v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})  # type: ignore[arg-type]
    if not session.url:
        raise GatewayError(f"checkout {session.id} came without a page")
    return CheckoutPage(session.id, session.url)


def _expiry(hold_until: dt.datetime) -> dict[str, int]:
    """Give the page half an hour more than the hold; a hold of a day gets Stripe's own longest."""
    now = clock.now()
    if hold_until <= now:
        raise Refused("hold_over", _("The time to pay for this order is over."), status=409)
    until = hold_until + SHORTEST
    return {"expires_at": int(until.timestamp()) + 1} if until < now + LONGEST else {}


def _line_items(order_number: str, lines: Sequence[CheckoutLine], currency: str) -> list[dict[str, Any]]:
    """Give Stripe's lines; one for all where they can't be shown one by one (a deduction, too many)."""
    if len(lines) > MOST_LINES or any(line.amount_minor < 0 or line.quantity < 1 for line in lines):
        lines = [CheckoutLine(order_number, 1, sum(line.amount_minor for line in lines))]
    return [_line_item(line, currency) for line in lines]


def _line_item(line: CheckoutLine, currency: str) -> dict[str, Any]:
    total, name, quantity = amounts.to_stripe(line.amount_minor, currency), line.name, line.quantity
    if total % quantity:  # a discounted line has no exact unit price
        name, quantity = f"{quantity} × {name}", 1
    product = {"name": name[:LONGEST_NAME] or "–"}
    price = {"currency": currency.lower(), "unit_amount": total // quantity, "product_data": product}
    return {"quantity": quantity, "price_data": price}


def retrieve_checkout(session_id: str) -> PaymentFact:
    """Ask what became of a checkout. This, not the browser's return, is proof of payment.

    :raises NotFound: Stripe has no such session.
    """
    with client.errors():
        session = client.get().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    return _payment_fact(session.to_dict(recursive=True))


def expire_checkout(session_id: str) -> PaymentFact:
    """End a payment page, unless it was paid first; give what is true afterwards.

    ``state`` is then ``expired`` – nobody can pay any more – or ``paid`` or ``processing``.
    """
    try:
        with client.errors():
            client.get().v1.checkout.sessions.expire(session_id)
    except GatewayError:
        fact = retrieve_checkout(session_id)
        if fact.state == "open":
            raise
        return fact
    return retrieve_checkout(session_id)


def _payment_fact(session: Mapping[str, Any]) -> PaymentFact:
    currency = session["currency"].upper()
    intent = session["payment_intent"] or {}
    charge = intent.get("latest_charge") or {}
    booked = charge.get("balance_transaction") or {}
    fee_currency = booked.get("currency", "").upper()
    metadata = dict(session["metadata"] or {})
    return PaymentFact(
        session_id=session["id"],
        state=_state(session),
        order_number=metadata.get("order_number", ""),
        reseller_slug=metadata.get("reseller", ""),
        amount_minor=amounts.from_stripe(session["amount_total"], currency),
        currency=currency,
        refunded_minor=amounts.from_stripe(charge.get("amount_refunded", 0), currency),
        payment_intent=intent.get("id", ""),
        charge=charge.get("id", ""),
        method=(charge.get("payment_method_details") or {}).get("type", ""),
        email=(session.get("customer_details") or {}).get("email") or session.get("customer_email") or "",
        fee_minor=amounts.from_stripe(booked["fee"], fee_currency) if booked else None,
        fee_currency=fee_currency,
        metadata=metadata,
    )


def _state(session: Mapping[str, Any]) -> str:
    if session["status"] != "complete":
        return session["status"]
    if session["payment_status"] != "unpaid":
        return "paid"
    refused = (session["payment_intent"] or {}).get("status") in ("requires_payment_method", "canceled")
    return "expired" if refused else "processing"  # a debit may fail days after the customer was done
