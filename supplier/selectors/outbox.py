"""How events flow: what waits, how fast they are handled, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.outbox.models import InboxEntry, OutboxEvent
from s2b2c.tenancy.models import Reseller

State = OutboxEvent.State
_MANY = 10_000
_RECENT = 1_000


@dataclass(frozen=True, slots=True)
class Flow:
    """``pending`` and ``dead`` are counted up to 10,000. ``lag`` is the median of the last minutes, in seconds."""

    pending: int
    oldest_at: datetime | None
    dead: int
    handled: int
    minutes: int
    lag: float | None
    slowest: float | None


def flow(minutes: int = 10) -> Flow:
    """Give how events flow now."""
    due = OutboxEvent.objects.filter(state=State.PENDING)
    oldest = due.order_by("next_at", "id").values_list("created_at", flat=True).first()
    lags = sorted(_lags(minutes))
    return Flow(
        pending=due[:_MANY].count(),
        oldest_at=oldest,
        dead=OutboxEvent.objects.filter(state=State.DEAD)[:_MANY].count(),
        handled=len(lags),
        minutes=minutes,
        lag=lags[len(lags) // 2] if lags else None,
        slowest=lags[-1] if lags else None,
    )


def _lags(minutes: int) -> list[float]:
    """Give the seconds from birth to done of the newest events that were handled within the last minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    newest = OutboxEvent.objects.order_by("-id").values_list("state", "created_at", "done_at")[:_RECENT]
    return [
        max(0.0, (done - made).total_seconds())
        for state, made, done in newest
        if state == State.DONE and done and done >= since
    ]


def failed() -> QuerySet[OutboxEvent]:
    """Give events that were given up, and pending ones that failed at least once."""
    return OutboxEvent.objects.filter(state=State.DEAD)


def shops(events: list[OutboxEvent]) -> dict[int, Reseller]:
    """Give the resellers events are about."""
    return Reseller.objects.in_bulk({each.reseller_id for each in events})


def find(event_id: int) -> OutboxEvent:
    """Give an event.

    :raises NotFound: there is none.
    """
    found = OutboxEvent.objects.filter(pk=event_id).first()
    if found is None:
        raise NotFound()
    return found


def acted(event: OutboxEvent) -> list[InboxEntry]:
    """Give the handlers that have acted on an event."""
    return list(InboxEntry.objects.filter(event_id=event.pk).order_by("at"))


def behind(event: OutboxEvent) -> int:
    """Count the events that wait for this one: the later open ones of its key."""
    later = OutboxEvent.objects.filter(key=event.key, pk__gt=event.pk, state__in=(State.PENDING, State.DEAD))
    return later[:_MANY].count()
