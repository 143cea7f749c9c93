"""Events name nobody once they were handled, nor once the person was erased."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from s2b2c.kernel import events
from s2b2c.outbox import dispatcher, publisher, redacting
from s2b2c.outbox.dispatcher import Handler
from s2b2c.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
JUNE = {"name": "June Park", "line1": "28 Churchill Street"}
NOBODY = {"name": "", "line1": ""}


def publish(number: str) -> None:
    with transaction.atomic():
        publisher.publish(events.AddressChanged(reseller_id=1, order_number=number, recipient=JUNE))


def drain(heard: list[Any], *, apart: bool = False) -> None:
    def hear(event: Any) -> None:
        heard.append(event.recipient)

    dispatcher.drain({"AddressChanged": [Handler("test.hear", hear, apart=apart)]})


@pytest.mark.parametrize("apart", [False, True])
def test_recipient_is_told_once_and_kept_no_longer(apart):
    publish("A")
    heard: list[Any] = []
    drain(heard, apart=apart)
    row = OutboxEvent.objects.get()
    assert (heard, row.payload["recipient"], row.payload["order_number"]) == ([JUNE], {}, "A")


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_recipient_of_an_event_that_waits_is_emptied(state):
    publish("A")
    publish("B")
    OutboxEvent.objects.update(state=state)
    redacting.forget_recipients(reseller_id=1, order_numbers=["A"])
    said = dict(OutboxEvent.objects.values_list("key", "payload__recipient"))
    assert said == {"1:A": NOBODY, "1:B": JUNE}


WORDS = {
    "ComplaintAnswered": ({"complaint": "Q1", "data": {"asked": "I am Maya", "answer": "Dear Maya"}}, {"complaint": "Q1", "data": {}}),
    "CaseTold": ({"number": "H1", "action": "answer", "entry": "s:1", "text": "Dear Maya"}, {"action": "answer", "entry": "s:1", "text": ""}),
    "MailRequested": (
        {"kind": "case", "language": "en", "data": {"step": "answered", "text": "Dear Maya"}}, {"data": {"step": "answered"}},
    ),
    "ReturnRequested": (
        {"number": "R1", "wish": "refund", "reason": "mind", "note": "Maya moved", "lines": [], "photos": ["returns/a.webp"], "opened_by": "customer"},
        {"number": "R1", "note": "", "photos": []},
    ),
}  # fmt: skip


@pytest.mark.parametrize("topic", WORDS)
def test_words_are_told_once_and_kept_no_longer(topic):
    said, kept = WORDS[topic]
    with transaction.atomic():
        publisher.publish(events.from_payload(topic, {"reseller_id": 1, "order_number": "A", **said}))
    heard: list[Any] = []
    dispatcher.drain({topic: [Handler("test.hear", heard.append)]})
    row = OutboxEvent.objects.get()
    assert {name: heard[0].to_payload()[name] for name in said} == said
    assert {name: row.payload[name] for name in kept} == kept


@pytest.mark.parametrize("topic", ["ComplaintAnswered", "ReturnRequested"])
def test_words_of_an_event_that_waits_are_emptied(topic):
    with transaction.atomic():
        publisher.publish(events.from_payload(topic, {"reseller_id": 1, "order_number": "A", **WORDS[topic][0]}))
    redacting.forget_recipients(reseller_id=1, order_numbers=["B"])
    assert "Maya" in str(OutboxEvent.objects.get().payload)
    redacting.forget_recipients(reseller_id=1, order_numbers=["A"])
    payload = OutboxEvent.objects.get().payload
    assert payload.get("note", "") == payload.get("data", {}).get("asked", "") == ""
