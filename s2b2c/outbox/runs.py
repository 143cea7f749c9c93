"""What repeated jobs that speak to the outside did last, and how long they leave it alone when it is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from s2b2c.kernel import clock
from s2b2c.outbox.models import JobRun

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)


@transaction.atomic
def begin(name: str) -> JobRun | None:
    """Note that a job begins, and give where it was. None: it pauses, because the outside did not answer."""
    JobRun.objects.bulk_create([JobRun(name=name)], ignore_conflicts=True)
    job = JobRun.objects.select_for_update().get(name=name)
    now = clock.now()
    if job.next_at is not None and job.next_at > now:
        return None
    job.begun_at = now
    job.save(update_fields=["begun_at"])
    return job


@transaction.atomic
def done(name: str, *, position: int, found: dict[str, Any]) -> None:
    """Note that a run went through, where the next goes on, and what it found."""
    now = clock.now()
    JobRun.objects.filter(name=name).update(
        ended_at=now, answered_at=now, next_at=None, failures=0, error="", position=position, found=found
    )


@transaction.atomic
def failed(name: str, *, error: str, found: dict[str, Any]) -> None:
    """Note that the outside did not answer: the next runs pause, each time twice as long, up to a quarter hour."""
    job = JobRun.objects.select_for_update().get(name=name)
    now = clock.now()
    pause = min(FIRST_PAUSE * 2 ** min(job.failures, 8), LONGEST_PAUSE)
    job.ended_at, job.next_at, job.failures = now, now + pause, job.failures + 1
    job.error, job.found = error[:300], found
    job.save()


def last(name: str) -> JobRun | None:
    """Give what a job did last."""
    return JobRun.objects.filter(name=name, begun_at__isnull=False).first()
