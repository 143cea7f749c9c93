"""The audit log: who did what, when. Entries are never changed."""

from __future__ import annotations

from typing import Any

from s2b2c.accounts.models import AuditEntry, User
from s2b2c.tenancy.models import Reseller


def record(
    *,
    actor: User | None,
    action: str,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    reseller: Reseller | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of what it tells of; call inside a transaction.

    ``action`` is ``thing.happened`` (``staff.removed``), ``subject`` what a person would call the thing,
    ``detail`` plain JSON without secrets. ``actor`` None is the platform itself.
    """
    return AuditEntry.objects.create(
        actor=actor, reseller=reseller, action=action, subject=subject[:120], detail=detail or {}
    )
