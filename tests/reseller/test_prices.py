"""The pricing rule stays in the band and does what it says; keep is the same in SQL and in Python."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from reseller.selectors import prices
from reseller.selectors.prices import Cut, Rule
from s2b2c.kernel.errors import Refused
from supplier.models import Variant
from tests import factories

pytestmark = pytest.mark.django_db


def price(rule: Rule, *, wholesale: int, suggested: int, floor: int, ceiling: int) -> int:
    """Ask the database for the rule's price of a variant made for it."""
    made = factories.product(wholesale=wholesale, suggested=suggested, floor=floor, ceiling=ceiling, stock=0)
    return Variant.objects.filter(product=made).annotate(price=prices.by_rule(rule)).get().price


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(), 2_000),
        (Rule("suggested", -1_000), 1_800),
        (Rule("cost", 6_000), 1_600),
        (Rule("cost", 6_000, 90), 1_590),
        (Rule("cost", 6_500, 90), 1_690),
        (Rule("cost", 6_400, 90), 1_690),
        (Rule("cost", 6_400, 0), 1_600),
        (Rule("cost", 0, 90), 1_590),
        (Rule("cost", 100_000, 90), 2_990),
        (Rule("cost", 100_000), 3_000),
    ],
)
def test_rule_gives_a_price_inside_the_band(rule: Rule, expected: int) -> None:
    assert price(rule, wholesale=1_000, suggested=2_000, floor=1_500, ceiling=3_000) == expected


def test_rule_gives_up_the_ending_where_the_band_has_none() -> None:
    assert price(Rule("cost", 5_000, 90), wholesale=1_000, suggested=1_550, floor=1_510, ceiling=1_580) == 1_510


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 500_000), min_size=3, max_size=3).map(sorted),
    wholesale=st.integers(0, 300_000),
    base=st.sampled_from(["cost", "suggested"]),
    markup=st.integers(0, 10_000),
    ending=st.one_of(st.none(), st.integers(0, 99)),
)
def test_rule_holds_for_any_variant(numbers: list[int], wholesale: int, base: str, markup: int, ending: int) -> None:
    floor, suggested, ceiling = (number + 1 for number in numbers)
    found = price(Rule(base, markup, ending), wholesale=wholesale, suggested=suggested, floor=floor, ceiling=ceiling)

    assert floor <= found <= ceiling
    with connection.cursor() as cursor:  # a price that follows S's is computed by the same arithmetic
        cursor.execute(
            "SELECT public.price_by_rule(%s, %s, %s, %s, %s, %s, %s)",
            [base, markup, ending, wholesale, suggested, floor, ceiling],
        )
        assert cursor.fetchone() == (found,)
    has_ending = ending is not None and any(n % 100 == ending for n in range(floor, min(ceiling, floor + 99) + 1))
    assert found % 100 == ending if has_ending else True


@pytest.mark.parametrize(("base", "markup", "ending"), [("free", 0, None), ("cost", -1, None), ("cost", 0, 100)])
def test_rule_out_of_range_is_refused(base: str, markup: int, ending: int | None) -> None:
    with pytest.raises(Refused):
        Rule(base, markup, ending)


def test_keep_is_price_less_wholesale_less_fee() -> None:
    assert Cut(fee_bps=300).keep(7_400, 3_350) == 3_828


def test_keep_leaves_out_tax_inside_the_price() -> None:
    assert Cut(fee_bps=300, tax_bps=700, tax_included=True).keep(10_700, 5_000) == 10_700 - 700 - 5_000 - 321


@settings(max_examples=40, deadline=None)
@given(
    amount=st.integers(1, 500_000),
    wholesale=st.integers(0, 300_000),
    cut=st.builds(Cut, st.integers(0, 5_000), st.integers(0, 5_000), st.booleans()),
)
def test_keep_is_the_same_in_the_database(amount: int, wholesale: int, cut: Cut) -> None:
    made = factories.product(wholesale=wholesale, suggested=amount, floor=1, ceiling=500_000, stock=0)
    found = Variant.objects.filter(product=made).annotate(keep=prices.keep(prices.by_rule(Rule()), cut)).get()

    assert found.keep == cut.keep(amount, wholesale)
