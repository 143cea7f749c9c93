"""S's background work. Messages carry nothing: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from supplier.services.imports import runner
from supplier.services.stock import buckets


@shared_task(name="supplier.tasks.run_imports")
def run_imports() -> int:
    """Carry on imports nobody is at; may run twice, or be killed, at any time."""
    return runner.run_due()


@shared_task(name="supplier.tasks.tend_stock")
def tend_stock() -> int:
    """Spread the pieces of variants that sell fast over buckets, and bring those of quiet ones together again."""
    return len(buckets.tend())
