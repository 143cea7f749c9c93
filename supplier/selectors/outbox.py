"""How events flow: what waits, how fast they are handled, what failed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy.models import Reseller

State = OutboxEvent.State
_MANY = 10_000


def dead() -> int:
    """Count the events that were given up, up to 10,000."""
    return OutboxEvent.objects.filter(state=State.DEAD)[:_MANY].count()


def late() -> QuerySet[OutboxEvent]:
    """Give the events that wait for longer than ``OUTBOX_ALARM_SECONDS``."""
    before = clock.now() - timedelta(seconds=settings.OUTBOX_ALARM_SECONDS)
    return OutboxEvent.objects.filter(state=State.PENDING, created_at__lt=before)


def failed() -> QuerySet[OutboxEvent]:
    """Give events that were given up."""
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


def acted(event: OutboxEvent) -> list[str]:
    """Name the handlers that have acted on an event, in their order: all in one transaction, when it was done."""
    return event.acted.split()


def behind(event: OutboxEvent) -> int:
    """Count the events that wait for this one: the later open ones of its key."""
    later = OutboxEvent.objects.filter(key=event.key, pk__gt=event.pk, state__in=(State.PENDING, State.DEAD))
    return later[:_MANY].count()
