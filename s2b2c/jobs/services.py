"""Start, stop, retry and undo what is done to many rows; nothing here acts on a row (see ``runner``)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Membership
from s2b2c.accounts.permissions import CHIEFS
from s2b2c.accounts.services import audit
from s2b2c.jobs.bulk import Bulk
from s2b2c.jobs.models import Job, JobRow
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused

log = logging.getLogger(__name__)
_S = Job.State
SMALL = 100  # so many rows are done while the person waits
MOST_OPEN = 10
MOST_BY_HAND = 1000
PASSING = ("after", "before", "csv", "col", "rows", "sort", "v")  # words of a list that narrow nothing
KEPT_FOR = timedelta(days=30)


def may(bulk: Bulk, membership: Membership | None) -> bool:
    """Tell whether somebody's role allows this to be done."""
    return membership is not None and (membership.role in bulk.roles or membership.role in CHIEFS.values())


def start(
    *,
    bulk: Bulk,
    membership: Membership,
    row_ids: Sequence[int] = (),
    query: str | None = None,
    params: dict[str, Any] | None = None,
    key: str = "",
) -> Job:
    """Take up a job over every row that meets ``query``, or over the rows chosen by hand.

    The same ``key`` of the same person gives the job it started first. With up to ``SMALL`` rows whoever
    calls works it off at once (``runner.run``); the rest is done by workers.

    :raises Refused: the role may not (403), nothing is chosen, too many jobs are open.
    """
    if not may(bulk, membership):
        raise Refused("role", _("Your role may not do this."), status=403)
    with transaction.atomic():
        known = Job.objects.filter(actor_id=membership.user_id, key=key).first() if key else None
        if known is not None:
            return known
        _refuse_too_many(membership)
        job = Job(
            token=ids.token(), kind=bulk.code, reseller_id=membership.reseller_id, actor_id=membership.user_id,
            key=key[:40], query=_words(query or ""), params=params or {}, created_at=clock.now(),
            heartbeat_at=clock.now(),  # whoever called has it for the first half minute
        )  # fmt: skip
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:  # the same form, sent at the same moment
            return Job.objects.get(actor_id=membership.user_id, key=job.key)
        gather(job, bulk, SMALL + 1, row_ids=row_ids if query is None else None)
        if not job.total:
            raise Refused("nothing", _("Choose rows first."))
        job.save()
        _record(job, membership, "started")
        return job


def _record(job: Job, membership: Membership, what: str) -> None:
    audit.record(
        actor=membership.user, action=f"job.{what}", subject=f"job:{job.token}", reseller=job.reseller,
        detail={"kind": job.kind, **({"filter": job.query} if job.query else {})},
    )  # fmt: skip


def _refuse_too_many(membership: Membership) -> None:
    mine = Job.objects.filter(actor_id=membership.user_id, state__in=(_S.GATHERING, _S.WORKING))
    if mine.count() >= MOST_OPEN:
        raise Refused("busy", _("%(n)s of your jobs are at work. Let one finish first."), n=MOST_OPEN, status=409)


def _words(query: str) -> str:
    """Give the filter's words alone. :raises Refused: more of them than can be kept."""
    asked = QueryDict(query)
    found = QueryDict(mutable=True)
    for word, values in asked.lists():
        if word not in PASSING and "\x00" not in word:
            found.setlist(word, [value for value in values if "\x00" not in value])
    if len(found.urlencode()) > 2000:
        raise Refused("long", _("These are too many filters at once."))
    return found.urlencode()


def gather(job: Job, bulk: Bulk, many: int, *, row_ids: Sequence[int] | None = None) -> None:
    """Take the next rows of the selection into the job. Call inside a transaction and the job's place."""
    found = bulk.rows(QueryDict(job.query)).order_by("pk")
    if row_ids is not None:
        found, many = found.filter(pk__in=list(row_ids)[:MOST_BY_HAND]), MOST_BY_HAND
    taken = list(found.filter(pk__gt=job.gathered_to).values_list("pk", bulk.name)[:many])
    JobRow.objects.bulk_create(
        (JobRow(job=job, row_id=pk, name=str(name)[:160]) for pk, name in taken), batch_size=1000
    )
    job.total += len(taken)
    job.gathered_to = taken[-1][0] if taken else job.gathered_to
    if len(taken) < many or row_ids is not None:
        job.gathered, job.state = True, _S.WORKING


@transaction.atomic
def cancel(*, job_id: int) -> Job:
    """Stop a job after the rows at hand; what was done stays done. A finished one stays as it is."""
    job = _locked(job_id)
    if job.is_open:
        job.state, job.finished_at, job.heartbeat_at = _S.CANCELLED, clock.now(), None
        job.save()
    return job


@transaction.atomic
def retry(*, job_id: int, membership: Membership, kinds: Mapping[str, Bulk]) -> Job:
    """Try the rows that failed again, and carry on where a stopped job was left.

    It goes on in the name of who started it. :raises Refused: the role may not (403).
    :raises StateRefused: it is at work, or nothing is left to try.
    """
    job = _locked(job_id)
    if not may(known(kinds, job.kind), membership):
        raise Refused("role", _("Your role may not do this."), status=403)
    if job.is_open:
        raise StateRefused()
    JobRow.objects.filter(job=job, state__in=JobRow.FAILED).update(state=JobRow.State.NEW, reason="")
    job.failed = 0
    if not job.left and job.gathered:
        raise StateRefused("nothing_failed", _("No row has failed."))
    job.state = _S.WORKING if job.gathered else _S.GATHERING
    job.finished_at, job.heartbeat_at, job.stopped_because = None, clock.now(), ""
    job.save()
    _record(job, membership, "retried")
    return job


@transaction.atomic
def undo(*, job_id: int, bulk: Bulk, membership: Membership) -> Job:
    """Take back what a job did, as a job of its own; a second time gives the same one.

    :raises Refused: the role may not (403). :raises StateRefused: it is at work, did nothing, or has no way back.
    """
    if not may(bulk, membership):
        raise Refused("role", _("Your role may not do this."), status=403)
    job = _locked(job_id)
    before = Job.objects.filter(undoes=job).first()
    if before is not None:
        return before
    if job.is_open or not job.done or bulk.undo is None or job.undoes_id:
        raise StateRefused()
    back = Job.objects.create(
        token=ids.token(), kind=job.kind, reseller_id=job.reseller_id, actor_id=membership.user_id, params=job.params,
        undoes=job, created_at=clock.now(), heartbeat_at=clock.now(),
    )  # fmt: skip
    gather_undone(back, SMALL + 1)
    back.save()
    _record(job, membership, "undone")
    return back


def gather_undone(job: Job, many: int) -> None:
    """Take the next rows that the undone job changed, with what it kept of them. Call inside a transaction."""
    found = JobRow.objects.filter(job_id=job.undoes_id, state=JobRow.State.DONE, row_id__gt=job.gathered_to)
    taken = list(found.order_by("row_id")[:many])
    JobRow.objects.bulk_create(
        (JobRow(job=job, row_id=row.row_id, name=row.name, kept=row.kept) for row in taken), batch_size=1000
    )
    job.total += len(taken)
    job.gathered_to = taken[-1].row_id if taken else job.gathered_to
    if len(taken) < many:
        job.gathered, job.state = True, _S.WORKING


def release(*, job_id: int) -> None:
    """Let workers have a job now: who started it is not going to work it off."""
    Job.objects.filter(id=job_id).update(heartbeat_at=None)
    wake()


def wake() -> None:
    """Ask a worker to begin now. With the queue away nothing is lost: beat looks every few seconds."""
    try:
        current_app.send_task("s2b2c.jobs.tasks.run_jobs", expires=20, retry=False, ignore_result=True)
    except Exception:
        log.warning("jobs: no worker could be woken", exc_info=True)


def forget_old(*, most: int = 200) -> int:
    """Forget jobs that ended a month ago, with their rows; give how many."""
    ended = Job.objects.filter(finished_at__lt=clock.now() - KEPT_FOR).order_by("id")
    gone = list(ended.values_list("id", flat=True)[:most])
    for job_id in gone:
        with transaction.atomic():
            Job.objects.filter(undoes_id=job_id).update(undoes=None)
            JobRow.objects.filter(job_id=job_id)._raw_delete(using="default")  # many rows, none with relations
            Job.objects.filter(id=job_id).delete()
    return len(gone)


def known(kinds: Mapping[str, Bulk], code: str) -> Bulk:
    """Give what can be done by its code. :raises NotFound:"""
    if code not in kinds:
        raise NotFound(field="action")
    return kinds[code]


def _locked(job_id: int) -> Job:
    job = Job.objects.select_for_update(of=("self",)).filter(id=job_id).first()
    if job is None:
        raise NotFound(field="job")
    return job
