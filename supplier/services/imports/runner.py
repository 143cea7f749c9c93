"""Carry jobs on, chunk by chunk, each chunk one transaction.

A worker may die at any point and another carry on: what a chunk did and the mark that it is done are
committed together. Two workers on one job take turns, for each chunk holds the lock on the job's row.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import translation

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from supplier.models import ImportJob
from supplier.services import records
from supplier.services.imports import apply, check, files, revert
from supplier.services.imports.session import Session

STALE = timedelta(seconds=30)
_S = ImportJob.State
RUNNING = (_S.CHECKING, _S.APPLYING, _S.REVERTING)
AFTERWARDS = {_S.CHECKING: _S.CHECKED, _S.APPLYING: _S.APPLIED, _S.REVERTING: _S.REVERTED}

log = logging.getLogger(__name__)


def due() -> list[int]:
    """Give the jobs that nobody carries on at the moment, the oldest first."""
    return list(
        ImportJob.objects.filter(state__in=RUNNING)
        .filter(Q(heartbeat_at=None) | Q(heartbeat_at__lt=clock.now() - STALE))
        .order_by("id")
        .values_list("id", flat=True)
    )


def run_due(*, seconds: float = 1200) -> int:
    """Carry on every job that is due, for at most so long; give how many were touched."""
    until = time.monotonic() + seconds
    jobs = due()
    for job_id in jobs:
        run(job_id, until=until)
    return len(jobs)


def run(job_id: int, *, until: float = float("inf")) -> None:
    """Carry one job to the end of its phase, or until the time is over, or leave it to who has it."""
    worker = _Worker(job_id)
    try:
        while time.monotonic() < until:
            with transaction.atomic():
                if not worker.step():
                    return
        ImportJob.objects.filter(id=job_id).update(heartbeat_at=None)
    except Refused as refusal:
        _fail(job_id, refusal)
    except OperationalError:
        # A deadlock or a lost connection: the chunk was rolled back, beat brings us back.
        log.warning("import %s: put off", job_id, exc_info=True)


class _Worker:
    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.session: Session | None = None
        self.loader: check.Loader | None = None

    def step(self) -> bool:
        """Do one chunk; give whether there is more to do here. Call inside a transaction."""
        job = (
            ImportJob.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(id=self.job_id, state__in=RUNNING)
            .first()
        )
        if job is None:
            return False
        more = self._chunk(job)
        job.heartbeat_at = clock.now() if more else None
        if not more:
            _finish(job)
        job.save()
        return more

    def _chunk(self, job: ImportJob) -> bool:
        if job.state == _S.REVERTING:
            return revert.revert(job)
        if not job.mapping["loaded"]:
            self.loader = self.loader or check.Loader(job, files.path(job))
            self.loader.load(job)
            return True
        if self.session is None or self.session.job.state != job.state:
            self.session = Session(job)
        return check.check(job, self.session) if job.state == _S.CHECKING else apply.apply(job, self.session)


def _finish(job: ImportJob) -> None:
    records.audit(job.created_by_id, f"import.{AFTERWARDS[_S(job.state)]}", f"import:{job.token}", rows=job.done_rows)
    job.state = AFTERWARDS[_S(job.state)]
    job.finished_at = clock.now()


@transaction.atomic
def _fail(job_id: int, refusal: Refused) -> None:
    """Stop a job whose file is broken, in the words of who sent it."""
    job = ImportJob.objects.select_for_update(of=("self",)).select_related("created_by").get(id=job_id)
    with translation.override(job.created_by.language if job.created_by else "en"):
        job.error = str(refusal)
    job.state, job.heartbeat_at, job.finished_at = _S.FAILED, None, clock.now()
    job.save()
