"""Money that was paid in cash goes back by bank transfer."""

from __future__ import annotations

import pytest

from orders.models import Refund
from supplier.models import BankRefund
from supplier.services import bank_refunds
from tests import factories
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)


def refunded(shop, provider) -> BankRefund:
    back = returning.ask(shop, returning.sent(shop, provider, method="cod"))
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number)
    return BankRefund.objects.get()


def states(shop) -> list[str]:
    with factories.inside(shop):
        return list(Refund.objects.values_list("state", flat=True))


def test_refund_of_cash_waits_for_finance(shop, provider):
    due = refunded(shop, provider)
    assert (due.state, due.amount_minor, states(shop)) == ("due", 2_200, ["requested"])
    with returning.refused("reference"):
        bank_refunds.mark_paid(refund_id=due.id, reference=" ", actor_id=None)
    for _ in range(2):
        bank_refunds.mark_paid(refund_id=due.id, reference="BT-77", actor_id=None)
    buying.drain()
    assert (states(shop), buying.balance("bank"), buying.clean()) == (["done"], 2_200, True)
    assert -buying.balance("cash") == 4_950


def test_refund_by_card_is_not_finance_s(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider))
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number)
    assert BankRefund.objects.count() == 0
