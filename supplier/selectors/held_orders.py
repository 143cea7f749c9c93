"""Orders kept waiting by a lot that is not free: what of it lies in their totes, and what they lack if it is taken out.

Pieces of a held lot that are kept for orders could not go into quarantine. So many pieces at a place nobody can send; the
orders that came last are those that lack them, unless they have good ones in their tote already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from supplier.models import FulfilmentLine, Lot, LotPick, LotStock
from supplier.selectors.lots import OPEN

MOST = 200
_Place = tuple[int, int]  # variant, warehouse


@dataclass(frozen=True, slots=True)
class Stuck:
    """A line of a fulfilment order that can't go on: ``tote`` pieces to be taken out, ``lacks`` that nothing replaces.

    ``lots``: those that are not free at its place. ``since``: when it began to wait.
    """

    line: FulfilmentLine
    lots: tuple[Lot, ...]
    tote: int
    lacks: int
    since: datetime


def stuck(*, most: int = MOST, number: str = "") -> list[Stuck]:
    """Give the lines that wait, the longest first; of one fulfilment order where it is named.

    A handful of statements: only places where a lot is held are looked at, and no more of their lines than lack pieces.
    """
    totes = _totes()
    loose = _loose()
    wanted = {(pick.line.variant_id, pick.line.fulfilment.warehouse_id) for picks in totes.values() for pick in picks}
    bad = _lots({*wanted, *loose})
    found = [each for place in sorted(bad) for each in _at(place, loose.get(place, 0), totes, bad[place])]
    found = [each for each in found if number in ("", each.line.fulfilment.number)]
    return sorted(found, key=lambda each: (each.since, each.line.pk))[:most]


def _totes() -> dict[int, list[LotPick]]:
    """Give what lies of lots that are not free in totes of open orders, by line."""
    rows = LotPick.objects.filter(shipment=None, line__fulfilment__state__in=OPEN).exclude(lot__state=Lot.State.FREE)
    found: dict[int, list[LotPick]] = defaultdict(list)
    for pick in rows.select_related("line__fulfilment").order_by("id"):
        found[pick.line_id].append(pick)
    return found


def _loose() -> dict[_Place, int]:
    """Give how many pieces of lots that are not free are kept for orders, by place."""
    rows = LotStock.objects.exclude(lot__state=Lot.State.FREE).filter(pieces__gt=F("aside"))
    sums = rows.values_list("lot__variant_id", "warehouse_id").annotate(n=Sum(F("pieces") - F("aside")))
    return {(variant_id, warehouse_id): n for variant_id, warehouse_id, n in sums}


def _lots(places: Iterable[_Place]) -> dict[_Place, tuple[Lot, ...]]:
    wanted = set(places)
    rows = LotStock.objects.filter(lot__variant__in={place[0] for place in wanted}, pieces__gt=0)
    found: dict[_Place, list[Lot]] = defaultdict(list)
    for row in rows.exclude(lot__state=Lot.State.FREE).select_related("lot").order_by("lot_id"):
        if (row.lot.variant_id, row.warehouse_id) in wanted:
            found[row.lot.variant_id, row.warehouse_id].append(row.lot)
    return {place: tuple(lots) for place, lots in found.items()}


def _at(place: _Place, loose: int, totes: dict[int, list[LotPick]], bad: tuple[Lot, ...]) -> list[Stuck]:
    """Give the lines at a place that wait: with a bad piece in the tote, or the last that came; good ones there stay."""
    rows = FulfilmentLine.objects.filter(variant=place[0], fulfilment__warehouse=place[1], fulfilment__state__in=OPEN)
    rows = rows.filter(quantity__gt=F("shipped") + F("cancelled") + F("waiting"))
    rows = rows.select_related("fulfilment__order__reseller", "fulfilment__warehouse", "variant__product")
    good = LotPick.objects.filter(shipment=None, lot__state=Lot.State.FREE, line__in=rows).values_list("line_id")
    kept = dict(good.annotate(n=Sum("quantity")))
    # A line that lacks something lacks a piece at least: so many of the last lines are enough.
    last = rows.order_by("-fulfilment__order__placed_at", "-pk")[: loose + len(kept)]
    lines = {line.pk: line for line in [*last, *rows.filter(pk__in=totes)]}.values()
    found = []
    for line in sorted(lines, key=lambda line: (line.fulfilment.order.placed_at, line.pk), reverse=True):
        tote = sum(pick.quantity for pick in totes.get(line.pk, ()))
        lacks = max(0, min(loose, line.left - kept.get(line.pk, 0)))
        loose -= lacks
        if tote or lacks:
            held = [lot.held_at or lot.received_at for lot in bad]
            found.append(Stuck(line, bad, tote, lacks, max(line.fulfilment.order.placed_at, min(held))))
    return found
