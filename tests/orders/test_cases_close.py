"""What is in dispute and what carriers owe closes case by case: ``check_books`` finds whatever does not."""

from __future__ import annotations

import pytest

from s2b2c.kernel import clock
from supplier.models import Dispute, ReturnOrder, SalesOrder
from supplier.selectors import audit
from supplier.services import claims, ledger, payout_holds
from supplier.services.ledger import Leg
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)
DISPUTES = "open_disputes_hold_what_they_took_closed_ones_nothing"
CLAIMS, PAID = "open_claims_are_what_carriers_owe_closed_ones_nothing", "ended_claims_brought_what_was_said"


def found() -> list[tuple[str, str]]:
    return sorted((each.check, each.detail) for each in audit.books())


def post(key: str, kind: str, debit: str, credit: str, minor: int) -> None:
    ledger.post(key=key, kind=kind, currency="USD", at=clock.now(), legs=[Leg(debit, credit, minor)])


@pytest.fixture
def claimed(shop, provider) -> ReturnOrder:
    """A return the carrier answers for: it owes 25.00."""
    back = returning.ask(shop, returning.sent(shop, provider), reason="defect")
    returning.approve(shop, back)
    closed = returning.look(back.number, fault="carrier", shipping=True, scrapped=1)
    assert (closed.claim_minor, found()) == (2_500, [])
    return closed


@pytest.fixture
def disputed(shop, provider) -> Dispute:
    order = buying.paid_order(shop, provider)
    buying.drain()
    made = Dispute.objects.create(
        provider_id="dp_1", reseller=shop, order_number=order.number, state="needs_response", reason="general",
        currency="USD", amount_minor=order.total_minor, opened_at=clock.now(),
    )  # fmt: skip
    post("dispute:dp_1:taken", "dispute", "disputed", "clearing", order.total_minor)
    payout_holds.keep(SalesOrder.objects.get(), cause="dispute:dp_1")
    assert found() == []
    return made


def test_claim_closed_without_an_entry_is_found(claimed):
    ReturnOrder.objects.filter(pk=claimed.pk).update(claim_state="paid", claim_paid_minor=1_000)
    assert found() == [(PAID, f"{claimed.number} 1000 0"), (CLAIMS, f"{claimed.number} USD 2500 0")]


def test_claim_paid_in_the_books_and_still_open_is_found(claimed):
    post(f"claim-end:{claimed.reseller_id}:{claimed.number}", "claim_end", "bank", "carrier_claim", 2_500)
    assert found() == [(CLAIMS, f"{claimed.number} USD 0 2500")]


def test_debt_of_a_carrier_that_belongs_to_no_claim_is_found(claimed):
    post("odd:1", "adjustment", "carrier_claim", "return_cost", 70)
    post("odd:2", "adjustment", "return_cost", "carrier_claim", 70)  # they sum to zero, and are wrong each
    assert found() == [(CLAIMS, "odd:1 USD 70 0"), (CLAIMS, "odd:2 USD -70 0")]


def test_claim_of_another_amount_than_owed_is_found(claimed):
    ReturnOrder.objects.filter(pk=claimed.pk).update(claim_minor=2_501)
    assert found() == [(CLAIMS, f"{claimed.number} USD 2500 2501")]


def test_claims_of_all_outcomes_leave_nothing(claimed):
    claims.settle(number=claimed.number, paid_minor=900, actor_id=None)
    assert (found(), buying.balance("carrier_claim")) == ([], 0)


def test_dispute_closed_with_the_money_still_held_is_found(disputed):
    Dispute.objects.update(state="won", closed_at=clock.now())
    payout_holds.release(SalesOrder.objects.get(), cause="dispute:dp_1")
    assert found() == [(DISPUTES, f"dp_1 USD {disputed.amount_minor} 0")]


def test_two_wrong_disputes_do_not_hide_each_other(disputed):
    post("dispute:dp_1:won", "dispute", "clearing", "disputed", disputed.amount_minor)
    post("dispute:dp_2:taken", "dispute", "disputed", "clearing", disputed.amount_minor)
    shown = [each for each in found() if each[0] == DISPUTES]
    amount = disputed.amount_minor
    assert shown == [(DISPUTES, f"dp_1 USD 0 {amount}"), (DISPUTES, f"dp_2 USD {amount} 0")]
