"""Discounts in S's books: who funds them, and that refunds give everything back to the cent."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from s2b2c.kernel import clock, events
from s2b2c.tenancy.models import Reseller
from supplier.models import Account, SalesLine, SalesOrder, Transfer
from supplier.selectors import audit
from supplier.services import fulfilment, postings, stock
from tests import factories

pytestmark = pytest.mark.django_db
Kind = Account.Kind


@pytest.fixture
def reseller() -> Reseller:
    return factories.reseller()


def sold(reseller: Reseller, **fields: object) -> events.OrderPlaced:
    """Three pieces at 50.00, 12.00 off each, of which S funds 7.00; the fee of 4.00 holds 0.67 of tax."""
    variant = factories.first_variant(factories.product())
    line = events.SoldLine(
        line_id=1,
        variant_id=variant.id,
        quantity=3,
        wholesale_minor=6_000,
        margin_minor=7_100,
        fee_minor=400,
        tax_minor=2_000,
        retail_minor=15_000,
        funded_minor=2_100,
        tax_bps=1_900,
    )
    made = events.OrderPlaced(
        reseller_id=reseller.id,
        order_number="DISCOUNTED1",
        currency="USD",
        method="card",
        captured_minor=13_400,
        shipping_minor=0,
        shipping_tax_minor=0,
        lines=[line],
        recipient={"name": "Marta Keller"},
        language="en",
        placed_at=clock.now().isoformat(),
        fee_tax_minor=67,
        shipping_funded_minor=500,
        shipping_funder="b",
    )
    made = dataclasses.replace(made, **fields)  # type: ignore[arg-type]
    stock.hold(reseller_id=reseller.id, order_number=made.order_number, wanted={variant.id: 3}, expires_at=None)
    fulfilment.open_order(made)
    postings.sale(made)
    return made


def given_back(sale: events.OrderPlaced, pieces: int, **parts: int) -> None:
    line = events.RefundedLine(line_id=1, variant_id=sale.lines[0].variant_id, quantity=pieces, **parts)
    amount = line.wholesale_minor + line.margin_minor + line.fee_minor + line.tax_minor - line.funded_minor
    last = pieces == 2
    made = events.RefundMade(
        reseller_id=sale.reseller_id,
        order_number=sale.order_number,
        refund_id=pieces,
        refund_key=f"back{pieces}",
        currency="USD",
        amount_minor=amount,
        shipping_minor=0,
        shipping_tax_minor=0,
        lines=[line],
        reason="defect",
        method="card",
        fee_tax_minor=45 if last else 22,
        shipping_funded_minor=sale.shipping_funded_minor if last else 0,
        shipping_funder=sale.shipping_funder if last else "",
    )
    postings.refund(made)


def balances() -> dict[str, int]:
    """Give debit less credit by kind, of those that are not zero."""
    sums: Counter[str] = Counter()
    for each in Transfer.objects.select_related("debit", "credit"):
        sums[each.debit.kind] += each.amount_minor
        sums[each.credit.kind] -= each.amount_minor
    return {str(kind): minor for kind, minor in sums.items() if minor}


def test_discount_comes_from_the_promotion_account_and_the_margin(reseller: Reseller) -> None:
    sold(reseller)
    assert balances() == {
        "clearing": 13_400,
        "promotion": 2_100,
        "wholesale_deferred": -6_000,
        "reseller_payable": -7_100 + 500,
        "fee": -333,
        "fee_tax": -67,
        "tax_payable": -2_000,
        "shipping": -500,
    }
    assert [*audit.books()] == []


def test_delivery_funded_by_s_comes_from_its_promotion_account(reseller: Reseller) -> None:
    sold(reseller, shipping_funder="s")
    found = balances()
    assert (found["promotion"], found["reseller_payable"], found["shipping"]) == (2_600, -7_100, -500)
    assert [*audit.books()] == []


def test_refunds_of_a_discounted_sale_give_everything_back(reseller: Reseller) -> None:
    sale = sold(reseller)
    given_back(sale, 1, wholesale_minor=2_000, margin_minor=2_366, fee_minor=133, tax_minor=667, funded_minor=700)
    assert [*audit.books()] == []
    given_back(sale, 2, wholesale_minor=4_000, margin_minor=4_734, fee_minor=267, tax_minor=1_333, funded_minor=1_400)
    assert balances() == {}
    assert [*audit.books()] == []


def test_money_account_moves_by_what_c_paid_and_no_more(reseller: Reseller) -> None:
    sold(reseller)
    moved = Transfer.objects.filter(debit__kind=Kind.CLEARING).values_list("amount_minor", flat=True)
    assert sum(moved) == 13_400
    assert not Transfer.objects.filter(credit__kind=Kind.CLEARING).exists()


def test_split_is_kept_on_order_and_line(reseller: Reseller) -> None:
    sold(reseller)
    order, line = SalesOrder.objects.get(), SalesLine.objects.get()
    assert (order.funded_minor, order.fee_tax_minor, order.shipping_funded_minor) == (2_100, 67, 500)
    assert (line.funded_minor, line.tax_bps) == (2_100, 1_900)


def test_book_that_forgot_who_funds_a_discount_is_found(reseller: Reseller) -> None:
    sold(reseller)
    SalesOrder.objects.update(funded_minor=2_000, captured_minor=13_500)
    assert {each.check for each in audit.books()} == {
        "sale_is_split_as_frozen",
        "order_money_is_captured_less_refunded",
    }
