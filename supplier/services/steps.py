"""What every step of a fulfilment order does: lock it, choose pieces, note what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import FulfilmentLine, FulfilmentOrder, OrderNote, SalesOrder


def locked(number: str) -> FulfilmentOrder:
    """Lock the order, then the fulfilment order: the fixed order of locks. Call inside a transaction."""
    found = FulfilmentOrder.objects.filter(number=number).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound()
    SalesOrder.objects.select_for_update().get(id=found)
    return FulfilmentOrder.objects.select_for_update(of=("self",)).select_related("order").get(number=number)


def locked_several(numbers: Sequence[str]) -> list[FulfilmentOrder]:
    """Lock orders, then their fulfilment orders, each in the order of ids. Call inside a transaction.

    :raises NotFound: one of them is not there.
    """
    found = FulfilmentOrder.objects.filter(number__in=numbers)
    orders = SalesOrder.objects.select_for_update().filter(id__in=found.values("order_id"))
    list(orders.order_by("id").values_list("id"))
    rows = list(found.select_for_update(of=("self",)).select_related("order").order_by("id"))
    if len(rows) < len(set(numbers)):
        raise NotFound()
    return rows


def require_going(*orders: FulfilmentOrder) -> None:
    """Check that nobody asked that the order stands still.

    :raises StateRefused: somebody did.
    """
    held = next((each.order for each in orders if each.order.held_by), None)
    if held is not None:
        raise StateRefused(
            "held",
            _("Order %(number)s is on hold: %(reason)s"),
            number=held.order_number,
            reason=held.held_reason,
        )


def choose(lines: list[FulfilmentLine], pieces: Mapping[int, int] | None) -> list[tuple[FulfilmentLine, int]]:
    """Give lines with the pieces wanted of them (by line id), or with everything that is left.

    :raises Refused: more than is left, or nothing.
    """
    left = {line.id: line.left for line in lines}
    wanted = sendable(lines) if pieces is None else pieces
    if not set(wanted) <= set(left):
        raise NotFound()
    for line_id, quantity in wanted.items():
        if not 0 <= quantity <= left[line_id]:
            raise Refused("pieces", _("At most %(most)s pieces are left to send."), field="pieces", most=left[line_id])
    chosen = [(line, wanted[line.id]) for line in lines if wanted.get(line.id)]
    if not chosen:
        raise Refused("pieces", _("Choose at least one piece to send."), field="pieces")
    return chosen


def sendable(lines: Iterable[FulfilmentLine]) -> dict[int, int]:
    """Give how many pieces of each line can be sent now, by its id: of what is in a bundle, for whole bundles only."""
    found: dict[int, int] = {}
    for kit in by_sold(lines).values():
        units = min(line.left // line.per for line in kit)
        found |= {line.id: units * line.per for line in kit}
    return found


def by_sold(lines: Iterable[FulfilmentLine]) -> dict[tuple[int, int], list[FulfilmentLine]]:
    """Give lines by fulfilment order and line as sold: several where that is a bundle, its lead first."""
    found: dict[tuple[int, int], list[FulfilmentLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (not line.lead, line.id)):
        found[line.fulfilment_id, line.line_id].append(line)
    return found


def units_waiting(kit: Iterable[FulfilmentLine]) -> int:
    """Give how many of a line as sold wait for stock: a bundle does while any piece of it does."""
    return max(-(-line.waiting // line.per) for line in kit)


def require_whole(lines: Iterable[FulfilmentLine], chosen: Iterable[tuple[FulfilmentLine, int]]) -> None:
    """Check that bundles are chosen whole.

    :raises Refused: more of one part than of another.
    """
    wanted = {line.id: quantity for line, quantity in chosen}
    for kit in by_sold(lines).values():
        shares = {(wanted.get(line.id, 0) // line.per, wanted.get(line.id, 0) % line.per) for line in kit}
        if len(shares) > 1 or any(rest for _units, rest in shares):
            raise Refused(
                "bundle_whole", _("A bundle is sent whole: as many of each part as it needs."), field="pieces"
            )


def note(order: FulfilmentOrder, kind: str, actor_id: int | None, data: dict[str, object] | None = None) -> None:
    """Note in the order's history what was done, and by whom."""
    OrderNote.objects.create(
        order_id=order.order_id,
        kind=kind,
        actor_id=actor_id,
        at=clock.now(),
        data={"fulfilment": order.number, "warehouse": order.warehouse_id, **(data or {})},
    )
