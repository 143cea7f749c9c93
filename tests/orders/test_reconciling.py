"""A payment whose webhook was lost is found, whatever became of its order meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders import tasks
from orders.models import Order, Payment
from orders.services import cancellation, closing, payment, reconciling
from s2b2c.kernel import clock
from s2b2c.outbox import runs
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Reservation
from tests import factories
from tests.orders.buying import buy, clean, drain, later, payment_session, reread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row's own clock is the database's: no page is too young here."""
    monkeypatch.setattr(reconciling, "OLD_SECONDS", -60)


def opened(shop) -> Order:
    order = buy(shop, method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
    return order


def state(shop) -> str:
    with factories.inside(shop):
        return Payment.objects.get().state


def test_paid_page_nobody_told_us_of_places_its_order(shop, provider):
    order = opened(shop)
    provider.pay(payment_session(shop))
    found = reconciling.run()
    assert (found.asked, found.healed, found.returned) == (1, 1, 0)
    assert reread(shop, order).paid == Order.Paid.PAID
    assert tasks.reconcile_payments() == 0


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_page_paid_after_its_order_was_over_is_returned(shop, provider, end):
    order = opened(shop)
    provider.pay(payment_session(shop))
    with factories.context.entered(shop), later(minutes=16 if end == "expired" else 0):
        if end == "expired":
            closing.expire(order_number=order.number)
            buy(shop, 10)  # nothing is left for a late payment
        else:
            cancellation.cancel(order_number=order.number, actor="customer", reason="x")
    OutboxEvent.objects.filter(topic="PageCloseRequested").delete()  # given up, as after a long day without a provider
    found = reconciling.run()
    assert (found.healed, found.returned) == (1, 1)
    drain()
    assert state(shop) == Payment.State.RETURNED
    assert reread(shop, order).status == end
    assert clean()


def test_page_that_is_over_is_asked_about_once(shop, provider):
    order = opened(shop)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="x")
    drain()
    reconciling.run()
    assert Reservation.objects.get().answered_at is not None
    assert reconciling.run().asked == 0


def test_provider_that_is_away_is_left_alone_longer_each_time(shop, provider):
    for _ in range(3):
        opened(shop)
    provider.faults.add("error", times=100)
    start = clock.now()
    with clock.set_to(start):
        assert reconciling.run().asked == 0
        assert reconciling.run() is None
    job = runs.last(reconciling.JOB)
    assert (job.failures, job.next_at - start, bool(job.error)) == (1, timedelta(minutes=1), True)
    with clock.set_to(start + timedelta(seconds=61)):
        reconciling.run()
    assert runs.last(reconciling.JOB).next_at - start == timedelta(minutes=3, seconds=1)
    provider.faults.clear()
    with clock.set_to(start + timedelta(minutes=4)):
        assert reconciling.run().open == 3
    assert runs.last(reconciling.JOB).failures == 0


def test_batches_come_to_every_page(shop, provider, monkeypatch):
    monkeypatch.setattr(reconciling, "BATCH", 2)
    orders = [opened(shop) for _ in range(3)]
    with factories.inside(shop):
        last = Payment.objects.latest("id").session_id
    provider.pay(last)
    assert [reconciling.run().healed, reconciling.run().healed] == [0, 1]
    assert reread(shop, orders[-1]).paid == Order.Paid.PAID
