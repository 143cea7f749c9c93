"""Vendors and their ladders of prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from enablement.models import PriceBreak, Vendor
from enablement.selectors import ladder
from enablement.selectors.ladder import Ladder
from enablement.services import purchases, vendors
from tests import factories
from tests.enablement import buying


def test_ladder_gives_the_cost_of_its_step():
    steps = Ladder(((1, 900), (100, 800), (500, 700)))
    assert [steps.unit(n) for n in (1, 99, 100, 499, 500, 9_999)] == [900, 900, 800, 800, 700, 700]


def test_ladder_keeps_to_minimum_and_packs():
    steps = Ladder(((1, 900),), minimum=24, pack=10)
    assert [steps.fitting(n) for n in (1, 24, 30, 31)] == [30, 30, 30, 40]
    assert Ladder(((12, 900),)).fitting(1) == 12


def test_ladder_takes_more_where_more_costs_less():
    steps = Ladder(((1, 900), (100, 800)))
    assert [steps.best(n) for n in (10, 88, 89, 95, 101)] == [10, 88, 100, 100, 101]


def test_amounts_of_other_currencies_are_counted_in_ones_own():
    assert ladder.in_own(1_250, "EUR", Decimal("1.08"), "USD") == Decimal("1350.0000")
    assert ladder.in_own(1_500, "JPY", Decimal("0.0066"), "USD") == Decimal("990.0000")
    assert ladder.in_own(100, "USD", Decimal(150), "JPY") == Decimal("150.0000")


def test_moving_average_weighs_by_pieces():
    assert ladder.mean(30, Decimal(900), 10, Decimal(700)) == Decimal("850.0000")
    assert ladder.mean(0, Decimal(900), 10, Decimal(700)) == Decimal(700)
    assert ladder.mean(30, None, 10, Decimal(700)) == Decimal(700)


@pytest.mark.django_db
def test_vendor_of_a_name_is_added_once():
    buying.vendor("Kiln & Sons")
    with buying.refuses("name_taken"):
        buying.vendor("kiln & sons")
    assert Vendor.objects.count() == 1


@pytest.mark.django_db
def test_vendor_abroad_needs_a_rate_and_one_at_home_has_none():
    factories.company()
    with buying.refuses("rate"):
        buying.vendor("Loom", currency="EUR", rate=None)
    assert buying.vendor("Loom", currency="USD", rate=Decimal(7)).rate == 1


@pytest.mark.django_db
def test_currency_stays_while_there_are_prices_in_it():
    made = buying.vendor()
    buying.offer(made, buying.variant())
    facts = {"name": made.name, "currency": "EUR", "rate": Decimal("1.1")}
    with buying.refuses("currency"):
        vendors.change(vendor_id=made.pk, facts=facts, actor_id=None)


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [(), ((1, 900), (1, 800)), ((1, 900), (100, 950)), ((0, 900),)])
def test_ladder_that_does_not_fall_is_refused(steps):
    made, mug = buying.vendor(), buying.variant()
    buying.offer(made, mug)
    with buying.refuses("steps"):
        buying.offer(made, mug, steps)
    assert list(PriceBreak.objects.order_by("quantity").values_list("quantity", "unit_minor")) == list(buying.LADDER)


@pytest.mark.django_db
def test_archived_vendor_gets_no_orders():
    made, mug = buying.vendor(), buying.variant()
    buying.offer(made, mug)
    order = buying.draft(made, (mug, 5))
    vendors.set_active(vendor_id=made.pk, active=False, actor_id=None)
    with buying.refuses("archived"):
        buying.draft(made)
    with buying.refuses("archived"):
        purchases.send(number=order.number, actor_id=None)
    vendors.set_active(vendor_id=made.pk, active=True, actor_id=None)
    assert purchases.send(number=order.number, actor_id=None).state == "sent"
