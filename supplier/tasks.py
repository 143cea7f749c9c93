"""S's background work. Messages carry nothing: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from supplier.services import erased_files, lapsing, lots, sealing
from supplier.services.imports import runner
from supplier.services.settlement import due, payouts, reconciling, runs
from supplier.services.stock import buckets, waiting


@shared_task(name="supplier.tasks.run_imports")
def run_imports() -> int:
    """Carry on imports nobody is at; may run twice, or be killed, at any time."""
    return runner.run_due()


@shared_task(name="supplier.tasks.tend_stock")
def tend_stock() -> int:
    """Spread the pieces of variants that sell fast over buckets, and bring those of quiet ones together again."""
    return len(buckets.tend())


@shared_task(name="supplier.tasks.run_settlements")
def run_settlements() -> int:
    """Carry on settlement runs nobody is at; may run twice, or be killed, at any time."""
    return runs.run_due()


@shared_task(name="supplier.tasks.mark_due")
def mark_due() -> int:
    """Write on orders that were served when their margin is due."""
    return due.mark()


@shared_task(name="supplier.tasks.reconcile_provider")
def reconcile_provider() -> int:
    """Put the provider's books beside ours, and ask again for payouts that wait."""
    payouts.send_waiting()
    return reconciling.run() or 0


@shared_task(name="supplier.tasks.seal_books")
def seal_books() -> int:
    """Seal the days of the books that are over; may run twice."""
    return sealing.seal_due()


@shared_task(name="supplier.tasks.tend_lots")
def tend_lots() -> int:
    """Hold what expired, and set aside what orders gave up of held lots; may run twice."""
    return lots.tend()


@shared_task(name="supplier.tasks.delete_erased")
def delete_erased() -> int:
    """Delete the photos of people who asked to be forgotten, where that failed before; may run twice."""
    return erased_files.sweep()


@shared_task(name="supplier.tasks.serve_waiting")
def serve_waiting() -> int:
    """Keep free stock for orders that wait for it, where the arrival itself could not; may run twice."""
    return waiting.serve_all()


@shared_task(name="supplier.tasks.lapse_returns")
def lapse_returns() -> int:
    """End returns that were approved long ago and never sent; may run twice."""
    return lapsing.ask_due()
