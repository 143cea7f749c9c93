"""Payment by Stripe Checkout, and refunds. The only file in ``orders`` that knows Stripe.

All calls go to the outside: never make one inside a transaction. Each may raise
:class:`GatewayUnavailable` – nothing is known, call again with the same idempotency key – and
:class:`GatewayError` – we asked wrongly or our key is wrong, a bug or a setting.

With ``STRIPE_API_BASE`` empty the calls go to Stripe; see docs/adr/0006-fake-stripe.md.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from orders.gateways.facts import (
    CheckoutLine,
    CheckoutPage,
    EventFact,
    GatewayError,
    GatewayUnavailable,
    PaymentFact,
    RefundFact,
)
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound, Refused

stripe.enable_telemetry = False  # it would write an id of this machine into the home directory and send it
log = logging.getLogger(__name__)
logging.getLogger("stripe").setLevel(logging.WARNING)  # at INFO it writes every address and refusal into the log

CONNECT_SECONDS, READ_SECONDS, RETRIES = 3.05, 8.0, 2
SIGNATURE_SECONDS = 300  # how old a webhook's signature may be
# A session lives at least 30 minutes and at most 24 hours from its creation (Stripe's limits).
SHORTEST, LONGEST = dt.timedelta(minutes=30), dt.timedelta(hours=24)
MOST_LINES, LONGEST_NAME = 100, 250
KEY = "idempotency_key"  # in a refund's metadata
REASONS = frozenset(["duplicate", "fraudulent", "requested_by_customer"])
LOCALES = {"en": "en", "zh-hans": "zh", "zh-cn": "zh", "zh-hant": "zh-TW"}

# docs.stripe.com/currencies; where Stripe's decimals differ from the kernel's, amounts are rescaled.
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


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
    with _errors():
        session = _client().v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})  # type: ignore[arg-type]
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
    total, name, quantity = to_stripe(line.amount_minor, currency), line.name, line.quantity
    if total % quantity:  # a discounted line has no exact unit price
        name, quantity = f"{quantity} × {name}", 1
    product = {"name": name[:LONGEST_NAME] or "–"}
    price = {"currency": currency.lower(), "unit_amount": total // quantity, "product_data": product}
    return {"quantity": quantity, "price_data": price}


def retrieve_checkout(session_id: str) -> PaymentFact:
    """Ask what became of a checkout. This, not the browser's return, is proof of payment.

    :raises NotFound: Stripe has no such session.
    """
    with _errors():
        session = _client().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    return _payment_fact(session.to_dict(recursive=True))


def expire_checkout(session_id: str) -> PaymentFact:
    """End a payment page, unless it was paid first; give what is true afterwards.

    ``state`` is then ``expired`` – nobody can pay any more – or ``paid`` or ``processing``.
    """
    try:
        with _errors():
            _client().v1.checkout.sessions.expire(session_id)
    except GatewayError:
        fact = retrieve_checkout(session_id)
        if fact.state == "open":
            raise
        return fact
    return retrieve_checkout(session_id)


def refund(
    *,
    payment_intent: str,
    amount_minor: int,
    currency: str,
    idempotency_key: str,
    reason: str = "",
    metadata: Mapping[str, str] | None = None,
) -> RefundFact:
    """Give money back, in full or in part. Store the key before the first try and keep it for each.

    One key moves money once, also when tried again after days: Stripe forgets keys after 24 hours,
    so the key is kept in the refund's metadata and looked for first. ``reason`` is one of Stripe's,
    or words of our own that go into the metadata too.

    :raises Refused: ``already_refunded``, ``refund_too_large``, ``charge_disputed``, ``balance_insufficient``;
        no money moved.
    """
    params: dict[str, Any] = {"payment_intent": payment_intent, "amount": to_stripe(amount_minor, currency)}
    notes = {name[:40]: str(value)[:500] for name, value in (metadata or {}).items()} | {KEY: idempotency_key}
    if reason in REASONS:
        params["reason"] = reason
    elif reason:
        notes["reason"] = reason[:500]
    with _errors():
        for made in _client().v1.refunds.list({"payment_intent": payment_intent, "limit": 100}).auto_paging_iter():
            fact = _refund_fact(made.to_dict(recursive=True))
            if fact.metadata.get(KEY) == idempotency_key:
                return fact
        made = _client().v1.refunds.create(params | {"metadata": notes}, {"idempotency_key": idempotency_key})  # type: ignore[arg-type]
    return _refund_fact(made.to_dict(recursive=True))


def retrieve_refund(refund_id: str) -> RefundFact:
    """Ask what became of a refund: a bank may still refuse it days later.

    :raises NotFound: Stripe has no such refund.
    """
    with _errors():
        return _refund_fact(_client().v1.refunds.retrieve(refund_id).to_dict(recursive=True))


def parse_event(body: bytes, signature: str) -> EventFact:
    """Read a webhook whose signature and time are good.

    ``STRIPE_WEBHOOK_SECRET`` may hold two secrets, parted by a comma, while one replaces the other.

    :raises Refused: ``signature``, status 400; nothing of the body was believed.
    """
    secrets = [secret.strip() for secret in settings.STRIPE_WEBHOOK_SECRET.split(",") if secret.strip()]
    if not any(_signed(body, signature, secret) for secret in secrets):
        raise Refused("signature", _("This message isn't signed by our payment provider."), status=400)
    event = json.loads(body)
    subject = event["data"]["object"]
    return EventFact(
        id=event["id"],
        type=event["type"],
        object_id=subject.get("id") or "",
        metadata=dict(subject.get("metadata") or {}),
        created_at=dt.datetime.fromtimestamp(event["created"], tz=dt.UTC),
    )


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeError):
        return False


def to_stripe(minor: int, currency: str) -> int:
    """Give an amount in Stripe's unit. :raises ValueError: finer than Stripe's."""
    shift = _decimals(currency) - money.exponent(currency)
    if shift >= 0:
        return minor * 10**shift
    if minor % 10**-shift:
        raise ValueError(f"{minor} {currency} is finer than Stripe's unit")
    return minor // 10**-shift


def from_stripe(amount: int, currency: str) -> int:
    """Give an amount of Stripe's in our minor units. :raises ValueError: finer than ours."""
    shift = money.exponent(currency) - _decimals(currency)
    if shift >= 0:
        return amount * 10**shift
    if amount % 10**-shift:
        raise ValueError(f"{amount} of Stripe's {currency} is finer than our unit")
    return amount // 10**-shift


def _decimals(currency: str) -> int:
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


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
        amount_minor=from_stripe(session["amount_total"], currency),
        currency=currency,
        refunded_minor=from_stripe(charge.get("amount_refunded", 0), currency),
        payment_intent=intent.get("id", ""),
        charge=charge.get("id", ""),
        method=(charge.get("payment_method_details") or {}).get("type", ""),
        email=(session.get("customer_details") or {}).get("email") or session.get("customer_email") or "",
        fee_minor=from_stripe(booked["fee"], fee_currency) if booked else None,
        fee_currency=fee_currency,
        metadata=metadata,
    )


def _state(session: Mapping[str, Any]) -> str:
    if session["status"] != "complete":
        return session["status"]
    return "processing" if session["payment_status"] == "unpaid" else "paid"


def _refund_fact(made: Mapping[str, Any]) -> RefundFact:
    currency = made["currency"].upper()
    return RefundFact(
        refund_id=made["id"],
        state=made["status"] or "pending",
        payment_intent=made["payment_intent"] or "",
        amount_minor=from_stripe(made["amount"], currency),
        currency=currency,
        metadata=dict(made["metadata"] or {}),
    )


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, READ_SECONDS, os.getpid())


@lru_cache(maxsize=4)
def _client_of(key: str, base: str, seconds: float, _process: int) -> stripe.StripeClient:
    """Make a client per process: its connections must not be shared over a fork."""
    if not key:
        log.error("STRIPE_SECRET_KEY is not set: nobody can pay online")
        raise GatewayUnavailable
    return stripe.StripeClient(
        key,
        base_addresses={"api": base.rstrip("/")} if base else {},
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, seconds)),
        max_network_retries=RETRIES,
    )


@contextmanager
def _errors() -> Iterator[None]:
    """Turn Stripe's errors into ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable from error
    except stripe.InvalidRequestError as error:
        raise _refusal(error) from error
    except stripe.StripeError as error:
        if error.http_status and error.http_status >= 500:
            raise GatewayUnavailable from error
        raise GatewayError(_said(error)) from error


def _refusal(error: stripe.InvalidRequestError) -> Exception:
    if error.code == "resource_missing":
        return NotFound()
    # Stripe's refusal to refund more than is left has a parameter and no code
    known = error.code or ("refund_too_large" if "unrefunded" in (error.user_message or "") else "")
    if known not in REFUSALS:
        return GatewayError(_said(error))
    code, message, name = REFUSALS[known]
    return Refused(code, message, field=name, status=422 if name else 409)


def _said(error: stripe.StripeError) -> str:
    """Give what Stripe said, for the log; the key is not in it."""
    return f"{type(error).__name__} {error.code or ''} {error.request_id or ''}: {error.user_message}"


REFUSALS: dict[str, tuple[str, Any, str | None]] = {
    "amount_too_small": ("amount_too_small", _("This amount is too small to be paid online."), None),
    "amount_too_large": ("amount_too_large", _("This amount is too large to be paid online."), None),
    "email_invalid": ("email", _("Our payment provider does not accept this e-mail address."), "email"),
    "charge_already_refunded": ("already_refunded", _("This payment was already refunded in full."), None),
    "refund_too_large": ("refund_too_large", _("This is more than is left of the payment."), None),
    "charge_disputed": ("charge_disputed", _("The customer disputes this payment; it can't be refunded."), None),
    "balance_insufficient": ("balance_insufficient", _("There isn't enough money at Stripe for this refund."), None),
}
