"""The control page and its endpoints."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.fakestripe import FakeStripe


def test_fault_is_added_as_json_and_cleared(fake: FakeStripe) -> None:
    url = f"{fake.url}/_control/faults"
    answer = requests.post(url, json={"kind": "duplicate", "times": 2, "only": "charge"}, timeout=5)
    assert [(fault["kind"], fault["times"], fault["only"]) for fault in answer.json()["faults"]] == [
        ("duplicate", 2, "charge")
    ]
    assert requests.delete(url, timeout=5).json() == {"faults": []}


def test_fault_is_added_by_the_form(fake: FakeStripe) -> None:
    form = {"kind": "delay", "seconds": "1.5", "only": ""}
    answer = requests.post(f"{fake.url}/_control/faults", data=form, timeout=5)
    assert (answer.status_code, answer.url) == (200, f"{fake.url}/_control")
    assert fake.faults.list()[0]["seconds"] == 1.5


@pytest.mark.parametrize("sent", [{"kind": "flood"}, {}, {"kind": "drop", "times": "many"}, []])
def test_senseless_fault_is_refused(fake: FakeStripe, sent: Any) -> None:
    answer = requests.post(f"{fake.url}/_control/faults", json=sent, timeout=5)
    assert (answer.status_code, fake.faults.list()) == (400, [])


def test_page_of_another_origin_cannot_control(fake: FakeStripe) -> None:
    headers = {"Origin": "http://evil.example"}
    answer = requests.post(f"{fake.url}/_control/faults", data={"kind": "drop"}, headers=headers, timeout=5)
    assert (answer.status_code, fake.faults.list()) == (403, [])


def test_page_lists_checkouts_and_events(fake: FakeStripe, paid: Any) -> None:
    text = requests.get(f"{fake.url}/_control", timeout=5).text
    for words in ("$25.00", "complete", "checkout.session.completed", "not sent yet"):
        assert words in text


def test_event_is_sent_again(fake: FakeStripe, paid: Any) -> None:
    fake.deliver(lambda body, signature: 200)
    event = fake.all("event")[-1]["id"]
    requests.post(f"{fake.url}/_control/resend", data={"event": event}, timeout=5)
    assert [one.event_id for one in fake.deliver(lambda body, signature: 200)] == [event]


def test_state_is_plain_data_without_notes(fake: FakeStripe, paid: Any) -> None:
    state = requests.get(f"{fake.url}/_control/state", timeout=5).json()
    session = next(item for item in state["objects"] if item["object"] == "checkout.session")
    assert [name for name in session if name.startswith("_")] == []
    assert len(state["undelivered"]) == 4


def test_unknown_control_is_404(fake: FakeStripe) -> None:
    assert requests.post(f"{fake.url}/_control/explode", timeout=5).status_code == 404
