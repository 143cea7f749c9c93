"""Cases at S's desk: listed, found, counted, and what the work cost by cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from enablement.models import DeskCase, DeskClock, DeskSkill
from enablement.models.desk import Topic
from s2b2c.accounts.models import Membership, User
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import SalesOrder

State, Turn = DeskCase.State, DeskCase.Turn
HELPERS = ("admin", "support", "quality", "finance")
USUAL_HOURS = {  # shop, desk
    Topic.GOODS: (24, 24), Topic.VISIT: (24, 24), Topic.DELIVERY: (24, 24), Topic.PAYMENT: (24, 24), Topic.SERVICE: (48, 48), Topic.OTHER: (48, 48),
}  # fmt: skip


def listed() -> QuerySet[DeskCase]:
    """Give all cases with shop and who has them. Those S was not asked about show no words."""
    return DeskCase.objects.select_related("reseller", "assignee").defer("entries", "notes")


def find(pk: int) -> DeskCase:
    """Give one case.

    :raises NotFound: there is none.
    """
    found = DeskCase.objects.select_related("reseller", "assignee").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def counts(user_id: int) -> dict[str, int]:
    """Give how many cases wait for S, for this person, and for a shop beyond its time."""
    waits = Q(state=State.OPEN, turn=Turn.SUPPLIER)
    return DeskCase.objects.filter(state=State.OPEN).aggregate(
        ours=Count("pk", filter=waits),
        mine=Count("pk", filter=waits & Q(assignee=user_id)),
        late=Count("pk", filter=Q(due_at__lte=clock.now())),
    )


def sales_order(case: DeskCase) -> SalesOrder | None:
    """Give the order a case is about; None: S has not got it, or has no more."""
    return SalesOrder.objects.filter(reseller=case.reseller_id, order_number=case.order_number).first()


def helpers() -> list[User]:
    """Give who of S helps at the desk, by name."""
    staff = Membership.objects.filter(reseller=None, role__in=HELPERS, user__is_active=True)
    return sorted((each.user for each in staff.select_related("user")), key=str)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a topic may wait, and who is good at it."""

    topic: Topic
    shop_hours: int
    desk_hours: int
    people: frozenset[int]


def rules() -> list[Rule]:
    """Give the rules of every topic."""
    kept = {each.topic: (each.shop_hours, each.desk_hours) for each in DeskClock.objects.all()}
    able: dict[str, set[int]] = {}
    for topic, user in DeskSkill.objects.values_list("topic", "user_id"):
        able.setdefault(topic, set()).add(user)
    return [Rule(each, *kept.get(each, USUAL_HOURS[each]), frozenset(able.get(each, ()))) for each in Topic]


@dataclass(frozen=True, slots=True)
class Work:
    """What cases of one cause were, and cost S, in one currency."""

    cause: str
    cases: int
    cost_minor: int
    currency: str


def work(since: datetime) -> list[Work]:
    """Give what S's help cost since an instant, by cause and currency, the dearest first."""
    rows = DeskCase.objects.filter(closed_at__gte=since).exclude(cause="")
    found = (
        rows.values_list("cause", "currency")
        .annotate(n=Count("pk"), cost=Sum("cost_minor"))
        .order_by("-cost", "cause")
    )
    return [Work(cause, n, cost, currency) for cause, currency, n, cost in found]


def first_answer_hours(since: datetime, *, reseller_id: int | None = None) -> float | None:
    """Give after how many hours c got its first answer, on the mean; None: nothing was asked."""
    took = ExpressionWrapper(F("answered_at") - F("opened_at"), output_field=DurationField())
    rows = DeskCase.objects.filter(opened_at__gte=since, answered_at__isnull=False)
    rows = rows.filter(reseller_id=reseller_id) if reseller_id else rows
    mean = rows.aggregate(mean=Avg(took))["mean"]
    return mean.total_seconds() / 3600 if mean is not None else None


def hours(topic: str) -> tuple[int, int]:
    """Give how many hours a shop, and S, may take to answer a topic."""
    found = DeskClock.objects.filter(topic=topic).values_list("shop_hours", "desk_hours").first()
    return found or USUAL_HOURS[Topic(topic)]
