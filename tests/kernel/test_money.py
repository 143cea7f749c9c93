"""Arithmetic of money: to the last minor unit, in every case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused

amounts = st.integers(-(10**12), 10**12)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_split_sums_to_the_total_and_keeps_its_sign(total, weights):
    parts = money.split(total, weights)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_split_is_never_a_unit_away_from_the_exact_share(total, weights):
    whole = sum(weights)
    for part, weight in zip(money.split(total, weights), weights, strict=True):
        assert abs(part * whole - total * weight) < whole


def test_split_gives_ties_to_the_earlier_part():
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]


@given(st.integers(0, 10**12), st.integers(0, 5000))
def test_included_tax_and_net_sum_to_the_gross(gross, rate):
    tax = money.included_bps(gross, rate)
    assert 0 <= tax <= gross
    assert abs(money.bps(gross - tax, rate) - tax) <= 1


@pytest.mark.parametrize(
    ("amount", "rate", "expected"), [(2_000, 300, 60), (50, 100, 1), (49, 100, 0), (-50, 100, -1)]
)
def test_rate_is_rounded_half_away_from_zero(amount, rate, expected):
    assert money.bps(amount, rate) == expected


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.90", "USD", 1290),
        ("12,90", "USD", 1290),
        ("1,234.50", "USD", 123450),
        ("120", "JPY", 120),
        (" 0 ", "USD", 0),
    ],
)
def test_amount_is_read_as_people_write_it(text, currency, minor):
    assert money.parse_amount(text, currency) == minor


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.234", "NaN", "Infinity", "1e99", "1e999999", "9" * 40, "１２a"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused):
        money.parse_amount(text, "USD")


def test_amount_is_written_as_its_reader_expects():
    assert money.format_minor(123450, "USD", "en") == "$1,234.50"
    assert money.format_minor(123450, "CNY", "zh-hans") == "¥1,234.50"
