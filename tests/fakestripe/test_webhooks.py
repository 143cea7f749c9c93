"""Webhooks: signed, repeated until answered, and wrong in the ways one asks for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, wanted

OF_A_PAYMENT = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


class Inbox:
    """Takes events as a webhook would; answers with ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.taken: list[tuple[bytes, str]] = []

    def __call__(self, body: bytes, signature: str) -> int:
        self.taken.append((body, signature))
        return self.status

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.taken]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def test_events_of_a_payment_are_delivered_once_in_order(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    sent = fake.deliver(inbox)
    assert [(one.type, one.status) for one in sent] == [(type_, 200) for type_ in OF_A_PAYMENT]
    assert inbox.types == OF_A_PAYMENT
    assert fake.deliver(inbox) == []


def test_event_is_signed_as_the_library_expects(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    fake.deliver(inbox)
    body, signature = inbox.taken[-1]
    event = stripe.Webhook.construct_event(body, signature, fake.secret, 300)
    assert (event.type, event.data.object["id"], event.livemode) == ("checkout.session.completed", paid.id, False)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", signature, fake.secret, 300)


def test_event_shows_the_object_as_it_was(fake: FakeStripe, client: stripe.StripeClient, paid: Any) -> None:
    client.v1.refunds.create({"payment_intent": paid.payment_intent})
    [succeeded] = client.v1.events.list({"type": "charge.succeeded"}).data
    assert succeeded.data.object["amount_refunded"] == 0


def test_event_of_an_api_call_names_its_idempotency_key(client: stripe.StripeClient, paid: Any) -> None:
    client.v1.refunds.create({"payment_intent": paid.payment_intent}, {"idempotency_key": "refund-1"})
    [event] = client.v1.events.list({"type": "refund.created"}).data
    assert event.request is not None
    assert event.request.idempotency_key == "refund-1"


def test_refused_event_comes_again(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    inbox.status = 500
    fake.deliver(inbox)
    inbox.status = 200
    assert [one.type for one in fake.deliver(inbox)] == OF_A_PAYMENT
    assert fake.deliver(inbox) == []


def test_duplicate_comes_twice(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    fake.faults.add("duplicate", only="checkout.session", copies=3)
    fake.deliver(inbox)
    assert inbox.types == OF_A_PAYMENT + ["checkout.session.completed"] * 2


def test_reorder_comes_backwards(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    fake.faults.add("reorder")
    fake.deliver(inbox)
    assert inbox.types == OF_A_PAYMENT[::-1]


def test_dropped_event_never_comes_but_is_listed(
    fake: FakeStripe, client: stripe.StripeClient, inbox: Inbox, paid: Any
) -> None:
    fake.faults.add("drop", only="checkout.session.completed")
    fake.deliver(inbox)
    fake.deliver(inbox)
    assert inbox.types == OF_A_PAYMENT[:-1]
    assert client.v1.events.list({"type": "checkout.session.completed"}).data[0].pending_webhooks == 1


def test_delayed_event_comes_later(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    fake.faults.add("delay", only="checkout", seconds=60)
    assert [one.type for one in fake.deliver(inbox)] == OF_A_PAYMENT[:-1]
    assert fake.deliver(inbox) == []
    fake.world.clock = lambda: time.time() + 61
    assert [one.type for one in fake.deliver(inbox)] == OF_A_PAYMENT[-1:]


def test_dropped_event_can_be_sent_by_hand(fake: FakeStripe, inbox: Inbox, paid: Any) -> None:
    fake.faults.add("drop", times=4)
    fake.deliver(inbox)
    fake.courier.resend(fake.all("event")[-1]["id"])
    fake.deliver(inbox)
    assert inbox.types == ["checkout.session.completed"]


@pytest.fixture
def website() -> Iterator[tuple[str, list[Any]]]:
    """A web server that refuses the first event it gets and takes all others."""
    taken: list[Any] = []

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.headers["Host"], self.headers["Stripe-Signature"], json.loads(body)["type"]))
            self.send_response(500 if len(taken) == 1 else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://shop.localhost:{server.server_port}/webhooks/stripe", taken
    server.shutdown()
    server.server_close()


def test_automatic_courier_brings_every_event_with_retries(website: tuple[str, list[Any]]) -> None:
    url, taken = website
    with FakeStripe.start(webhook_url=url, automatic=True) as fake:
        session = client_of(fake).v1.checkout.sessions.create(wanted())
        fake.pay(session.id)
        fake.settle()
    assert sorted(type_ for _, _, type_ in taken) == sorted([*OF_A_PAYMENT, taken[0][2]])
    assert {host for host, _, _ in taken} == {url.split("/")[2]}


def test_webhook_that_is_away_is_tried_again(fake: FakeStripe, paid: Any) -> None:
    fake.courier.webhook_url = "http://127.0.0.1:9/none"
    assert {one.status for one in fake.deliver()} == {0}
    assert len(fake.world.store.deliveries) == 4
