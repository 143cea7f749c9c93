"""What S has to serve, and how far it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet

from s2b2c.kernel.errors import NotFound
from supplier.models import (
    FulfilmentLine,
    FulfilmentOrder,
    OrderNote,
    SalesOrder,
    Shipment,
    ShipmentLine,
    Variant,
    Warehouse,
)

State = FulfilmentOrder.State
MOST_IN_A_WAVE = 40


def lock_untouched(*, reseller_id: int, order_number: str) -> bool:
    """Lock S's side of an order and tell whether nobody has begun to pick it.

    Call inside a transaction: until it ends nobody can begin. An order S has not taken over yet is untouched.
    """
    order = SalesOrder.objects.select_for_update().filter(reseller_id=reseller_id, order_number=order_number).first()
    if order is None:
        return True
    return not order.fulfilments.exclude(state=FulfilmentOrder.State.QUEUED).exists()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands at S. ``begun``: somebody picks it, or has sent of it. ``waiting``: pieces that wait for
    stock, by the line as its shop knows it."""

    held_by: str = ""
    held_reason: str = ""
    begun: bool = False
    waiting: Mapping[int, int] = field(default_factory=dict)


def standing(*, reseller_id: int, order_number: str) -> Standing:
    """Tell how an order of a shop stands at S. Two statements."""
    order = SalesOrder.objects.filter(reseller_id=reseller_id, order_number=order_number).first()
    if order is None:
        return Standing()
    waiting: dict[tuple[int, int], int] = {}  # by line and fulfilment order: a bundle waits while any piece of it does
    begun = False
    rows = FulfilmentLine.objects.filter(fulfilment__order=order)
    facts = ("line__line_id", "fulfilment_id", "waiting", "per", "fulfilment__state")
    for line_id, fulfilment_id, pieces, per, state in rows.values_list(*facts):
        begun = begun or state not in (State.QUEUED, State.CANCELLED)
        if pieces:
            sold = line_id, fulfilment_id
            waiting[sold] = max(waiting.get(sold, 0), -(-pieces // per))
    by_line: dict[int, int] = defaultdict(int)
    for (line_id, _fulfilment), units in waiting.items():
        by_line[line_id] += units
    return Standing(order.held_by, order.held_reason, begun, dict(by_line))


def listed() -> QuerySet[FulfilmentOrder]:
    """Give all fulfilment orders with order, shop, warehouse and lines loaded."""
    lines = FulfilmentLine.objects.order_by("id")
    rows = FulfilmentOrder.objects.select_related("order__reseller", "warehouse", "assignee")
    return rows.prefetch_related(Prefetch("lines", lines))


def in_state(rows: QuerySet[FulfilmentOrder], states: Iterable[str]) -> QuerySet[FulfilmentOrder]:
    """Narrow to states. Names every warehouse, so that the index on (warehouse, state) serves."""
    return rows.filter(warehouse_id__in=Warehouse.objects.values("id"), state__in=list(states))


def matching(rows: QuerySet[FulfilmentOrder], text: str) -> QuerySet[FulfilmentOrder]:
    """Narrow to a number (its own or the order's), a recipient's name or a SKU."""
    upper = text.upper()
    orders = SalesOrder.objects.filter(Q(order_number__startswith=upper) | Q(recipient_name__icontains=text))
    wanted = Q(number__startswith=upper) | Q(order__in=orders.values("pk"))
    variants = list(Variant.objects.filter(sku__in={text, upper}).values_list("pk", flat=True))
    if variants:
        wanted |= Q(Exists(FulfilmentLine.objects.filter(fulfilment=OuterRef("pk"), variant__in=variants)))
    return rows.filter(wanted)


def touched_since(rows: QuerySet[FulfilmentOrder], instant: datetime) -> QuerySet[FulfilmentOrder]:
    """Narrow to those whose order came in, or had something happen to it, since an instant."""
    touched = OrderNote.objects.filter(at__gte=instant).values("order_id")
    return rows.filter(Q(created_at__gte=instant) | Q(order_id__in=touched))


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, and since when the oldest does."""

    count: int
    oldest_at: datetime | None


def queues() -> dict[str, Queue]:
    """Give the queues of the warehouses by state; shipped and cancelled orders are not counted."""
    rows = in_state(FulfilmentOrder.objects.all(), (State.QUEUED, State.PICKING, State.PACKED, State.PART_SHIPPED))
    found = rows.values_list("state").annotate(Count("id"), Min("created_at"))
    return {state: Queue(count, oldest) for state, count, oldest in found}


def find(number: str) -> FulfilmentOrder:
    """Give a fulfilment order with everything its page shows.

    :raises NotFound: there is none.
    """
    parcels = Shipment.objects.select_related("actor").order_by("id")
    inside = ShipmentLine.objects.select_related(
        "fulfilment_line__variant__product", "fulfilment_line__line__variant__product"
    )
    rows = FulfilmentOrder.objects.select_related("order__reseller", "warehouse", "assignee")
    found = (
        rows.prefetch_related(
            Prefetch("lines", _lines()), Prefetch("shipments", parcels.prefetch_related(Prefetch("lines", inside)))
        )
        .filter(number=number.upper())
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def find_parcel(number: str) -> tuple[FulfilmentOrder, Shipment]:
    """Give a parcel with the fulfilment order it is of.

    :raises NotFound: there is none.
    """
    named = Shipment.objects.filter(number=number.upper()).values_list("fulfilment__number", flat=True).first()
    found = find(named or "")
    return found, next(each for each in found.shipments.all() if each.number == number.upper())


def _lines() -> QuerySet[FulfilmentLine]:
    lines = FulfilmentLine.objects.select_related("variant__product__category", "line__variant__product").order_by(
        "id"
    )
    return lines.prefetch_related("variant__product__media")


# --- Waves -----------------------------------------------------------------------------------------
@dataclass(slots=True)
class Stop:
    """One variant to be taken for several fulfilment orders at once."""

    variant: Variant
    lines: list[FulfilmentLine] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        return sum(line.quantity - line.cancelled - line.waiting for line in self.lines)

    @property
    def taken(self) -> int:
        return sum(line.picked for line in self.lines)

    @property
    def left(self) -> int:
        return self.wanted - self.taken

    @property
    def bundles(self) -> list[Variant]:
        """Give the bundles some of these pieces are for."""
        found = {line.bundle_id: line.line.variant for line in self.lines if line.bundle_id is not None}
        return list(found.values())

    @property
    def loose(self) -> bool:
        """Tell whether some of these pieces are sold by themselves."""
        return any(line.bundle_id is None for line in self.lines)

    def next_line(self) -> FulfilmentLine | None:
        """Give the line the next piece is for."""
        return next((line for line in self.lines if line.picked < line.quantity - line.cancelled - line.waiting), None)


@dataclass(frozen=True, slots=True)
class Wave:
    """Fulfilment orders picked in one walk, and the stops of that walk by SKU."""

    fulfilments: list[FulfilmentOrder]
    stops: list[Stop]

    @property
    def open(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.left]

    @property
    def done(self) -> list[Stop]:
        return [stop for stop in self.stops if not stop.left]

    @property
    def taken(self) -> int:
        return sum(stop.taken for stop in self.stops)

    def tote(self, line: FulfilmentLine) -> int:
        """Give the tote a line goes into: the place of its fulfilment order in the wave, from 1."""
        return 1 + [each.id for each in self.fulfilments].index(line.fulfilment_id)

    def find(self, code: str) -> Stop | None:
        """Give the stop whose barcode or SKU this is."""
        wanted = code.strip().upper()
        stops = [stop for stop in self.stops if wanted in (stop.variant.sku.upper(), stop.variant.barcode.upper())]
        return next((stop for stop in stops if stop.left), stops[0] if stops and wanted else None)


def wave(numbers: Sequence[str]) -> Wave:
    """Give the walk for these fulfilment orders, the order of ``numbers`` being the order of totes.

    Those that are cancelled or shipped have no stops.

    :raises NotFound: none of them exists.
    """
    wanted = list(dict.fromkeys(number.upper() for number in numbers))[:MOST_IN_A_WAVE]
    rows = FulfilmentOrder.objects.filter(number__in=wanted).select_related("order__reseller", "warehouse")
    by_number = {each.number: each for each in rows.prefetch_related(Prefetch("lines", _lines()))}
    fulfilments = [by_number[number] for number in wanted if number in by_number]
    if not fulfilments:
        raise NotFound()
    return Wave(fulfilments, _stops(fulfilments))


def _stops(fulfilments: list[FulfilmentOrder]) -> list[Stop]:
    stops: dict[int, Stop] = {}
    lines: dict[int, list[FulfilmentLine]] = defaultdict(list)
    for each in fulfilments:
        if each.state in (State.QUEUED, State.PICKING):
            for line in each.lines.all():
                if line.quantity > line.cancelled + line.waiting:
                    stops.setdefault(line.variant_id, Stop(line.variant))
                    lines[line.variant_id].append(line)
    for variant_id, stop in stops.items():
        stop.lines = lines[variant_id]
    return sorted(stops.values(), key=lambda stop: stop.variant.sku)
