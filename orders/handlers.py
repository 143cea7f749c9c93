"""What a shop does when it hears of something. The dispatcher has entered the shop's schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from orders.services import appointments, cases, delivery, mail, payment, recalling, returns, sending, tracking
from s2b2c.kernel import events


def mark_processing(event: events.Event) -> None:
    """Show that S has taken the order over."""
    tracking.mark_processing(cast(events.FulfilmentOpened, event))


def mark_processing_many(several: Sequence[events.FulfilmentOpened]) -> None:
    """Show it for several orders of one shop."""
    tracking.mark_processing_many(several)


def mark_picking(event: events.Event) -> None:
    """Show that the warehouse has begun."""
    tracking.mark_picking(cast(events.PickingStarted, event))


def mark_put_back(event: events.Event) -> None:
    """Show that the order waits again."""
    tracking.mark_put_back(cast(events.PickingStopped, event))


def mark_picking_many(several: Sequence[events.PickingStarted]) -> None:
    """Show it for several orders of one shop."""
    tracking.mark_picking_many(several)


def mark_shipped(event: events.Event) -> None:
    """Show that a parcel is on its way."""
    tracking.mark_shipped(cast(events.ShipmentSent, event))


def mark_shipped_many(several: Sequence[events.ShipmentSent]) -> None:
    """Show it for several orders of one shop."""
    tracking.mark_shipped_many(several)


def refund_service(event: events.Event) -> None:
    """Give back what a service cost that can't be done, and tell c."""
    appointments.fail(cast(events.ServiceFailed, event))


def tell_service(event: events.Event) -> None:
    """Tell c that somebody comes, no longer comes, or was there."""
    appointments.tell(cast(events.ServiceTold, event))


def mark_delivered(event: events.Event) -> None:
    """Show that a parcel was delivered, or that this was said in error."""
    delivery.note(cast(events.ShipmentDelivered, event))


def note_hold(event: events.Event) -> None:
    """Show that S stopped the order, or lets it go on."""
    tracking.note_hold(cast(events.HoldChanged, event))


def note_delay(event: events.Event) -> None:
    """Show that pieces wait for stock, and tell c."""
    tracking.note_delay(cast(events.PiecesDelayed, event))


def note_arrival(event: events.Event) -> None:
    """Show that the pieces came."""
    tracking.note_arrival(cast(events.PiecesCame, event))


def note_dispute(event: events.Event) -> None:
    """Show that a payment is disputed, or how that ended."""
    tracking.note_dispute(cast(events.DisputeChanged, event))


def refund_unserved(event: events.Event) -> None:
    """Give back what S can't send."""
    tracking.refund_unserved(cast(events.FulfilmentCancelled, event))


def settle_cash(event: events.Event) -> None:
    """Show that the cash was collected, or give up the sale that was refused at the door."""
    tracking.settle_cash(cast(events.CashSettled, event))


def take_return(event: events.Event) -> None:
    """Do what S decided on a return."""
    returns.take_asked(cast(events.ReturnAsked, event))


def mark_return_received(event: events.Event) -> None:
    """Show that a return arrived."""
    returns.note_received(cast(events.ReturnReceived, event))


def close_return(event: events.Event) -> None:
    """Give back or replace what S accepted."""
    returns.note_inspected(cast(events.ReturnInspected, event))


def take_case(event: events.Event) -> None:
    """Do what S said in a case of help."""
    cases.take_told(cast(events.CaseTold, event))


def tell_recall(event: events.Event) -> None:
    """Tell c in the shop's name that goods are called back, and make it good."""
    recalling.tell(cast(events.RecallTold, event))


def write_answer(event: events.Event) -> None:
    """Send c the answer to what it complained of."""
    recalling.write_answer(cast(events.ComplaintAnswered, event))


def mark_bank_refund(event: events.Event) -> None:
    """Show that S's finance transferred a refund."""
    paid = cast(events.BankRefundPaid, event)
    sending.note_sent(refund_id=paid.refund_id, provider_id=paid.reference)


def ask_account(event: events.Event) -> None:
    """Ask c for another bank account, since the transfer came back."""
    sending.note_returned(cast(events.BankRefundReturned, event))


def send_refund(event: events.Event) -> None:
    """Send a granted refund through the payment provider."""
    sending.send(refund_id=cast(events.RefundRequested, event).refund_id)


def check_refund(event: events.Event) -> None:
    """Ask the payment provider what became of a refund, and record it."""
    sending.check(refund_id=cast(events.RefundReported, event).refund_id)


def record_payment(event: events.Event) -> None:
    """Ask the payment provider what became of a page, and record it."""
    payment.record(session_id=cast(events.PaymentReported, event).session_id)


def close_page(event: events.Event) -> None:
    """Shut the payment page of an order that is over."""
    payment.close_page(session_id=cast(events.PageCloseRequested, event).session_id)


def send_mail(event: events.Event) -> None:
    """Send a message to the consumer in the shop's name."""
    mail.send(cast(events.MailRequested, event))
