"""Hand on the events of a past that is entered now: at its own time, and without mails to anybody."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from orders.services import sending
from s2b2c import wiring
from s2b2c.kernel import clock, events
from s2b2c.outbox import dispatcher
from s2b2c.outbox.dispatcher import Handler


def _stay_silent(event: events.Event) -> None:
    """What happened long ago is no news to a customer."""


def _note_refund(event: events.Event) -> None:
    """The money went back long ago."""
    refund_id = cast(events.RefundRequested, event).refund_id
    sending.note_sent(refund_id=refund_id, provider_id=f"re_demo_{event.order_number.lower()}_{refund_id}")


QUIET = {
    **wiring.HANDLERS,
    "MailRequested": [Handler("replay.stay_silent", _stay_silent)],
    "ServiceOffered": [Handler("replay.stay_silent", _stay_silent)],
    "RefundRequested": [Handler("replay.note_refund", _note_refund, tenant=True)],
}


def drain(instant: datetime) -> int:
    """Handle what is due, as of ``instant``; give how many events were handled."""
    with clock.set_to(instant):
        return dispatcher.drain(QUIET)
