"""Stock that is held and not paid for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from s2b2c.kernel import clock
from supplier.models import Reservation

State = Reservation.State


@dataclass(frozen=True, slots=True)
class Held:
    reseller_id: int
    order_number: str


def due(*, limit: int) -> list[Held]:
    """Give holds whose time is over, the oldest first, by the partial index on open holds."""
    rows = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=clock.now())
    return [Held(*row) for row in rows.order_by("expires_at").values_list("reseller_id", "order_number")[:limit]]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """``over``: released or expired, so nothing but a late payment can come."""

    id: int
    reseller_id: int
    order_number: str
    over: bool


def unanswered(*, after: int, older_than_seconds: int, younger_than: timedelta, limit: int) -> list[Unanswered]:
    """Give reservations that are not paid and whose payment may still bring news, by id, from ``after`` on."""
    now = clock.now()
    rows = Reservation.objects.filter(
        state__in=(State.HELD, State.RELEASED, State.EXPIRED),
        answered_at=None,
        id__gt=after,
        created_at__range=(now - younger_than, now - timedelta(seconds=older_than_seconds)),
    )
    found = rows.order_by("id").values_list("id", "reseller_id", "order_number", "state")[:limit]
    return [Unanswered(id_, reseller, number, state != State.HELD) for id_, reseller, number, state in found]
