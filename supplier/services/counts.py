"""Stock counted in bulk: bring what is on hand to what was counted, with movements, in five statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Movement, Stock
from supplier.services import published
from supplier.services.stock import kits, lotted, waiting

Place = tuple[int, int]  # variant id, warehouse id

_LOCK = """
    SELECT s.id, s.variant_id, s.warehouse_id, s.available, s.held
    FROM supplier_stock s
    JOIN unnest(%s::bigint[], %s::bigint[]) AS p(variant_id, warehouse_id)
      ON p.variant_id = s.variant_id AND p.warehouse_id = s.warehouse_id
    ORDER BY s.id FOR UPDATE OF s
"""
_WRITE = """
    UPDATE supplier_stock s SET available = s.available + c.change
    FROM unnest(%s::bigint[], %s::int[]) AS c(id, change) WHERE s.id = c.id
"""


class NotFree(StateRefused):
    """More would go than is free; ``place`` and ``free`` say where and how much. Nothing was changed."""

    code, message = "not_free", _("Only some pieces are free here; the others are kept for orders.")

    def __init__(self, place: Place, free: int) -> None:
        self.place, self.free = place, free
        super().__init__()


def set_on_hand(
    *, counted: Mapping[Place, int], reason: str, cause: str = "", actor_id: int | None = None
) -> dict[Place, int]:
    """Bring what is on hand to what was counted; give the change made at each place (0: none).

    Call inside a transaction, as one of its last statements: the rows stay locked until its end.

    :raises NotFree: fewer were counted than are kept for orders.
    """
    rows = _locked(list(counted))
    changes = {
        place: wanted - sum(free + held for _id, free, held in rows[place]) for place, wanted in counted.items()
    }
    _change(rows, changes, reason, cause, actor_id)
    return changes


def shift(
    *,
    changes: Mapping[Place, int],
    reason: str,
    cause: str = "",
    actor_id: int | None = None,
    kind: str = Movement.Kind.ADJUSTMENT,
) -> None:
    """Change what is free by signed numbers of pieces. Call inside a transaction, as one of its last statements.

    :raises NotFree: more would go than is free.
    """
    _change(_locked(list(changes)), changes, reason, cause, actor_id, kind)
    published.touch()


def _locked(places: list[Place]) -> dict[Place, list[tuple[int, int, int]]]:
    """Give ``(id, available, held)`` of the buckets at each place, locked in the order of ids."""
    kits.require_plain({variant for variant, _warehouse in places})
    Stock.objects.bulk_create(
        [Stock(variant_id=variant, warehouse_id=warehouse, bucket=0) for variant, warehouse in sorted(places)],
        ignore_conflicts=True,
    )
    rows: dict[Place, list[tuple[int, int, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        asked = [[place[0] for place in places], [place[1] for place in places]]
        cursor.execute(_LOCK, asked)
        cursor.execute(_LOCK, asked)  # buckets made while it waited are seen now: see services.stock.buckets
        for stock_id, variant, warehouse, free, held in cursor.fetchall():
            rows[(variant, warehouse)].append((stock_id, free, held))
    return rows


def _change(
    rows: dict[Place, list[tuple[int, int, int]]],
    changes: Mapping[Place, int],
    reason: str,
    cause: str,
    actor_id: int | None,
    kind: str = Movement.Kind.ADJUSTMENT,
) -> None:
    by_row: dict[int, int] = {}
    for place, change in changes.items():
        by_row.update(_spread(place, rows[place], change))
    if not by_row:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(by_row), list(by_row.values())])
    now = clock.now()
    Movement.objects.bulk_create(
        [
            Movement(
                variant_id=variant,
                warehouse_id=warehouse,
                quantity=change,
                kind=kind,
                reason=reason,
                cause=cause,
                actor_id=actor_id,
                at=now,
            )
            for (variant, warehouse), change in changes.items()
            if change
        ],
        batch_size=5000,
    )
    _move_lots(changes, cause, actor_id, kind)
    waiting.serve_places(place for place, change in changes.items() if change > 0)


def _move_lots(changes: Mapping[Place, int], cause: str, actor_id: int | None, kind: str) -> None:
    """Let lots go and come with their pieces."""
    away = [place for place, change in changes.items() if change < 0]
    transfer = kind == Movement.Kind.TRANSFER
    if away:
        lotted.trim(away, kind="transfer" if transfer else "correction", cause=cause, actor_id=actor_id)
    if transfer and len(away) < len(changes):
        come = {place: change for place, change in changes.items() if change > 0}
        lotted.arrive(come, cause=cause, actor_id=actor_id)


def _spread(place: Place, buckets: list[tuple[int, int, int]], change: int) -> dict[int, int]:
    """Give the change of each bucket: more goes into the first, less is taken where it is free."""
    if change >= 0:
        return {buckets[0][0]: change} if change else {}
    free = sum(bucket[1] for bucket in buckets)
    if free < -change:
        raise NotFree(place, free)
    taken: dict[int, int] = {}
    left = -change
    for stock_id, available, _held in buckets:
        part = min(left, available)
        if part:
            taken[stock_id] = -part
            left -= part
    return taken
