"""Variants that are a fixed number of pieces of other variants. See ADR 0020."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from supplier.models.catalogue import Variant


class Bundle(models.Model):
    """A variant made of others: it has no stock of its own.

    ``fixed_at``: when it was first kept for an order; from then on what is in it stays as it is.
    """

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, primary_key=True, related_name="bundle")
    fixed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.variant_id}"


class BundlePart(models.Model):
    """Pieces of one variant in a bundle; a bundle is never part of another."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts")
    component = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    pieces = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="bundle_part_once"),
            # What pieces to send are held to: as long as an order has them, nothing of this can change.
            models.UniqueConstraint(fields=["bundle", "component", "pieces"], name="bundle_part_pieces"),
            models.CheckConstraint(
                name="bundle_part_is_another", condition=Q(pieces__gte=1) & ~Q(bundle=F("component"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.component_id}"
