"""A disputed payment of which S never heard: no dead letter, but a line in the provider's books that is an alarm."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Dispute, ProviderEntry
from supplier.selectors import settlement
from supplier.services import disputes
from supplier.services.settlement import reconciling
from tests.orders import buying
from tests.orders.test_disputes_of_unused_payments import charge_of, paid_twice
from tests.supplier.test_disputes import receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unknown(shop, provider, monkeypatch) -> OutboxEvent:
    """The second payment of an order, of which S was never told; gives the event that would tell it."""
    monkeypatch.setattr(disputes, "PATIENCE", timedelta(0))
    paid_twice(shop, provider)
    told = OutboxEvent.objects.get(topic="PaymentUnused")
    OutboxEvent.objects.filter(pk=told.pk).update(state="dead")
    return told


def heard() -> None:
    """Hand on what waits; the event that died stays so."""
    while dispatcher.drain(wiring.HANDLERS):
        pass


def lines() -> list[tuple[str, str]]:
    reconciling.run()
    rows = ProviderEntry.objects.filter(kind="dispute").order_by("id")
    return list(rows.values_list("state", "order_number"))


def test_it_is_no_dead_letter_but_an_alarm_beside_the_books(provider, unknown) -> None:
    provider.dispute(charge_of(provider, unknown.payload["payment_intent"]), "duplicate")
    provider.deliver(receive)
    heard()
    told = OutboxEvent.objects.filter(topic="DisputeReported")
    assert set(told.values_list("state", "tries")) == {("done", 0)}
    assert (lines(), Dispute.objects.count()) == ([("open", "")], 0)
    ProviderEntry.objects.filter(kind="dispute").update(booked_at=clock.now() - timedelta(hours=7))
    assert settlement.unexplained().filter(kind="dispute").count() == 1


def test_once_the_payment_is_known_reading_the_books_records_the_dispute(provider, unknown) -> None:
    provider.dispute(charge_of(provider, unknown.payload["payment_intent"]), "duplicate")
    provider.deliver(receive)
    heard()
    assert lines() == [("open", "")]
    OutboxEvent.objects.filter(pk=unknown.pk).update(state="pending")
    buying.drain()
    made = (lines(), Dispute.objects.get())
    assert (made[0], made[1].unused) == ([("matched", made[1].order_number)], True)
    assert buying.clean()


def test_an_inquiry_stands_in_no_books_and_so_waits_for_a_person(provider, unknown) -> None:
    made = provider.dispute(charge_of(provider, unknown.payload["payment_intent"]), "duplicate")
    told = provider.world.store.objects[made]
    provider.world.store.put(told | {"status": "warning_needs_response", "balance_transactions": []})
    with pytest.raises(disputes.UnknownPayment):
        disputes.record(dispute_id=made)
    assert Dispute.objects.count() == 0
