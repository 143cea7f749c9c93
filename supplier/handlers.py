"""What S does when it hears of something. Each may run twice; the inbox sees that it acts once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from s2b2c.kernel import events
from s2b2c.tenancy.models import Reseller
from supplier.services import bank_refunds, changes, deliveries, disputes, fulfilment, postings, returns, shortage
from supplier.services.settlement import accounts, clawback, payouts, recovering


def open_fulfilment(event: events.Event) -> None:
    """Take an order over: one fulfilment order per warehouse that holds stock for it."""
    fulfilment.open_order(cast(events.OrderPlaced, event))


def open_fulfilments(several: Sequence[events.OrderPlaced]) -> None:
    """Take several orders over."""
    fulfilment.open_orders(several)


def post_sale(event: events.Event) -> None:
    """Book the sale as split at sale."""
    postings.sale(cast(events.OrderPlaced, event))


def post_sales(several: Sequence[events.OrderPlaced]) -> None:
    """Book several sales."""
    postings.sales(several)


def post_shipment(event: events.Event) -> None:
    """Book what a parcel earned: its wholesale value is no longer deferred."""
    postings.shipment(cast(events.ShipmentSent, event))


def post_shipments(several: Sequence[events.ShipmentSent]) -> None:
    """Book what several parcels earned."""
    postings.shipments(several)


def post_refund(event: events.Event) -> None:
    """Book a refund: the proportional reversal of the frozen split; free what will not be sent."""
    made = cast(events.RefundMade, event)
    postings.refund(made)
    bank_refunds.expect([made])
    shortage.drop_refunded(made)
    recovering.after_refunds([made])


def post_covered(event: events.Event) -> None:
    """Book what of a refund is not sent, since c's bank gave it back."""
    postings.covered(cast(events.RefundCovered, event))


def stops_sending(event: events.Event) -> bool:
    """Tell whether a refund frees stock: pieces that have not left are kept no longer."""
    return any(line.stop for line in cast(events.RefundMade, event).lines)


def post_refunds(several: Sequence[events.RefundMade]) -> None:
    """Book several refunds that free no stock."""
    postings.refunds(several)
    bank_refunds.expect(several)
    recovering.after_refunds(several)


def cancel_order(event: events.Event) -> None:
    """Stop serving an order its shop cancelled before picking."""
    fulfilment.cancel_order(cast(events.OrderCancelled, event))


def send_payout(event: events.Event) -> None:
    """Send money to a reseller through the provider, or ask what became of it."""
    payouts.send(cast(events.PayoutRequested, event).payout_id)


def take_back(event: events.Event) -> None:
    """Take part of a payout back at the provider."""
    clawback.send(cast(events.ClawbackRequested, event).clawback_id)


def recover(event: events.Event) -> None:
    """Take back what a reseller owes, from what it was paid."""
    wanted = cast(events.RecoveryWanted, event)
    clawback.recover(reseller_id=wanted.reseller_id, currency=wanted.currency, cause=wanted.cause)


def read_account(event: events.Event) -> None:
    """Ask the provider how a reseller's account stands."""
    accounts.refresh(reseller=Reseller.objects.get(pk=event.reseller_id))


def readdress(event: events.Event) -> None:
    """Send an order elsewhere."""
    changes.hear_of_address(cast(events.AddressChanged, event))


def hold_or_resume(event: events.Event) -> None:
    """Stop an order its shop wants to stand still, or let it go on."""
    changes.hear_of_hold(cast(events.HoldAsked, event))


def note_unused_payment(event: events.Event) -> None:
    """Keep which payment no order used: its disputes are of no order's money."""
    disputes.note_unused(cast(events.PaymentUnused, event))


def check_dispute(event: events.Event) -> None:
    """Ask the provider how a dispute stands, and record it."""
    disputes.record(dispute_id=cast(events.DisputeReported, event).dispute_id)


def take_delivered(event: events.Event) -> None:
    """Note the parcels a consumer says it has."""
    deliveries.take_confirmed(cast(events.DeliveryConfirmed, event))


def open_return(event: events.Event) -> None:
    """Note what a shop's consumer wants to send back."""
    returns.open_request(cast(events.ReturnRequested, event))


def expect_return(event: events.Event) -> None:
    """Expect a return that was approved."""
    returns.note_approved(cast(events.ReturnApproved, event))


def drop_return(event: events.Event) -> None:
    """Expect a return no longer."""
    returns.note_refused(cast(events.ReturnRefused, event))


def mark_return_sent(event: events.Event) -> None:
    """Note that a return is on its way."""
    returns.note_sent(cast(events.ReturnSent, event))


def settle_return(event: events.Event) -> None:
    """Book who bears a return, and close it."""
    returns.note_closed(cast(events.ReturnClosed, event))
