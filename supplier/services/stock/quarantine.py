"""Pieces of lots that are not free: they come into quarantine, are taken into it, let out of it, or thrown away.

Only ``supplier.services.lots`` calls these, inside its transactions: of which lot the pieces are is written there.
"""

from __future__ import annotations

from django.db.models import F

from supplier.models import Movement, Stock
from supplier.services import published
from supplier.services.stock import buckets, moves, waiting

Kind = Movement.Kind


def bring(
    *, variant_id: int, warehouse_id: int, quantity: int, kind: str, reason: str, cause: str, actor_id: int | None
) -> Movement:
    """Let pieces come into quarantine from outside."""
    rows = buckets.locked(variant_id, warehouse_id)
    made = moves.made_before(variant_id, warehouse_id, cause)
    if made is not None:
        return made
    Stock.objects.filter(id=rows[0].id).update(quarantined=F("quarantined") + quantity)
    return moves.move(
        variant_id, warehouse_id, quantity, kind, reason=reason, cause=cause, actor_id=actor_id, quarantined=True
    )


def take(*, variant_id: int, warehouse_id: int, most: int, reason: str, cause: str, actor_id: int | None) -> int:
    """Take up to ``most`` free pieces out of what can be sold; give how many. The others are kept for orders."""
    rows = buckets.locked(variant_id, warehouse_id)
    quantity = min(most, sum(row.available for row in rows))
    if quantity <= 0:
        return 0
    moves.take_free(rows, quantity)
    Stock.objects.filter(id=rows[0].id).update(quarantined=F("quarantined") + quantity)
    published.touch()
    facts = {"reason": reason, "cause": cause, "actor_id": actor_id}
    moves.move(variant_id, warehouse_id, -quantity, Kind.HOLD, **facts)  # type: ignore[arg-type]
    moves.move(variant_id, warehouse_id, quantity, Kind.HOLD, quarantined=True, **facts)  # type: ignore[arg-type]
    return quantity


def let_out(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, cause: str, actor_id: int | None
) -> None:
    """Let pieces out of quarantine: orders that wait get theirs first."""
    rows = buckets.locked(variant_id, warehouse_id)
    Stock.objects.filter(id=rows[0].id).update(
        quarantined=F("quarantined") - quantity, available=F("available") + quantity
    )
    waiting.serve(variant_id, warehouse_id)
    published.touch()
    facts = {"reason": reason, "cause": cause, "actor_id": actor_id}
    moves.move(variant_id, warehouse_id, -quantity, Kind.FREE, quarantined=True, **facts)  # type: ignore[arg-type]
    moves.move(variant_id, warehouse_id, quantity, Kind.FREE, **facts)  # type: ignore[arg-type]


def scrap(
    *, variant_id: int, warehouse_id: int, quantity: int, reason: str, cause: str, actor_id: int | None
) -> Movement:
    """Throw pieces in quarantine away: they leave the warehouse."""
    rows = buckets.locked(variant_id, warehouse_id)
    Stock.objects.filter(id=rows[0].id).update(quarantined=F("quarantined") - quantity)
    return moves.move(
        variant_id,
        warehouse_id,
        -quantity,
        Kind.SCRAP,
        reason=reason,
        cause=cause,
        actor_id=actor_id,
        quarantined=True,
    )
