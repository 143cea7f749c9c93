"""What S has to serve, and how far it is."""

from __future__ import annotations

from supplier.models import FulfilmentOrder, SalesOrder


def lock_untouched(*, reseller_id: int, order_number: str) -> bool:
    """Lock S's side of an order and tell whether nobody has begun to pick it.

    Call inside a transaction: until it ends nobody can begin. An order S has not taken over yet is untouched.
    """
    order = SalesOrder.objects.select_for_update().filter(reseller_id=reseller_id, order_number=order_number).first()
    if order is None:
        return True
    return not order.fulfilments.exclude(state=FulfilmentOrder.State.QUEUED).exists()
