"""Refunds of what was paid in cash: nobody's payment provider sends them, so S's finance does, by bank transfer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import Account, BankRefund, OrderNote, SalesOrder
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind


def expect(several: Sequence[events.RefundMade]) -> None:
    """Put refunds of orders whose cash was collected on finance's list, each once. Call inside a transaction."""
    cash = [event for event in several if event.method == "cod"]
    if not cash:
        return
    orders = SalesOrder.objects.filter(
        cash=SalesOrder.Cash.COLLECTED, order_number__in=[event.order_number for event in cash]
    )
    known = {(order.reseller_id, order.order_number): order for order in orders}
    now = clock.now()
    BankRefund.objects.bulk_create(
        [
            BankRefund(
                order=known[event.reseller_id, event.order_number],
                refund_id=event.refund_id,
                amount_minor=event.amount_minor,
                created_at=now,
            )
            for event in cash
            if (event.reseller_id, event.order_number) in known
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_paid(*, refund_id: int, reference: str, actor_id: int | None) -> BankRefund:
    """Say that the bank transfer of a refund was made; the shop and c's page show it. Again changes nothing.

    The refund's entries took the money from the cash collected; it left the bank, so the cash is whole again.

    :raises NotFound: no such refund.
    :raises Refused: no reference of the transfer.
    """
    found = BankRefund.objects.select_for_update(of=("self",)).select_related("order").filter(id=refund_id).first()
    if found is None:
        raise NotFound()
    if found.state == BankRefund.State.PAID:
        return found
    if not reference.strip():
        raise Refused("reference", _("Give the reference of the bank transfer."), field="reference")
    now = clock.now()
    found.state, found.reference, found.paid_at, found.actor_id = BankRefund.State.PAID, reference[:80], now, actor_id
    found.save(update_fields=["state", "reference", "paid_at", "actor"])
    order = found.order
    ledger.post(
        key=f"bank-refund:{order.reseller_id}:{order.order_number}:{found.refund_id}", kind="bank_refund",
        currency=order.currency, at=now, legs=[Leg(Kind.CASH, Kind.BANK, found.amount_minor, memo=order.order_number)],
    )  # fmt: skip
    OrderNote.objects.create(order=order, kind="bank_refund", actor_id=actor_id, at=now, data={"reason": reference})
    publisher.publish(
        events.BankRefundPaid(
            reseller_id=order.reseller_id,
            order_number=order.order_number,
            refund_id=found.refund_id,
            reference=found.reference,
        )
    )
    return found
