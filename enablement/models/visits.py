"""How often pages of shops were opened: sums by day, without a trace of who did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Visits(models.Model):
    """How often, on a day (UTC), a shop was visited or one of its pages opened.

    ``kind`` says what ``thing_id`` is: of ``shop`` it is 0, and a visit is a page opened from elsewhere; of ``product``
    and ``story`` (a kit's) it is every opening.
    """

    class Kind(models.TextChoices):
        SHOP = "shop"
        PRODUCT = "product"
        STORY = "story"

    day = models.DateField()
    reseller_id = models.BigIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    thing_id = models.BigIntegerField(default=0)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller_id", "kind", "day", "thing_id"], name="visits_once"),
            models.CheckConstraint(name="visits_are_some", condition=Q(count__gt=0)),
            models.CheckConstraint(
                name="visits_of_a_thing", condition=Q(kind="shop", thing_id=0) | ~Q(kind="shop") & Q(thing_id__gt=0)
            ),
        ]
        indexes = [
            models.Index(fields=["day"], include=["count"], name="visits_of_shops", condition=Q(kind="shop")),
            models.Index(fields=["kind", "thing_id", "day"], name="visits_of_things", condition=~Q(kind="shop")),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id} {self.kind} {self.thing_id} {self.day}"


class VisitBatch(models.Model):
    """Counts that were taken from Redis at once and are in the sums: by this row they are there once."""

    key = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)
