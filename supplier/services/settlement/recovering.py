"""What a shop owes of an order it was paid for already: taken back from its payouts at once, or netted by the next run.

Who is to be asked is found where the money went back; the taking itself locks the shop's account, so it is a
transaction of its own, by the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s2b2c.kernel import clock, events
from s2b2c.outbox import publisher
from supplier.models import SalesOrder
from supplier.selectors import settlement


def after(order: SalesOrder, *, cause: str) -> None:
    """Have what its shop owes taken back, if its margin of this order was paid out. Call inside a transaction.

    ``cause`` is what a person would look up: the number of a return or an order, a dispute.
    """
    _ask({order: cause})


def after_refunds(several: Sequence[events.RefundMade]) -> None:
    """Do so for refunds by themselves, in two queries; a return asks once it is closed and all of it is booked."""
    owners = {
        (event.reseller_id, event.order_number) for event in several if not event.refund_key.startswith("return:")
    }
    if not owners:
        return
    rows = SalesOrder.objects.filter(
        due_at__lte=clock.now(),
        reseller_id__in={owner for owner, _ in owners},
        order_number__in={number for _, number in owners},
    )
    _ask({order: order.order_number for order in rows if (order.reseller_id, order.order_number) in owners})


def _ask(causes: Mapping[SalesOrder, str]) -> None:
    paid = settlement.paid_out_of([order.pk for order in causes])
    publisher.publish(
        *(
            events.RecoveryWanted(
                reseller_id=order.reseller_id, order_number="", currency=order.currency, cause=cause[:80]
            )
            for order, cause in causes.items()
            if order.pk in paid
        )
    )
