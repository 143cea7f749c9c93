"""A shop beside others like it: what was published of its group's last month, and its own figures of that month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from enablement.models import Benchmark, Peer, SalesSum

NAMES = ("orders", "sales_minor", "margin_minor", "back_minor")


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the group's month, and the shop's own as exactly as it knows it."""

    figure: str
    currency: str
    members: int
    low: int
    middle: int
    high: int
    own: dict[str, int]


def of_shop(reseller_id: int) -> tuple[date, list[Compared]] | None:
    """Give the last month a shop was compared in, with its figures; None: never, there were too few like it."""
    peer = Peer.objects.filter(reseller_id=reseller_id).order_by("-month").first()
    if peer is None:
        return None
    until = (peer.month + timedelta(days=32)).replace(day=1)
    figures = list(Benchmark.objects.filter(month=peer.month, group=peer.group).order_by("pk"))
    currency = figures[0].currency if figures else ""
    rows = SalesSum.objects.filter(
        grain=SalesSum.Grain.RESELLER, thing_id=reseller_id, currency=currency, day__gte=peer.month, day__lt=until
    )
    own = {name: int(value or 0) for name, value in rows.aggregate(**{name: Sum(name) for name in NAMES}).items()}
    return peer.month, [
        Compared(each.figure, each.currency, each.members, each.low, each.middle, each.high, own) for each in figures
    ]
