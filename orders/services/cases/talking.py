"""What c and the shop do in a case of help. Each is safe to send twice: a line is one by its key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Complaint
from orders.models import Case, Order
from orders.services.cases import threads
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.services import media, records

State, Turn, Topic = Case.State, Case.Turn, Case.Topic
MOST_PHOTOS = 4
MOST_OPEN = 5  # of one order
AT_ONCE = (Topic.GOODS, Topic.VISIT)  # what is S's to answer from the first word


def store_photos(uploads: Iterable[IO[bytes]]) -> list[str]:
    """Keep c's photos, each decoded and written anew; give their names. Outside a transaction.

    :raises Refused: more than ``MOST_PHOTOS``, or one that is no readable picture; none is kept.
    """
    files = list(uploads)
    if len(files) > MOST_PHOTOS:
        raise Refused("too_many", _("At most %(most)s photos."), field="photos", most=MOST_PHOTOS)
    return media.store_photos(files, folder="help")


def topics(order: Order) -> list[Case.Topic]:
    """Give what a case of an order can be about: of a booked service only where one was booked."""
    return [each for each in Topic if each != Topic.VISIT or order.terms.get("services")]


@transaction.atomic
def open_case(
    *,
    order_number: str,
    topic: str,
    text: str,
    key: str,
    photos: Iterable[str] = (),
    consent: bool = False,
    problem: str = "",
    line_id: int | None = None,
    serial: str = "",
) -> Case:
    """Open a case in c's words; one per ``key`` of an order. What is wrong with goods, or with
    a service S's network was to do, reaches S at once.

    ``problem`` and ``line_id`` are of cases about goods: what is wrong, and with which line, where that is said;
    ``serial``: the number of the piece, checked by who calls.

    :raises NotFound: no such order.
    :raises Refused: no topic, no words, or too many of them; another order's line. :raises StateRefused: too many are open.
    """
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    id_ = ids.case_id(order.token, key)
    made = order.cases.filter(id=id_).first()
    if made is not None:
        return made
    if topic not in topics(order):
        raise Refused("topic", _("Choose what it is about."), field="topic")
    if order.cases.exclude(state=State.CLOSED).count() >= MOST_OPEN:
        raise StateRefused("many", _("You have asked several things already. We are on them."))
    said = threads.entry(
        threads.CUSTOMER, order.name, records.text(text, "text", threads.LONGEST, required=True), photos=photos
    )
    if topic == Topic.GOODS:
        said["goods"] = _goods(order, problem, line_id) | ({"serial": serial} if serial else {})
    now, at_once = clock.now(), topic in AT_ONCE
    case = Case.objects.create(
        id=id_, order=order, topic=topic, entries=[said], consent_at=now if consent else None,
        turn=Turn.SUPPLIER if at_once else Turn.SHOP, why="topic" if at_once else "", opened_at=now, changed_at=now,
    )  # fmt: skip
    threads.note(case, "opened", actor=threads.CUSTOMER, topic=topic)
    threads.keep(case, said, was_in=False)
    return case


def _goods(order: Order, problem: str, line_id: int | None) -> dict[str, Any]:
    """Say what is wrong with which line; with one line only, it is that."""
    if problem not in ("", *Complaint.Problem.values):
        raise Refused("problem", _("Choose what it is about."), field="topic")
    lines = list(order.lines.values_list("id", flat=True))
    if line_id is not None and line_id not in lines:
        raise Refused("line", _("Choose one of the things you ordered."), field="line")
    return {"line": lines[0] if len(lines) == 1 else line_id, "problem": problem}


@transaction.atomic
def say(*, order: Order, number: str, text: str, key: str, photos: Iterable[str] = ()) -> Case:
    """Add c's words; a case that was answered or closed is open again.

    :raises NotFound: this order has no such case. :raises Refused: neither words nor photos, or too many.
    """
    case = threads.locked(number, order=order)
    said = threads.entry(threads.CUSTOMER, order.name, text, photos=photos, key=f"c:{key}"[:80])
    if threads.add(case, said):
        case.state = State.OPEN
        threads.keep(case, said, was_in=bool(case.why))
    return case


@transaction.atomic
def answer(*, number: str, text: str, actor: str, key: str) -> Case:
    """Answer c, in the shop's name; c gets it by mail.

    :raises NotFound: no such case. :raises Refused: no words, or too many.
    """
    case = threads.locked(number)
    said = threads.entry(threads.SHOP, actor, text, key=f"b:{key}"[:80])
    if threads.add(case, said):
        case.state, case.turn = State.ANSWERED, Turn.SHOP
        threads.keep(case, said, was_in=bool(case.why))
        threads.write_to_customer(case, "answered", said["text"])
    return case


@transaction.atomic
def pass_on(*, number: str, text: str, actor: str, key: str) -> Case:
    """Pull S in: it reads the thread and answers c in the shop's name. ``text`` is for S alone.

    :raises NotFound: no such case. :raises StateRefused: it is closed.
    """
    case = threads.locked(number)
    if case.state == State.CLOSED:
        raise StateRefused("case_closed", _("This case is closed."))
    said = threads.entry(threads.SHOP, actor, text, to=threads.TEAM, what="passed", key=f"b:{key}"[:80])
    if threads.add(case, said):
        was_in = bool(case.why)
        case.state, case.turn, case.why = State.OPEN, Turn.SUPPLIER, case.why or "shop"
        threads.note(case, "passed", actor=actor)
        threads.keep(case, said, was_in=was_in)
    return case


@transaction.atomic
def ask(*, number: str, text: str, actor: str, key: str) -> Case:
    """Write to S beside the thread, where S is in it; c never sees it, and nobody's turn changes.

    :raises NotFound: no such case. :raises StateRefused: S is not in it. :raises Refused: no words, or too many.
    """
    case = threads.locked(number)
    if not case.why:
        raise StateRefused("not_in", _("The supplier is not in this case."))
    said = threads.entry(threads.SHOP, actor, text, to=threads.TEAM, key=f"b:{key}"[:80])
    if threads.add(case, said):
        threads.keep(case, said, was_in=True)
    return case


@transaction.atomic
def close(*, number: str, by: str, actor: str, order: Order | None = None) -> Case:
    """Close a case: solved. Closed again, nothing changes; c's next word opens it.

    :raises NotFound: no such case of this shop, or of ``order``.
    """
    case = threads.locked(number, order=order)
    if case.state != State.CLOSED:
        said = threads.entry(by, actor, "", what="closed")
        threads.add(case, said)
        case.state, case.turn = State.CLOSED, Turn.SHOP
        threads.note(case, "closed", actor=actor if by == threads.SHOP else by)
        threads.keep(case, said, was_in=bool(case.why))
    return case


@transaction.atomic
def allow(*, order: Order, number: str, allowed: bool) -> Case:
    """Note that c lets S speak to it directly, or no longer does.

    :raises NotFound: this order has no such case.
    """
    case = threads.locked(number, order=order)
    if allowed != (case.consent_at is not None):
        case.consent_at = clock.now() if allowed else None
        said = threads.entry(threads.CUSTOMER, order.name, "", what="consent" if allowed else "no_consent")
        threads.add(case, said)
        threads.keep(case, said, was_in=bool(case.why))
    return case
