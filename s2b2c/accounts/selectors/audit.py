"""The audit log, to be read."""

from __future__ import annotations

from django.db.models import QuerySet

from s2b2c.accounts.models import AuditEntry
from s2b2c.tenancy.models import Reseller


def entries(reseller: Reseller | None = None) -> QuerySet[AuditEntry]:
    """Give entries with actor and shop: those of one shop, or, for S, all there are."""
    found = AuditEntry.objects.select_related("actor", "reseller")
    return found if reseller is None else found.filter(reseller=reseller)
