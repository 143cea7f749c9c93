"""What services booked by consumers mean in the books. Call each inside a transaction. See docs/adr on booked services.

Sold: what S gets for them is kept for services, as a shop's budget is. Done: the price is owed to the provider, the rest
is S's. Given back before that: it leaves what is kept. Given back after: it was spent, so S bears it.
"""

from __future__ import annotations

from enablement.models import ServiceBooking, ServiceTask
from s2b2c.kernel import clock
from supplier.models import Account, Journal
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind


def booking_of(number: str) -> ServiceBooking | None:
    """Give the booking a task looks after, locked; None: nobody booked it with an order."""
    return ServiceBooking.objects.select_for_update(of=("self",)).filter(task__number=number).first()


def owe(task: ServiceTask, booking: ServiceBooking) -> Journal:
    """Owe the price to the provider; what c paid beyond it is S's. Where c has the money back, S bears all of it."""
    assert task.price_minor is not None
    price = task.price_minor
    if booking.refunded_at is not None:
        legs = [Leg(Kind.SERVICE_COST, Kind.SERVICE_PAYABLE, price, memo=task.number)]
    else:
        legs = [
            Leg(Kind.SERVICE_HELD, Kind.SERVICE_PAYABLE, price, memo=task.number),
            Leg(Kind.SERVICE_HELD, Kind.SERVICE_COST, booking.cost_minor - price, memo=task.number),
        ]
    return ledger.post(
        key=f"service-done:{task.number}", kind="service_done", currency=task.currency, at=clock.now(), legs=legs
    )


def regret(booking: ServiceBooking) -> None:
    """Make good what a refund took from what is kept for services, where it had been spent already."""
    spent = (ServiceTask.State.APPROVED, ServiceTask.State.PAID)
    if booking.task is None or booking.task.state not in spent:
        return
    ledger.post(
        key=f"service-regret:{booking.pk}", kind="service_regret", currency=booking.currency, at=clock.now(),
        legs=[Leg(Kind.SERVICE_COST, Kind.SERVICE_HELD, booking.cost_minor, memo=booking.task.number)],
    )  # fmt: skip
