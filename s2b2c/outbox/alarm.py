"""Tell a person when events wait for too long: a line in the log each time, a mail at most once an hour."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from s2b2c.kernel import clock
from s2b2c.outbox import watch as watching
from s2b2c.outbox.models import JobRun

log = logging.getLogger(__name__)

JOB = "outbox_alarm"
PAUSE = timedelta(hours=1)


def watch() -> bool:
    """Look once; give whether events are late. ``drain_outbox --loop`` looks too, so a dead Celery is told of."""
    seconds = watching.late_seconds()
    if not seconds:
        JobRun.objects.filter(name=JOB).update(next_at=None)
        return False
    log.error("outbox: the oldest event waits for %s s, more than %s", seconds, settings.OUTBOX_ALARM_SECONDS)
    if settings.ALARM_EMAILS and _is_time():
        _tell(seconds)
    return True


@transaction.atomic
def _is_time() -> bool:
    """Tell, once an hour and to one process only, that a mail is due."""
    JobRun.objects.bulk_create([JobRun(name=JOB)], ignore_conflicts=True)
    job, now = JobRun.objects.select_for_update().get(name=JOB), clock.now()
    if job.next_at is not None and job.next_at > now:
        return False
    job.begun_at, job.next_at = now, now + PAUSE
    job.save(update_fields=["begun_at", "next_at"])
    return True


def _tell(seconds: int) -> None:
    text = (
        f"The oldest event in the outbox of {settings.PLATFORM_NAME} waits for {seconds} seconds. Orders may not reach "
        "the supplier, nor their states the shops. Is a worker running? See Events in the supplier's office."
    )
    try:
        send_mail(f"{settings.PLATFORM_NAME}: events wait", text, None, settings.ALARM_EMAILS)
    except OSError:
        log.exception("outbox: the alarm could not be sent by mail")
