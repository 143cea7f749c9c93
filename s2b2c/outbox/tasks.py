"""Celery's door to the outbox. The message carries nothing."""

from __future__ import annotations

from celery import shared_task

from s2b2c.outbox import dispatcher


@shared_task(name="s2b2c.outbox.tasks.drain")
def drain() -> int:
    """Handle what is due, for at most a few seconds; beat calls again."""
    from s2b2c import wiring  # noqa: PLC0415 - the composition root sees everything, nobody sees it at import

    return dispatcher.drain(wiring.HANDLERS, limit=20_000)
