"""API keys, as shown to their owners and as presented by machines."""

from __future__ import annotations

import hashlib
import hmac

from django.db.models import F, QuerySet

from s2b2c.api.models import ApiKey
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.models import Reseller


def fingerprint(secret: str) -> str:
    """Give what is kept of a key; keys are random, so a plain hash can't be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str, *, reseller: Reseller | None) -> ApiKey | None:
    """Give the living key of this place (a shop, or S where ``reseller`` is None), or None."""
    wanted = fingerprint(secret)
    with reading():
        key = ApiKey.objects.filter(key_hash=wanted, revoked_at__isnull=True, reseller=reseller).first()
    return key if key is not None and hmac.compare_digest(key.key_hash, wanted) else None


def of(reseller: Reseller | None) -> QuerySet[ApiKey]:
    """Give all keys of a shop, or of S, living ones and newest first."""
    keys = ApiKey.objects.filter(reseller=reseller).select_related("created_by")
    return keys.order_by(F("revoked_at").desc(nulls_first=True), "-pk")
