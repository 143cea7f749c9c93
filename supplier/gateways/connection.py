"""The line to Stripe that every gateway shares: the client, and what its errors mean to us.

Only gateways import this. With ``STRIPE_API_BASE`` empty the calls go to Stripe; see docs/adr/0006-fake-stripe.md.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from s2b2c.kernel.errors import GatewayError, GatewayUnavailable, NotFound, Refused

stripe.enable_telemetry = False  # it would write an id of this machine into the home directory and send it
log = logging.getLogger(__name__)
logging.getLogger("stripe").setLevel(logging.WARNING)  # at INFO it writes every address and refusal into the log

CONNECT_SECONDS, READ_SECONDS, RETRIES = 3.05, 8.0, 2
KEY = "idempotency_key"  # where our key is kept in the metadata of what we make

# Stripe's code (or a name of ours for a refusal without one) → our code, what a person reads, the field it concerns
Refusals = Mapping[str, tuple[str, Any, str | None]]


def client() -> stripe.StripeClient:
    """Give this process's client. :raises GatewayUnavailable: no key is set."""
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, READ_SECONDS, os.getpid())


@lru_cache(maxsize=4)
def _client_of(key: str, base: str, seconds: float, _process: int) -> stripe.StripeClient:
    """Make a client per process: its connections must not be shared over a fork."""
    if not key:
        log.error("STRIPE_SECRET_KEY is not set: no money can be moved online")
        raise GatewayUnavailable
    return stripe.StripeClient(
        key,
        base_addresses={"api": base.rstrip("/")} if base else {},
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, seconds)),
        max_network_retries=RETRIES,
    )


@contextmanager
def errors(refusals: Refusals, phrases: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn Stripe's errors into ours.

    ``phrases`` names refusals that Stripe gives no code, by words in them.

    :raises Refused: one of ``refusals``; NotFound for an id Stripe doesn't have, or not in our account.
    :raises GatewayUnavailable: no answer, too many calls, trouble at Stripe, or our key is in use by another call.
    :raises GatewayError: anything else: we asked wrongly, or our key is wrong.
    """
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable from error
    except stripe.InvalidRequestError as error:
        raise _refusal(error, refusals, phrases or {}) from error
    except stripe.StripeError as error:
        raise _trouble(error) from error


def _refusal(error: stripe.InvalidRequestError, refusals: Refusals, phrases: Mapping[str, str]) -> Exception:
    if error.code == "resource_missing":
        return NotFound()
    said = error.user_message or ""
    known = error.code or next((name for words, name in phrases.items() if words in said), "")
    if known not in refusals:
        return GatewayError(_said(error))
    code, message, name = refusals[known]
    return Refused(code, message, field=name, status=422 if name else 409)


def _trouble(error: stripe.StripeError) -> Exception:
    if error.http_status and (error.http_status >= 500 or error.http_status == 409):
        return GatewayUnavailable()
    if isinstance(error, stripe.PermissionError) and error.error and error.error.code == "account_invalid":
        return NotFound()
    return GatewayError(_said(error))


def _said(error: stripe.StripeError) -> str:
    """Give what Stripe said, for the log; the key is not in it."""
    return f"{type(error).__name__} {error.code or ''} {error.request_id or ''}: {error.user_message}"
