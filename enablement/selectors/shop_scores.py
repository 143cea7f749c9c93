"""Scores of shops: of one, and as a column beside any list of shops."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from enablement.models import ShopScore


def of_shop(reseller_id: int) -> ShopScore | None:
    """Give a shop's score with its parts; None: it was not made yet."""
    return ShopScore.objects.filter(reseller_id=reseller_id).first()


def column() -> Any:
    """Give the score beside each row of resellers; −1 where there is none: what is sorted by is never null."""
    return Coalesce(Subquery(ShopScore.objects.filter(reseller=OuterRef("pk")).values("score")[:1]), -1)
