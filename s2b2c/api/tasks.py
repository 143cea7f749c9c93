"""Housekeeping of the API."""

from __future__ import annotations

from celery import shared_task

from s2b2c.api import idempotency


@shared_task
def forget_answers() -> int:
    """Delete stored answers that are past their time."""
    return idempotency.forget_old()
