"""What is on its way between warehouses, being counted, or expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from s2b2c.kernel.errors import NotFound
from supplier.models import Arrival, Movement, Shipment, StockCount, StockTransfer, StockTransferLine, Variant


@dataclass(frozen=True, slots=True)
class Incoming:
    """Pieces of an announced arrival that are still to come."""

    arrival: Arrival
    left: int


def incoming(variant: Variant) -> list[Incoming]:
    """Give what is expected of a variant, the earliest first."""
    rows = Arrival.objects.filter(variant=variant, state=Arrival.State.OPEN).select_related("warehouse")
    return [Incoming(row, row.quantity - row.received) for row in rows.order_by("arrives_on", "id")]


def in_transit(variant: Variant) -> int:
    """Give how many pieces of a variant left one warehouse for another and are not there yet."""
    return sum(line.quantity for line in on_the_way(variant))


def on_the_way(variant: Variant) -> list[StockTransferLine]:
    """Give the lines of transfers that carry a variant at this moment, with their transfers."""
    rows = StockTransferLine.objects.filter(variant=variant, transfer__state=StockTransfer.State.SENT)
    return list(rows.select_related("transfer__source", "transfer__target").order_by("transfer__sent_at", "id"))


def transfers() -> QuerySet[StockTransfer]:
    """Give transfers with their warehouses, how many pieces they carry, and how many were lost."""
    rows = StockTransfer.objects.select_related("source", "target", "actor")
    return rows.annotate(pieces=Sum("lines__quantity"), lost=Sum("lines__lost"))


def transfer(number: str) -> StockTransfer:
    """Give a transfer.

    :raises NotFound: there is none.
    """
    found = transfers().filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def sheets() -> QuerySet[StockCount]:
    """Give count sheets with how much of them is counted."""
    rows = StockCount.objects.select_related("warehouse", "actor")
    return rows.annotate(total=Count("lines"), done=Count("lines", filter=Q(lines__counted__isnull=False)))


def sheet(number: str) -> StockCount:
    """Give a count sheet.

    :raises NotFound: there is none.
    """
    found = sheets().filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def arrivals() -> QuerySet[Arrival]:
    """Give everything that is or was expected."""
    return Arrival.objects.select_related("variant__product", "warehouse")


def arrival(arrival_id: int) -> Arrival:
    """Give an arrival.

    :raises NotFound: there is none.
    """
    found = arrivals().filter(pk=arrival_id).first()
    if found is None:
        raise NotFound()
    return found


def by_skus(skus: Iterable[str]) -> dict[str, int]:
    """Give the ids of variants by SKU; unknown ones are not in it."""
    return dict(Variant.objects.filter(sku__in=list(skus)).values_list("sku", "id"))


def lying_in(warehouse_id: int, *, most: int) -> list[int]:
    """Give the variants that lie in a warehouse, by id."""
    rows = Variant.objects.filter(stock__warehouse_id=warehouse_id).filter(
        Q(stock__available__gt=0) | Q(stock__held__gt=0)
    )
    return list(rows.order_by("sku").values_list("id", flat=True).distinct()[:most])


@dataclass(frozen=True, slots=True)
class Step:
    """A movement with what was on hand after it: in its warehouse, and in all."""

    movement: Movement
    here: int
    everywhere: int


def history(variant: Variant, until: datetime | None = None) -> Iterator[Step]:
    """Give everything that moved a variant, the oldest first, with running sums."""
    rows = Movement.objects.filter(variant=variant).select_related("warehouse", "actor")
    if until is not None:
        rows = rows.filter(at__lte=until)
    here: dict[int, int] = {}
    everywhere = 0
    for row in rows.order_by("id").iterator():
        here[row.warehouse_id] = here.get(row.warehouse_id, 0) + row.quantity
        everywhere += row.quantity
        yield Step(row, here[row.warehouse_id], everywhere)


def fulfilments_of(shipments: Iterable[str]) -> dict[str, str]:
    """Give the fulfilment order of each parcel, by numbers."""
    rows = Shipment.objects.filter(number__in=list(shipments))
    return dict(rows.values_list("number", "fulfilment__number"))
