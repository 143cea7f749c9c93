"""A shop's score: one number from facts, by a published formula."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from s2b2c.tenancy.models import Reseller


class ShopScore(models.Model):
    """How well a shop does its part, 0 to 100; see the ADR on visits and the score. NULL: too little is known.

    ``parts`` are what it was made of: ``[{"key", "percent", "good", "of"}]``; what there was nothing of is not in it.
    """

    reseller = models.OneToOneField(Reseller, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(null=True)
    parts = models.JSONField(default=list)
    made_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="score_up_to_100", condition=Q(score=None) | Q(score__lte=100))]

    def __str__(self) -> str:
        return f"{self.reseller_id} {self.score}"
