"""Celery's door to the outbox. The message carries nothing."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

from s2b2c.outbox import alarm, dispatcher, pruning, publisher


@shared_task(name="s2b2c.outbox.tasks.drain")
def drain() -> int:
    """Handle what is due, for at most a few seconds; beat calls again. While there is much, call another worker, too."""
    from s2b2c import wiring  # noqa: PLC0415 - the composition root sees everything, nobody sees it at import

    cache.delete(publisher.AWAKE)  # before reading: what is committed from now on calls again
    return dispatcher.drain(wiring.HANDLERS, limit=20_000, when_full=publisher.wake)


@shared_task(name="s2b2c.outbox.tasks.watch")
def watch() -> bool:
    """Say so where events wait for too long."""
    return alarm.watch()


@shared_task(name="s2b2c.outbox.tasks.forget_events")
def forget_events() -> int:
    """Forget events that were handled long ago."""
    return pruning.forget_old()
