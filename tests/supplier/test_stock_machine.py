"""The whole life of stock, in any order, with every step able to die at any statement: the stock always hold together."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from supplier.selectors import audit
from tests import factories
from tests.supplier.stock_walk import Book, Walk, World, moved, there

_pieces = st.integers(1, 6)
_which = st.integers(0, 10**6)
_dies = st.sampled_from([0, 0, 0, *range(1, 13)])


class StockMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.world = World()
        self.walk = Walk(self.world, shop_id=factories.reseller().id, book=Book(), alone=True)
        self.before = there(self.world)

    @rule(first=st.integers(0, 6), second=st.integers(1, 6), sets=st.sampled_from([0, 0, 1, 2, 3]), dies=_dies)
    def hold(self, first, second, sets, dies):
        self.walk.hold(first, second, dies=dies, sets=sets)

    @rule(how=st.sampled_from(["confirm", "confirm", "expire", "release"]), which=_which, dies=_dies)
    def end(self, how, which, dies):
        self.walk.end(how, which, dies=dies)

    @rule(which=_which, dies=_dies)
    def again(self, which, dies):
        self.walk.again(which, dies=dies)

    @rule(which=_which, dies=_dies)
    def ship(self, which, dies):
        self.walk.ship(which, dies=dies)

    @rule(
        how=st.sampled_from(["receive", "adjust", "take_back", "damage", "repair", "scrap"]),
        which=_which, n=_pieces, dies=_dies,
    )  # fmt: skip
    def shift(self, how, which, n, dies):
        self.walk.shift(how, which, n, dies=dies)

    @rule(which=_which, n=_pieces, dies=_dies)
    def send(self, which, n, dies):
        self.walk.send(which, n, dies=dies)

    @rule(which=_which, dies=_dies)
    def arrive(self, which, dies):
        self.walk.arrive(which, dies=dies)

    @rule(which=_which, n=_pieces, dies=_dies)
    def count(self, which, n, dies):
        self.walk.count(which, n, dies=dies)

    @rule(which=_which, n=_pieces, dies=_dies)
    def expect(self, which, n, dies):
        self.walk.expect(which, n, dies=dies)

    @rule(how=st.sampled_from(["heat", "cool"]), which=_which, n=_pieces, dies=_dies)
    def move(self, how, which, n, dies):
        self.walk.move(how, which, n, dies=dies)

    @invariant()
    def holds_together(self):
        if hasattr(self, "walk"):
            found, stands = there(self.world), self.walk.book.standing()
            assert found == tuple(before + change for before, change in zip(self.before, stands, strict=True))
            assert moved(self.world) == [good + broken for good, broken in zip(found[:2], found[2:4], strict=True)]
            assert [*audit.stock()] == []


@pytest.mark.django_db
def test_stock_hold_together_in_any_order_of_steps_and_crashes():
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
