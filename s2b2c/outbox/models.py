"""The one outbox of the whole installation, and the inbox that makes every handler act once."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class OutboxEvent(models.Model):
    """An event waiting for its handlers, or handled. Rows of one ``key`` are handled in ``id`` order.

    ``acted`` names the handlers that have acted on it, in their order, a space between: written with their effects, in
    one transaction, so whoever acted does not act again, whatever sets the row back.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"
        SKIPPED = "skipped"

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    reseller_id = models.BigIntegerField()
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    skip_reason = models.CharField(max_length=200, blank=True)
    acted = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes = [
            # The drain reads open rows only; the index stays as small as the backlog.
            models.Index(fields=["next_at", "id"], name="outbox_due", condition=models.Q(state="pending")),
            models.Index(
                fields=["key", "id"], name="outbox_open_by_key", condition=models.Q(state__in=("pending", "dead"))
            ),
            models.Index(fields=["state", "-id"], name="outbox_dead", condition=models.Q(state="dead")),
            models.Index(fields=["id"], name="outbox_oldest", condition=models.Q(state="pending")),
            # Rows are written in the order of time: what is asked of the last hour costs a few kB of index.
            BrinIndex(fields=["created_at"], name="outbox_recent", pages_per_range=32, autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class WebhookReceipt(models.Model):
    """A webhook as it arrived from outside: stored before it is acted on, once per event id."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_once")]

    def __str__(self) -> str:
        return self.event_id


class JobRun(models.Model):
    """What a repeated job that speaks to the outside did last. ``next_at``: it pauses until then."""

    name = models.CharField(max_length=60, unique=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    position = models.BigIntegerField(default=0)
    found = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
