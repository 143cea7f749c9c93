"""What Stripe tells us by webhook."""

from __future__ import annotations

import datetime as dt
import json

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from orders.gateways.facts import EventFact
from s2b2c.kernel.errors import Refused

SIGNATURE_SECONDS = 300  # how old a webhook's signature may be


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
        account=event.get("account") or "",
    )


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeError):
        return False
