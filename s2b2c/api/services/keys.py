"""API keys are made, used and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.api import scopes as known
from s2b2c.api.models import ApiKey
from s2b2c.api.selectors import keys
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller

PREFIX = "sk_"
MAX_KEYS = 50


def create(*, actor: User, name: str, scopes: Sequence[str], reseller: Reseller | None = None) -> tuple[ApiKey, str]:
    """Make a key and give it together with its secret, which is never to be had again.

    :raises Refused: no scope, one of the other side, or too many keys.
    """
    side = "supply" if reseller is None else "shop"
    if not scopes or set(scopes) - set(known.SIDES[side]):
        raise Refused("scopes", _("Choose what this key may do."), field="scopes")
    secret = PREFIX + secrets.token_urlsafe(32).replace("-", "x").replace("_", "y")
    with transaction.atomic():
        if ApiKey.objects.filter(reseller=reseller, revoked_at__isnull=True).count() >= MAX_KEYS:
            raise Refused("too_many_keys", _("There are too many keys. Revoke one you no longer use."))
        key = ApiKey.objects.create(
            name=name,
            reseller=reseller,
            prefix=secret[:9],
            key_hash=keys.fingerprint(secret),
            scopes=sorted(scopes),
            created_by=actor,
        )
        audit.record(
            actor=actor,
            action="api_key.created",
            subject=f"{name} ({key.prefix}…)",
            detail={"scopes": key.scopes},
            reseller=reseller,
        )
    return key, secret


def revoke(*, actor: User, key_id: int, reseller: Reseller | None = None) -> ApiKey:
    """End a key for good; revoking twice changes nothing.

    :raises NotFound: this place has no such key.
    """
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().filter(pk=key_id, reseller=reseller).first()
        if key is None:
            raise NotFound()
        if key.revoked_at is None:
            key.revoked_at = clock.now()
            key.save(update_fields=["revoked_at"])
            audit.record(
                actor=actor, action="api_key.revoked", subject=f"{key.name} ({key.prefix}…)", reseller=reseller
            )
    return key


def note_use(key: ApiKey) -> None:
    """Remember the day a key was last used: one write a day and key."""
    today = clock.now().date()
    if key.last_used_on == today:
        return
    with transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_on=today).update(last_used_on=today)
