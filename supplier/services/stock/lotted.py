"""What becomes of lots when pieces move for other reasons than lots: corrected, sent to another warehouse, arrived there.

Pieces nobody told the lot of go first; after them those that expire first. A place without lots costs one statement.
Call inside a transaction, after the stock rows were locked and changed: lots are locked after stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import F

from s2b2c.kernel import clock
from supplier.models import Lot, LotMovement, LotStock
from supplier.services.stock import quarantine

Place = tuple[int, int]  # variant id, warehouse id
Kind = LotMovement.Kind

_TOO_MANY = """
    SELECT l.variant_id, s.warehouse_id, sum(s.pieces) - (
        SELECT COALESCE(sum(t.available + t.held + t.damaged + t.quarantined), 0) FROM supplier_stock t
        WHERE t.variant_id = l.variant_id AND t.warehouse_id = s.warehouse_id)
    FROM unnest(%s::bigint[], %s::bigint[]) AS p(variant_id, warehouse_id)
    JOIN supplier_lot l ON l.variant_id = p.variant_id
    JOIN supplier_lotstock s ON s.lot_id = l.id AND s.warehouse_id = p.warehouse_id AND s.pieces > 0
    GROUP BY 1, 2
"""


def trim(places: Iterable[Place], *, kind: str, cause: str, actor_id: int | None) -> None:
    """Let lots have no more pieces at a place than are there."""
    asked = list(places)
    with connection.cursor() as cursor:
        cursor.execute(_TOO_MANY, [[place[0] for place in asked], [place[1] for place in asked]])
        found = cursor.fetchall()
    for variant_id, warehouse_id, beyond in found:
        if beyond > 0:
            _take(variant_id, warehouse_id, beyond, kind, cause, actor_id)


def _take(variant_id: int, warehouse_id: int, quantity: int, kind: str, cause: str, actor_id: int | None) -> None:
    rows = LotStock.objects.select_for_update(of=("self",)).filter(
        lot__variant_id=variant_id, warehouse_id=warehouse_id, pieces__gt=F("aside")
    )
    for row in rows.order_by(F("lot__expires_on").asc(nulls_last=True), "lot__received_at", "lot_id"):
        take = min(quantity, row.pieces - row.aside)
        if take:
            add(row.lot_id, warehouse_id, -take, kind, cause, actor_id)
            quantity -= take


def arrive(changes: Mapping[Place, int], *, cause: str, actor_id: int | None) -> None:
    """Let the lots that left under ``cause`` arrive with the pieces that did; those not free go into quarantine."""
    sums: dict[int, int] = {}
    left = LotMovement.objects.filter(kind=Kind.TRANSFER, cause=cause)
    for lot_id, quantity in left.values_list("lot_id", "quantity"):
        sums[lot_id] = sums.get(lot_id, 0) - quantity
    if not sums:
        return
    lots = Lot.objects.filter(id__in=sums).order_by(F("expires_on").asc(nulls_last=True), "received_at", "id")
    come = dict(changes)
    for lot in lots:
        for place in [place for place in come if place[0] == lot.variant_id]:
            take = min(sums[lot.pk], come[place])
            if take > 0:
                come[place] -= take
                come_in(lot, place[1], take, Kind.TRANSFER, cause, actor_id)


def come_in(lot: Lot, warehouse_id: int, quantity: int, kind: str, cause: str, actor_id: int | None) -> None:
    """Let pieces that are in free stock already be a lot's; where it is not free they go into quarantine."""
    add(lot.pk, warehouse_id, quantity, kind, cause, actor_id)
    state = Lot.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=lot.pk)
    if state != Lot.State.FREE:
        taken = quarantine.take(
            variant_id=lot.variant_id, warehouse_id=warehouse_id, most=quantity,
            reason=lot.held_reason, cause=f"lot:{lot.pk}", actor_id=actor_id,
        )  # fmt: skip
        LotStock.objects.filter(lot=lot, warehouse_id=warehouse_id).update(aside=F("aside") + taken)


def add(lot_id: int, warehouse_id: int, quantity: int, kind: str, cause: str, actor_id: int | None) -> None:
    """Write a movement of a lot; the database counts its pieces."""
    LotMovement.objects.create(
        lot_id=lot_id, warehouse_id=warehouse_id, quantity=quantity, kind=kind, cause=cause, actor_id=actor_id,
        at=clock.now(),
    )  # fmt: skip
