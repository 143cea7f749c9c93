"""Reads of services consumers book with goods: what is offered with which goods, free slots, how a booking stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from enablement.models import ServiceBooking, ServiceOption, ServiceOptOut, ServiceTask
from enablement.selectors import assignment, network
from enablement.selectors.assignment import Provider, Task
from s2b2c.kernel import clock, texts
from s2b2c.kernel.errors import NotFound

LEAD_DAYS = (
    4  # from the order to the first slot: the parcel leaves on the next working day, and is a few days on its way
)
AHEAD_DAYS = 21  # as far as slots are offered
MOST_SLOTS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A service as it is offered with a product; amounts for one visit, minor units of the shop's currency.

    ``title`` and ``text`` are in the active language. ``most_pieces``: what one visit does at most.
    """

    id: int
    kind: str
    title: str
    text: str
    price_minor: int
    cost_minor: int
    most_pieces: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a day somebody has room in. ``room``: how many visits are left then, over all providers."""

    on: date
    part: int
    room: int

    @property
    def code(self) -> str:
        """Give it as a form says it: ``2026-12-03.0``."""
        return f"{self.on.isoformat()}.{self.part}"


def slot_of(code: str) -> tuple[date, int] | None:
    """Read what a form says of a slot, None where it is none."""
    day, _dot, part = code.partition(".")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    return (on, int(part)) if part in ("0", "1", "2") else None


# o: the option, p: the product
_ON_OFFER = """o.active AND o.currency = %(currency)s
      AND (o.product_id = p.id OR o.category_id IS NOT NULL AND EXISTS (
          SELECT FROM public.supplier_category k JOIN public.supplier_category c ON c.path LIKE k.path || '%%'
          WHERE k.id = o.category_id AND c.id = p.category_id))
      AND NOT EXISTS (SELECT FROM public.enablement_serviceoptout x
                      WHERE x.option_id = o.id AND x.reseller_id = %(reseller)s)"""
_COLUMNS = "o.id, o.kind, o.name_en, o.name_zh, o.text_en, o.text_zh, o.price_minor, o.cost_minor, o.most_pieces"
_OFFERED = f"""
    SELECT p.id, {_COLUMNS}
    FROM public.enablement_serviceoption o
    JOIN public.supplier_product p ON p.id = ANY(%(products)s)
    WHERE {_ON_OFFER}
    ORDER BY p.id, o.price_minor, o.id
"""
# What is offered with the product p, as JSON for :func:`option_of`, within a statement that reads the product anyway.
OFFERED_WITH = f"""
    SELECT jsonb_agg(jsonb_build_array({_COLUMNS}) ORDER BY o.price_minor, o.id)
    FROM public.enablement_serviceoption o WHERE {_ON_OFFER}"""


def offered(product_ids: Iterable[int], *, currency: str, reseller_id: int) -> dict[int, list[Option]]:
    """Give what a shop offers with products, by product, in the active language. One query, none for no products."""
    ids = sorted(set(product_ids))
    if not ids:
        return {}
    found: dict[int, list[Option]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, {"products": ids, "currency": currency, "reseller": reseller_id})
        for product_id, *row in cursor.fetchall():
            found.setdefault(product_id, []).append(option_of(row))
    return found


def option_of(row: Sequence[Any]) -> Option:
    """Make an option of its columns, in the active language."""
    id_, kind, name_en, name_zh, text_en, text_zh, price, cost, most = row
    zh = texts.suffix() == "zh"
    title, text = ((name_zh or name_en), (text_zh or text_en)) if zh else (name_en, text_en or text_zh)
    return Option(id_, kind, title, text, price, cost, most)


def first_day() -> date:
    """Give the first day a service can be done on that is ordered now: the goods must be there."""
    return timezone.localdate(clock.now()) + timedelta(days=LEAD_DAYS)


def slots(
    *, kind: str, country: str, postcode: str, currency: str, cost_minor: int, first: date | None = None
) -> list[Slot]:
    """Give free slots of a kind of service at a place, the soonest first, at most ``MOST_SLOTS``. A few queries.

    Empty: nobody serves this place at this price, or all are full for ``AHEAD_DAYS``.
    """
    start = first or first_day()
    wanted = as_task(0, kind, country, postcode, currency, cost_minor, start, start + timedelta(days=AHEAD_DAYS))
    able = [each for each in _providers(country) if _can(wanted, each)]
    found = []
    for ahead in range(AHEAD_DAYS if able else 0):
        day = start + timedelta(days=ahead)
        for part in (0, 1, 2):
            room = sum(each.left(day) for each in able if each.part(day, part) is not None)
            if room:
                found.append(Slot(day, part, room))
        if len(found) >= MOST_SLOTS:
            break
    return found[:MOST_SLOTS]


def _providers(country: str) -> list[Provider]:
    return network.for_dispatch([country])


def _can(wanted: Task, provider: Provider) -> bool:
    return assignment.serves(wanted, provider) and provider.prices[wanted.kind] <= wanted.budget


def as_task(
    id_: int, kind: str, country: str, postcode: str, currency: str, cost_minor: int, first: date, last: date,
    part: int | None = None,
) -> Task:  # fmt: skip
    """Give a wish as the arithmetic of dispatch takes it."""
    return Task(id_, kind, country, postcode, first, last, part, currency, cost_minor)


# --- How a booking stands ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Standing:
    """A booking with its task, if it has one yet, as the pages of an order show it."""

    booking: ServiceBooking
    task: ServiceTask | None
    movable: bool
    photos: Sequence[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Give where it stands: a booking's state, or its task's while it is booked."""
        if self.booking.state != ServiceBooking.State.PLACED or self.task is None:
            return str(self.booking.state)
        return str(self.task.state)


def of_order(*, reseller_id: int, order_number: str) -> dict[int, Standing]:
    """Give the bookings of an order by the id of its line. One query."""
    rows = ServiceBooking.objects.filter(reseller_id=reseller_id, order_number=order_number)
    found = rows.select_related("task__provider", "option").order_by("id")
    return {row.line_id: _standing(row) for row in found}


def _standing(row: ServiceBooking) -> Standing:
    task = row.task
    return Standing(row, task, may_change(row), task.pictures if task else [])


def may_change(row: ServiceBooking) -> bool:
    """Tell whether c may still move or cancel it: until the day before, while nothing was handed in."""
    waits = row.task is None or row.task.state in (*ServiceTask.WAITING, ServiceTask.State.ACCEPTED)
    return row.state == ServiceBooking.State.PLACED and waits and timezone.localdate(clock.now()) < row.on


def earliest_of(row: ServiceBooking) -> date:
    """Give the first day a booking can be moved to: not today, and not before the goods can be there."""
    sold = timezone.localdate(row.created_at) + timedelta(days=LEAD_DAYS)
    return max(sold, timezone.localdate(clock.now()) + timedelta(days=1))


def live(*, reseller_id: int, order_number: str, line_ids: Iterable[int]) -> set[int]:
    """Give those lines of an order whose service is still to be done. One query."""
    rows = ServiceBooking.objects.filter(
        reseller_id=reseller_id, order_number=order_number, line_id__in=list(line_ids), state__in=ServiceBooking.LIVE
    )
    done = (ServiceTask.State.DONE, ServiceTask.State.APPROVED, ServiceTask.State.PAID)
    return set(rows.exclude(task__state__in=done).values_list("line_id", flat=True))


def coming(*, reseller_id: int, order_numbers: Iterable[str]) -> bool:
    """Tell whether somebody is still to come for one of these orders. One query."""
    rows = ServiceBooking.objects.filter(
        reseller_id=reseller_id, order_number__in=list(order_numbers), state__in=ServiceBooking.LIVE, refunded_at=None
    )
    return rows.filter(Q(task=None) | Q(task__state__in=(*ServiceTask.WAITING, ServiceTask.State.ACCEPTED))).exists()


def chosen(*, reseller_id: int, order_number: str) -> dict[int, tuple[date, int]]:
    """Give the slots kept for an order by line. One query."""
    rows = ServiceBooking.objects.filter(reseller_id=reseller_id, order_number=order_number)
    return {row.line_id: (row.on, row.part) for row in rows.filter(state__in=ServiceBooking.LIVE)}


def of_tasks(task_ids: Iterable[int]) -> Mapping[int, ServiceBooking]:
    """Give the bookings tasks look after, by task. One query."""
    rows = ServiceBooking.objects.filter(task__in=list(task_ids)).select_related("reseller", "option")
    return {row.task_id: row for row in rows if row.task_id is not None}


# --- What S offers ---------------------------------------------------------------------------------------------
def options() -> QuerySet[ServiceOption]:
    """Give all services S offers with goods, with what they go with."""
    return ServiceOption.objects.select_related("product", "category").order_by("-active", "kind", "id")


def option(option_id: int) -> ServiceOption:
    """Give one of them. :raises NotFound: there is none."""
    found = options().filter(pk=option_id).first()
    if found is None:
        raise NotFound()
    return found


def of_shop(*, reseller_id: int, currency: str) -> QuerySet[ServiceOption]:
    """Give what a shop could offer its customers, annotated with ``out``: it does not."""
    out = ServiceOptOut.objects.filter(option=OuterRef("pk"), reseller_id=reseller_id)
    return options().filter(active=True, currency=currency).annotate(out=Exists(out))
