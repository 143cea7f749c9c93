"""All 720 orders of six signed webhooks, each sent twice to the platform's own address, end in one state.

Nothing is left out between provider and books: the view checks the signature and stores the event, the worker fetches
the truth from the provider, and what it asks for there – money sent back, pages shut – happens there and is told by
further webhooks. Provider and database go back to the beginning for the next order. In every other order the worker
sleeps until all six have come. A sample is tried each time; ``WEBHOOK_ORDERS=all`` tries them all.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from orders.models import OrderLine, Refund
from orders.services import payment, refund, sending
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent, WebhookReceipt
from tests import factories
from tests.fakestripe import FakeStripe
from tests.orders.buying import buy
from tests.orders.test_all_orders_of_webhooks import chosen, page, state

pytestmark = pytest.mark.django_db
SAMPLE = 18


def receive(body: bytes, signature: str) -> int:
    asked = Client(HTTP_HOST="localhost").post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return asked.status_code


def event(provider: FakeStripe, type_: str, subject: str) -> str:
    """Give the id of the one event of this type about an object."""
    (found,) = [each for each in provider.all("event") if (each["type"], each["data"]["object"]["id"]) == (type_, subject)]  # fmt: skip
    return found["id"]


def disputed_and_won(provider: FakeStripe) -> list[str]:
    made = provider.dispute(provider.all("charge")[0]["id"], "fraudulent")
    provider.decide(made, won=True)
    return [event(provider, f"charge.dispute.{what}", made) for what in ("created", "closed")]


def paid_by_bank(provider: FakeStripe, session: str) -> list[str]:
    provider.pay(session, later=True)
    provider.end_payment(session)
    return [event(provider, f"checkout.session.{what}", session) for what in ("completed", "async_payment_succeeded")]


def paid_twice(shop, provider: FakeStripe) -> list[str]:
    """Nothing is known: paid by a slow bank, again by card, a page left; the first payment disputed, and won."""
    order = buy(shop, 3, method="card")
    slow, card, left = page(shop, order), page(shop, order), page(shop, order)
    told = paid_by_bank(provider, slow)
    provider.pay(card)
    payment.gateway.expire_checkout(left)
    told += [
        event(provider, "checkout.session.completed", card),
        event(provider, "checkout.session.expired", left),
    ]
    return told + disputed_and_won(provider)


def refund_comes_back(shop, provider: FakeStripe) -> list[str]:
    """The browser told of the card's payment, and one piece was refunded; the bank refuses that days later."""
    order = buy(shop, 3, method="card")
    slow, card = page(shop, order), page(shop, order)
    provider.pay(card)
    with factories.context.entered(shop):
        payment.record(session_id=card)
        pieces = {OrderLine.objects.get().pk: 1}
        made = refund.grant(
            order_number=order.number, pieces=pieces, shipping=False, reason="x", key="k", actor="clerk"
        )
        sending.send(refund_id=made.pk)
    told = [event(provider, "checkout.session.completed", card), *paid_by_bank(provider, slow)]
    return [*told, refused_by_the_bank(provider), *disputed_and_won(provider)]


def refused_by_the_bank(provider: FakeStripe) -> str:
    with provider.acting() as world:
        made = world.get(provider.all("refund")[-1]["id"], "refund")
        charge = world.get(made["charge"], "charge")
        world.store.put(made | {"status": "failed", "failure_reason": "expired_or_canceled_card"})
        world.store.put(charge | {"amount_refunded": 0})
        return world.emit("refund.updated", world.get(made["id"], "refund"))["id"]


@contextmanager
def undone(provider: FakeStripe) -> Iterator[None]:
    """Let what happens meanwhile not have happened, in the database and at the provider."""
    store, tables = provider.world.store, ("objects", "answers", "deliveries")
    with provider.world.lock:
        kept = {name: copy.deepcopy(getattr(store, name)) for name in tables}
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)
    with provider.world.lock:
        for name in tables:
            setattr(store, name, kept[name])


def tell_all(provider: FakeStripe, told: list[str], *, asleep: bool) -> None:
    """Send each event twice, and what the provider has to say of what follows."""
    for one in told:
        provider.courier.resend(one)
        provider.faults.add("duplicate")
        provider.deliver(receive)
        if not asleep:
            work()
    for _ in range(3):
        work()
        for again in told:
            provider.courier.resend(again)
        provider.deliver(receive)


def work() -> None:
    """Let the worker do all there is, and try once more what failed the last time."""
    rows, due = OutboxEvent.objects.filter(state="pending"), clock.now() - timedelta(days=1)
    rows.update(next_at=due)
    while dispatcher.drain(wiring.HANDLERS) and rows.filter(tries=0).update(next_at=due):
        pass


def end(shop, provider: FakeStripe) -> dict[str, Any]:
    """Give all that must be equal, the provider's side of it too."""
    amounts = [(each["amount"], each["status"]) for each in provider.all("refund")]
    return {
        **state(shop),
        "provider": sorted(amounts),
        "owed": [each["status"] for each in provider.all("dispute")],
        "heard": sorted(WebhookReceipt.objects.values_list("kind", flat=True)),
        "unheard": list(provider.world.store.deliveries),
    }


@pytest.mark.timeout(3_600)  # all of them take minutes
@pytest.mark.parametrize("story", [paid_twice, refund_comes_back])
def test_every_order_of_six_signed_webhooks_sent_twice_ends_in_one_state(shop, provider, story):
    told = story(shop, provider)
    assert len(set(told)) == 6
    provider.world.store.deliveries.clear()
    ends: dict[str, tuple[int, ...]] = {}
    for number, places in enumerate(chosen(SAMPLE)):
        with undone(provider):
            tell_all(provider, [told[place] for place in places], asleep=bool(number % 2))
            found = end(shop, provider)
        ends.setdefault(repr(found), places)
    assert len(ends) == 1, "\n".join(f"{places}: {each}" for each, places in ends.items())
    assert (found["wrong"], found["stuck"], found["unheard"]) == ([], [], [])
    AS_EXPECTED[story](found)


def _paid_twice(found: dict[str, Any]) -> None:
    assert found["order"] == ("processing", "paid", 0)
    assert found["payments"] == ["expired", "paid", "returned"]
    assert found["refunds"] == [("unused_payment", 7_150, Refund.State.DONE)]
    assert found["provider"] == [(7_150, "succeeded")]
    assert found["disputes"][0][0] == "won"


def _refund_comes_back(found: dict[str, Any]) -> None:
    assert found["order"] == ("processing", "part_refunded", 2_200)
    assert found["payments"] == ["paid", "returned"]
    assert found["refunds"] == [("unused_payment", 7_150, Refund.State.DONE), ("x", 2_200, Refund.State.FAILED)]
    assert found["provider"] == [(2_200, "failed"), (7_150, "succeeded")]
    assert found["disputes"][0][0] == "won"


AS_EXPECTED = {paid_twice: _paid_twice, refund_comes_back: _refund_comes_back}
