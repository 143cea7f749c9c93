"""A job over many rows of a list, and what became of each row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.accounts.models import User
from s2b2c.tenancy.models import Reseller


class Job(models.Model):
    """Something done to every row that met a filter, or to rows chosen by hand.

    ``reseller`` is null for S's own. ``key`` is the form's: sent twice, it starts one job.
    ``gathered_to`` is the last row read of the selection; the rows are taken once, so that what the
    work itself changes doesn't change what it is done to.
    """

    class State(models.TextChoices):
        GATHERING = "gathering", pgettext_lazy("job", "Choosing rows")
        WORKING = "working", pgettext_lazy("job", "At work")
        DONE = "done", pgettext_lazy("job", "Finished")
        CANCELLED = "cancelled", pgettext_lazy("job", "Stopped")

    token = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=40)
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    params = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="undone_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    gathered_to = models.BigIntegerField(default=0)
    gathered = models.BooleanField(default=False)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    stopped_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="job_key_once", fields=["actor", "key"], condition=~Q(key="")),
            models.CheckConstraint(
                name="job_counts", condition=Q(total__gte=models.F("done") + models.F("same") + models.F("failed"))
            ),
        ]
        indexes = [
            models.Index(name="job_of", fields=["reseller", "actor", "-id"]),
            models.Index(name="job_all", fields=["reseller", "-id"]),
            models.Index(name="job_open", fields=["id"], condition=Q(state__in=("gathering", "working"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.token}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.GATHERING, self.State.WORKING)

    @property
    def left(self) -> int:
        """Rows taken into the job and not yet tried."""
        return self.total - self.done - self.same - self.failed


class JobRow(models.Model):
    """One row of a job: its effect and this state are committed together."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("row of a job", "Waiting")
        DONE = "done", pgettext_lazy("row of a job", "Done")
        SAME = "same", pgettext_lazy("row of a job", "Was so already")
        REFUSED = "refused", pgettext_lazy("row of a job", "Refused")
        BROKEN = "broken", pgettext_lazy("row of a job", "Went wrong")

    FAILED = (State.REFUSED, State.BROKEN)

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    row_id = models.BigIntegerField()
    name = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    kept = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="job_row_once", fields=["job", "row_id"])]
        indexes = [models.Index(name="job_row_by_state", fields=["job", "state", "row_id"])]

    def __str__(self) -> str:
        return self.name or str(self.row_id)
