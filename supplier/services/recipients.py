"""Whom parcels went to."""

from __future__ import annotations

from collections.abc import Sequence

from supplier.models import SalesOrder


def forget(*, reseller_id: int, order_numbers: Sequence[str]) -> None:
    """Take the recipient out of S's copies of a shop's orders. Call inside a transaction."""
    mine = SalesOrder.objects.filter(reseller_id=reseller_id, order_number__in=order_numbers)
    mine.update(recipient={}, recipient_name="")
