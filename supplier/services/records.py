"""What the catalogue's services share: checking texts, assigning changes, the audit log."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit as audit_log
from s2b2c.kernel.errors import Refused

_KEPT = frozenset("\n\t")


def text(value: str, field: str, longest: int, *, required: bool = False) -> str:
    """Give a text trimmed, normalised (NFC) and free of control characters.

    :raises Refused: empty though required, or too long.
    """
    plain = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in plain if sign in _KEPT or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if required and not plain:
        raise Refused("required", _("This can't be empty."), field=field)
    if len(plain) > longest:
        raise Refused("too_long", _("At most %(longest)s characters."), field=field, longest=longest)
    return plain


def assign(thing: models.Model, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set attributes and give the former values of those that differ."""
    before = {name: getattr(thing, name) for name, value in changes.items() if getattr(thing, name) != value}
    for name in before:
        setattr(thing, name, changes[name])
    return before


def audit(actor_id: int | None, action: str, subject: str, **detail: Any) -> None:
    """Write who did what. Call inside the transaction of the act."""
    audit_log.record(actor=User(pk=actor_id) if actor_id else None, action=action, subject=subject, detail=detail)
