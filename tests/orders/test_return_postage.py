"""What the way back costs S is borne by whom the terms and the fault name: in the books, and on every page."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client

from orders.models import ReturnRequest
from s2b2c.kernel.errors import Refused
from supplier.models import ReturnOrder, Terms
from supplier.services import claims
from tests import factories
from tests.orders import buying, returning
from tests.orders.test_return_pages import consumer, office
from tests.supplier import office as supply

pytestmark = pytest.mark.django_db(transaction=True)
POSTAGE = 650


def text(answer) -> str:
    """Give what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


@pytest.fixture
def terms():
    def agree(by: str = "customer") -> None:
        Terms.objects.update(return_postage_minor=POSTAGE, return_postage_by=by)

    return agree


def given_back(shop, provider, reason: str, fault: str, *, quantity: int = 1, **more: int) -> ReturnOrder:
    back = returning.ask(shop, returning.sent(shop, provider), quantity, reason=reason)
    returning.approve(shop, back)
    return returning.look(back.number, fault=fault, postage=POSTAGE, **more)


@pytest.mark.parametrize(
    ("policy", "reason", "fault", "bearer"),
    [
        ("customer", "mind", "supplier", "customer"),
        ("reseller", "mind", "supplier", "reseller"),
        ("supplier", "mind", "supplier", "supplier"),
        ("customer", "mind", "reseller", "reseller"),
        ("customer", "mind", "carrier", "carrier"),
        ("customer", "defect", "supplier", "supplier"),
        ("customer", "defect", "reseller", "reseller"),
        ("supplier", "wrong", "reseller", "reseller"),
        ("customer", "wrong", "carrier", "carrier"),
    ],
)
def test_postage_is_borne_by_policy_and_fault(shop, provider, terms, policy, reason, fault, bearer):
    terms(policy)
    without = returning.look(approved(shop, provider, reason).number, fault=fault)
    before = returning.balances(without.order.order_number)
    factories.receive(shop.variant, 5)
    closed = given_back(shop, provider, reason, fault)
    books = returning.balances(closed.order.order_number)
    moved = {kind: books.get(kind, 0) - before.get(kind, 0) for kind in {*books, *before}}
    # credit is positive: S's bank paid, and one of the four bears it
    account = {
        "customer": "clearing",
        "reseller": "reseller_payable",
        "carrier": "carrier_claim",
        "supplier": "return_cost",
    }
    assert {kind: minor for kind, minor in moved.items() if minor} == {"bank": POSTAGE, account[bearer]: -POSTAGE}
    assert (closed.postage_by, closed.withheld_minor) == (bearer, POSTAGE if bearer == "customer" else 0)
    assert (closed.claim_minor - without.claim_minor, buying.clean()) == (POSTAGE if bearer == "carrier" else 0, True)
    if closed.claim_minor:
        claims.settle(number=closed.number, paid_minor=closed.claim_minor, actor_id=None)
        assert buying.clean()


def approved(shop, provider, reason: str) -> ReturnRequest:
    back = returning.ask(shop, returning.sent(shop, provider), 1, reason=reason)
    returning.approve(shop, back)
    return back


def test_c_gets_so_much_less_and_the_order_stays_partly_refunded(shop, provider, terms):
    terms()
    closed = given_back(shop, provider, "mind", "supplier", quantity=2, shipping=True)
    order = closed.order
    assert (order.refunded_minor, order.captured_minor) == (4_950 - POSTAGE, 4_950)
    assert [row["amount"] for row in provider.all("refund")] == [4_950 - POSTAGE]
    with factories.inside(shop):
        made = ReturnRequest.objects.get()
        assert (made.outcome["refund"], made.outcome["withheld"]) == (4_950 - POSTAGE, POSTAGE)
        assert made.order.paid == "part_refunded"


def test_postage_above_the_refund_leaves_the_least_there_is(shop, provider, terms):
    terms()
    back = approved(shop, provider, "mind")
    closed = returning.look(back.number, postage=3_000)
    assert (closed.order.refunded_minor, closed.withheld_minor) == (1, 2_199)
    assert returning.balances(closed.order.order_number)["bank"] == 3_000
    assert buying.clean()


def test_exchange_and_what_is_not_accepted_leave_it_with_the_supplier(shop, provider, terms):
    terms()
    swap = returning.ask(shop, returning.sent(shop, provider), 1, reason="mind", wish="exchange")
    returning.approve(shop, swap)
    assert returning.look(swap.number, postage=POSTAGE).postage_by == "supplier"
    factories.receive(shop.variant, 5)
    kept = given_back(shop, provider, "defect", "reseller", sent_back=1)
    assert (kept.postage_by, kept.order.refunded_minor) == ("supplier", 0)
    assert returning.balances(kept.order.order_number)["return_cost"] == -POSTAGE
    assert buying.clean()


def test_postage_above_the_order_is_a_slip_of_the_pen(shop, provider, terms):
    back = approved(shop, provider, "mind")
    with pytest.raises(Refused):
        returning.look(back.number, postage=4_951)
    assert ReturnOrder.objects.get().state == "approved"


def test_everybody_reads_it_before_and_after(shop, provider, terms):
    terms()
    order = returning.sent(shop, provider)
    asked = text(consumer(shop).get(f"/order/{order.token}/return/"))
    assert "$6.50 return postage is taken off" in asked
    back = returning.ask(shop, order, 1, reason="mind")
    b, s = f"/{shop.slug}/orders/{order.number}/return/{back.number}/", f"/returns/{back.number}/"
    assert "return postage is taken off what they get back" in text(office(shop).get(b))
    assert "usually costs $6.50" in text(supply.client("support").get(s))
    returning.approve(shop, back)
    warehouse = supply.client("warehouse")
    assert 'name="postage" value="6.50"' in warehouse.get(s).content.decode()
    line = ReturnOrder.objects.get().lines.get().pk
    typed = {"reason": "mind", "fault": "supplier", "postage": "7.10", f"restocked_{line}": 1}
    assert warehouse.post(f"{s}inspect/", {**typed, "postage": "much"}).status_code == 422
    assert warehouse.post(f"{s}inspect/", typed).status_code == 302
    buying.drain()
    assert "$7.10 taken off the refund" in text(supply.client("finance").get(s))
    assert "$7.10 return postage was taken off" in text(office(shop).get(b))
    assert "$7.10 return postage was taken off your refund" in text(consumer(shop).get(f"/order/{order.token}/"))
    chinese: Client = supply.client("finance")
    assert "已从退款中扣除" in text(chinese.get(s, headers={"accept-language": "zh-hans"}))


def test_terms_of_returns_are_agreed_on_in_the_office(shop):
    finance = supply.client("finance")
    page = finance.get("/resellers/terms/").content.decode()
    assert 'name="return_postage"' in page
    typed = {
        "fee": "3", "fee_tax": "19", "return_days": "30", "return_approval": "auto", "keep_below": "20",
        "return_postage": "6.5", "return_postage_by": "reseller",
    }  # fmt: skip
    for name, wrong in (
        ("return_approval", "nobody"),
        ("keep_below", "-1"),
        ("return_postage", "1.005"),
        ("fee_tax", "51"),
    ):
        assert finance.post("/resellers/terms/", {**typed, name: wrong}).status_code == 422, name
    assert finance.post("/resellers/terms/", typed).status_code == 302
    made = Terms.objects.latest("pk")
    assert (made.version, made.return_days, made.return_approval, made.keep_below_minor) == (2, 30, "auto", 2_000)
    assert (made.fee_tax_bps, made.return_postage_minor, made.return_postage_by) == (1_900, 650, "reseller")
    again = finance.get("/resellers/terms/").content.decode()
    assert f'value="{Decimal("6.50")}"' in again
