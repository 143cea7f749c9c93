"""The 24 cases through the real settlement: what b ends up with is the same, only the way of the money differs.

Before a payout what b owes lowers what it is still to be paid; after it, its payout is taken back, and what that does
not cover is netted by the next run. Each ends with nothing open.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from orders.models import Order
from orders.services import refund
from s2b2c.kernel import clock
from supplier.models import Clawback, Payout, PayoutAccount, ReturnOrder, SalesOrder, Settlement
from supplier.services import claims
from supplier.services.settlement import accounts
from tests import factories
from tests.orders import buying, returning
from tests.orders.test_who_pays import D, F, M, W, returned
from tests.supplier import settling

pytestmark = pytest.mark.django_db(transaction=True)
CASES = list(itertools.product(("mind", "defect", "wrong", "lost"), ("supplier", "reseller", "carrier")))
OTHER = 3 * M  # what b earns with another order, enough for what it may owe


@pytest.fixture
def paid_by_stripe(shop, provider):
    """The shop is paid through Stripe every day, and S has money there."""
    settling.agreed()
    made = accounts.connect(reseller=shop, email="j@example.com", url="https://j.example.com", actor=factories.user())
    provider.onboard(made.stripe_id)
    provider.add_funds(1_000_000)
    accounts.refresh(reseller=shop)
    assert PayoutAccount.objects.get().ready
    return shop


def settle() -> Settlement:
    """Settle all that was sent, as if the return window were over, and send what it leads to."""
    SalesOrder.objects.filter(status="shipped").update(due_at=clock.now() - timedelta(days=1))
    settling.released()
    buying.drain()
    return Settlement.objects.latest("pk")


def received() -> int:
    """Give what b has in the end, by the provider: payouts less what was taken back of them."""
    paid = sum(Payout.objects.filter(state="paid").values_list("amount_minor", flat=True))
    return paid - sum(Clawback.objects.filter(state="done").values_list("amount_minor", flat=True))


def lost(reason: str, fault: str) -> int:
    """Give what b has less of after an order that was given back whole, than if it had never been."""
    match reason, fault:
        case "mind", "reseller":
            return 2 * W + D
        case _, "reseller":
            return 2 * W + 2 * F + D
        case "mind", _:
            return 0
        case _:
            return -2 * M  # it keeps its margin


def nothing_is_open(back: ReturnOrder) -> None:
    if back.claim_minor:
        claims.settle(number=back.number, paid_minor=back.claim_minor, actor_id=None)
    kinds = ("reseller_payable", "payout_transit", "reseller_reserve", "carrier_claim", "disputed")
    assert {kind: buying.balance(kind) for kind in kinds} == dict.fromkeys(kinds, 0)
    assert buying.clean()


@pytest.mark.parametrize(("reason", "fault"), CASES)
def test_before_a_payout_what_is_owed_lowers_what_is_paid(paid_by_stripe, provider, reason, fault):
    order = returning.sent(paid_by_stripe, provider)
    returning.sent(paid_by_stripe, provider, 3)
    closed = returned(paid_by_stripe, order, reason, fault)
    statement = settle()
    assert (closed.paid_out, Clawback.objects.count()) == (False, 0)
    assert (statement.sales_minor, statement.refunds_minor) == (2 * M + OTHER, -2 * M)
    assert (statement.claims_minor, statement.closing_minor) == (-lost(reason, fault), 0)
    assert statement.payout_minor == received() == OTHER - lost(reason, fault)
    nothing_is_open(closed)


@pytest.mark.parametrize(("reason", "fault"), CASES)
def test_after_a_payout_it_is_taken_back_and_the_rest_netted(paid_by_stripe, provider, reason, fault):
    order = returning.sent(paid_by_stripe, provider)
    assert settle().payout_minor == 2 * M
    closed = returned(paid_by_stripe, order, reason, fault)
    owed = 2 * M + lost(reason, fault)
    back = min(owed, 2 * M)  # no more than was paid
    taken = [(row.cause, row.state, row.amount_minor) for row in Clawback.objects.all()]
    assert (closed.paid_out, taken) == (True, [(closed.number, "done", back)] if owed else [])
    assert [row["amount"] for row in provider.all("transfer_reversal")] == ([back] if owed else [])
    assert buying.balance("reseller_payable") == -(owed - back)
    returning.sent(paid_by_stripe, provider, 3)
    statement = settle()
    assert (statement.opening_minor, statement.closing_minor) == (0, 0)
    assert statement.payout_minor == OTHER - (owed - back)
    assert received() == OTHER - lost(reason, fault)
    nothing_is_open(closed)


@pytest.mark.parametrize(
    ("reason", "fault"), [("mind", "supplier"), ("mind", "reseller"), ("lost", "reseller"), ("defect", "carrier")]
)
def test_after_a_payout_b_has_drawn_all_of_it_is_netted(paid_by_stripe, provider, reason, fault):
    order = returning.sent(paid_by_stripe, provider)
    settle()
    provider.faults.add("refuse", only="POST /v1/transfers/*/reversals")
    closed = returned(paid_by_stripe, order, reason, fault)
    owed = 2 * M + lost(reason, fault)
    assert [row.state for row in Clawback.objects.all()] == (["failed"] if owed else [])
    carried = settle()
    assert (carried.closing_minor, carried.payout_minor) == (-owed, 0)
    returning.sent(paid_by_stripe, provider, 5)
    statement = settle()
    assert (statement.opening_minor, statement.payout_minor) == (-owed, 5 * M - owed)
    assert received() == 5 * M - lost(reason, fault)
    nothing_is_open(closed)


def give_back(shop, order: Order) -> None:
    with factories.inside(shop):
        line_id = order.lines.get().id
    with factories.context.entered(shop):
        refund.grant(order_number=order.number, pieces={}, received={line_id: 1}, shipping=False, reason="goodwill",
                     key="g", actor="Bea", stop_sending=False)  # fmt: skip
    buying.drain()


def test_refund_after_a_payout_is_taken_back(paid_by_stripe, provider):
    order = returning.sent(paid_by_stripe, provider)
    settle()
    give_back(paid_by_stripe, order)
    assert [(row.cause, row.amount_minor) for row in Clawback.objects.all()] == [(order.number, M)]


def test_nothing_is_taken_back_that_earnings_or_the_reserve_cover(paid_by_stripe, provider):
    settling.agreed(reserve_bps=5_000)
    order = returning.sent(paid_by_stripe, provider)
    assert settle().reserve_held_minor == M
    give_back(paid_by_stripe, order)
    assert (buying.balance("reseller_payable"), Clawback.objects.count()) == (-M, 0)
    assert settle().reserve_released_minor == M
    nothing_is_open(ReturnOrder(claim_minor=0))


def test_payout_that_failed_counts_as_none(paid_by_stripe, provider):
    order = returning.sent(paid_by_stripe, provider)
    provider.faults.add("refuse", only="POST /v1/transfers")
    settle()
    Payout.objects.update(state="failed")
    assert returned(paid_by_stripe, order, "mind", "supplier").paid_out is False
