"""What disputes mean for the money of an order."""

from __future__ import annotations

from dataclasses import dataclass

from supplier.models import Dispute, SalesOrder

HELD = (Dispute.State.NEEDS_RESPONSE, Dispute.State.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Taken:
    """``lost_minor``: c's bank gave it back for good, borne by ``bearer``; ``held_minor``: it may yet. Minor units."""

    lost_minor: int
    held_minor: int
    bearer: str


def order_of(dispute: Dispute) -> SalesOrder | None:
    """Give the order whose payment is disputed, or None where S never had it."""
    return SalesOrder.objects.filter(reseller_id=dispute.reseller_id, order_number=dispute.order_number).first()


def taken(*, reseller_id: int, order_number: str) -> Taken:
    """Give what c's bank took back of an order's payment; not of one it did not use. One query."""
    own = Dispute.objects.filter(reseller_id=reseller_id, order_number=order_number, unused=False)
    rows = own.filter(state__in=(*HELD, "lost"))
    found = list(rows.order_by("pk").values_list("state", "amount_minor", "bearer"))
    lost = [(minor, bearer) for state, minor, bearer in found if state == Dispute.State.LOST]
    held = sum(minor for state, minor, _ in found if state != Dispute.State.LOST)
    return Taken(sum(minor for minor, _ in lost), held, lost[-1][1] if lost else "")


def taken_of_unused(*, reseller_id: int, payment_intent: str) -> Taken:
    """Give what c's bank took back of a payment no order used. One query."""
    own = Dispute.objects.filter(reseller_id=reseller_id, payment_intent=payment_intent, unused=True)
    found = list(own.filter(state__in=(*HELD, "lost")).values_list("state", "amount_minor"))
    lost = sum(minor for state, minor in found if state == Dispute.State.LOST)
    return Taken(lost, sum(minor for _, minor in found) - lost, Dispute.Bearer.SUPPLIER if lost else "")
