"""Stock that is held and not paid for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from s2b2c.kernel import clock
from supplier.models import Reservation


@dataclass(frozen=True, slots=True)
class Held:
    reseller_id: int
    order_number: str


def due(*, limit: int) -> list[Held]:
    """Give holds whose time is over, the oldest first, by the partial index on open holds."""
    rows = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=clock.now())
    return [Held(*row) for row in rows.order_by("expires_at").values_list("reseller_id", "order_number")[:limit]]


def waiting(*, older_than_seconds: int, limit: int) -> list[Held]:
    """Give open holds made at least so many seconds ago."""
    since = clock.now() - timedelta(seconds=older_than_seconds)
    rows = Reservation.objects.filter(state=Reservation.State.HELD, created_at__lte=since)
    return [Held(*row) for row in rows.order_by("expires_at").values_list("reseller_id", "order_number")[:limit]]
