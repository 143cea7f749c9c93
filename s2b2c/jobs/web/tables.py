"""The lists of jobs, and of what became of a job's rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts import places
from s2b2c.accounts.http import Request
from s2b2c.jobs import registry
from s2b2c.jobs.models import Job, JobRow
from s2b2c.kernel import clock
from s2b2c.ui import table
from s2b2c.ui.states import State

_J, _R = Job.State, JobRow.State
STATES: dict[Any, State] = {
    _J.GATHERING: State("info", _J.GATHERING.label, "quarter"),
    _J.WORKING: State("info", _J.WORKING.label, "half"),
    _J.DONE: State("ok", _J.DONE.label),
    _J.CANCELLED: State("", _J.CANCELLED.label, "stop"),
}
ROWS: dict[Any, State] = {
    _R.NEW: State("", _R.NEW.label, "open"),
    _R.DONE: State("ok", _R.DONE.label),
    _R.SAME: State("", _R.SAME.label, "full"),
    _R.REFUSED: State("warn", _R.REFUSED.label),
    _R.BROKEN: State("bad", _R.BROKEN.label),
}


def title(job: Job) -> str:
    """Say what a job does: what the button said."""
    bulk = registry.kinds().get(job.kind)
    label = str(bulk.label) if bulk else job.kind
    return gettext("Undo: %(label)s") % {"label": label} if job.undoes_id else label


def _progress(job: Job) -> str:
    tried = job.total - job.left
    return f"{tried:,}" if job.state == _J.DONE else f"{tried:,} / {job.total:,}{'' if job.gathered else '+'}"


def _minutes(job: Job) -> str:
    seconds = int(((job.finished_at or clock.now()) - job.created_at).total_seconds())
    if seconds < 120:
        return gettext("%(n)s s") % {"n": max(seconds, 0)}
    return gettext("%(minutes)s m") % {"minutes": seconds // 60}


class Desk(table.Table):
    """Jobs, the newest first."""

    id, caption, order, csv_name = "jobs", _("Jobs"), "-id", "jobs"
    filters = [
        table.Choice("state", _("State"), choices=_J.choices),
        table.Choice("failed", _("Rows failed"), choices=[("1", _("Some"))], several=False, apply=lambda rows, _asked: rows.filter(failed__gt=0)),
        table.DateRange("made", _("Day"), field="created_at"),
    ]  # fmt: skip
    empty = table.Empty(
        _("No jobs yet"), _("What you do to many rows of a list at once is kept here for a month."), "list-checks"
    )

    def __init__(self, request: Request, rows: QuerySet[Any], **more: Any) -> None:
        self.columns = [
            table.Column("title", _("Job"), value=title, link=lambda job: places.url(request, "job", token=job.token), card=1, fixed=True),
            table.state_column("state", _("State"), STATES),
            table.Column("progress", _("Rows"), value=_progress, align="end", card=2),
            table.Column("failed", _("Failed"), value=lambda job: f"{job.failed:,}" if job.failed else "", align="end"),
            table.Column("actor", _("By"), value=lambda job: str(job.actor), muted=True, card=3),
            table.date_column("created_at", _("Started"), sort="created_at"),
            table.Column("age", pgettext_lazy("job", "Takes"), value=_minutes, export=lambda job: job.finished_at, muted=True, align="end"),
        ]  # fmt: skip
        super().__init__(request, rows, **more)


class Results(table.Table):
    """What became of a job's rows."""

    id, caption, order, csv_name = "results", _("Rows of the job"), "row_id", "job-rows"
    columns = [
        table.Column("name", _("Row"), value=str, card=1, fixed=True, clip=True),
        table.state_column("state", _("State"), ROWS),
        table.Column("reason", _("Why"), card=3, wrap=True),
    ]
    filters = [
        table.Text(fields=["name__icontains"]),
        table.Choice("state", _("State"), choices=_R.choices),
    ]
    empty = table.Empty(_("No rows yet"), _("They are being chosen."), "list-checks")
    allow_views = False
