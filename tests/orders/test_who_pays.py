"""The matrix of 24 cases: whoever is at fault bears it, nobody else loses, and the order's books close."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from supplier.models import Account, ReturnOrder, SalesOrder
from supplier.services import claims, who_pays
from tests import factories
from tests.orders import buying, returning

Kind = Account.Kind
CASES = list(
    itertools.product(("mind", "defect", "wrong", "lost"), ("supplier", "reseller", "carrier"), (False, True))
)
# A piece costs c 22.00: wholesale 10.00, margin 9.40, fee 0.60, tax 2.00; delivery 5.00 and its tax 0.50.
W, M, F, T, D, DT = 1_000, 940, 60, 200, 500, 50


def test_table_has_every_case_and_says_it_in_words():
    assert set(who_pays.RULES) == set(CASES)
    assert all(str(rule.words) and str(rule.then) for rule in who_pays.RULES.values())


def served(shop, provider, reason: str, fault: str, *, quantity: int, lost: int) -> tuple[Order, ReturnOrder]:
    """Return ``quantity`` of two pieces, ``lost`` of which can't be sold again, delivery included."""
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, quantity, reason=reason)
    returning.approve(shop, back)
    gone = {"missing": lost} if reason == "lost" else {"scrapped": lost}
    return order, returning.look(back.number, fault=fault, shipping=True, restocked=quantity - lost, **gone)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("reason", "fault"), sorted({case[:2] for case in CASES}))
def test_case_moves_what_its_rule_says(shop, provider, reason, fault):
    order = returning.sent(shop, provider)
    closed = returned(shop, order, reason, fault)
    books = returning.balances(order.number)
    assert books == expected(reason, fault)
    assert sum(books.values()) == 0
    assert closed.claim_minor == -books.get("carrier_claim", 0)
    assert buying.balance("reseller_payable") == books.get("reseller_payable", 0)
    assert buying.clean()


def returned(shop, order: Order, reason: str, fault: str) -> ReturnOrder:
    """Give an order back whole, delivery included; neither piece can be sold again."""
    back = returning.ask(shop, order, 2, reason=reason, actor="Bea")
    returning.approve(shop, back)
    gone = {"missing": 2} if reason == "lost" else {"scrapped": 2}
    return returning.look(back.number, fault=fault, shipping=True, **gone)


def expected(
    reason: str, fault: str, goods: int = 2 * W, own: int = 2 * M, fee: int = 2 * F, delivery: int = D
) -> dict[str, int]:
    """Give what is left of an order refunded whole, with two pieces lost, credit positive: claims only."""
    moved = goods + delivery if reason == "mind" else goods + fee + delivery
    match reason, fault:
        case "mind", "supplier":
            return {}
        case _, "supplier":
            return {"reseller_payable": own, "return_cost": -own}
        case _, "reseller":
            return {"reseller_payable": -moved, "return_cost": moved}
        case "mind", _:
            return {"carrier_claim": -moved, "return_cost": moved}
        case _:
            return {"carrier_claim": -moved - own, "return_cost": moved, "reseller_payable": own}


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_partial_quantities_leave_the_books_whole(shop, provider, data):
    reason = data.draw(st.sampled_from(("mind", "defect", "wrong", "lost")))
    fault = data.draw(st.sampled_from(("supplier", "reseller", "carrier")))
    quantity = data.draw(st.integers(1, 2))
    lost = quantity if reason == "lost" else data.draw(st.integers(0, quantity))
    factories.receive(shop.variant, 2)
    order, closed = served(shop, provider, reason, fault, quantity=quantity, lost=lost)
    books = returning.balances(order.number)
    sold, back = SalesOrder.objects.get(order_number=order.number), quantity * (W + M + F + T) + D + DT
    assert (sold.refunded_minor, -books.get("clearing", 0)) == (back, sold.captured_minor - back)
    assert (sum(books.values()), books.get("wholesale_deferred", 0)) == (0, 0)
    if reason != "mind":  # who is not at fault has lost nothing
        kept, left = 2 - quantity, books.get("return_cost", 0)
        assert fault == "reseller" or books["reseller_payable"] == 2 * M
        earned = books.get("wholesale_revenue", 0) + books.get("fee", 0) + books.get("shipping", 0) + left
        assert fault == "supplier" or earned == kept * W + lost * W + 2 * F + D
    if closed.claim_minor:
        claims.settle(number=closed.number, paid_minor=closed.claim_minor // 3, actor_id=None)
        assert returning.balances(order.number).get("carrier_claim", 0) == 0
    assert buying.clean()


def test_loss_making_sale_has_no_margin_to_make_good():
    rule = who_pays.RULES[who_pays.Case("defect", "supplier", False)]
    assert who_pays.legs(rule, who_pays.Loss(goods=100, margin=-50)) == []


@pytest.mark.django_db(transaction=True)
def test_claim_is_paid_in_part_and_the_rest_written_off(shop, provider):
    order, closed = served(shop, provider, "defect", "carrier", quantity=1, lost=1)
    assert closed.claim_state == "open"
    for _ in range(2):
        claims.settle(number=closed.number, paid_minor=1_500, actor_id=None)
    closed.refresh_from_db()
    books = returning.balances(order.number)
    assert (closed.claim_state, books["bank"], books.get("carrier_claim", 0)) == ("paid", -1_500, 0)
    assert buying.clean()
    with returning.refused("claim"):
        claims.settle(number=closed.number, paid_minor=1, actor_id=None)
