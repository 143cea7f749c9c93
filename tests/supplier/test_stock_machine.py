"""The whole life of stock, in any order, with every step able to die before its end: the stock always hold together.

``STOCK_OPERATIONS=1000000`` in the environment makes the random walk as long as you like.
"""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from s2b2c.kernel import clock
from s2b2c.kernel.errors import OutOfStock, Refused
from supplier.models import Movement, Reservation, Stock
from supplier.selectors import audit
from supplier.services import arrivals, counting, stock, transfers
from supplier.services.stock import buckets
from tests import factories

_numbers = count(1)
_pieces = st.integers(1, 6)
_which = st.integers(0, 10**6)


class _Crash(Exception):
    """The process dies: what its transaction did is undone."""


class Walk:
    """Every operation there is on stock, on two variants in two warehouses, beside a plain model of it."""

    def __init__(self) -> None:
        self.shop = factories.reseller()
        self.variants = [factories.first_variant(factories.product(stock=20)) for _ in range(2)]
        self.places = [factories.warehouse("PVD"), factories.warehouse("OAK", priority=20)]
        self.orders: list[str] = []
        self.sent: list[str] = []
        self.good = {variant.id: 20 for variant in self.variants}  # free and held, in all warehouses
        self.broken = dict.fromkeys(self.good, 0)
        self.away = dict.fromkeys(self.good, 0)

    def place(self, which: int) -> dict[str, int]:
        return {"variant_id": self.variants[which % 2].id, "warehouse_id": self.places[which // 2 % 2].id}

    def attempt(self, work, *, crash: bool) -> bool:
        """Do one step in a transaction; give whether it stands: refused or crashed, nothing of it does."""
        try:
            with transaction.atomic():
                work()
                if crash:
                    raise _Crash
        except (_Crash, Refused, OutOfStock):
            return False
        return True

    def hold(self, first: int, second: int, *, crash: bool) -> None:
        number = f"W{next(_numbers)}"
        wanted = {v.id: n for v, n in zip(self.variants, (first, second), strict=True) if n}
        free = {v: self._free(v) for v in wanted}

        def work() -> None:
            stock.hold(
                reseller_id=self.shop.id, order_number=number, wanted=wanted, expires_at=clock.now() - timedelta(1)
            )

        done = self.attempt(work, crash=crash)
        assert done == (not crash and all(free[v] >= n for v, n in wanted.items()))  # never falsely sold out
        if done:
            self.orders.append(number)

    def _free(self, variant_id: int) -> int:
        return sum(Stock.objects.filter(variant_id=variant_id).values_list("available", flat=True))

    def end(self, how: str, which: int, *, crash: bool) -> None:
        if self.orders:
            number = self.orders[which % len(self.orders)]
            work = getattr(stock, how)
            self.attempt(lambda: work(reseller_id=self.shop.id, order_number=number), crash=crash)

    def again(self, which: int, *, crash: bool) -> None:
        """A late payment: what expired is held again, or refused."""
        over = Reservation.objects.filter(reseller=self.shop, state__in=("expired", "released")).order_by("id")
        found = over[which % over.count()] if over.exists() else None
        if found is not None and not found.lines.filter(shipped__gt=0).exists():
            wanted = {self.variants[which % 2].id: 1 + which % 3}
            number = found.order_number
            self.attempt(
                lambda: stock.hold_again(reseller_id=self.shop.id, order_number=number, wanted=wanted), crash=crash
            )

    def ship(self, which: int, *, crash: bool) -> None:
        number = self.orders[which % len(self.orders)] if self.orders else ""
        paid = Reservation.objects.filter(reseller=self.shop, order_number=number, state="paid").first()
        lines = (
            [each for each in paid.lines.order_by("id") if each.quantity > each.shipped + each.released]
            if paid
            else []
        )
        if paid and lines:
            line = lines[which % len(lines)]

            def work() -> None:
                stock.ship_pieces(
                    reservation_id=paid.id, warehouse_id=line.warehouse_id, pieces=[(line.variant_id, 1)],
                    cause="shipment:walk", actor_id=None,
                )  # fmt: skip

            self.good[line.variant_id] -= self.attempt(work, crash=crash)

    def shift(self, how: str, which: int, n: int, *, crash: bool) -> None:
        """Receive, adjust, take back, damage, repair or scrap."""
        place = self.place(which)
        signed = -n if how == "adjust" and which % 3 else n
        work = getattr(stock, how)
        if not self.attempt(lambda: work(**place, quantity=signed, reason="walk", cause="walk"), crash=crash):
            return
        variant = place["variant_id"]
        self.good[variant] += {"damage": -n, "repair": n, "scrap": 0}.get(how, signed)
        self.broken[variant] += {"damage": n, "repair": -n, "scrap": -n}.get(how, 0)

    def send(self, which: int, n: int, *, crash: bool) -> None:
        place = self.place(which)
        target = self.places[0] if place["warehouse_id"] == self.places[1].id else self.places[1]
        made = transfers.draft(
            source_id=place["warehouse_id"], target_id=target.id, pieces={place["variant_id"]: n}, actor_id=None
        )
        if self.attempt(lambda: transfers.send(number=made.number, actor_id=None), crash=crash):
            self.sent.append(made.number)
            self.good[place["variant_id"]] -= n
            self.away[place["variant_id"]] += n

    def arrive(self, which: int, *, crash: bool) -> None:
        if not self.sent:
            return
        number = self.sent[which % len(self.sent)]
        line = transfers.StockTransferLine.objects.get(transfer__number=number)
        got = line.quantity - which % 2
        work = {"number": number, "received": {line.id: got}, "shortage": "walk", "actor_id": None}
        if self.attempt(lambda: transfers.receive(**work), crash=crash):
            self.sent.remove(number)
            self.good[line.variant_id] += got
            self.away[line.variant_id] -= line.quantity

    def count(self, which: int, n: int, *, crash: bool) -> None:
        place = self.place(which)
        sheet = counting.start(warehouse_id=place["warehouse_id"], variant_ids=[place["variant_id"]], actor_id=None)
        line = sheet.lines.get()
        counting.record(number=sheet.number, counted={line.id: n})
        line.refresh_from_db()
        if self.attempt(lambda: counting.post(number=sheet.number, reason="walk", actor_id=None), crash=crash):
            self.good[place["variant_id"]] += line.difference

    def expect(self, which: int, n: int, *, crash: bool) -> None:
        place = self.place(which)
        made = arrivals.announce(**place, quantity=n, arrives_on=date(2030, 1, 1))
        if self.attempt(lambda: arrivals.receive(arrival_id=made.id, quantity=n, actor_id=None), crash=crash):
            self.good[place["variant_id"]] += n

    def move(self, how: str, which: int, n: int, *, crash: bool) -> None:
        """Heat or cool."""
        more = {"buckets": n + 1} if how == "heat" else {}
        work = getattr(buckets, how)
        self.attempt(lambda: work(**self.place(which), **more), crash=crash)

    def check(self, *, fully: bool = True) -> None:
        for variant in self.variants:
            rows = Stock.objects.filter(variant=variant).values_list("available", "held", "damaged")
            free, held, damaged = (sum(column) for column in zip(*rows, strict=True))
            assert (free + held, damaged) == (self.good[variant.id], self.broken[variant.id])
            moved = sum(Movement.objects.filter(variant=variant).values_list("quantity", flat=True)) if fully else None
            assert moved in (None, free + held + damaged)
        if fully:
            assert [*audit.stock()] == []


class StockMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.walk = Walk()

    @rule(first=st.integers(0, 6), second=st.integers(1, 6), crash=st.booleans())
    def hold(self, first, second, crash):
        self.walk.hold(first, second, crash=crash)

    @rule(how=st.sampled_from(["confirm", "confirm", "expire", "release"]), which=_which, crash=st.booleans())
    def end(self, how, which, crash):
        self.walk.end(how, which, crash=crash)

    @rule(which=_which, crash=st.booleans())
    def again(self, which, crash):
        self.walk.again(which, crash=crash)

    @rule(which=_which, crash=st.booleans())
    def ship(self, which, crash):
        self.walk.ship(which, crash=crash)

    @rule(
        how=st.sampled_from(["receive", "adjust", "take_back", "damage", "repair", "scrap"]),
        which=_which, n=_pieces, crash=st.booleans(),
    )  # fmt: skip
    def shift(self, how, which, n, crash):
        self.walk.shift(how, which, n, crash=crash)

    @rule(which=_which, n=_pieces, crash=st.booleans())
    def send(self, which, n, crash):
        self.walk.send(which, n, crash=crash)

    @rule(which=_which, crash=st.booleans())
    def arrive(self, which, crash):
        self.walk.arrive(which, crash=crash)

    @rule(which=_which, n=_pieces, crash=st.booleans())
    def count(self, which, n, crash):
        self.walk.count(which, n, crash=crash)

    @rule(which=_which, n=_pieces, crash=st.booleans())
    def expect(self, which, n, crash):
        self.walk.expect(which, n, crash=crash)

    @rule(how=st.sampled_from(["heat", "cool"]), which=_which, n=_pieces, crash=st.booleans())
    def move(self, how, which, n, crash):
        self.walk.move(how, which, n, crash=crash)

    @invariant()
    def holds_together(self):
        if hasattr(self, "walk"):
            self.walk.check()


@pytest.mark.django_db
def test_stock_hold_together_in_any_order_of_steps_and_crashes():
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


_KINDS = ("receive", "adjust", "take_back", "damage", "repair", "scrap")


def _step(walk: Walk, dice: random.Random) -> None:
    """Do one random operation; one in ten dies before its end."""
    which, n, crash = dice.randrange(10**6), dice.randint(1, 6), dice.random() < 0.1
    kind = dice.random()
    if kind < 0.3:
        walk.hold(dice.randint(0, 3), dice.randint(1, 3), crash=crash)
    elif kind < 0.6:
        walk.end(dice.choice(("confirm", "expire", "release")), which, crash=crash)
        walk.orders = walk.orders[-50:]
    elif kind < 0.75:
        walk.ship(which, crash=crash)
    elif kind < 0.9:
        walk.shift(dice.choice(_KINDS), which, n, crash=crash)
    elif kind < 0.95:
        walk.move(dice.choice(("heat", "cool")), which, n, crash=crash)
    else:
        dice.choice((walk.send, walk.count, walk.expect))(which, n, crash=crash)
        walk.arrive(which, crash=crash)


@pytest.mark.timeout(0)
@pytest.mark.django_db(transaction=True)
def test_on_hand_is_the_sum_of_movements_after_many_random_operations():
    """1,500 each time the tests run, 100,000 or a million by hand (``STOCK_OPERATIONS``)."""
    operations = int(os.environ.get("STOCK_OPERATIONS", "1500"))
    walk, dice = Walk(), random.Random(operations)
    for step in range(operations):
        _step(walk, dice)
        if step % 1_000 == 999:
            walk.check(fully=step % 10_000 == 9_999)
    walk.check()
