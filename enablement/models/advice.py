"""Advice to shops: what to take on, what to ask for it, what to show beside it – and what is held back to measure by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AdviceRun(models.Model):
    """A night's advice. ``done``: the kinds made so far; ``hits``: how such advice did on the days before."""

    made_on = models.DateField(unique=True)
    done = models.JSONField(default=list)
    hits = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.made_on}"


class Advice(models.Model):
    """A thing a shop could do. One in five is ``held``: made like the others, never shown, so that the others' worth shows.

    Which ones is decided by a hash of what they say, for good. ``facts`` are the numbers its reason is written from.
    ``made_on``: first given; ``seen_on``: last night it was still advised.
    """

    class Kind(models.TextChoices):
        RANGE = "range"  # take the product on
        PRICE = "price"  # change its price by ``facts["step_bps"]``
        PAIR = "pair"  # show the other product beside it

    class State(models.TextChoices):
        OPEN = "open"
        ADOPTED = "adopted"
        DISMISSED = "dismissed"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    reseller_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    other_id = models.BigIntegerField(default=0)
    held = models.BooleanField()
    score = models.FloatField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_on = models.DateField()
    seen_on = models.DateField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller_id", "kind", "product_id", "other_id"], name="advice_once"),
            models.CheckConstraint(name="advice_held_is_never_decided", condition=Q(held=False) | Q(state="open")),
            models.CheckConstraint(
                name="advice_decided_has_a_time",
                condition=Q(state="open", decided_at=None) | ~Q(state="open") & Q(decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["made_on"], name="advice_made_on")]

    def __str__(self) -> str:
        return f"{self.kind} {self.product_id}"
