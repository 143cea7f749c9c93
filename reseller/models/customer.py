"""A consumer as this shop knows it. The same e-mail at two shops is two customers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Customer(models.Model):
    """Passwordless: signs in by a code sent to ``email``. ``login``: the open code's hash, expiry, tries."""

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    address = models.JSONField(default=dict, blank=True)
    login = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="customer_email_once"),
            models.CheckConstraint(name="customer_email_lower", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email
