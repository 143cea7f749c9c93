"""What else happens in the demo's eleven weeks, besides selling and sending; each by its own plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from orders.models import Order, ReturnRequest
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.management.worlds import replay
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller


def later(trade: Trade, days_ago: float, what: Callable[[], object]) -> None:
    """Put something into the calendar; the events up to then are handed on before. What is refused does not happen."""

    def do() -> None:
        replay.drain(clock.now())
        try:
            what()
        except Refused:
            return

    trade.at(trade.now - timedelta(days=days_ago), do)


def shop(slug: str) -> Reseller:
    """Give one of the demo's shops."""
    return Reseller.objects.get(slug=slug)


def an_order(reseller: Reseller, *, older_by: int = 0, **which: object) -> Order | None:
    """Give the newest order of a kind nothing happened to yet, passing over some; None: there is no such order."""
    with context.entered(reseller), context.reading():
        used = ReturnRequest.objects.values_list("order_id", flat=True)
        rows = Order.objects.filter(**which, refunded_minor=0).exclude(id__in=list(used)).order_by("-placed_at", "-id")
        return rows[older_by : older_by + 1].first()
