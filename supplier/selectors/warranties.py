"""Which warranty is promised with what is sold now."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Coalesce

from supplier.models import Variant


def promised(variant_ids: Iterable[int]) -> dict[int, int | None]:
    """Give the months of warranty of variants, their own or their category's; None: nothing is promised."""
    rows = Variant.objects.filter(id__in=list(variant_ids))
    return dict(rows.values_list("id", Coalesce("warranty_months", "product__category__warranty_months")))
