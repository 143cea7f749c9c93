"""Stripe's client, and Stripe's errors in our words."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from orders.gateways.facts import GatewayError, GatewayUnavailable
from s2b2c.kernel.errors import NotFound, Refused

stripe.enable_telemetry = False  # it would write an id of this machine into the home directory and send it
log = logging.getLogger(__name__)
logging.getLogger("stripe").setLevel(logging.WARNING)  # at INFO it writes every address and refusal into the log

CONNECT_SECONDS, READ_SECONDS, RETRIES = 3.05, 8.0, 2


def get() -> stripe.StripeClient:
    """Give this process's client.

    :raises GatewayUnavailable: no key is set.
    """
    return made(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, READ_SECONDS, os.getpid())


@lru_cache(maxsize=4)
def made(key: str, base: str, seconds: float, _process: int) -> stripe.StripeClient:
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
def errors() -> Iterator[None]:
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
