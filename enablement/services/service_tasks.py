"""Tasks of the service network: booked, accepted or declined, done with proof, approved, complained about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import Part, ServiceBooking, ServiceKind, ServiceOffer, ServiceTask
from enablement.services import booking_books, providers, service_books
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.services import media, records

State, OfferState = ServiceTask.State, ServiceOffer.State
MOST_AHEAD = timedelta(days=180)
MOST_PHOTOS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is booked: what, where, when at best and at the latest, for how much at most."""

    kind: str
    brief: str
    country: str
    postcode: str
    day: date
    latest: date
    currency: str
    budget_minor: int
    part: int | None = None
    contact: str = ""
    address: str = ""
    product_id: int | None = None
    order_number: str = ""


@transaction.atomic
def book(*, wish: Wish, reseller_id: int | None, actor_id: int | None) -> ServiceTask:
    """Book a service. A shop's budget is kept from what S owes it until the task is approved or cancelled.

    :raises Refused: something is missing or wrong, or the shop has not earned that much yet; nothing is booked.
    """
    _check(wish)
    made = ServiceTask.objects.create(
        number=f"T{ids.order_number()}",
        kind=wish.kind,
        reseller_id=reseller_id,
        order_number=wish.order_number.strip()[:12],
        product_id=wish.product_id,
        brief=records.text(wish.brief, "brief", 1000, required=True),
        contact=records.text(wish.contact, "contact", 120),
        address=records.text(wish.address, "address", 240),
        country=wish.country,
        postcode=providers.plain(wish.postcode),
        day=wish.day,
        latest=wish.latest,
        part=wish.part,
        currency=wish.currency,
        budget_minor=wish.budget_minor,
        actor_id=actor_id,
        created_at=clock.now(),
    )
    if reseller_id is not None:
        service_books.keep(made)
    records.audit(actor_id, "service.booked", made.number, kind=made.kind)
    return made


def _check(wish: Wish) -> None:
    today = timezone.localdate(clock.now())
    if wish.kind not in ServiceKind.values:
        raise Refused("kind", _("Choose a service."), field="kind")
    if not providers.plain(wish.postcode):
        raise Refused("postcode", _("This can't be empty."), field="postcode")
    if wish.day < today:
        raise Refused("day", _("This day is past."), field="day")
    if not wish.day <= wish.latest <= today + MOST_AHEAD:
        raise Refused("latest", _("Not before the day you wish, and within half a year."), field="latest")
    if wish.part is not None and wish.part not in Part.values:
        raise Refused("part", _("Choose a part of the day."), field="part")
    if wish.budget_minor <= 0:
        raise Refused("budget", _("Say what it may cost at most."), field="budget")


@transaction.atomic
def cancel(*, number: str, actor_id: int | None) -> ServiceTask:
    """Cancel what is not done yet; the shop has its budget back. The same again changes nothing.

    :raises StateRefused: it is done already, or a consumer booked it: that is given up, see ``bookings``.
    """
    _not_booked(number)
    task = locked(number)
    if task.state == State.CANCELLED:
        return task
    require(task, State.OPEN, State.OFFERED, State.ACCEPTED)
    _end_offer(task, OfferState.WITHDRAWN, OfferState.OPEN)
    task.state, task.ended_at = State.CANCELLED, clock.now()
    task.save(update_fields=["state", "ended_at"])
    service_books.give_back(task)
    records.audit(actor_id, "service.cancelled", task.number)
    return task


def call_off(task: ServiceTask) -> ServiceTask:
    """End a task whose consumer moved or cancelled it; who had it is told. Call inside a transaction.

    :raises StateRefused: it is done already.
    """
    task = locked(task.number)
    if task.state == State.CANCELLED:
        return task
    require(task, State.OPEN, State.OFFERED, State.ACCEPTED)
    had = ServiceOffer.objects.filter(task=task, state__in=(OfferState.OPEN, OfferState.ACCEPTED)).first()
    _end_offer(task, OfferState.WITHDRAWN, OfferState.OPEN)
    task.state, task.ended_at = State.CANCELLED, clock.now()
    task.save(update_fields=["state", "ended_at"])
    if had is not None:
        publisher.publish(events.ServiceCalledOff(reseller_id=0, order_number=task.order_number, offer_id=had.pk))
    return task


def note_given_up(task: ServiceTask, *, reason: str, actor_id: int | None) -> None:
    """Write down who said that a booked task can't be done. Call inside the transaction of it."""
    records.audit(actor_id, "service.given_up", task.number, reason=reason)


# --- The provider's side ----------------------------------------------------------------------------------
@transaction.atomic
def accept(*, number: str, provider_id: int) -> ServiceTask:
    """Take what was offered. Taken again, it stays taken.

    :raises StateRefused: the time is over, or it was offered to another.
    """
    task = locked(number)
    if task.state == State.ACCEPTED and task.provider_id == provider_id:
        return task
    offer = _open(task, provider_id)
    _answer(offer, OfferState.ACCEPTED)
    task.state, task.accepted_at = State.ACCEPTED, clock.now()
    task.save(update_fields=["state", "accepted_at"])
    _tell(task, "accepted")
    return task


@transaction.atomic
def decline(*, number: str, provider_id: int, note: str = "") -> ServiceTask:
    """Say no to what was offered; the next one is asked.

    :raises StateRefused: the time is over, or it was offered to another.
    """
    task = locked(number)
    _answer(_open(task, provider_id), OfferState.DECLINED, note)
    return reopen(task)


@transaction.atomic
def hand_back(*, number: str, provider_id: int, note: str) -> ServiceTask:
    """Give back what was accepted and can't be done after all; the next one is asked.

    :raises Refused: no reason. :raises StateRefused: it is not in this provider's hands.
    """
    task = _in_hands(number, provider_id)
    if not note.strip():
        raise Refused("note", _("Say why, in a few words."), field="note")
    _end_offer(task, OfferState.GIVEN_BACK, OfferState.ACCEPTED, note)
    _tell(task, "given_back")
    return reopen(task)


def hand_in(*, number: str, provider_id: int, proof: str, photos: Sequence[IO[bytes]] = ()) -> ServiceTask:
    """Say that it is done, with a note, photos or both. Photos are decoded and written anew, outside a transaction.

    :raises Refused: neither note nor photo, a file that is no picture, photos that are asked for and missing.
    :raises StateRefused: it is not in this provider's hands.
    """
    if len(photos) > MOST_PHOTOS:
        raise Refused("too_many", _("At most %(most)s photos."), field="photos", most=MOST_PHOTOS)
    _in_hands_now(number, provider_id)
    names = media.store_photos(photos, folder="services")
    return _hand_in(number, provider_id, records.text(proof, "proof", 600), names)


@transaction.atomic
def _hand_in(number: str, provider_id: int, proof: str, names: list[str]) -> ServiceTask:
    task = _in_hands(number, provider_id)
    pictures = [*task.pictures, *names][-2 * MOST_PHOTOS :]
    if not proof and not names:
        raise Refused("proof", _("Write a note or add a photo, so that it can be approved."), field="proof")
    if task.kind == ServiceKind.PHOTOS and not pictures:
        raise Refused("photos", _("Add the pictures you took."), field="photos")
    first = task.done_at is None or task.accepted_at is None or task.done_at < task.accepted_at
    task.state, task.proof, task.photos, task.done_at = State.DONE, proof or task.proof, pictures, clock.now()
    task.save(update_fields=["state", "proof", "photos", "done_at"])
    if first:  # what the same provider hands in again changes nothing for the consumer
        _tell(task, "done")
    return task


def _tell(task: ServiceTask, what: str) -> None:
    """Let the shop write to who booked it with an order, if anybody did."""
    row = ServiceBooking.objects.filter(task=task).first() if task.sold_by_id is not None else None
    if row is not None:
        who = task.provider.name if task.provider else ""
        publisher.publish(
            events.ServiceTold(
                reseller_id=row.reseller_id,
                order_number=row.order_number,
                line_id=row.line_id,
                what=what,
                who=who,
                on=row.on.isoformat(),
                part=row.part,
            )
        )


# --- The side of who booked -------------------------------------------------------------------------------
@transaction.atomic
def approve(*, number: str, actor_id: int | None) -> ServiceTask:
    """Take what was handed in: its price is owed to the provider, the rest of the budget goes back.

    Approved again, it stays approved. :raises StateRefused: nothing was handed in.
    """
    booking = booking_books.booking_of(number)  # locked before its task, as everywhere
    task = locked(number)
    if task.state in (State.APPROVED, State.PAID):
        return task
    require(task, State.DONE)
    task.state, task.ended_at = State.APPROVED, clock.now()
    task.save(update_fields=["state", "ended_at"])
    if booking is None:
        service_books.owe(task)
    else:
        booking_books.owe(task, booking)
    records.audit(actor_id, "service.approved", task.number, price=task.price_minor)
    return task


@transaction.atomic
def send_back(*, number: str, answer: str, actor_id: int | None) -> ServiceTask:
    """Ask the provider to do it again, and say what is missing.

    :raises Refused: no reason. :raises StateRefused: nothing was handed in.
    """
    task = locked(number)
    require(task, State.DONE)
    if not answer.strip():
        raise Refused("answer", _("Say what is missing, in a few words."), field="answer")
    task.state, task.answer, task.sent_back = State.ACCEPTED, answer.strip()[:300], task.sent_back + 1
    task.save(update_fields=["state", "answer", "sent_back"])
    records.audit(actor_id, "service.sent_back", task.number)
    return task


@transaction.atomic
def complain(*, number: str, complaint: str, actor_id: int | None) -> ServiceTask:
    """Note that something was wrong with what was approved; it counts in the provider's score.

    :raises Refused: no words. :raises StateRefused: it was not approved.
    """
    task = locked(number)
    require(task, State.APPROVED, State.PAID)
    if not complaint.strip():
        raise Refused("complaint", _("Say what was wrong, in a few words."), field="complaint")
    task.complaint = complaint.strip()[:300]
    task.save(update_fields=["complaint"])
    records.audit(actor_id, "service.complaint", task.number)
    return task


@transaction.atomic
def postpone(*, number: str, latest: date, actor_id: int | None) -> ServiceTask:
    """Give a task more time; whoever said no or nothing may not be asked again, others may.

    :raises Refused: the day is past. :raises StateRefused: somebody does it already.
    """
    _not_booked(number)
    task = locked(number)
    require(task, State.OPEN)
    today = timezone.localdate(clock.now())
    if not max(today, task.day) <= latest <= today + MOST_AHEAD:
        raise Refused("latest", _("Not before the day you wish, and within half a year."), field="latest")
    task.latest = latest
    task.save(update_fields=["latest"])
    return task


def _not_booked(number: str) -> None:
    if booking_books.booking_of(number) is not None:
        message = _("A consumer booked this for its day: move it with them, or give it up and their money goes back.")
        raise StateRefused("booked", message)


# --- What its neighbours use too ----------------------------------------------------------------------------
def locked(number: str) -> ServiceTask:
    """Lock a task. Call inside a transaction. :raises NotFound: there is none."""
    found = ServiceTask.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def require(task: ServiceTask, *states: str) -> None:
    """Check that a task is in one of these states. :raises StateRefused: it is not."""
    if task.state not in states:
        raise StateRefused("service_state", _("This task is “%(state)s”; that step is not possible now."), state=task.get_state_display())  # fmt: skip


def reopen(task: ServiceTask) -> ServiceTask:
    """Let a task look for somebody again. Call inside a transaction, with the task locked."""
    task.state, task.provider, task.price_minor, task.on, task.at_part = State.OPEN, None, None, None, None
    task.accepted_at, task.fixed, task.reason = None, False, {}
    task.save(update_fields=["state", "provider", "price_minor", "on", "at_part", "accepted_at", "fixed", "reason"])
    return task


def close_offer(offer: ServiceOffer, state: str) -> None:
    """End an offer. Call inside a transaction, with its task locked."""
    _answer(offer, state)


def _answer(offer: ServiceOffer, state: str, note: str = "") -> None:
    offer.state, offer.note, offer.answered_at = state, note.strip()[:200], clock.now()
    offer.save(update_fields=["state", "note", "answered_at"])


def _end_offer(task: ServiceTask, to: str, was: str, note: str = "") -> None:
    for offer in ServiceOffer.objects.filter(task=task, state=was):
        _answer(offer, to, note)


def _open(task: ServiceTask, provider_id: int) -> ServiceOffer:
    offers: Iterable[ServiceOffer] = ServiceOffer.objects.filter(
        task=task, provider_id=provider_id, state=OfferState.OPEN
    )
    for offer in offers:
        if offer.until > clock.now():
            return offer
    raise StateRefused("offer", _("The time for this offer is over, or it was withdrawn."))


def _in_hands(number: str, provider_id: int) -> ServiceTask:
    task = locked(number)
    if task.provider_id != provider_id:
        raise NotFound()
    require(task, State.ACCEPTED)
    return task


@transaction.atomic
def _in_hands_now(number: str, provider_id: int) -> None:
    """Look before photos are decoded."""
    _in_hands(number, provider_id)
