"""A payment no order used is disputed: nobody's earnings are touched, and c is not given its money twice."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from orders.models import Order, Payment, Refund
from orders.services import closing, payment
from s2b2c.kernel.errors import StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Dispute, SalesOrder, UnusedPayment
from supplier.selectors import disputes as told_of
from supplier.services import disputes
from supplier.services.settlement import reconciling
from tests import factories
from tests.orders import buying
from tests.supplier.test_disputes import receive, told

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = 4_950


def page(shop, order: Order) -> str:
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
    session = buying.payment_session(shop)
    with factories.inside(shop):  # as if its browser tab had been left
        Payment.objects.filter(session_id=session).update(state=Payment.State.EXPIRED)
    return session


def paid_twice(shop, provider) -> Order:
    """Two tabs, both paid: the second payment is not used."""
    order = buying.buy(shop, 2, method="card")
    for session in (page(shop, order), page(shop, order)):
        provider.pay(session)
        with factories.inside(shop):
            Payment.objects.filter(session_id=session).update(state=Payment.State.OPEN)
        with factories.context.entered(shop):
            payment.record(session_id=session)
    return order


def paid_too_late(shop, provider) -> Order:
    """Paid when the order was given up and its pieces were gone: S never hears of it."""
    order = buying.buy(shop, 2, method="card")
    session = page(shop, order)
    provider.pay(session)
    with factories.context.entered(shop), transaction.atomic():
        row = closing.locked(order_number=order.number)
        closing.close_pending(row, status=Order.Status.CANCELLED, reason="customer")
    with factories.context.entered(shop):
        payment.record(session_id=session)
    return order


def charge_of(provider, intent: str) -> str:
    return next(each["id"] for each in provider.all("charge") if each["payment_intent"] == intent)


def unused_charge(provider) -> str:
    return charge_of(provider, OutboxEvent.objects.get(topic="PaymentUnused").payload["payment_intent"])


def refund_of(shop) -> tuple[str, int]:
    with factories.inside(shop):
        made = Refund.objects.get(reason="unused_payment")
    return made.state, made.amount_minor


@pytest.fixture(params=[paid_twice, paid_too_late])
def order(request, shop, provider) -> Order:
    return request.param(shop, provider)


def test_disputed_before_its_refund_it_waits_and_won_it_goes_back(shop, provider, order) -> None:
    earned = buying.balance("reseller_payable")
    made = provider.dispute(unused_charge(provider), "duplicate")
    told(provider)
    assert refund_of(shop) == ("held", TOTAL)
    assert not SalesOrder.objects.filter(payout_held=True).exists()
    provider.decide(made, won=True)
    told(provider)
    assert (refund_of(shop), len(provider.all("refund"))) == (("done", TOTAL), 1)
    assert (
        buying.balance("disputed"),
        buying.balance("return_cost"),
        earned <= buying.balance("reseller_payable"),
    ) == (
        *(0, 0),
        True,
    )
    assert buying.clean()


def test_disputed_before_its_refund_and_lost_nothing_is_sent_and_nobody_bears_it(shop, provider, order) -> None:
    made = provider.dispute(unused_charge(provider), "duplicate")
    told(provider)
    provider.decide(made, won=False)
    told(provider)
    assert (refund_of(shop), provider.all("refund")) == (("covered", 0), [])
    assert (buying.balance("disputed"), buying.balance("return_cost")) == (0, 0)
    assert Dispute.objects.get().stake_minor == 0
    assert buying.clean()


@pytest.mark.parametrize(("won", "lost_minor"), [(True, 0), (False, TOTAL)])
def test_disputed_after_its_refund_only_a_lost_one_costs_s_what_went_twice(
    shop, provider, order, won, lost_minor
) -> None:
    buying.drain()
    assert refund_of(shop) == ("done", TOTAL)
    made = provider.dispute(unused_charge(provider), "duplicate")
    told(provider)
    assert -buying.balance("disputed") == TOTAL
    provider.decide(made, won=won)
    told(provider)
    assert (buying.balance("disputed"), -buying.balance("return_cost")) == (0, lost_minor)
    assert (refund_of(shop), len(provider.all("refund"))) == (("done", TOTAL), 1)
    assert buying.clean()


@pytest.mark.parametrize("refunded", [True, False])
@pytest.mark.parametrize("won", [True, False])
def test_provider_s_books_fit_ours_in_the_end(shop, provider, order, refunded, won) -> None:
    if refunded:
        buying.drain()
    made = provider.dispute(unused_charge(provider), "duplicate")
    told(provider)
    provider.decide(made, won=won)
    told(provider)
    reconciling.run()
    assert list(reconciling.ProviderEntry.objects.filter(state="open").values_list("kind", "amount_minor")) == []


def test_told_before_the_payment_is_known_it_waits_for_it(shop, provider) -> None:
    paid_twice(shop, provider)
    later = OutboxEvent.objects.get(topic="PaymentUnused")
    OutboxEvent.objects.filter(pk=later.pk).update(state="dead")
    provider.dispute(charge_of(provider, later.payload["payment_intent"]), "duplicate")
    provider.deliver(receive)
    with pytest.raises(AssertionError):
        buying.drain()
    assert Dispute.objects.count() == 0
    OutboxEvent.objects.filter(pk=later.pk).update(state="pending")
    buying.drain()
    assert Dispute.objects.get().unused


def test_the_order_s_own_payment_is_disputed_as_ever(shop, provider) -> None:
    paid_twice(shop, provider)
    buying.drain()
    provider.dispute(charge_of(provider, SalesOrder.objects.get().payment_intent), "fraudulent")
    told(provider)
    made = Dispute.objects.get()
    assert (made.unused, SalesOrder.objects.get().payout_held) == (False, True)
    assert told_of.taken(reseller_id=shop.pk, order_number=made.order_number).held_minor == TOTAL
    assert buying.clean()


def test_s_bears_it_and_the_desk_says_why(shop, provider) -> None:
    paid_too_late(shop, provider)
    buying.drain()
    provider.dispute(unused_charge(provider), "duplicate")
    told(provider)
    made = Dispute.objects.get()
    with pytest.raises(StateRefused):
        disputes.set_bearer(dispute_pk=made.pk, bearer="shop", reason="Its fault", actor_id=None)
    finance = Client(HTTP_HOST="supply.localhost")
    finance.force_login(factories.staff("finance"))
    shown = finance.get(f"/disputes/{made.pk}/").content.decode()
    assert ("No order used this payment" in shown, "Have it borne otherwise" in shown) == (True, False)
    assert UnusedPayment.objects.get().amount_minor == TOTAL
