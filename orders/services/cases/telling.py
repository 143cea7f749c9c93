"""What S says in a case, done at the shop: answers in the shop's name, questions to the shop, time that is up."""

from __future__ import annotations

from django.db import transaction

from orders.models import Case
from orders.services.cases import threads
from s2b2c.kernel import events

State, Turn = Case.State, Case.Turn


@transaction.atomic
def take_told(event: events.CaseTold) -> None:
    """Do what S said. Told twice, it is done once."""
    case = threads.locked(event.number)
    {
        "answer": _answer, "ask": _ask, "close": _close, "cost": _cost, "overdue": _overdue,
    }[event.action](case, event)  # fmt: skip


def _answer(case: Case, event: events.CaseTold) -> None:
    said = threads.entry(threads.SUPPLIER, "", event.text, key=event.entry)
    if threads.add(case, said):
        case.state = State.ANSWERED
        threads.keep(case, said, was_in=True)
        threads.write_to_customer(case, "answered", said["text"])


def _ask(case: Case, event: events.CaseTold) -> None:
    said = threads.entry(threads.SUPPLIER, "", event.text, to=threads.TEAM, what="asked", key=event.entry)
    if threads.add(case, said):
        case.state, case.turn = State.OPEN, Turn.SHOP
        threads.keep(case, said, was_in=True)


def _close(case: Case, event: events.CaseTold) -> None:
    said = [threads.entry(threads.SUPPLIER, "", "", what="closed", key=event.entry)]
    if event.text:  # why it is over is for the shop
        said.append(threads.entry(threads.SUPPLIER, "", event.text, to=threads.TEAM, key=f"{event.entry}:why"[:80]))
    if case.state != State.CLOSED and threads.add(case, *said):
        case.state, case.turn = State.CLOSED, Turn.SHOP
        threads.note(case, "closed", actor=threads.SUPPLIER)
        threads.keep(case, *said, was_in=True)


def _cost(case: Case, event: events.CaseTold) -> None:
    said = threads.entry(threads.SUPPLIER, "", event.text, to=threads.TEAM, what="cost", key=event.entry)
    if threads.add(case, said):
        threads.keep(case, said, was_in=True)


def _overdue(case: Case, event: events.CaseTold) -> None:
    """Pull S in where the shop's time is up, unless something happened since the clock was read."""
    if case.state != State.OPEN or case.turn != Turn.SHOP or case.changed_at.isoformat() != event.since:
        return
    was_in = bool(case.why)
    said = threads.entry(threads.SYSTEM, "", "", to=threads.TEAM, what="passed", key=event.entry)
    if threads.add(case, said):
        case.turn, case.why = Turn.SUPPLIER, case.why or "time"
        threads.note(case, "passed", actor=threads.SYSTEM)
        threads.keep(case, said, was_in=was_in)
