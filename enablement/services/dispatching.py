"""Dispatch: offers that got no answer end, and what is open is offered anew, all of it at once.

A round may run twice, and two at the same time: an advisory lock lets one work, the other finds nothing left to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import ServiceBooking, ServiceOffer, ServiceTask
from enablement.selectors import assignment, network
from enablement.services import booking_books, bookings, service_tasks
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from supplier.services import records

State, OfferState = ServiceTask.State, ServiceOffer.State
BATCH = 1_000
_LOCK = 0x53_45_52_56  # one round at a time
_SOON = timedelta(minutes=15)


def run() -> int:
    """End offers without an answer, give up what nobody took, offer what is open; give how many offers went out.

    May run twice.
    """
    expire()
    bookings.give_up_due()
    return dispatch()


@transaction.atomic
def expire() -> int:
    """Let offers end whose time is over, so that the next one is asked; give how many."""
    due = ServiceOffer.objects.filter(state=OfferState.OPEN, until__lte=clock.now()).order_by("task_id")
    numbers = list(due.values_list("task__number", flat=True)[:BATCH])
    return sum(_expire(number) for number in numbers)


def _expire(number: str) -> int:
    task = service_tasks.locked(number)
    offer = ServiceOffer.objects.filter(task=task, state=OfferState.OPEN, until__lte=clock.now()).first()
    if offer is None:  # answered meanwhile
        return 0
    service_tasks.close_offer(offer, OfferState.EXPIRED)
    service_tasks.reopen(task)
    return 1


@transaction.atomic
def dispatch() -> int:
    """Decide for all open tasks together who is asked, and ask; give how many offers went out."""
    _alone()
    waiting = ServiceBooking.objects.filter(task__state=State.OPEN).order_by("id")  # locked before their tasks
    booked = waiting.select_for_update(of=("self",), skip_locked=True).values_list("task", flat=True)
    mine = Q(booking=None) | Q(pk__in=list(booked[: 10 * BATCH]))
    open_ones = ServiceTask.objects.select_for_update(of=("self",), skip_locked=True).filter(mine, state=State.OPEN)
    rows = {row.pk: row for row in open_ones.order_by("latest", "id")[:BATCH]}
    if not rows:
        return 0
    refused = _refused_by(list(rows))
    tasks = [network.as_task(row, refused.get(row.pk, ())) for row in rows.values()]
    found = _assign(tasks, {row.country for row in rows.values()})
    return sum(_decide(rows[each.task], each) for each in found)


def _assign(tasks: list[assignment.Task], countries: set[str]) -> list[assignment.Chosen]:
    """Decide first for what consumers booked, whose places are kept, then for the rest with what is left."""
    able = network.for_dispatch(countries)
    bookings.lock_providers([each.id for each in able])  # no place is promised at a checkout meanwhile
    able = network.for_dispatch(countries)
    places = network.places_of(task.id for task in tasks)
    booked = [task for task in tasks if task.id in places]
    first = assignment.assign(booked, [_freed(each, places.values()) for each in able], _today()) if booked else []
    taken = [(each.candidate.provider, each.candidate.day) for each in first if each.candidate]
    left = [_freed(each, places.values(), taken) for each in able]
    return [*first, *assignment.assign([task for task in tasks if task.id not in places], left, _today())]


def _freed(
    provider: assignment.Provider, places: Iterable[tuple[int, date]], taken: Iterable[tuple[int, date]] = ()
) -> assignment.Provider:
    """Give a provider without the places kept for what is decided now, and with what has just been decided."""
    busy = Counter(provider.busy)
    busy.subtract(day for id_, day in places if id_ == provider.id)
    busy.update(day for id_, day in taken if id_ == provider.id)
    return replace(provider, busy=busy)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _today() -> date:
    return timezone.localdate(clock.now())


def _refused_by(task_ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for task_id, provider_id in ServiceOffer.objects.filter(task__in=task_ids).values_list("task", "provider"):
        found.setdefault(task_id, []).append(provider_id)
    return found


def _decide(row: ServiceTask, chosen: assignment.Chosen) -> int:
    if chosen.candidate is None:
        if row.reason != dict(chosen.reason):
            row.reason = dict(chosen.reason)
            row.save(update_fields=["reason"])
        return 0
    _offer(row, chosen.candidate, chosen.reason)
    return 1


def _offer(row: ServiceTask, candidate: assignment.Candidate, reason: Mapping[str, object]) -> ServiceOffer:
    """Call inside a transaction, with the task locked."""
    row.state, row.provider_id, row.price_minor = State.OFFERED, candidate.provider, candidate.price
    row.on, row.at_part, row.reason = candidate.day, candidate.part, dict(reason)
    ServiceBooking.objects.filter(task=row).update(provider=None)  # from now on the task takes the place
    row.save(update_fields=["state", "provider", "price_minor", "on", "at_part", "reason", "fixed"])
    now = clock.now()
    made = ServiceOffer.objects.create(
        task=row, provider_id=candidate.provider, price_minor=candidate.price, on=candidate.day,
        at_part=candidate.part, reason=dict(reason), sent_at=now,
        until=now + max(_SOON, timedelta(minutes=settings.SERVICE_OFFER_MINUTES)),
    )  # fmt: skip
    publisher.publish(
        events.ServiceOffered(reseller_id=row.reseller_id or 0, order_number=row.order_number, offer_id=made.pk)
    )
    return made


@transaction.atomic
def give_to(*, number: str, provider_id: int, actor_id: int | None) -> ServiceTask:
    """Offer an open task to a provider a person chose. It stays with it until it says no or nothing in time.

    :raises Refused: it can't do it: not its service or area, too dear, no time, or asked before.
    :raises StateRefused: the task is not open.
    """
    _alone()
    booking_books.booking_of(number)
    row = service_tasks.locked(number)
    service_tasks.require(row, State.OPEN)
    task = network.as_task(row, _refused_by([row.pk]).get(row.pk, ()))
    bookings.lock_providers([provider_id])
    places = network.places_of([row.pk]).values()
    able = [_freed(each, places) for each in network.for_dispatch([row.country]) if each.id == provider_id]
    ways = sorted(assignment.candidates(task, able, _today()), key=lambda each: each.cost)
    if not ways:
        raise Refused("not_able", _("This provider can’t take it: another service or area, too dear, no time left, or asked before."), field="provider")  # fmt: skip
    row.fixed = True
    _offer(row, ways[0], {"code": "by_hand"})
    records.audit(actor_id, "service.given", row.number, provider=provider_id)
    return row
