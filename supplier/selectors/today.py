"""What waits for S, and how the day is going."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncHour
from django.utils import timezone

from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy.models import Reseller
from supplier.models import FulfilmentOrder, SalesOrder, Warehouse
from supplier.selectors import fulfilment, held_orders, orders, outbox, settlement
from supplier.selectors.fulfilment import Queue


def queues() -> dict[str, Queue]:
    """Give every queue by name: ``queued``, ``picking``, ``packed``, ``short``, ``held_lots``, ``dead``, ``late``, ``applied``."""
    found = dict(fulfilment.queues())
    found["short"] = _queue(orders.short(SalesOrder.objects.all()), "placed_at")
    waiting = held_orders.stuck()
    found["held_lots"] = Queue(len(waiting), waiting[0].since if waiting else None)
    found["dead"] = _queue(OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD), "created_at")
    found["late"] = _queue(outbox.late(), "created_at")
    found["applied"] = _queue(Reseller.objects.filter(status=Reseller.Status.APPLIED), "created_at")
    return {**found, **{name: Queue(*of) for name, of in settlement.waiting().items()}}


@dataclass(frozen=True, slots=True)
class Load:
    """Fulfilment orders at one warehouse, by how far they are."""

    warehouse: Warehouse
    queued: int
    picking: int
    packed: int


def loads() -> list[Load]:
    """Give the work that lies at each warehouse that ships, the first asked first."""
    states = ("queued", "picking", "packed")
    rows = (
        FulfilmentOrder.objects.filter(state__in=states).values_list("warehouse_id", "state").annotate(n=Count("pk"))
    )
    counted = {(warehouse, state): n for warehouse, state, n in rows}
    active = Warehouse.objects.filter(active=True).order_by("priority", "id")
    return [Load(each, *(counted.get((each.pk, state), 0) for state in states)) for each in active]


def _queue(rows: QuerySet[Any], since: str) -> Queue:
    found = rows.aggregate(count=Count("pk"), oldest=Min(since))
    return Queue(found["count"], found["oldest"])


@dataclass(slots=True)
class Figures:
    """Orders, units and sales (minor units by currency) of a span, and the same per hour or day of it."""

    orders: int = 0
    units: int = 0
    sales: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    slots: dict[int, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """``now`` up to this minute, ``was`` the span before it up to the same minute, ``all`` that span in full."""

    now: Figures
    was: Figures
    full: Figures
    since: datetime
    until: datetime
    slots: int
    by_hour: bool


def today(instant: datetime, currency: str) -> Compared:
    """Give today against the same day last week, by the hour, in the active time zone."""
    start = timezone.localtime(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    return _compare(start, instant, timedelta(days=7), timedelta(days=1), currency, by_hour=True)


def week(instant: datetime, currency: str) -> Compared:
    """Give the last seven days, today included, against the seven before, by the day."""
    start = timezone.localtime(instant).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=6)
    return _compare(start, instant, timedelta(days=7), timedelta(days=7), currency, by_hour=False)


def _compare(
    start: datetime, instant: datetime, back: timedelta, span: timedelta, currency: str, *, by_hour: bool
) -> Compared:
    return Compared(
        now=_figures(start, instant, currency, by_hour=by_hour),
        was=_figures(start - back, instant - back, currency, by_hour=by_hour),
        full=_figures(start - back, start - back + span, currency, by_hour=by_hour),
        since=start - back,
        until=instant - back,
        slots=24 if by_hour else 7,
        by_hour=by_hour,
    )


def _figures(start: datetime, end: datetime, currency: str, *, by_hour: bool) -> Figures:
    """Sum the orders placed from ``start`` to before ``end``; cancelled ones don't count."""
    width = timedelta(hours=1) if by_hour else timedelta(days=1)
    rows = (
        SalesOrder.objects.filter(placed_at__gte=start, placed_at__lt=end)
        .exclude(status=SalesOrder.Status.CANCELLED)
        .values_list((TruncHour if by_hour else TruncDay)("placed_at"), "currency")
        .annotate(Count("id"), Sum("units"), Sum("captured_minor"))
    )
    found = Figures()
    for moment, money, count, units, captured in rows:
        found.orders, found.units = found.orders + count, found.units + units
        found.sales[money] += captured
        slot = (moment - start) // width
        before = found.slots.get(slot, (0, 0, 0))
        value = captured if money == currency else 0
        found.slots[slot] = (before[0] + value, before[1] + count, before[2] + units)
    return found


def recent(limit: int = 9) -> list[SalesOrder]:
    """Give the orders that came in last."""
    rows = orders.listed().prefetch_related("lines__variant__product")
    return list(rows.order_by("-placed_at", "-id")[:limit])
