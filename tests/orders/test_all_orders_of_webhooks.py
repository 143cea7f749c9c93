"""All 720 orders of six webhook events of one order, each told twice, end in one state.

The facts are those the provider gave when each event happened, so most of them are old when they are heard; nothing is
fetched. ``test_all_orders_of_signed_webhooks`` goes the whole way. A sample is tried each time; ``WEBHOOK_ORDERS=all``
tries them all.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from orders.gateways import stripe as gateway
from orders.models import Order, Payment, Refund
from orders.services import payment
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.dispatcher import Handler
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Account, Dispute, FulfilmentOrder, Reservation, SalesOrder, Stock, Transfer
from supplier.selectors import audit
from supplier.services import disputes
from tests import factories
from tests.orders.buying import buy

pytestmark = pytest.mark.django_db
SAMPLE = 36


def _nothing(event: Any) -> None:
    """The provider is not spoken to: what it said is known."""


INSIDE = {
    topic: [Handler(each.name, _nothing) if each.outside else each for each in handlers]
    for topic, handlers in wiring.HANDLERS.items()
}


def page(shop, order: Order) -> str:
    """Open one more payment page, the earlier ones left open: a second tab."""
    with factories.inside(shop):
        held = list(Payment.objects.filter(state=Payment.State.OPEN).values_list("id", flat=True))
        Payment.objects.filter(id__in=held).update(state=Payment.State.EXPIRED)
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
    with factories.inside(shop):
        Payment.objects.filter(id__in=held).update(state=Payment.State.OPEN)
        return Payment.objects.latest("id").session_id


@pytest.fixture
def told(shop, provider) -> list[Callable[[], None]]:
    """Six events of an order: paid by a slow bank, paid again by card, a page left, a dispute opened and won."""
    order = buy(shop, 3, method="card")
    slow, card, left = page(shop, order), page(shop, order), page(shop, order)
    provider.pay(slow, later=True)
    facts = [gateway.retrieve_checkout(slow)]
    provider.end_payment(slow)
    facts.append(gateway.retrieve_checkout(slow))
    provider.pay(card)
    facts.append(gateway.retrieve_checkout(card))
    facts.append(gateway.expire_checkout(left))
    made = provider.dispute(provider.all("charge")[0]["id"], "fraudulent")
    opened = disputes.gateway.retrieve_dispute(made)
    provider.decide(made, won=True)
    closed = disputes.gateway.retrieve_dispute(made)

    def pay(fact: Any) -> Callable[[], None]:
        def tell() -> None:
            with factories.context.entered(shop):
                payment.settle(fact)

        return tell

    return [*(pay(fact) for fact in facts), dispute(opened), dispute(closed)]


def dispute(fact: Any) -> Callable[[], None]:
    return lambda: void(fact)


def void(fact: Any) -> None:
    disputes.settle(fact)


def tell_all(told: list[Callable[[], None]]) -> None:
    """Tell each twice; what is refused is told again later, as the outbox does."""
    waiting = [each for each in told for _ in range(2)]
    for _ in range(4):
        again = []
        for tell in waiting:
            try:
                with transaction.atomic():
                    tell()
            except RuntimeError:
                again.append(tell)
            drain()
        waiting = again
    assert waiting == []


def drain() -> None:
    """Handle what is pending and what follows from it; the clock of the database stands still in a transaction."""
    while OutboxEvent.objects.filter(state="pending").update(next_at=clock.now() - timedelta(days=1)):
        if not dispatcher.drain(INSIDE):
            break


def chosen(sample: int = SAMPLE) -> list[tuple[int, ...]]:
    """Give the orders of six to try: all of them by hand, a sample each time."""
    every = list(permutations(range(6)))
    return every if os.environ.get("WEBHOOK_ORDERS") == "all" else random.Random(720).sample(every, sample)


def state(shop) -> dict[str, Any]:
    """Give all that must be equal: order, money on its way, books, stock."""
    books = {
        kind: sum(Transfer.objects.filter(debit__kind=kind).values_list("amount_minor", flat=True))
        - sum(Transfer.objects.filter(credit__kind=kind).values_list("amount_minor", flat=True))
        for kind in Account.Kind.values
    }
    with factories.inside(shop):
        order = Order.objects.get()
        mine = {
            "order": (order.status, order.paid, order.refunded_minor),
            "payments": sorted(Payment.objects.values_list("state", flat=True)),
            "refunds": sorted(Refund.objects.values_list("reason", "amount_minor", "state")),
        }
    return {
        **mine,
        "books": books,
        "stock": list(Stock.objects.order_by("id").values_list("available", "held")),
        "held": list(Reservation.objects.values_list("state", flat=True)),
        "supplier": list(SalesOrder.objects.values_list("status", "captured_minor", "refunded_minor", "payout_held")),
        "fulfilment": list(FulfilmentOrder.objects.values_list("state", flat=True)),
        "disputes": list(Dispute.objects.values_list("state", "amount_minor", "fee_minor")),
        "wrong": [*audit.books(), *audit.stock()],
        "stuck": list(OutboxEvent.objects.exclude(state="done").values_list("topic", "error")),
    }


@pytest.mark.timeout(1_800)  # all of them take minutes
def test_every_order_of_six_webhooks_told_twice_ends_in_one_state(shop, told):
    ends: dict[str, tuple[int, ...]] = {}
    for places in chosen():
        before = transaction.savepoint()
        tell_all([told[place] for place in places])
        end = state(shop)
        ends.setdefault(repr(end), places)
        transaction.savepoint_rollback(before)
    assert len(ends) == 1, "\n".join(f"{places}: {end}" for end, places in ends.items())
    assert (end["wrong"], end["stuck"]) == ([], [])
    assert end["order"] == ("processing", "paid", 0)
    assert end["payments"] == ["expired", "paid", "returned"]
    assert end["disputes"][0][0] == "won"
