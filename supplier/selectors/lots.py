"""Lots: what is where, what may be picked first, and into which parcels a lot went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import FulfilmentOrder, Lot, LotMovement, LotPick, LotStock, Stock, Variant

State = Lot.State
OPEN = tuple(state for state in FulfilmentOrder.State.values if state not in ("shipped", "cancelled"))


@dataclass(frozen=True, slots=True)
class Pickable:
    """A free lot in a warehouse; ``free``: pieces of it that lie in no tote yet."""

    lot: Lot
    free: int


def pickable(variant_id: int, warehouse_id: int) -> list[Pickable]:
    """Give the lots to pick of, that which expires first first; expired ones are left out."""
    rows = LotStock.objects.filter(lot__variant_id=variant_id, warehouse_id=warehouse_id, lot__state=State.FREE)
    rows = rows.exclude(lot__expires_on__lt=clock.now().date()).filter(pieces__gt=0).select_related("lot")
    totes = LotPick.objects.filter(lot__variant_id=variant_id, shipment=None, line__fulfilment__warehouse=warehouse_id)
    totes = totes.filter(line__fulfilment__state__in=OPEN)
    taken = dict(totes.values_list("lot_id").annotate(n=Sum("quantity")))
    rows = rows.order_by(F("lot__expires_on").asc(nulls_last=True), "lot__received_at", "lot_id")
    found = [Pickable(row.lot, row.pieces - taken.get(row.lot_id, 0)) for row in rows]
    return [each for each in found if each.free > 0]


def numbered(variant_ids: Iterable[int]) -> set[int]:
    """Give those of these variants whose pieces each have a serial number."""
    return set(Variant.objects.filter(id__in=list(variant_ids), serials=True).values_list("id", flat=True))


def unnumbered(variant_ids: Iterable[int]) -> dict[int, int]:
    """Give how many pieces of these variants are in stock without a serial number; only where there are any."""
    asked = list(variant_ids)
    there = Stock.objects.filter(variant__in=asked).values_list("variant_id")
    pieces = F("available") + F("held") + F("damaged") + F("quarantined")
    known = LotStock.objects.filter(lot__variant__in=asked, lot__serial=True).values_list("lot__variant_id")
    with_number = dict(known.annotate(n=Sum("pieces")))
    found = {id_: n - with_number.get(id_, 0) for id_, n in there.annotate(n=Sum(pieces))}
    return {id_: n for id_, n in found.items() if n > 0}


def by_code(variant_ids: Iterable[int], code: str) -> Lot | None:
    """Give the lot of one of these variants with this code on it."""
    return Lot.objects.filter(variant__in=list(variant_ids), code=code.strip().upper()[:40]).first()


def listed() -> QuerySet[Lot]:
    """Give all lots with what they are of and how many pieces are there."""
    rows = Lot.objects.select_related("variant__product").prefetch_related("variant__product__media", "variant__media")
    return rows.annotate(
        pieces=Coalesce(Sum("places__pieces"), 0),
        aside=Coalesce(Sum("places__aside"), 0),
        urgency=Case(When(state=State.FREE, then=Value(1)), default=Value(0)),
    )


def matching(rows: QuerySet[Lot], text: str) -> QuerySet[Lot]:
    """Narrow to a code, a SKU that begins so, or what brought it."""
    upper = text.upper()
    return rows.filter(
        Q(code__istartswith=upper) | Q(variant__sku__istartswith=text) | Q(source__iendswith=f":{text}")
    )


def find(lot_id: int) -> Lot:
    """Give a lot. :raises NotFound: there is none."""
    found = listed().filter(pk=lot_id).first()
    if found is None:
        raise NotFound()
    return found


def places(lot: Lot) -> list[LotStock]:
    """Give where pieces of a lot lie."""
    return list(lot.places.select_related("warehouse").exclude(pieces=0).order_by("warehouse__priority", "id"))


def moved(lot: Lot) -> list[LotMovement]:
    """Give the last movements of a lot that are no parcels."""
    rows = lot.movements.exclude(kind=LotMovement.Kind.SHIPMENT).select_related("warehouse", "actor")
    return list(rows.order_by("-id")[:30])


def of_variant(variant: Variant) -> list[Lot]:
    """Give the lots of a variant that have pieces somewhere, those that expire first first."""
    rows = listed().filter(variant=variant).filter(pieces__gt=0)
    return list(rows.order_by(F("expires_on").asc(nulls_last=True), "received_at")[:50])


# --- Trace -----------------------------------------------------------------------------------------
# A lot's rows say all there is to say: no parcel and no order is read.
_PARCELS = """
    SELECT t.order_id, t.order_number, r.id AS reseller_id, r.name AS shop, r.slug, t.parcel, t.sent_at, t.quantity
    FROM (SELECT shipment_id, order_id, order_number, reseller_id, parcel, sent_at, sum(quantity) AS quantity
          FROM supplier_lotpick WHERE lot_id = ANY(%s) AND shipment_id IS NOT NULL
          GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1 DESC {limit}) t
    JOIN tenancy_reseller r ON r.id = t.reseller_id
    ORDER BY t.shipment_id DESC
"""
_SHOPS = """
    SELECT r.slug, r.name, t.parcels, t.orders, t.pieces, t.first_at, t.last_at
    FROM (SELECT reseller_id, count(DISTINCT shipment_id) AS parcels, count(DISTINCT order_id) AS orders,
                 sum(quantity) AS pieces, min(sent_at) AS first_at, max(sent_at) AS last_at
          FROM supplier_lotpick WHERE lot_id = ANY(%s) AND shipment_id IS NOT NULL GROUP BY 1) t
    JOIN tenancy_reseller r ON r.id = t.reseller_id
    ORDER BY t.pieces DESC, r.name
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """What of some lots a shop's consumers got."""

    slug: str
    name: str
    parcels: int
    orders: int
    pieces: int
    first_at: Any
    last_at: Any


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel with pieces of some lots, its order and shop. Whom it went to is the shop's to know."""

    order_id: int
    order_number: str
    reseller_id: int
    shop: str
    slug: str
    number: str
    shipped_at: Any
    pieces: int


def shops(lot_ids: Sequence[int]) -> list[Shop]:
    """Give the shops whose consumers got pieces of lots, in one statement."""
    return [Shop(*row) for row in _rows(_SHOPS, [list(lot_ids)])]


def parcels(lot_ids: Sequence[int], most: int | None = None) -> list[Parcel]:
    """Give the parcels lots went into, the latest first, in one statement."""
    limit = "LIMIT %s" if most else ""
    asked: list[Any] = [list(lot_ids), most] if most else [list(lot_ids)]
    return [Parcel(*row) for row in _rows(_PARCELS.format(limit=limit), asked)]


def _rows(sql: str, asked: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchall()


def of_order(order_id: int) -> list[LotPick]:
    """Give the lots an order was sent, with their parcels."""
    rows = LotPick.objects.filter(line__fulfilment__order_id=order_id, shipment__isnull=False)
    return list(rows.select_related("lot__variant__product", "shipment", "line").order_by("id"))


def in_parcel(shipment_id: int) -> list[LotPick]:
    """Give the lots in a parcel."""
    rows = LotPick.objects.filter(shipment_id=shipment_id)
    return list(rows.select_related("lot__variant__product", "shipment", "line").order_by("id"))


def in_totes(lot: Lot) -> list[LotPick]:
    """Give where pieces of a lot lie in totes or boxes that have not left."""
    rows = LotPick.objects.filter(lot=lot, shipment=None, line__fulfilment__state__in=OPEN)
    return list(rows.select_related("line__fulfilment__order__reseller").order_by("id")[:200])
