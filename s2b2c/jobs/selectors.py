"""Which jobs there are, and which of them a person may see."""

from __future__ import annotations

from django.db.models import QuerySet

from s2b2c.accounts.models import Membership
from s2b2c.accounts.permissions import CHIEFS
from s2b2c.jobs.models import Job, JobRow
from s2b2c.kernel.errors import NotFound


def is_chief(membership: Membership) -> bool:
    """Tell whether somebody is S's administrator, or the shop's owner."""
    return membership.role in CHIEFS.values()


def visible(membership: Membership) -> QuerySet[Job]:
    """Give one's own jobs at this place; to its chief everybody's here."""
    jobs = Job.objects.filter(reseller_id=membership.reseller_id).select_related("actor")
    return jobs if is_chief(membership) else jobs.filter(actor_id=membership.user_id)


def find(token: str, membership: Membership) -> Job:
    """Give a job one may see. :raises NotFound: there is none, or it is somebody else's."""
    job = visible(membership).select_related("undoes", "undone_by").filter(token=token).first()
    if job is None:
        raise NotFound(field="job")
    return job


def rows(job: Job) -> QuerySet[JobRow]:
    """Give a job's rows."""
    return JobRow.objects.filter(job=job)


def first_refusal(job: Job) -> str:
    """Give why the first of the rows that failed was refused."""
    row = rows(job).filter(state__in=JobRow.FAILED).order_by("row_id").only("reason").first()
    return row.reason if row else ""
