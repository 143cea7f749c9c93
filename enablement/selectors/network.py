"""Reads of the service network: providers with their scores, tasks, offers, statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone

from enablement.models import DeskCase, ServiceBooking, ServiceOffer, ServiceProvider, ServiceStatement, ServiceTask
from enablement.selectors.assignment import Provider, Task
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound

TaskState, OfferState = ServiceTask.State, ServiceOffer.State
LOOK_BACK = timedelta(days=180)
# What each part of the score weighs, and how many cases of a usual provider are added before anything is known.
WEIGHTS = {"accepted": 25, "on_time": 35, "approved": 25, "content": 15}
USUAL, USUAL_CASES = 80, 4
BUSY = (TaskState.OFFERED, TaskState.ACCEPTED, TaskState.DONE, TaskState.APPROVED, TaskState.PAID)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a score: ``good`` of ``all`` cases; ``percent`` with the usual cases added."""

    code: str
    good: int
    all: int

    @property
    def percent(self) -> int:
        return (self.good * 100 + USUAL * USUAL_CASES) // (self.all + USUAL_CASES)

    @property
    def weight(self) -> int:
        return WEIGHTS[self.code]


@dataclass(frozen=True, slots=True)
class Score:
    """How well a provider served in the last 180 days: the weighted mean of its parts, 0 to 100."""

    parts: tuple[Share, ...]

    @property
    def value(self) -> int:
        return sum(part.percent * part.weight for part in self.parts) // sum(WEIGHTS.values())


def scores(provider_ids: Iterable[int]) -> dict[int, Score]:
    """Give the scores of providers. Two queries."""
    ids, since = list(provider_ids), clock.now() - LOOK_BACK
    asked = {row["provider"]: row for row in _answers(ids, since)}
    done = {row["provider"]: row for row in _deeds(ids, since)}
    return {each: _score(asked.get(each, {}), done.get(each, {})) for each in ids}


def _answers(ids: list[int], since: Any) -> Any:
    kept = Q(state=OfferState.ACCEPTED)
    answered = ~Q(state__in=(OfferState.OPEN, OfferState.WITHDRAWN))
    rows = ServiceOffer.objects.filter(provider__in=ids, sent_at__gte=since)
    return rows.values("provider").annotate(good=Count("id", filter=kept), all=Count("id", filter=answered))


def _deeds(ids: list[int], since: Any) -> Any:
    rows = ServiceTask.objects.filter(provider__in=ids, done_at__gte=since)
    ended = Q(state__in=(TaskState.APPROVED, TaskState.PAID))
    return rows.values("provider").annotate(
        all=Count("id"),
        on_time=Count("id", filter=Q(done_at__date__lte=F("on"))),
        ended=Count("id", filter=ended),
        approved=Count("id", filter=ended & Q(sent_back=0)),
        content=Count("id", filter=ended & Q(complaint="")),
    )


def _score(asked: dict[str, Any], done: dict[str, Any]) -> Score:
    return Score(
        (
            Share("accepted", asked.get("good", 0), asked.get("all", 0)),
            Share("on_time", done.get("on_time", 0), done.get("all", 0)),
            Share("approved", done.get("approved", 0), done.get("ended", 0)),
            Share("content", done.get("content", 0), done.get("ended", 0)),
        )
    )


# --- Providers ------------------------------------------------------------------------------------------
def providers() -> QuerySet[ServiceProvider]:
    """Give providers with their rates and how much is in their hands."""
    rows = ServiceProvider.objects.prefetch_related("rates")
    running = Q(tasks__state__in=(TaskState.OFFERED, TaskState.ACCEPTED))
    return rows.annotate(running=Count("tasks", filter=running), cheapest=Min("rates__price_minor"))


def provider(provider_id: int) -> ServiceProvider:
    """Give a provider. :raises NotFound: there is none."""
    found = providers().filter(pk=provider_id).first()
    if found is None:
        raise NotFound()
    return found


def for_dispatch(country_codes: Iterable[str]) -> list[Provider]:
    """Give active providers as the arithmetic takes them: prices, hours, score, and how busy each day is."""
    found = list(
        ServiceProvider.objects.filter(state=ServiceProvider.State.ACTIVE, country__in=set(country_codes))
        .prefetch_related("rates")
        .order_by("id")
    )
    rated, busy = scores([each.pk for each in found]), _busy([each.pk for each in found])
    return [
        Provider(
            id=each.pk, country=each.country, base=each.base, areas=tuple(each.areas), currency=each.currency,
            prices={rate.kind: rate.price_minor for rate in each.rates.all()}, capacity=each.capacity,
            hours=frozenset(each.hours), score=rated[each.pk].value, busy=busy.get(each.pk, {}),
        )
        for each in found
    ]  # fmt: skip


def _busy(ids: list[int]) -> dict[int, dict[date, int]]:
    """Give tasks, and places kept for consumers' bookings that are no task of anybody's yet, by provider and day."""
    today = timezone.localdate(clock.now())
    tasks = ServiceTask.objects.filter(provider__in=ids, on__gte=today, state__in=BUSY)
    kept = ServiceBooking.objects.filter(provider__in=ids, on__gte=today)
    found: dict[int, dict[date, int]] = {}
    for rows in (tasks, kept):
        for provider_id, on, many in rows.values_list("provider", "on").annotate(many=Count("id")):
            days = found.setdefault(provider_id, {})
            days[on] = days.get(on, 0) + many
    return found


def places_of(task_ids: Iterable[int]) -> dict[int, tuple[int, date]]:
    """Give the places kept for tasks that consumers booked, as provider and day, by task."""
    rows = ServiceBooking.objects.filter(task__in=list(task_ids), provider__isnull=False)
    return {task: (provider, on) for task, provider, on in rows.values_list("task", "provider", "on")}


def as_task(row: ServiceTask, refused_by: Iterable[int]) -> Task:
    """Give a task as the arithmetic takes it."""
    return Task(
        id=row.pk, kind=row.kind, country=row.country, postcode=row.postcode, day=row.day, latest=row.latest,
        part=row.part, currency=row.currency, budget=row.budget_minor, refused_by=frozenset(refused_by),
    )  # fmt: skip


# --- Tasks ----------------------------------------------------------------------------------------------
def tasks() -> QuerySet[ServiceTask]:
    """Give all tasks with who booked and who does them; a consumer with an order, or a shop, or S itself."""
    return ServiceTask.objects.select_related("provider", "reseller", "product", "booking__reseller")


def task(number: str) -> ServiceTask:
    """Give a task. :raises NotFound: there is none."""
    return _one(tasks().filter(number=number))


def task_of_shop(number: str, reseller_id: int) -> ServiceTask:
    """Give a task a shop booked. :raises NotFound: there is none, or it is another's."""
    return _one(tasks().filter(number=number, reseller_id=reseller_id))


def task_of_provider(number: str, provider_id: int) -> ServiceTask:
    """Give a task that is, or was last, in a provider's hands. :raises NotFound: it is not."""
    return _one(tasks().filter(number=number, provider_id=provider_id).exclude(state__in=(TaskState.OPEN,)))


def cases_of(booking: ServiceBooking) -> list[DeskCase]:
    """Give the cases of help about services of an order, the last first."""
    rows = DeskCase.objects.filter(reseller=booking.reseller_id, order_number=booking.order_number, topic="visit")
    return list(rows.defer("entries", "notes").order_by("-id")[:5])


def _one(rows: QuerySet[ServiceTask]) -> ServiceTask:
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def offers(row: ServiceTask) -> list[ServiceOffer]:
    """Give the offers of a task, the first one first."""
    return list(ServiceOffer.objects.filter(task=row).select_related("provider").order_by("id"))


def open_offers(provider_id: int) -> list[ServiceOffer]:
    """Give what waits for a provider's answer, the most urgent first."""
    rows = ServiceOffer.objects.filter(provider_id=provider_id, state=OfferState.OPEN, until__gt=clock.now())
    return list(rows.select_related("task__product", "task__reseller").order_by("until", "id"))


def in_hand(provider_id: int) -> list[ServiceTask]:
    """Give what a provider accepted and has not handed in, the soonest first, at most 200."""
    return list(tasks().filter(provider=provider_id, state=TaskState.ACCEPTED).order_by("on", "id")[:200])


def open_offer(number: str, provider_id: int) -> ServiceOffer:
    """Give what waits for a provider's answer. :raises NotFound: nothing does."""
    found = [each for each in open_offers(provider_id) if each.task.number == number]
    if not found:
        raise NotFound("offer", "")
    return found[0]


def counts() -> dict[str, int]:
    """Give how many tasks stand where on the dispatch board. One query."""
    today = timezone.localdate(clock.now())
    return ServiceTask.objects.aggregate(
        today=Count("id", filter=Q(on=today, state__in=(TaskState.OFFERED, TaskState.ACCEPTED, TaskState.DONE))),
        open=Count("id", filter=Q(state=TaskState.OPEN)),
        offered=Count("id", filter=Q(state=TaskState.OFFERED)),
        late=Count("id", filter=late(today)),
        to_approve=Count("id", filter=Q(state=TaskState.DONE, reseller=None)),
        complaints=Count("id", filter=~Q(complaint="")),
    )


def late(today: date) -> Q:
    """Match tasks whose day is past and that are not done."""
    running = Q(state__in=(TaskState.OPEN, TaskState.OFFERED, TaskState.ACCEPTED))
    return running & (Q(on__lt=today) | Q(on=None, latest__lt=today))


def to_pay() -> list[dict[str, Any]]:
    """Give what is approved and on no statement yet, by provider."""
    rows = ServiceTask.objects.filter(state=TaskState.APPROVED, statement=None)
    named: Any = rows.values("provider", "provider__name", "provider__bank", "currency")
    return list(named.annotate(many=Count("id"), total=Sum("price_minor")).order_by("provider__name"))


def statements() -> QuerySet[ServiceStatement]:
    """Give the statements of providers with how many tasks are on each."""
    return ServiceStatement.objects.select_related("provider").annotate(many=Count("tasks"))
