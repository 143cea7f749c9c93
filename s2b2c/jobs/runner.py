"""Work jobs off, chunk by chunk, each chunk one transaction.

A worker may die at any point and another carry on: what was done to the rows of a chunk, what became of
each and how far the job is are committed together. Two workers on one job take turns, for each chunk holds
the lock on the job's row. Jobs take turns, too: a large one doesn't keep the others waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from s2b2c.accounts.selectors import memberships
from s2b2c.jobs import services
from s2b2c.jobs.bulk import UNCHANGED, Bulk, Doing
from s2b2c.jobs.models import Job, JobRow
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context

STALE = timedelta(seconds=30)
GATHERED, CHUNK = 5000, 50
_S, _R = Job.State, JobRow.State
OPEN = (_S.GATHERING, _S.WORKING)

log = logging.getLogger(__name__)


def due() -> list[int]:
    """Give the jobs that nobody carries on at the moment, the oldest first."""
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=clock.now() - STALE)
    return list(Job.objects.filter(free, state__in=OPEN).order_by("id").values_list("id", flat=True)[:20])


def run_due(kinds: Mapping[str, Bulk], *, seconds: float = 20, turn: float = 4) -> bool:
    """Carry on every job that is due, in turns, for at most so long; give whether something is left to do."""
    until = time.monotonic() + seconds
    while jobs := due():
        for job_id in jobs:
            if time.monotonic() >= until:
                return True
            run(job_id, kinds, until=time.monotonic() + turn)
    return False


def run(job_id: int, kinds: Mapping[str, Bulk], *, until: float = float("inf")) -> None:
    """Carry one job to its end, or until the time is over, or leave it to who has it."""
    with context.reading():
        job = Job.objects.select_related("actor", "reseller").get(id=job_id)
    try:
        with _at(job):
            while time.monotonic() < until:
                with transaction.atomic():
                    if not _step(job_id, kinds):
                        return
    except (OperationalError, InterfaceError):
        # A deadlock or a lost connection: the chunk was rolled back, a worker comes back to it.
        log.warning("job %s: put off", job_id, exc_info=True)
        return
    with transaction.atomic():  # also where the office of a shop waits for a small job
        Job.objects.filter(id=job_id, state__in=OPEN).update(heartbeat_at=None)


@contextmanager
def _at(job: Job) -> Iterator[None]:
    """Be where the job is, at S or in the shop, in the language of who started it."""
    with translation.override(job.actor.language or "en"):
        if job.reseller is None or context.current() == job.reseller:
            yield
            return
        with context.entered(job.reseller):
            yield


def _step(job_id: int, kinds: Mapping[str, Bulk]) -> bool:
    """Do one chunk; give whether there is more to do here. Call inside a transaction."""
    locked = Job.objects.select_for_update(skip_locked=True, of=("self",)).select_related("actor", "reseller")
    job = locked.filter(id=job_id, state__in=OPEN).first()
    if job is None:
        return False
    bulk = kinds.get(job.kind)
    if bulk is None or not services.may(bulk, memberships.of(job.actor, job.reseller)):
        job.state, job.stopped_because = _S.CANCELLED, gettext("Whoever started it may not do this any more.")
    elif job.state == _S.GATHERING:
        services.gather_undone(job, GATHERED) if job.undoes_id else services.gather(job, bulk, GATHERED)
    else:
        _work(job, bulk)
    over = job.state not in OPEN
    job.heartbeat_at = None if over else clock.now()
    job.finished_at = clock.now() if over else None
    job.save()
    return not over


def _work(job: Job, bulk: Bulk) -> None:
    rows = list(JobRow.objects.filter(job=job, state=_R.NEW).order_by("row_id")[:CHUNK])
    doing = Doing(job.actor, job.params)
    for row in rows:
        _try(row, bulk, doing, back=job.undoes_id is not None)
        job.done += row.state == _R.DONE
        job.same += row.state == _R.SAME
        job.failed += row.state in JobRow.FAILED
    JobRow.objects.bulk_update(rows, ["state", "reason", "kept"])
    if len(rows) < CHUNK:
        job.state = _S.DONE


def _try(row: JobRow, bulk: Bulk, doing: Doing, *, back: bool) -> None:
    """Act on one row in a savepoint and note what became of it: a row never stops the others."""
    try:
        with transaction.atomic():
            kept = _act(row, bulk, doing, back)
    except Refused as refusal:
        row.state, row.reason = _R.REFUSED, str(refusal)[:300]
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("job %s: row %s of %s broke", row.job_id, row.row_id, bulk.code)
        row.state, row.reason = _R.BROKEN, gettext("Something went wrong on our side; it is noted.")
    else:
        row.state = _R.SAME if kept is UNCHANGED else _R.DONE
        row.kept = row.kept if back or kept is UNCHANGED else kept


def _act(row: JobRow, bulk: Bulk, doing: Doing, back: bool) -> Any:
    if not back:
        return bulk.do(row.row_id, doing)
    assert bulk.undo is not None
    return bulk.undo(row.row_id, row.kept, doing)
