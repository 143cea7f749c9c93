"""The desk of S: cases it is pulled into. The shop's side keeps the thread; what S does reaches it as an event.

A case's row here follows the shop's events. What S says is shown at once and is one line with its echo, by its key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from enablement.models import DeskCase, DeskClock, DeskSkill
from enablement.models.desk import Topic
from enablement.selectors.desk import HELPERS, hours
from enablement.services import bookings, complaint_records
from s2b2c.accounts.models import Membership
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import Account
from supplier.services import ledger, records
from supplier.services.ledger import Leg

State, Turn, Cause, Kind = DeskCase.State, DeskCase.Turn, DeskCase.Cause, Account.Kind
LONGEST = 2_000
MOST_MINOR = 100_000


# --- What the shop tells; each may be told twice ---------------------------------------------------
@transaction.atomic
def note_moved(event: events.CaseMoved) -> None:
    """Bring our row in line with what the shop says."""
    at = datetime.fromisoformat(event.at)
    start = {"order_number": event.order_number, "topic": event.about, "opened_at": at, "moved_at": at}
    case, created = DeskCase.objects.select_for_update().get_or_create(
        reseller_id=event.reseller_id, number=event.number, defaults=start
    )
    if not created and at < case.moved_at:
        return
    asked = not case.why and bool(event.why)
    if created and event.about == Topic.VISIT:
        words = str(next((row["text"] for row in event.entries if row["by"] == "customer"), ""))
        bookings.complain(reseller_id=event.reseller_id, order_number=event.order_number, words=words)
    known = {row["key"] for row in case.entries}
    case.entries = [*case.entries, *(row for row in event.entries if row["key"] not in known)]
    case.topic, case.state, case.turn, case.why, case.moved_at = event.about, event.state, event.turn, event.why, at
    case.consent_at = (case.consent_at or at) if event.consent else None
    _set_clocks(case, at, asked=asked)
    if case.turn == Turn.SUPPLIER and case.state == State.OPEN and case.assignee_id is None:
        case.assignee_id = _best(case.topic)
    case.save()
    complaint_records.follow(case, goods=event.goods)


def _set_clocks(case: DeskCase, at: datetime, *, asked: bool) -> None:
    if asked:
        case.passed_at = at
    if case.state == State.ANSWERED and case.answered_at is None:
        case.answered_at = at
    case.closed_at = at if case.state == State.CLOSED else None
    shop, desk = hours(case.topic)
    wait = timedelta(hours=desk if case.turn == Turn.SUPPLIER else shop)
    case.due_at = at + wait if case.state == State.OPEN else None


def _best(topic: str, *, but: int | None = None) -> int | None:
    """Give who of S is good at a topic and has least to do; None: nobody said so."""
    able = DeskSkill.objects.filter(topic=topic, user__is_active=True).exclude(user_id=but)
    able = able.filter(user_id__in=Membership.objects.filter(reseller=None, role__in=HELPERS).values("user_id"))
    load = dict(
        DeskCase.objects.filter(state=State.OPEN, turn=Turn.SUPPLIER, assignee__isnull=False)
        .values_list("assignee_id")
        .annotate(n=Count("id"))
    )
    return min(able.values_list("user_id", flat=True), key=lambda user: (load.get(user, 0), user), default=None)


# --- Clocks ------------------------------------------------------------------------------------------
@transaction.atomic
def ring(*, limit: int = 500) -> int:
    """Pull S into what a shop left for too long, and pass on what somebody at the desk did; give how many.

    May run twice, and side by side: the shop's side acts only if nothing happened since.
    """
    now = clock.now()
    late = DeskCase.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=State.OPEN, due_at__lte=now)
    found = list(late.order_by("due_at", "id")[:limit])
    for case in found:
        if case.turn == Turn.SHOP:
            _tell(case, "overdue", entry=f"late:{case.moved_at.isoformat()}", since=case.moved_at.isoformat())
            case.due_at = now + timedelta(hours=1)  # rung again, should the shop's side not have heard
        else:
            case.assignee_id = _best(case.topic, but=case.assignee_id) or case.assignee_id
            case.due_at = now + timedelta(hours=hours(case.topic)[1])
    DeskCase.objects.bulk_update(found, ["assignee", "due_at"])
    return len(found)


# --- What S does ---------------------------------------------------------------------------------------
@transaction.atomic
def answer(*, pk: int, text: str, key: str, actor_id: int) -> DeskCase:
    """Answer c, in the shop's name: the words go out in its look and from its address, never from ours.

    :raises NotFound: no such case. :raises StateRefused: S was not asked. :raises Refused: no words, or too many.
    """
    case = _asked(pk)
    words = records.text(text, "text", LONGEST, required=True)
    if _say(case, "answer", words, key, to="all", what="said"):
        case.state, case.due_at, case.assignee_id = State.ANSWERED, None, actor_id
        case.answered_at = case.answered_at or clock.now()
        case.save()
        complaint_records.follow(case, actor_id=actor_id)
    return case


@transaction.atomic
def ask(*, pk: int, text: str, key: str, actor_id: int) -> DeskCase:
    """Hand a case back to the shop, with words c never sees; it is the shop's turn.

    :raises NotFound: no such case. :raises StateRefused: S was not asked. :raises Refused: no words, or too many.
    """
    case = _asked(pk)
    words = records.text(text, "text", LONGEST, required=True)
    if _say(case, "ask", words, key, to="team", what="asked"):
        case.state, case.turn = State.OPEN, Turn.SHOP
        case.due_at = clock.now() + timedelta(hours=hours(case.topic)[0])
        case.save()
        complaint_records.follow(case)
    return case


@transaction.atomic
def note(*, pk: int, text: str, who: str) -> DeskCase:
    """Write something only S reads. The same words again, last, are one note.

    :raises NotFound: no such case. :raises Refused: no words, or too many.
    """
    case = _locked(pk)
    words = records.text(text, "text", LONGEST, required=True)
    if not case.notes or case.notes[-1]["text"] != words:
        case.notes = [*case.notes, {"at": clock.now().isoformat(), "who": who[:80], "text": words}]
        case.save(update_fields=["notes"])
    return case


@transaction.atomic
def assign(*, pk: int, user_id: int | None) -> DeskCase:
    """Give a case to somebody of S, or to nobody.

    :raises NotFound: no such case. :raises Refused: not somebody who helps here.
    """
    case = _locked(pk)
    able = Membership.objects.filter(reseller=None, role__in=HELPERS)
    if user_id is not None and not able.filter(user_id=user_id, user__is_active=True).exists():
        raise Refused("assignee", _("Choose somebody of the desk."), field="assignee")
    case.assignee_id = user_id
    case.save(update_fields=["assignee"])
    return case


@transaction.atomic
def close(*, pk: int, cause: str, cost_minor: int, currency: str, actor_id: int, reason: str = "") -> DeskCase:
    """Close a case: who made the work necessary, what it was worth, and why it is over. What a shop caused, it pays.

    A case that c opens again is closed again at the cost it had: S's work is booked once. ``reason``: the shop reads it.

    :raises NotFound: no such case. :raises StateRefused: S was not asked.
    :raises Refused: no cause, or a cost below zero or beyond ``MOST_MINOR``.
    """
    case = _asked(pk)
    if cause not in Cause.values:
        raise Refused("cause", _("Say who caused it."), field="cause")
    if not 0 <= cost_minor <= MOST_MINOR:
        raise Refused("cost", _("That is no sensible cost."), field="cost")
    if not case.cause:
        case.cause, case.cost_minor, case.currency = cause, cost_minor, currency if cost_minor else ""
        _book(case)
        records.audit(actor_id, "case.closed", case.number, cause=cause, cost=cost_minor)
    case.state, case.due_at, case.turn = State.CLOSED, None, Turn.SHOP
    case.closed_at = case.closed_at or clock.now()
    case.save()
    complaint_records.follow(case, actor_id=actor_id, closed_by="supplier", reason=reason)
    _tell(case, "close", entry=f"close:{ids.token()}", text=reason)
    return case


def _book(case: DeskCase) -> None:
    """Book S's work once; where the shop caused it, it is taken from what the shop has earned, and it is told."""
    if not case.cost_minor:
        return
    legs = [Leg(Kind.HELP_COST, Kind.HELP_WORK, case.cost_minor)]
    if case.cause == Cause.RESELLER:
        legs.append(Leg(Kind.RESELLER_PAYABLE, Kind.HELP_COST, case.cost_minor))
        _tell(case, "cost", entry=f"cost:{case.number}", text=f"{case.cost_minor} {case.currency}")
    ledger.post(
        key=f"help:{case.reseller_id}:{case.number}", kind="help", currency=case.currency,
        reseller_id=case.reseller_id, order_number=case.order_number, at=clock.now(), legs=legs,
    )  # fmt: skip


@transaction.atomic
def set_desk(*, topic: str, shop_hours: int, desk_hours: int, user_ids: list[int], actor_id: int) -> None:
    """Say how long answers of a topic may take, and who of S is good at it.

    :raises Refused: no such topic, hours outside 1 to 720, or somebody who doesn't help here.
    """
    if topic not in Topic.values:
        raise Refused("topic", field="topic")
    if not (1 <= shop_hours <= 720 and 1 <= desk_hours <= 720):
        raise Refused("hours", _("Between 1 and 720 hours."), field="hours")
    able = Membership.objects.filter(Q(reseller=None), role__in=HELPERS, user_id__in=user_ids)
    if able.count() != len(set(user_ids)):
        raise Refused("people", _("Choose somebody of the desk."), field="people")
    DeskClock.objects.update_or_create(topic=topic, defaults={"shop_hours": shop_hours, "desk_hours": desk_hours})
    DeskSkill.objects.filter(topic=topic).exclude(user_id__in=user_ids).delete()
    DeskSkill.objects.bulk_create(
        [DeskSkill(topic=topic, user_id=each) for each in set(user_ids)], ignore_conflicts=True
    )
    records.audit(actor_id, "desk.set", topic, shop_hours=shop_hours, desk_hours=desk_hours, people=sorted(user_ids))


def forget(*, reseller_id: int, order_numbers: list[str]) -> None:
    """Take what a customer said out of S's copies. Call inside a transaction."""
    for case in DeskCase.objects.select_for_update().filter(reseller_id=reseller_id, order_number__in=order_numbers):
        case.entries = [without_words(row) for row in case.entries]
        case.consent_at = None
        case.save(update_fields=["entries", "consent_at"])


def without_words(row: dict[str, Any]) -> dict[str, Any]:
    """Give a line of a thread; one of the customer's without name, words and photos."""
    return {**row, "who": "", "text": "", "photos": []} if row["by"] == "customer" else row


def _say(case: DeskCase, action: str, words: str, key: str, *, to: str, what: str) -> bool:
    """Put S's words into the row, and tell the shop; False: said already."""
    entry = f"s:{key}"[:80]
    if any(row["key"] == entry for row in case.entries):
        return False
    said = {
        "key": entry, "at": clock.now().isoformat(), "by": "supplier", "who": "", "to": to, "what": what, "text": words,
        "photos": [],
    }  # fmt: skip
    case.entries = [*case.entries, said]
    _tell(case, action, entry=entry, text=words)
    return True


def _tell(case: DeskCase, action: str, *, entry: str, text: str = "", since: str = "") -> None:
    publisher.publish(
        events.CaseTold(
            reseller_id=case.reseller_id, order_number=case.order_number, number=case.number, action=action, entry=entry,
            text=text, since=since,
        )
    )  # fmt: skip


def _locked(pk: int) -> DeskCase:
    found = DeskCase.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def _asked(pk: int) -> DeskCase:
    case = _locked(pk)
    if not case.why:
        raise StateRefused("not_asked", _("The shop has not asked us about this."))
    return case
