"""Keep an order's earnings from being paid out, and let them go: each cause ends what it began, and nothing else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, StateRefused
from supplier.models import PayoutHold, SalesOrder
from supplier.services import records

FINANCE = "finance"


def keep(order: SalesOrder, *, cause: str, note: str = "", actor_id: int | None = None) -> bool:
    """Hold an order's earnings for a cause; False where it did already. Call inside a transaction, the order locked."""
    _row, made = PayoutHold.objects.get_or_create(
        order=order,
        cause=cause,
        released_at=None,
        defaults={"note": note, "actor_id": actor_id, "created_at": clock.now()},
    )
    SalesOrder.objects.filter(pk=order.pk).update(payout_held=True)
    return made


def release(order: SalesOrder, *, cause: str) -> bool:
    """End the hold of a cause; False where there was none. Call inside a transaction, the order locked."""
    mine = PayoutHold.objects.filter(order=order, released_at=None)
    ended = mine.filter(cause=cause).update(released_at=clock.now())
    SalesOrder.objects.filter(pk=order.pk).update(payout_held=mine.exists())
    return bool(ended)


@transaction.atomic
def set_by_finance(*, slug: str, number: str, held: bool, reason: str, actor_id: int | None) -> None:
    """Hold an order's earnings with a reason, or let them go; other causes hold on.

    :raises NotFound: no such order. :raises StateRefused: it is so already. :raises Refused: no reason to hold.
    """
    order = SalesOrder.objects.select_for_update().filter(reseller__slug=slug, order_number=number).first()
    if order is None:
        raise NotFound()
    note = records.text(reason, "reason", 300, required=held)
    if held:
        done = keep(order, cause=FINANCE, note=note, actor_id=actor_id)
    else:
        done = release(order, cause=FINANCE)
    if not done:
        raise StateRefused("payout_hold", _("It is so already."))
    records.audit(actor_id, "payout.held" if held else "payout.let_go", number, shop=slug, reason=note)
