"""What is on the shelves, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from s2b2c.kernel.errors import NotFound
from supplier.models import Movement, Reservation, ReservationLine, Stock, Variant, Warehouse
from supplier.selectors import bundles


@dataclass(frozen=True, slots=True)
class Level:
    """Pieces of a variant: ``free`` can be sold, ``held`` is kept for orders, ``damaged`` and ``quarantined`` cannot be sold.

    Together they are on hand. ``buckets``: in how many rows the free ones lie.
    """

    free: int = 0
    held: int = 0
    damaged: int = 0
    buckets: int = 0
    quarantined: int = 0

    @property
    def on_hand(self) -> int:
        return self.free + self.held + self.damaged + self.quarantined

    def __add__(self, other: Level) -> Level:
        return Level(
            self.free + other.free,
            self.held + other.held,
            self.damaged + other.damaged,
            self.buckets + other.buckets,
            self.quarantined + other.quarantined,
        )


def listed() -> QuerySet[Variant]:
    """Give all variants with product and stock rows loaded; ``made`` is how many can be had of a bundle, else None."""
    rows = Variant.objects.annotate(made=bundles.Kits("id"))
    rows = rows.select_related("product__category")
    return rows.prefetch_related(Prefetch("stock", Stock.objects.order_by("id")), "product__media")


def matching(rows: QuerySet[Variant], text: str) -> QuerySet[Variant]:
    """Narrow to a SKU that begins so, a barcode, or a product that is called so."""
    named = Q(product__search_text__icontains=text.lower())
    return rows.filter(Q(sku__istartswith=text) | Q(barcode=text) | named)


def by_availability(rows: QuerySet[Variant], asked: Iterable[str]) -> QuerySet[Variant]:
    """Narrow to ``none`` (nothing free anywhere), ``free`` or ``held``."""
    free = Exists(Stock.objects.filter(variant=OuterRef("pk"), available__gt=0)) | Q(made__gt=0)
    held = Exists(Stock.objects.filter(variant=OuterRef("pk"), held__gt=0))
    conditions = {"none": ~Q(free), "free": Q(free), "held": Q(held)}
    wanted = Q(pk__in=[])
    for word in asked:
        wanted |= conditions[word]
    return rows.filter(wanted)


def levels(variant: Variant) -> dict[int, Level]:
    """Give a variant's levels by warehouse, from its loaded stock rows; buckets are summed."""
    found: dict[int, Level] = defaultdict(Level)
    for row in variant.stock.all():
        found[row.warehouse_id] += Level(row.available, row.held, row.damaged, int(row.available > 0), row.quarantined)
    return found


def total(variant: Variant) -> Level:
    """Give a variant's level over all warehouses."""
    return sum(levels(variant).values(), Level())


def is_bundle(variant: Variant) -> bool:
    """Tell whether a listed variant is a bundle."""
    return getattr(variant, "made", None) is not None


def free(variant: Variant) -> int:
    """Give how many of a listed variant can be had: of a bundle, as many as its parts allow."""
    made: int | None = getattr(variant, "made", None)
    return total(variant).free if made is None else made


def find(variant_id: int) -> Variant:
    """Give a variant with its product and stock.

    :raises NotFound: there is none.
    """
    found = listed().filter(pk=variant_id).first()
    if found is None:
        raise NotFound()
    return found


def by_sku(sku: str) -> Variant:
    """Give a variant by its SKU.

    :raises NotFound: there is none.
    """
    found = listed().filter(sku=sku).first()
    if found is None:
        raise NotFound()
    return found


def movements(variant: Variant) -> QuerySet[Movement]:
    """Give what moved a variant, to be listed newest first."""
    return Movement.objects.filter(variant=variant).select_related("warehouse", "actor")


def on_hand_as_of(variant: Variant, instant: datetime) -> dict[int, int]:
    """Give what was on hand at an instant by warehouse: the sum of all movements until then."""
    rows = Movement.objects.filter(variant=variant, at__lte=instant).values_list("warehouse_id")
    return dict(rows.annotate(Sum("quantity")))


def on_hand_upto(movement: Movement) -> int:
    """Give what was on hand over all warehouses right after a movement."""
    rows = Movement.objects.filter(variant_id=movement.variant_id, id__lte=movement.id)
    return rows.aggregate(sum=Sum("quantity"))["sum"] or 0


def kept_for(variant: Variant, limit: int = 20) -> list[ReservationLine]:
    """Give the newest reservations that still keep pieces of a variant."""
    states = (Reservation.State.HELD, Reservation.State.PAID)
    rows = ReservationLine.objects.filter(
        variant=variant, quantity__gt=F("shipped") + F("released"), reservation__state__in=states
    )
    rows = rows.annotate(kept=F("quantity") - F("shipped") - F("released"))
    return list(rows.select_related("reservation__reseller", "warehouse").order_by("-id")[:limit])


def warehouses() -> list[Warehouse]:
    """Give all warehouses in the order they are drawn from."""
    return list(Warehouse.objects.order_by("-active", "priority", "id"))


def warehouse(warehouse_id: int) -> Warehouse:
    """Give a warehouse.

    :raises NotFound: there is none.
    """
    found = Warehouse.objects.filter(pk=warehouse_id).first()
    if found is None:
        raise NotFound()
    return found


def pieces_by_warehouse() -> dict[int, Level]:
    """Give what lies in each warehouse, over all variants."""
    rows = Stock.objects.values_list("warehouse_id").annotate(Sum("available"), Sum("held"), Sum("damaged"))
    return {warehouse_id: Level(*numbers) for warehouse_id, *numbers in rows}
