"""Single parts of a set at the refund desk: the same shares as for parts that come back, said before, and never twice."""

from __future__ import annotations

import itertools
import re

import pytest
from django.test import Client

from orders.models import Order, Refund
from orders.services import refund
from s2b2c.kernel.errors import Refused
from supplier.models import Clawback, Stock
from tests import factories
from tests.orders import buying, returning
from tests.orders.test_returned_parts import CENTS, ask, close, line_of, tea
from tests.orders.test_who_pays import expected
from tests.orders.test_who_pays_after_payouts import paid_by_stripe, settle

__all__ = ["paid_by_stripe", "tea"]
pytestmark = pytest.mark.django_db(transaction=True)
DELIVERY = {"clearing": -550, "shipping": 500, "tax_payable": 50}  # what c paid for it is not given back here


def grant(shop, order: Order, parts=(), *, received=0, key="k", **more) -> Refund:
    """Give parts, pieces by variant, and whole sets back at the desk."""
    line_id = line_of(shop, order).id
    with factories.context.entered(shop):
        made = refund.grant(
            order_number=order.number, pieces={}, received={line_id: received} if received else {},
            parts={(line_id, variant.id): n for variant, n in dict(parts).items()},
            shipping=False, reason="damaged", key=key, actor="Bea", **more,
        )  # fmt: skip
    buying.drain()
    return made


def test_part_gives_back_the_share_it_would_if_it_came_back(tea, provider):
    order = returning.sent(tea, provider, 1)
    assert grant(tea, order, {tea.cup: 1}).amount_minor == CENTS * 700 // 2_800
    line = line_of(tea, order)
    assert (line.refunded, line.returned, line.apart, line.received) == (0, None, 1, 0)
    assert Stock.objects.get(variant=tea.cup).available == 18  # it stays with the customer
    assert (buying.reread(tea, order).paid, buying.clean()) == ("part_refunded", True)


def test_parts_one_by_one_leave_the_books_of_the_set(tea, provider):
    order, whole = returning.sent(tea, provider, 2), returning.sent(tea, provider, 2)
    given = [
        grant(tea, order, one, received=n, key=key).amount_minor
        for key, one, n in (("a", {tea.cup: 1}, 0), ("b", {tea.spoon: 1, tea.pot: 1}, 1), ("c", {tea.cup: 1}, 0))
    ]
    assert sum(given) == grant(tea, whole, received=2).amount_minor
    assert returning.balances(order.number) == returning.balances(whole.number) == DELIVERY
    assert (line_of(tea, order).refunded, line_of(tea, order).apart, buying.clean()) == (2, None, True)


@pytest.mark.parametrize(
    ("reason", "fault"),
    itertools.product(("mind", "defect", "wrong", "lost"), ("supplier", "reseller", "carrier")),
)
def test_who_pays_for_the_rest_of_a_set_is_as_without_the_desk(tea, provider, reason, fault):
    from supplier.models import Terms

    Terms.objects.update(return_parts=True)
    order = returning.sent(tea, provider, 1)
    grant(tea, order, {tea.cup: 1})
    rest = {tea.cup: 1, tea.pot: 1, tea.spoon: 1}
    closed = close(tea, ask(tea, order, rest, reason=reason), fault=fault, scrapped=True)
    with factories.inside(tea):
        row = Refund.objects.latest("id").lines[0]
    claims = expected(reason, fault, goods=row["wholesale"], own=row["margin"], fee=row["fee"], delivery=0)
    books = returning.balances(order.number)
    assert books == {kind: n for kind in {*DELIVERY, *claims} if (n := DELIVERY.get(kind, 0) + claims.get(kind, 0))}
    assert (closed.claim_minor, buying.clean()) == (-claims.get("carrier_claim", 0), True)
    assert buying.reread(tea, order).refunded_minor == CENTS


def test_part_of_a_paid_out_order_is_taken_back(paid_by_stripe, tea, provider):
    order = returning.sent(tea, provider, 1)
    settle()
    made = grant(tea, order, {tea.pot: 1})
    assert [row.amount_minor for row in Clawback.objects.all()] == [made.lines[0]["margin"]]
    assert buying.clean()


def test_no_part_is_given_back_that_the_customer_has_no_more(tea, provider):
    order = returning.sent(tea, provider, 2)
    ask(tea, order, {tea.pot: 1})  # on its way back
    grant(tea, order, {tea.cup: 3})
    for parts, received in (({tea.pot: 2}, 0), ({tea.cup: 2}, 0), ({tea.cup: 1}, 1), ({tea.cup: -1}, 0)):
        with returning.refused("pieces"):
            grant(tea, order, parts, received=received, key="other")
    with returning.refused("pieces"):
        grant(tea, order, {factories.first_variant(factories.product("Lid")): 1}, key="other")
    assert grant(tea, order, {tea.pot: 1, tea.cup: 1}, key="last").amount_minor > 0
    assert buying.clean()


def test_part_that_was_replaced_is_not_paid_for_too(tea, provider):
    order = returning.sent(tea, provider, 1)
    close(tea, ask(tea, order, {tea.pot: 1}, wish="exchange"), scrapped=True)
    with returning.refused("pieces"):
        grant(tea, order, {tea.pot: 1})
    assert grant(tea, order, {tea.cup: 2}).amount_minor == CENTS // 2


def test_part_of_a_return_on_its_way_is_not_given_back_twice(tea, provider):
    order = returning.sent(tea, provider, 1)
    back = ask(tea, order, {tea.cup: 1})
    grant(tea, order, {tea.cup: 1})
    close(tea, back)
    assert buying.reread(tea, order).refunded_minor == CENTS // 2
    assert buying.clean()


def test_part_of_what_is_not_collected_yet_is_less_to_collect(tea, provider):
    order = buying.buy(tea, 1)
    buying.drain()
    buying.ship_all(tea, order)
    buying.drain()
    grant(tea, order, {tea.cup: 1})
    after = buying.reread(tea, order)
    assert (after.paid, after.refunded_minor, buying.clean()) == ("due", CENTS * 700 // 2_800, True)


def test_more_or_less_than_was_said_is_said_again(tea, provider):
    order = returning.sent(tea, provider, 1)
    with returning.refused("changed_meanwhile"):
        grant(tea, order, {tea.cup: 1}, expected_minor=1)
    assert buying.reread(tea, order).refunded_minor == 0


@pytest.fixture
def owner(tea) -> Client:
    person = Client(HTTP_HOST="office.localhost")
    person.force_login(factories.member(tea, "owner"))
    return person


def test_desk_says_the_money_then_gives_it_back_once(tea, provider, owner):
    order = returning.sent(tea, provider, 1)
    url = f"/{tea.slug}/orders/{order.number}/refund/"
    assert re.findall(r'name="(part_\w+)" type="number" min="0" max="(\d)"', owner.get(url).content.decode()) == [
        (f"part_{line_of(tea, order).id}_{variant.id}", n)
        for variant, n in ((tea.cup, "2"), (tea.pot, "1"), (tea.spoon, "1"))
    ]
    form = {"key": "one", "reason": "damaged", "note": "cracked", f"part_{line_of(tea, order).id}_{tea.cup.id}": "1"}
    said = owner.post(url, form).content.decode()
    assert ("$16.48" in said, buying.reread(tea, order).refunded_minor) == (True, 0)
    assert 'value="cracked"' in owner.post(url, form | {"again": "1", "confirm": "1"}).content.decode()
    sure = form | {"confirm": "1", "expected": "1648"}
    assert [owner.post(url, sure).status_code for _ in range(2)] == [302, 302]
    assert owner.post(url, sure | {"key": "two", "expected": "1"}).status_code == 409
    buying.drain()
    assert (buying.reread(tea, order).refunded_minor, buying.clean()) == (1_648, True)


def test_nothing_chosen_is_said(tea, provider, owner):
    order = returning.sent(tea, provider, 1)
    url = f"/{tea.slug}/orders/{order.number}/refund/"
    assert owner.post(url, {"reason": "damaged", "key": "one"}).status_code == 422
    assert owner.post(url, {"reason": "damaged", "key": "one", "confirm": "1", "expected": "0"}).status_code == 422
    with pytest.raises(Refused):
        grant(tea, order)
