"""API keys, and answers kept so that a repeated write is answered, not repeated."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from s2b2c.accounts.models import User
from s2b2c.tenancy.models import Reseller


class ApiKey(models.Model):
    """A key of a machine: of S's systems (``reseller`` null) or of one shop. Only its hash is kept."""

    name = models.CharField(max_length=80)
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, null=True, blank=True, related_name="api_keys")
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentAnswer(models.Model):
    """The answer given to a write with an ``Idempotency-Key``; the same key is answered from here.

    Written in the transaction of the write itself, so that there is never one without the other.
    """

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotent_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
