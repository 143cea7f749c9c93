"""Catalogue imports: a file, its mapping, one row per row, and what each row did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportJob(models.Model):
    """An uploaded file on its way into the catalogue: map → check → apply → (retry | revert)."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Applying")
        APPLIED = "applied", _("Applied")
        REVERTING = "reverting", _("Reverting")
        REVERTED = "reverted", _("Reverted")
        FAILED = "failed", _("Failed")

    token = models.CharField(max_length=26, unique=True)
    file_name = models.CharField(max_length=160)
    file_path = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the file.

    ``before``: ``{"product" | "variant" | "stock": …}`` as revert puts it back; a null part was made by the row.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        OK = "ok", _("Ready")
        ERROR = "error", _("Error")
        APPLIED = "applied", _("Applied")
        UNCHANGED = "unchanged", _("Unchanged")
        REVERTED = "reverted", _("Reverted")
        KEPT = "kept", _("Kept")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    action = models.CharField(max_length=10, blank=True)
    errors = models.JSONField(default=list)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    variant_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["job", "state", "number"], name="import_row_state")]

    def __str__(self) -> str:
        return f"{self.number}"
