"""Cash on delivery: the carrier brought the money, or the parcel was refused at the door.

Collected: what was to be collected becomes cash on its way to the bank. Refused: the shop hears of it and gives up
the whole sale, which takes it out of the books. Either is said once, and about orders that were sent whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import Journal, OrderNote, SalesOrder, Transfer
from supplier.selectors import cash
from supplier.services import ledger, returns
from supplier.services.ledger import Kind, Leg

Cash = SalesOrder.Cash
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says about one order: ``outcome`` is ``collected`` or ``refused``."""

    reference: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it: ``order`` is None where it was refused, and ``problem`` says why."""

    told: Told
    order: SalesOrder | None
    problem: Refused | None = None


def book(*, several: Sequence[Told], actor_id: int | None) -> list[Result]:
    """Book what is said about several orders; a wrong line is told and keeps none of the others back.

    :raises Refused: more than ``MOST`` lines; nothing is booked.
    """
    if len(several) > MOST:
        raise Refused("too_many", _("At most %(most)s lines at once."), field="lines", most=MOST)
    done = {told: _one(told, actor_id) for told in sorted(set(several), key=lambda each: each.reference)}
    return [done[told] for told in several]


def _one(told: Told, actor_id: int | None) -> Result:
    try:
        order_id = cash.order_of(told.reference)
        return Result(told, settle(order_id=order_id, outcome=told.outcome, actor_id=actor_id))
    except Refused as problem:
        return Result(told, None, problem)


def settle_all(*, order_ids: Iterable[int], outcome: str, actor_id: int | None) -> tuple[int, int]:
    """Book the same outcome for several orders; give how many were booked and how many could not be."""
    booked = 0
    ids = sorted(order_ids)
    for order_id in ids:
        try:
            settle(order_id=order_id, outcome=outcome, actor_id=actor_id)
        except Refused:
            continue
        booked += 1
    return booked, len(ids) - booked


@transaction.atomic
def settle(*, order_id: int, outcome: str, actor_id: int | None) -> SalesOrder:
    """Book that an order's cash was collected, or that it was refused at the door. The same again changes nothing.

    :raises NotFound: no such order.
    :raises StateRefused: not cash on delivery, not sent whole, or the other outcome was booked before.
    :raises Refused: another outcome than these two.
    """
    order = SalesOrder.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound()
    if outcome not in (Cash.COLLECTED, Cash.REFUSED):
        raise Refused("outcome", _("Say “collected” or “refused”."), field="outcome")
    if order.cash == outcome:
        return order
    _check(order)
    order.cash, order.cash_at = outcome, clock.now()
    order.save(update_fields=["cash", "cash_at"])
    OrderNote.objects.create(order=order, kind=f"cash_{outcome}", actor_id=actor_id, at=order.cash_at)
    if outcome == Cash.COLLECTED:
        _collect(order)
    else:
        returns.expect_refused(order)
    publisher.publish(
        events.CashSettled(
            reseller_id=order.reseller_id,
            order_number=order.order_number,
            outcome=outcome,
            at=order.cash_at.isoformat(),
        )
    )
    return order


@transaction.atomic
def undo(*, order_id: int, actor_id: int | None) -> SalesOrder:
    """Take back that an order's cash was collected: an entry that reverses the first, and it is due again.

    :raises NotFound: no such order.
    :raises StateRefused: it was not booked as collected; or money went back, or the shop was settled, since.
    """
    order = SalesOrder.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound()
    if order.cash != Cash.COLLECTED:
        raise StateRefused("not_collected", _("This order's cash was not booked as collected."))
    booked = _booked(order)
    transfers = list(booked.transfers.select_related("debit", "credit").order_by("id"))
    if sum(each.amount_minor for each in transfers) != order.captured_minor - order.refunded_minor:
        raise StateRefused("refunded_since", _("Money went back since: this can't be undone."))
    if cash.is_settled(order):
        raise StateRefused("settled", _("The shop was settled for this order: this can't be undone."))
    _reverse(order, booked, transfers)
    order.cash, order.cash_at, order.due_at = "", None, None
    order.save(update_fields=["cash", "cash_at", "due_at"])
    now = clock.now()
    OrderNote.objects.create(order=order, kind="cash_undone", actor_id=actor_id, at=now)
    told = events.CashSettled(
        reseller_id=order.reseller_id, order_number=order.order_number, outcome="undone", at=now.isoformat()
    )
    publisher.publish(told)
    return order


def undo_all(*, order_ids: Iterable[int], actor_id: int | None) -> tuple[int, int]:
    """Take back several; give how many were and how many could not be."""
    ids, undone = sorted(order_ids), 0
    for order_id in ids:
        try:
            undo(order_id=order_id, actor_id=actor_id)
        except Refused:
            continue
        undone += 1
    return undone, len(ids) - undone


def _key(order: SalesOrder) -> str:
    return f"cash:{order.reseller_id}:{order.order_number}"


def _undone(order: SalesOrder) -> int:
    """Give how often this order's cash was booked and taken back."""
    own = {"reseller_id": order.reseller_id, "order_number": order.order_number}
    return Journal.objects.filter(kind="reversal", reverses__kind="cash", **own).count()


def _booked(order: SalesOrder) -> Journal:
    own = {"reseller_id": order.reseller_id, "order_number": order.order_number}
    reversed_ = Journal.objects.filter(reverses__isnull=False, **own).values("reverses_id")
    return Journal.objects.exclude(id__in=reversed_).get(kind="cash", **own)


def _reverse(order: SalesOrder, booked: Journal, transfers: Sequence[Transfer]) -> None:
    ledger.post(
        key=f"undo:{booked.key}",
        kind="reversal",
        currency=order.currency,
        reseller_id=order.reseller_id,
        order_number=order.order_number,
        reverses=booked,
        at=clock.now(),
        legs=[Leg(each.credit.kind, each.debit.kind, each.amount_minor) for each in transfers],
    )


def _check(order: SalesOrder) -> None:
    if order.method != "cod":
        raise StateRefused("not_cod", _("This order is not paid on delivery."))
    if order.cash:
        raise StateRefused("cash_settled", _("The other was booked for this order before."))
    if order.status != SalesOrder.Status.SHIPPED:
        raise StateRefused("not_sent", _("This order has not been sent whole yet."))


def _collect(order: SalesOrder) -> None:
    assert order.cash_at is not None
    ledger.post(
        key=f"{_key(order)}:{undone}" if (undone := _undone(order)) else _key(order),
        kind="cash",
        currency=order.currency,
        reseller_id=order.reseller_id,
        order_number=order.order_number,
        at=order.cash_at,
        legs=[Leg(Kind.CASH, Kind.COD_CLEARING, order.captured_minor - order.refunded_minor)],
    )
