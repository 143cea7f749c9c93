"""Slots of services on orders: held with the order, booked when it is paid, moved, cancelled, given up.

Each is called inside a transaction of its caller's, or opens its own where it says so. A place of a provider's day is
kept by the booking until dispatch has offered its task to somebody; from then on the task itself takes the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import ServiceBooking, ServiceProvider, ServiceTask
from enablement.selectors import assignment, bookings, network
from enablement.services import booking_books, providers, service_tasks
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher

State, TaskState = ServiceBooking.State, ServiceTask.State
GIVE_UP_AT = time(16)  # on the day before: nobody took it, so c is told and gets the money back


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A service on an order that is being written: what, where and when. ``line_id``: the order's line."""

    line_id: int
    option_id: int
    kind: str
    product_id: int
    pieces: int
    currency: str
    cost_minor: int
    country: str
    postcode: str
    on: date
    part: int


def hold(*, reseller_id: int, order_number: str, wanted: Sequence[Wanted], placed: bool) -> None:
    """Keep the slots of an order's services. Call inside a transaction, before stock is held.

    ``placed``: nothing is left to pay now.

    :raises StateRefused: ``slot_gone``: somebody was faster. Let the transaction fail.
    """
    if not wanted:
        return
    for each, provider_id in _places(wanted):
        ServiceBooking.objects.create(
            reseller_id=reseller_id, order_number=order_number, line_id=each.line_id, option_id=each.option_id,
            state=State.PLACED if placed else State.HELD, pieces=each.pieces, product_id=each.product_id,
            currency=each.currency, cost_minor=each.cost_minor, country=each.country,
            postcode=providers.plain(each.postcode), on=each.on, part=each.part, provider_id=provider_id,
            created_at=clock.now(),
        )  # fmt: skip


def wait_for(wanted: Sequence[Wanted]) -> None:
    """Lock what :func:`hold` will lock, for who locks stock before it. Call inside a transaction."""
    tasks = _tasks(wanted)
    there = network.for_dispatch({each.country for each in wanted}) if wanted else []
    lock_providers([each.id for each in there if any(assignment.serves(task, each) for task in tasks)])


def _tasks(wanted: Sequence[Wanted]) -> list[assignment.Task]:
    return [
        bookings.as_task(
            n, each.kind, each.country, providers.plain(each.postcode), each.currency, each.cost_minor, each.on,
            each.on, each.part,
        )
        for n, each in enumerate(wanted)
    ]  # fmt: skip


def _places(wanted: Sequence[Wanted]) -> list[tuple[Wanted, int]]:
    """Find a provider with room for each; whose places are counted are locked, in one order for everybody."""
    for each in wanted:
        if each.on < timezone.localdate(clock.now()) + timedelta(days=1):
            raise StateRefused("slot_gone", _("This day is too close. Please choose another time."), field="slot")
    tasks = _tasks(wanted)
    countries = {each.country for each in wanted}
    able = [each.id for each in network.for_dispatch(countries) if any(assignment.serves(t, each) for t in tasks)]
    lock_providers(able)
    there = [each for each in network.for_dispatch(countries) if each.id in able]
    found = assignment.assign(tasks, there, timezone.localdate(clock.now()))
    if any(each.candidate is None for each in found):
        message = _("Somebody was faster: this time is taken. Please choose another one; everything else is kept.")
        raise StateRefused("slot_gone", message, field="slot")
    return [(wanted[each.task], each.candidate.provider) for each in found if each.candidate]


def lock_providers(provider_ids: Sequence[int]) -> None:
    """Let nobody else take places of these providers until the commit. Call inside a transaction."""
    rows = ServiceProvider.objects.select_for_update(no_key=True).filter(pk__in=provider_ids).order_by("pk")
    list(rows.values_list("pk"))


def confirm(*, reseller_id: int, order_number: str) -> None:
    """Make the slots of an order that was paid sure. Call inside a transaction.

    Where payment came after the slots were released they are taken again, if they are still free.

    :raises StateRefused: ``slot_gone``: they are not. Let what this transaction did fail.
    """
    rows = _of(reseller_id, order_number).select_related("option")
    late = [row for row in rows if row.state == State.RELEASED]
    _of(reseller_id, order_number).filter(state=State.HELD).update(state=State.PLACED)
    found = _places([_as_wanted(row) for row in late]) if late else []
    for row, (_wish, provider_id) in zip(late, found, strict=True):
        row.state, row.provider_id = State.PLACED, provider_id
        row.save(update_fields=["state", "provider"])


def _as_wanted(row: ServiceBooking, on: date | None = None, part: int | None = None) -> Wanted:
    return Wanted(
        line_id=row.line_id, option_id=row.option_id, kind=row.option.kind, product_id=row.product_id,
        pieces=row.pieces, currency=row.currency, cost_minor=row.cost_minor, country=row.country,
        postcode=row.postcode, on=on or row.on, part=row.part if part is None else part,
    )  # fmt: skip


def release(*, reseller_id: int, order_number: str) -> None:
    """Free the slots of an order that was never paid. Call inside a transaction."""
    _of(reseller_id, order_number).filter(state=State.HELD).update(state=State.RELEASED, provider=None)


def _of(reseller_id: int, order_number: str):  # type: ignore[no-untyped-def]
    rows = ServiceBooking.objects.filter(reseller_id=reseller_id, order_number=order_number)
    return rows.select_for_update(of=("self",)).order_by("id")


# --- What S hears of orders; each may be told twice --------------------------------------------------------------
def book_all(event: events.OrderPlaced) -> None:
    """Make a task of each service of an order that was placed. Call inside a transaction."""
    sold = {each.line_id for each in event.services}
    for row in _of(event.reseller_id, event.order_number).select_related("option", "product") if sold else ():
        if row.line_id in sold and row.booked_at is None:
            row.booked_at = clock.now()
            row.task = _task(row, event.recipient) if row.state == State.PLACED else None  # cancelled meanwhile
            row.save(update_fields=["booked_at", "task"])


def _task(row: ServiceBooking, to: dict[str, str]) -> ServiceTask:
    """What the provider reads is short and in the words of the catalogue; page and mail name the goods besides."""
    address = ", ".join(filter(None, (to.get(name, "") for name in ("street", "city", "region"))))
    return ServiceTask.objects.create(
        number=f"T{ids.order_number()}", kind=row.option.kind, sold_by_id=row.reseller_id, order_number=row.order_number, product_id=row.product_id,
        brief=f"{row.option.name_en}: {row.pieces} × {row.product.name_en}",
        contact=", ".join(filter(None, (to.get("name", ""), to.get("phone", ""))))[:120],
        address=address[:240], country=row.country, postcode=row.postcode, day=row.on, latest=row.on, part=row.part,
        currency=row.currency, budget_minor=row.cost_minor, created_at=clock.now(),
    )  # fmt: skip


def note_refund(event: events.RefundMade) -> None:
    """Note that c has the money of services back, and stop what is still to be done. Call inside a transaction."""
    back = {each.line_id for each in event.services}
    for row in _of(event.reseller_id, event.order_number).select_related("task") if back else ():
        if row.line_id not in back or row.refunded_at is not None:
            continue
        row.refunded_at = clock.now()
        row.save(update_fields=["refunded_at"])
        if row.state == State.PLACED and not _is_done(row):
            _end(row, State.CANCELLED)
        booking_books.regret(row)


def _is_done(row: ServiceBooking) -> bool:
    return row.task is not None and row.task.state in (TaskState.DONE, TaskState.APPROVED, TaskState.PAID)


# --- What c and S do -----------------------------------------------------------------------------------------------
def move(*, reseller_id: int, order_number: str, line_id: int, on: date, part: int) -> ServiceBooking:
    """Move a booked service to another slot. The same slot again changes nothing. Call inside a transaction.

    Whoever had it is told that it is off; a new task looks for somebody.

    :raises NotFound: no such booking. :raises StateRefused: it is too late, or the slot is taken.
    """
    row = _changeable(reseller_id, order_number, line_id)
    if (row.on, row.part) == (on, part):
        return row
    if on < bookings.earliest_of(row):
        raise StateRefused("slot_gone", _("This day is too close. Please choose another time."), field="slot")
    old, row.task, row.provider_id = row.task, None, None
    row.save(update_fields=["task", "provider"])
    if old is not None:
        service_tasks.call_off(old)
    (_wish, provider_id) = _places([_as_wanted(row, on, part)])[0]
    row.on, row.part, row.provider_id, row.moved = on, part, provider_id, row.moved + 1
    if old is not None:
        row.task = _again(old, row)
    row.save(update_fields=["on", "part", "provider", "moved", "task"])
    return row


def _again(old: ServiceTask, row: ServiceBooking) -> ServiceTask:
    same = ("kind", "sold_by_id", "order_number", "product_id", "brief", "contact", "address", "country", "postcode", "currency", "budget_minor")  # fmt: skip
    return ServiceTask.objects.create(
        number=f"T{ids.order_number()}", day=row.on, latest=row.on, part=row.part, created_at=clock.now(),
        **{name: getattr(old, name) for name in same},
    )  # fmt: skip


def slot(*, reseller_id: int, order_number: str, line_id: int) -> tuple[date, int]:
    """Give the slot a booking has, locked. Call inside a transaction. :raises NotFound: no such booking."""
    row = _found(reseller_id, order_number, line_id)
    return row.on, row.part


def readdress(*, reseller_id: int, order_number: str) -> None:
    """Refuse to send goods elsewhere while a service waits for them there. Call inside a transaction.

    :raises StateRefused: one does.
    """
    rows = _of(reseller_id, order_number).filter(state__in=ServiceBooking.LIVE, refunded_at=None)
    if any(not _is_done(row) for row in rows.select_related("task")):
        raise StateRefused(
            "service_booked", _("A service is booked at this address. Cancel it first; it can be booked anew.")
        )


def cancel(*, reseller_id: int, order_number: str, line_id: int) -> ServiceBooking:
    """End a booking c no longer wants; the caller sees to the money. Again, nothing changes. Call inside a transaction.

    :raises NotFound: no such booking. :raises StateRefused: it is too late.
    """
    row = _found(reseller_id, order_number, line_id)
    if row.state in (State.CANCELLED, State.FAILED):
        return row
    _check_changeable(row)
    return _end(row, State.CANCELLED)


@transaction.atomic
def give_up(*, number: str, reason: str, actor_id: int | None) -> ServiceTask:
    """Say that a booked service can't be done: c is told in the shop's name, and gets the money back.

    ``reason``: ``nobody`` (none was found in time) or ``supplier`` (S says so). Again, nothing changes.

    :raises NotFound: no such task, or nobody booked it with an order. :raises StateRefused: it is done already.
    """
    # the booking is locked before its task, here as everywhere
    row = ServiceBooking.objects.select_for_update(of=("self",)).filter(task__number=number).first()
    if row is None or row.task is None:
        raise NotFound()
    if row.state == State.PLACED:
        _end(row, State.FAILED)
        publisher.publish(
            events.ServiceFailed(
                reseller_id=row.reseller_id, order_number=row.order_number, line_id=row.line_id, reason=reason
            )
        )
        service_tasks.note_given_up(row.task, reason=reason, actor_id=actor_id)
    return row.task


def give_up_due(*, limit: int = 200) -> int:
    """Give up what nobody has taken by the afternoon before; give how many. May run twice."""
    tomorrow = timezone.localdate(clock.now()) + timedelta(days=1)
    late = clock.now() >= timezone.make_aware(datetime.combine(tomorrow - timedelta(days=1), GIVE_UP_AT))
    last = tomorrow if late else tomorrow - timedelta(days=1)
    rows = ServiceBooking.objects.filter(state=State.PLACED, on__lte=last, task__state__in=ServiceTask.WAITING)
    numbers = list(rows.order_by("id").values_list("task__number", flat=True)[:limit])
    return sum(_give_up(number) for number in numbers)


@transaction.atomic
def _give_up(number: str | None) -> int:
    row = ServiceBooking.objects.select_for_update(of=("self",)).filter(task__number=number).first()
    task = row and row.task and service_tasks.locked(row.task.number)
    if not task or task.state not in ServiceTask.WAITING:  # taken meanwhile
        return 0
    give_up(number=task.number, reason="nobody", actor_id=None)
    return 1


def _end(row: ServiceBooking, state: str) -> ServiceBooking:
    row.state, row.provider_id = state, None
    row.save(update_fields=["state", "provider"])
    if row.task is not None:
        service_tasks.call_off(row.task)
    return row


def _found(reseller_id: int, order_number: str, line_id: int) -> ServiceBooking:
    row = _of(reseller_id, order_number).filter(line_id=line_id).select_related("task", "option").first()
    if row is None:
        raise NotFound()
    return row


def _changeable(reseller_id: int, order_number: str, line_id: int) -> ServiceBooking:
    row = _found(reseller_id, order_number, line_id)
    _check_changeable(row)
    return row


def _check_changeable(row: ServiceBooking) -> None:
    if row.task is not None:
        row.task = service_tasks.locked(row.task.number)
    if not bookings.may_change(row):
        raise StateRefused("too_late", _("This works until the day before. Please ask us instead."))


def complain(*, reseller_id: int, order_number: str, words: str) -> None:
    """Note with what was done last for an order, once, that c complained of it: it counts in the provider's score.

    A question about what is still to come is none. Call inside a transaction.
    """
    rows = _of(reseller_id, order_number).filter(task__isnull=False).select_related("task").order_by("-on", "-id")
    for row in rows[:1]:
        assert row.task is not None
        task = service_tasks.locked(row.task.number)
        if not task.complaint and task.state in (TaskState.DONE, TaskState.APPROVED, TaskState.PAID):
            task.complaint = words.strip()[:300] or "–"
            task.save(update_fields=["complaint"])
