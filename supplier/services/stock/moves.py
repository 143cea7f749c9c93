"""A movement, and free pieces taken from locked rows: what every way of moving stock is made of."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from supplier.models import Movement, Stock

# A cause that begins with this names a form that was sent: it moves stock once, however often it is sent.
ONCE = "form:"


def made_before(variant_id: int, warehouse_id: int, cause: str) -> Movement | None:
    """Give the movement a form or request made before; the stock rows are locked, so nobody is making it now."""
    if not cause.startswith(ONCE):
        return None
    movements = Movement.objects.filter(variant_id=variant_id, warehouse_id=warehouse_id, cause=cause)
    return movements.order_by("-id").first()


def take_free(rows: list[Stock], quantity: int) -> None:
    """Take pieces from the free ones of locked rows, whatever bucket they lie in.

    :raises Refused: fewer are free.
    """
    free = sum(row.available for row in rows)
    if free < quantity:
        raise Refused(
            "not_free",
            _("Only %(free)s pieces are free here; the others are kept for orders."),
            field="quantity",
            free=free,
        )
    for row in rows:
        take = min(quantity, row.available)
        if take:
            Stock.objects.filter(id=row.id).update(available=F("available") - take)
            quantity -= take


def move(
    variant_id: int,
    warehouse_id: int,
    quantity: int,
    kind: str,
    *,
    reason: str = "",
    cause: str = "",
    actor_id: int | None = None,
    damaged: bool = False,
    quarantined: bool = False,
) -> Movement:
    """Write a movement. Call inside a transaction, with the rows locked and changed."""
    return Movement.objects.create(
        variant_id=variant_id,
        warehouse_id=warehouse_id,
        quantity=quantity,
        kind=kind,
        damaged=damaged,
        quarantined=quarantined,
        reason=reason,
        cause=cause,
        actor_id=actor_id,
        at=clock.now(),
    )
