"""What the five dimensions do when they hear of something. Each may run twice; the inbox sees that it acts once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from enablement.services import facts
from s2b2c.kernel import events


def record_sale(event: events.Event) -> None:
    """Write a sale into the mart."""
    facts.record_sales([cast(events.OrderPlaced, event)])


def record_sales(several: Sequence[events.OrderPlaced]) -> None:
    """Write several sales into the mart."""
    facts.record_sales(several)


def record_refund(event: events.Event) -> None:
    """Write into the mart what went back."""
    facts.record_refunds([cast(events.RefundMade, event)])


def record_refunds(several: Sequence[events.RefundMade]) -> None:
    """Write into the mart what went back of several orders."""
    facts.record_refunds(several)
