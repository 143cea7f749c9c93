"""Ask the payment provider about pages whose end nobody told us: a webhook that was missed heals.

Reservations lead to the shops that have such pages, also after an order was cancelled or expired, so no shop is
visited in vain. A run asks about one batch and remembers where it was; where the provider doesn't answer it stops
at once, and the next runs wait longer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from orders.gateways import stripe as gateway
from orders.models import Payment
from orders.services import payment
from s2b2c.outbox import runs
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.selectors import reservations
from supplier.selectors.reservations import Unanswered
from supplier.services import reservations as answers

log = logging.getLogger(__name__)

JOB = "reconcile_payments"
BATCH = 200
OLD_SECONDS = 60
KEPT = timedelta(days=7)  # the provider's pages live a day
_FAILED_SHOWN = 20


@dataclass
class Found:
    """What a run found. ``healed``: paid, and nobody had told us; ``returned``: of these, money no order could
    use; ``ended``: pages that were over; ``open``: still waiting to be paid; ``failed``: orders nothing was learnt of."""

    asked: int = 0
    healed: int = 0
    returned: int = 0
    ended: int = 0
    open: int = 0
    failed: list[str] = field(default_factory=list)

    def note(self, state: str) -> None:
        self.asked += 1
        self.healed += state in (Payment.State.PAID, Payment.State.RETURNED)
        self.returned += state == Payment.State.RETURNED
        self.ended += state == Payment.State.EXPIRED
        self.open += state == Payment.State.OPEN


def run() -> Found | None:
    """Ask about the next batch of pages. None: the provider did not answer lately, so it is left alone for now."""
    begun = runs.begin(JOB)
    if begun is None:
        return None
    found = Found()
    waiting = reservations.unanswered(
        after=begun.position, older_than_seconds=OLD_SECONDS, younger_than=KEPT, limit=BATCH
    )
    try:
        for reseller in Reseller.objects.filter(id__in={row.reseller_id for row in waiting}).order_by("id"):
            with context.entered(reseller):
                _shop([row for row in waiting if row.reseller_id == reseller.id], found)
    except gateway.GatewayUnavailable as away:
        runs.failed(JOB, error=str(away) or type(away).__name__, found=asdict(found))
        return found
    runs.done(JOB, position=waiting[-1].id if len(waiting) == BATCH else 0, found=asdict(found))
    return found


def _shop(rows: Sequence[Unanswered], found: Found) -> None:
    """Ask about the open pages of some orders of one shop.

    :raises GatewayUnavailable: the provider does not answer.
    """
    with context.reading():
        pages = payment.open_pages(order_numbers=[row.order_number for row in rows])
    answered = []
    for row in rows:
        states = [_ask(row.order_number, session, found) for session in pages.get(row.order_number, [])]
        if row.over and Payment.State.OPEN not in states and "" not in states:
            answered.append(row.id)
    answers.note_answered(ids=answered)


def _ask(number: str, session_id: str, found: Found) -> str:
    """Record what became of a page; give the payment's state, or nothing where nothing was learnt."""
    try:
        payment.record(session_id=session_id)
    except gateway.GatewayUnavailable:
        raise
    except Exception:  # one bad order must not keep the others from being healed
        log.warning("payments: %s could not be reconciled", number, exc_info=True)
        found.failed = [*found.failed, number][:_FAILED_SHOWN]
        return ""
    with context.reading():
        state = Payment.objects.values_list("state", flat=True).get(session_id=session_id)
    found.note(state)
    return state
