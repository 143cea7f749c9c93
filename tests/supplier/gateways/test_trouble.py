"""Whatever goes wrong on the way to Stripe: every amount moves once or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from s2b2c.kernel.errors import GatewayError, GatewayUnavailable
from supplier.gateways import stripe
from tests.fakestripe import FakeStripe
from tests.supplier.gateways.paying import sent


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "status": 500},
        {"kind": "error", "status": 503},
        {"kind": "error", "status": 429},
        {"kind": "timeout"},
    ],
)
def test_short_trouble_is_passed_by_the_library(rich: FakeStripe, lin: str, fault: dict[str, Any]) -> None:
    rich.faults.add(**fault, only="POST /v1/transfers")
    if fault.get("status") == 429:  # the library gives up on too many calls at once
        with pytest.raises(GatewayUnavailable):
            sent(lin)
    assert sent(lin).amount_minor == 3_000
    assert len(rich.all("transfer")) == 1


@pytest.mark.parametrize("kind", ["error", "broken", "busy", "timeout"])
def test_lasting_trouble_is_unavailable_and_moves_nothing_twice(rich: FakeStripe, lin: str, kind: str) -> None:
    rich.faults.add(kind, times=0)
    with pytest.raises(GatewayUnavailable):
        sent(lin)
    rich.faults.clear()
    assert sent(lin, attempt=2).amount_minor == 3_000
    assert len(rich.all("transfer")) == 1


def test_one_call_in_three_failing_moves_everything_once(rich: FakeStripe, lin: str) -> None:
    for kind in ("error", "timeout"):
        rich.faults.add(kind, times=0, percent=15, only="/v1/transfers")
    for number in range(10):
        for _ in range(10):
            try:
                sent(lin, idempotency_key=f"payout:{number}", amount_minor=100 + number)
                break
            except GatewayUnavailable:
                continue
    rich.faults.clear()
    assert sorted(item["amount"] for item in rich.all("transfer")) == [100 + number for number in range(10)]


def test_refusal_nobody_expects_is_a_bug(rich: FakeStripe, lin: str) -> None:
    rich.faults.add("refuse", only="POST /v1/transfers", code="account_unexplained")
    with pytest.raises(GatewayError):
        sent(lin)


def test_wrong_key_is_a_setting(rich: FakeStripe, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    with pytest.raises(GatewayError):
        stripe.balance()


def test_without_a_key_nothing_is_sent(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(GatewayUnavailable):
        stripe.balance()
