"""Where an import is: words, steps, how far a running one is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2b2c.ui.states import State
from supplier.models import ImportJob, ImportRow

_S = ImportJob.State
STATES: dict[Any, State] = {
    _S.UPLOADED: State("", _("To map"), "open"),
    _S.CHECKING: State("info", _("Checking"), "half"),
    _S.CHECKED: State("", _("Checked"), "open"),
    _S.APPLYING: State("info", _("Applying"), "half"),
    _S.APPLIED: State("ok", _("Applied")),
    _S.REVERTING: State("info", _("Taking back"), "half"),
    _S.REVERTED: State("", _("Taken back"), "back"),
    _S.FAILED: State("bad", _("Failed"), "stop"),
}
RUNNING = (_S.CHECKING, _S.APPLYING, _S.REVERTING)
STEPS = [_("Upload"), _("Map columns"), _("Check"), _("Apply"), _("Result")]
STEP = {
    _S.UPLOADED: 2, _S.CHECKING: 3, _S.CHECKED: 3, _S.APPLYING: 4, _S.APPLIED: 5, _S.REVERTING: 5, _S.REVERTED: 5, _S.FAILED: 3,
}  # fmt: skip


def progress(job: ImportJob) -> dict[str, Any]:
    """Say how far a running job is."""
    reading = job.state == _S.CHECKING and not job.mapping["loaded"]
    left = ImportRow.objects.none()
    if job.state == _S.CHECKING:
        left = ImportRow.objects.filter(job=job, state=ImportRow.State.NEW)
    elif job.state == _S.APPLYING:
        left = ImportRow.objects.filter(job=job, state__in=(ImportRow.State.OK, ImportRow.State.NEW))
    elif job.state == _S.REVERTING:
        left = ImportRow.objects.filter(job=job, state=ImportRow.State.APPLIED)
    rest = 0 if reading else left.count()
    words = {
        _S.CHECKING: gettext("Checking: nothing is changed yet"),
        _S.APPLYING: gettext("Applying"),
        _S.REVERTING: gettext("Taking back"),
    }
    return {
        "reading": reading,
        "done": job.total_rows if reading else job.done_rows,
        "all": None if reading else job.done_rows + rest,
        "title": gettext("Reading the file") if reading else words[_S(job.state)],
        "waits": job.heartbeat_at is None,
    }
