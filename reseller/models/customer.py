"""A consumer as this shop knows it. The same e-mail at two shops is two customers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """Passwordless: signs in by a code sent to ``email``. ``login``: the open code's hash, expiry, tries.

    ``segment``: by what it bought (``orders.services.segments``); NULL: nothing yet.
    """

    class Segment(models.TextChoices):
        BEST = "best", _("Best: bought twice or more, and most")
        REGULAR = "regular", _("Regular: bought twice or more")
        NEW = "new", _("New: first bought in the last 30 days")
        ONCE = "once", _("Once: bought one time")
        SLIPPING = "slipping", _("Slipping away: nothing for 60 days")
        GONE = "gone", _("Gone: nothing for 180 days")

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    address = models.JSONField(default=dict, blank=True)
    login = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    segment = models.CharField(max_length=8, null=True, choices=Segment.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="customer_email_once"),
            models.CheckConstraint(name="customer_email_lower", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email
