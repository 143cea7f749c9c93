"""Settlement and payouts in any order of steps, faults, replays and deaths: nobody is paid twice, or too much.

``PAYOUT_WALKS=200`` in the environment takes as many walks, each longer.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from supplier.models import Payout
from tests.supplier.payouts_walk import Walk

_which = st.integers(0, 10**6)
_pieces = st.integers(1, 3)
_after = st.one_of(st.just(0), st.integers(1, 60))  # the statement before which the process dies; 0: it lives
_faults = st.sampled_from(["timeout", "error", "broken", "refuse", "busy"])
# Each step goes through servers: a failure is shown as it was found rather than made short for minutes.
PHASES = (Phase.generate,)
MINUTES = [5, 15, 24 * 60, 8 * 24 * 60, 15 * 24 * 60, 31 * 24 * 60]


class Payouts(RuleBasedStateMachine):
    """Each walk in a savepoint of its own, undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = transaction.savepoint()
        self.walk = Walk()

    def teardown(self) -> None:
        try:
            self.walk.finish()
        finally:
            self.walk.close()
            transaction.savepoint_rollback(self.kept)

    @initialize(which=_which, pieces=_pieces, after=_after)
    def begin(self, **given: Any) -> None:
        self.walk.fund(20_000)
        self.walk.month(**given)

    @rule(which=_which, pieces=_pieces, sent=st.booleans())
    def sell(self, **given: Any) -> None:
        self.walk.sell(**given)

    @precondition(lambda self: self.walk.sold)
    @rule(which=_which)
    def deliver(self, **given: Any) -> None:
        self.walk.deliver(**given)

    @precondition(lambda self: self.walk.sold)
    @rule(which=_which, pieces=_pieces, after=_after)
    def give_back(self, **given: Any) -> None:
        self.walk.give_back(**given)

    @precondition(lambda self: self.walk.sold)
    @rule(which=_which)
    def dispute(self, **given: Any) -> None:
        self.walk.dispute(**given)

    @precondition(lambda self: self.walk.sold and not self.walk.has_run())
    @rule(which=_which, after=_after)
    def dispute_meanwhile(self, **given: Any) -> None:
        self.walk.dispute_meanwhile(**given)

    @precondition(lambda self: self.walk.disputes)
    @rule(which=_which, won=st.booleans(), shop_bears=st.booleans())
    def decide(self, **given: Any) -> None:
        self.walk.decide(**given)

    @rule(minutes=st.sampled_from(MINUTES))
    def pass_time(self, **given: Any) -> None:
        self.walk.pass_time(**given)

    @precondition(lambda self: self.walk.has_payout(method="stripe"))
    @rule(kind=_faults, times=st.integers(1, 4))
    def trouble(self, **given: Any) -> None:
        self.walk.trouble(**given)

    @rule(stopped=st.booleans())
    def stop_account(self, **given: Any) -> None:
        self.walk.stop_account(**given)

    @rule(minor=st.integers(1, 50_000))
    def fund(self, **given: Any) -> None:
        self.walk.fund(**given)

    @precondition(lambda self: self.walk.sold and not self.walk.has_run())
    @rule(who=_which, after=_after)
    def draft(self, **given: Any) -> None:
        self.walk.draft(**given)

    @precondition(lambda self: self.walk.has_run())
    @rule(who=_which, after=_after)
    def review(self, **given: Any) -> None:
        self.walk.review(**given)

    @precondition(lambda self: self.walk.has_run())
    @rule(who=_which, after=_after)
    def release(self, **given: Any) -> None:
        self.walk.release(**given)

    @rule(which=_which, pieces=_pieces, after=_after)
    def month(self, **given: Any) -> None:
        self.walk.month(**given)

    @precondition(lambda self: self.walk.sold)
    @rule(after=_after)
    def settle(self, **given: Any) -> None:
        self.walk.settle(**given)

    @precondition(lambda self: self.walk.has_run())
    @rule(after=_after)
    def cancel(self, **given: Any) -> None:
        self.walk.cancel(**given)

    @precondition(lambda self: self.walk.has_payout(method="bank", state="created"))
    @rule(after=_after)
    def to_bank(self, **given: Any) -> None:
        self.walk.to_bank(**given)

    @precondition(lambda self: self.walk.has_payout(method="bank", state="sent"))
    @rule(which=_which, paid=st.booleans(), after=_after)
    def bank_says(self, **given: Any) -> None:
        self.walk.bank_says(**given)

    @precondition(lambda self: self.walk.has_payout(method="stripe"))
    @rule(which=_which)
    def ask_again(self, **given: Any) -> None:
        self.walk.ask_again(**given)

    @precondition(lambda self: self.walk.has_payout(method="stripe", state="paid"))
    @rule(after=_after)
    def take_back(self, **given: Any) -> None:
        self.walk.take_back(**given)

    @rule(after=_after)
    def work(self, **given: Any) -> None:
        self.walk.work(**given)

    @rule(copies=st.integers(1, 3))
    def hear(self, **given: Any) -> None:
        self.walk.hear(**given)

    @precondition(lambda self: self.walk.sold)
    @rule(which=_which)
    def hear_again(self, **given: Any) -> None:
        self.walk.hear_again(**given)

    @rule(after=_after)
    def tasks_twice(self, **given: Any) -> None:
        self.walk.tasks_twice(**given)

    @invariant()
    def holds_together(self) -> None:
        self.walk.check()


@pytest.mark.timeout(0)
@pytest.mark.django_db
def test_nobody_is_paid_twice_or_too_much_whatever_happens_in_whatever_order():
    walks = int(os.environ.get("PAYOUT_WALKS", "0"))
    run_state_machine_as_test(
        Payouts,
        settings=settings(
            max_examples=walks or 4, stateful_step_count=60 if walks else 15, deadline=None, phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.django_db
def test_what_is_given_back_between_draft_and_release_is_not_paid_from_what_may_come_back():
    with closing(Walk()) as walk:
        walk.sell(0, 2, sent=True)
        walk.pass_time(15 * 24 * 60)
        walk.sell(0, 3, sent=True)  # its window is open: it is no cover for what goes back of the other
        walk.hear(1)
        walk.draft(0, 0)
        walk.give_back(0, 2, 0)
        walk.work(0)
        walk.review(1, 0)
        walk.release(1, 0)
        walk.check()
        assert not walk.has_payout()


@pytest.mark.django_db
def test_what_is_disputed_between_draft_and_release_is_paid_only_once_that_is_over():
    with closing(Walk()) as walk:
        walk.sell(1, 2, sent=True)
        walk.sell(1, 1, sent=True)
        walk.pass_time(15 * 24 * 60)
        walk.dispute_meanwhile(0, 0)
        walk.check()
        first = sum(Payout.objects.values_list("amount_minor", flat=True))
        walk.decide(0, won=True, shop_bears=False)
        walk.hear(1)
        walk.work(0)
        walk.pass_time(24 * 60)
        walk.settle(0)
        walk.check()
        assert 0 < first < sum(Payout.objects.values_list("amount_minor", flat=True))
