"""What is asked for and what is there to meet it, by variant: what buying goes by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from supplier.models import Arrival, FulfilmentLine, Stock, Variant


@dataclass(frozen=True, slots=True)
class Position:
    """Pieces of a variant: ``sold`` since an instant, ``free``, ``waiting`` (sold and not there), ``incoming``."""

    sold: int = 0
    free: int = 0
    waiting: int = 0
    incoming: int = 0


def positions(since: datetime, variant_ids: Iterable[int] | None = None) -> dict[int, Position]:
    """Give the positions of variants on sale: those named, or all that were sold since or are waited for."""
    named = None if variant_ids is None else set(variant_ids)
    lines = FulfilmentLine.objects.all() if named is None else FulfilmentLine.objects.filter(variant_id__in=named)
    sold = _sum(lines.filter(fulfilment__order__placed_at__gte=since), F("quantity") - F("cancelled"))
    waiting = _sum(lines.filter(waiting__gt=0), F("waiting"))
    asked = {*sold, *waiting} if named is None else named
    on_sale = Variant.objects.filter(pk__in=asked, status=Variant.Status.ACTIVE, product__status="active")
    ids = list(on_sale.values_list("id", flat=True))
    free = _sum(Stock.objects.filter(variant_id__in=ids), F("available"))
    arrivals = Arrival.objects.filter(variant_id__in=ids, state=Arrival.State.OPEN, received__lt=F("quantity"))
    incoming = _sum(arrivals, F("quantity") - F("received"))
    return {
        each: Position(sold.get(each, 0), free.get(each, 0), waiting.get(each, 0), incoming.get(each, 0))
        for each in ids
    }


def on_hand(variant_id: int) -> int:
    """Give how many pieces of a variant lie in all warehouses."""
    sums = Stock.objects.filter(variant_id=variant_id).aggregate(
        n=Sum(F("available") + F("held") + F("damaged") + F("quarantined"))
    )
    return sums["n"] or 0


def _sum(rows: QuerySet[Any], what: Combinable) -> dict[int, int]:
    return dict(rows.values("variant_id").annotate(pieces=Sum(what)).values_list("variant_id", "pieces"))


def by_shop(since: datetime, variant_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Give the pieces sold since an instant, by variant and shop; those that wait for stock count, whenever sold."""
    lines = FulfilmentLine.objects.filter(variant_id__in=list(variant_ids))
    asked = lines.filter(Q(fulfilment__order__placed_at__gte=since) | Q(waiting__gt=0))
    rows = asked.values("variant_id", "fulfilment__order__reseller_id").annotate(
        pieces=Sum(F("quantity") - F("cancelled"))
    )
    named = rows.values_list("variant_id", "fulfilment__order__reseller_id", "pieces")
    return {(variant, shop): pieces for variant, shop, pieces in named if pieces > 0}


def sold_by(since: datetime, until: datetime, variant_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Give the pieces sold between two instants and not cancelled since, by shop and variant."""
    lines = FulfilmentLine.objects.filter(variant_id__in=list(variant_ids))
    placed = lines.filter(fulfilment__order__placed_at__gte=since, fulfilment__order__placed_at__lt=until)
    rows = placed.values("fulfilment__order__reseller_id", "variant_id").annotate(
        pieces=Sum(F("quantity") - F("cancelled"))
    )
    named = rows.values_list("fulfilment__order__reseller_id", "variant_id", "pieces")
    return {(shop, variant): pieces for shop, variant, pieces in named}
