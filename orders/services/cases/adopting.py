"""Complaints written before there were cases become cases: one thread a matter, with all that was said."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from enablement.models import Complaint
from enablement.services import complaint_records, forgetting
from orders.models import Case, Order
from orders.services.cases import threads
from s2b2c.kernel import ids
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller

State, Turn = Case.State, Case.Turn
BATCH = 200


def adopt_all() -> int:
    """Make a case of each complaint that has none; give how many. May be killed, and run twice or side by side."""
    made, last = 0, 0
    waiting = Complaint.objects.filter(~Q(key__startswith=complaint_records.key_of(""))).order_by("id")
    while rows := list(waiting.filter(id__gt=last).values_list("id", "reseller_id")[:BATCH]):
        resellers = Reseller.objects.in_bulk({reseller for _id, reseller in rows})
        for complaint_id, reseller_id in rows:
            with context.entered(resellers[reseller_id]):
                made += adopt(complaint_id=complaint_id)
        last = rows[-1][0]
    return made


@transaction.atomic
def adopt(*, complaint_id: int) -> bool:
    """Make a case of a complaint of this shop; False: it has one, or its order is gone."""
    old = Complaint.objects.select_for_update(of=("self",)).get(id=complaint_id)
    order = Order.objects.select_for_update().filter(number=old.order_number).first()
    if order is None or old.key.startswith(complaint_records.key_of("")):
        return False
    goods = old.about == Complaint.About.GOODS
    case = Case(
        id=ids.case_id(order.token, f"complaint:{old.number}"), order=order, topic=Case.Topic(old.about),
        state=State.ANSWERED if old.answered_at else State.OPEN,
        turn=Turn.SUPPLIER if goods and not old.answered_at else Turn.SHOP, why="topic" if goods else "",
        entries=_said(old, order), opened_at=old.created_at, changed_at=old.answered_at or old.created_at,
    )  # fmt: skip
    case.save(force_insert=True)
    _hand_over(old, case)
    threads.keep(case, was_in=False)
    return True


def _said(old: Complaint, order: Order) -> list[dict[str, object]]:
    goods = old.about == Complaint.About.GOODS
    asked = threads.entry(threads.CUSTOMER, order.name, old.text, photos=old.photos)
    asked["at"] = old.created_at.isoformat()
    if goods:
        line = order.lines.filter(variant_id=old.variant_id).values_list("id", flat=True).first()
        asked["goods"] = {"line": line, "problem": ""}
    if old.answered_at is None:
        return [asked]
    answered = threads.entry(threads.SUPPLIER if goods else threads.SHOP, "", old.answer)
    answered["at"] = old.answered_at.isoformat()
    return [asked, answered]


def _hand_over(old: Complaint, case: Case) -> None:
    """Make the complaint the case's record; one about the service leaves its words to the shop."""
    old.key = complaint_records.key_of(case.number)
    if old.about == Complaint.About.SERVICE:
        old.text, old.photos, old.answer = forgetting.GONE, [], ""
        old.state, old.closed_at, old.closed_by = Complaint.State.CLOSED, case.changed_at, threads.SHOP
    old.save()
