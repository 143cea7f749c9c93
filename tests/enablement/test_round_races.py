"""Buying rounds under fire: commitments at the moment of closing, workers that die, steps in any order."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enablement.models import BuyingRound, Commitment, PurchasePlan
from enablement.selectors import audit_buying
from enablement.services import commitments, plans, purchases, receiving, rounds, sharing
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from supplier.models import Account, Journal
from supplier.selectors import audit, ledger
from tests import factories
from tests.enablement import buying
from tests.supplier import office

SHOPS = ("rose", "fern", "moss", "sage")


class World:
    """A supplier with a warehouse, a mug two prices deep, and shops that S owes money."""

    def __init__(self) -> None:
        factories.company()
        self.place = factories.warehouse("OAK", name_en="Oakland")
        self.mug = buying.variant("MUG-1", stock=900)
        buying.offer(buying.vendor(order_fee_minor=1_000), self.mug, ((1, 900), (100, 800), (300, 700)))
        self.shops = {name: factories.reseller(name) for name in SHOPS}
        for each in self.shops.values():
            office.order(each, [(self.mug, 20)])
        self.before = {name: self.owed(name) for name in SHOPS}

    def open(self, **more) -> BuyingRound:
        facts = {"name_en": "Autumn mugs", "warehouse_id": self.place.pk, "variant_ids": [self.mug.pk],
                 "closes_at": clock.now() + timedelta(days=7), "least": 100, "deposit_bps": 1_000, "shared_bps": 10_000,
                 "sell_days": 30, "actor_id": None, **more}  # fmt: skip
        return rounds.open_(**facts)

    def commit(self, made: BuyingRound, name: str, pieces: int) -> Commitment:
        shop = self.shops[name].pk
        return commitments.commit(number=made.number, variant_id=self.mug.pk, pieces=pieces, reseller_id=shop)

    def owed(self, name: str) -> int:
        return commitments.owed(self.shops[name].pk, "USD")

    def held(self, name: str) -> int:
        account = Account.objects.filter(kind="reseller_deposit", reseller=self.shops[name]).first()
        return ledger.balances([account])[account.pk] if account else 0


def state(made: BuyingRound) -> str:
    return BuyingRound.objects.values_list("state", flat=True).get(pk=made.pk)


def clean() -> bool:
    return not [*audit.books(), *audit_buying.books()]


def connected(work: Callable[..., object]) -> Callable[..., object]:
    """Let work of a thread end its own connection."""

    def run(*args: object) -> object:
        try:
            return work(*args)
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("least", [1, 100_000], ids=["reached", "missed"])
def test_last_commitment_is_in_with_its_deposit_or_refused_whoever_closes_meanwhile(least):
    world = World()
    made = world.open(least=least, closes_at=clock.now() + timedelta(seconds=1.5))
    told: dict[str, int] = {}
    begin = threading.Barrier(len(SHOPS) + 2)

    @connected
    def shop(name):
        begin.wait()
        for pieces in range(1, 100_000):
            try:
                world.commit(made, name, pieces % 60 + 1)
            except Refused as refusal:
                return refusal.code
            told[name] = pieces % 60 + 1
        return "never closed"

    @connected
    def closer():
        begin.wait()
        closed = 0
        while state(made) == "open":
            closed += rounds.close_due()
        return closed

    with ThreadPoolExecutor(len(SHOPS) + 2) as pool:
        closers = [pool.submit(closer) for _ in range(2)]
        answers = [pool.submit(shop, name) for name in SHOPS]
    assert {each.result() for each in answers} == {"round_closed"}
    assert sum(each.result() for each in closers) == 1
    kept = dict(Commitment.objects.values_list("reseller__slug", "pieces"))
    assert kept == told
    deposits = {name: kept[name] * world.mug.wholesale_minor // 10 if least == 1 else 0 for name in SHOPS}
    assert {name: world.held(name) for name in SHOPS} == deposits
    assert {name: world.before[name] - world.owed(name) for name in SHOPS} == deposits
    if least == 1:
        plan = PurchasePlan.objects.get(round=made)
        assert dict(plan.parts.values_list("reseller__slug", "wanted")) == told
    assert clean()


@pytest.mark.django_db(transaction=True)
def test_commitment_that_fills_a_round_and_the_one_after_it_are_both_bought():
    world = World()
    made = world.open(volume=120)
    begin = threading.Barrier(len(SHOPS) + 1)

    @connected
    def shop(name):
        begin.wait()
        with contextlib.suppress(Refused):
            return world.commit(made, name, 60).pieces
        return 0

    @connected
    def closer():
        begin.wait()
        while not rounds.close_due():
            pass

    with ThreadPoolExecutor(len(SHOPS) + 1) as pool:
        answers = [pool.submit(shop, name) for name in SHOPS]
        pool.submit(closer).result()
    took = sum(each.result() for each in answers)
    wanted = dict(PurchasePlan.objects.get(round=made).parts.values_list("reseller__slug", "wanted"))
    assert took >= 120
    assert (sum(wanted.values()), sum(world.held(name) for name in SHOPS)) == (
        took,
        took * world.mug.wholesale_minor // 10,
    )
    assert clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["missed", "cancelled"])
def test_worker_whose_database_session_dies_in_between_releases_nothing_and_the_next_one_all_once(monkeypatch, end):
    world = World()
    made = world.open(least=1_000)
    for name in SHOPS:
        world.commit(made, name, 50)
    whole, ended = commitments._end, []

    def dying(round_, mine, *, kept):
        whole(round_, mine, kept=kept)
        ended.append(mine.pk)
        if len(ended) == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(commitments, "_end", dying)
    with clock.set_to(clock.now() + timedelta(days=8)):
        finish = rounds.close_due if end == "missed" else lambda: rounds.cancel(number=made.number, actor_id=None)
        with pytest.raises(Error):
            finish()
        connection.close()
        assert (state(made), {name: world.owed(name) < world.before[name] for name in SHOPS}) == (
            "open",
            dict.fromkeys(SHOPS, True),
        )
        finish()
        finish()
    assert state(made) == end
    assert {name: world.owed(name) for name in SHOPS} == world.before
    assert Journal.objects.filter(kind="round_released", key__endswith=":end").count() == len(SHOPS)
    assert clean()


@pytest.mark.django_db(transaction=True)
def test_round_is_cancelled_or_its_plan_ordered_never_both():
    world = World()
    made = world.open(least=1)
    world.commit(made, "rose", 120)
    with clock.set_to(clock.now() + timedelta(days=8)):
        rounds.close_due()
        plans.run_due()
    number, begin = PurchasePlan.objects.get(round=made).number, threading.Barrier(2)

    @connected
    def race(step):
        begin.wait()
        try:
            step()
        except Refused as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        order = pool.submit(race, lambda: plans.order(number=number, actor_id=None))
        cancel = pool.submit(race, lambda: rounds.cancel(number=made.number, actor_id=None))
    answers = order.result(), cancel.result()
    assert answers in (("done", "round_state"), ("round_cancelled", "done"))
    assert world.held("rose") == (120 * world.mug.wholesale_minor // 10 if answers[0] == "done" else 0)
    assert clean()


# --- Steps in any order --------------------------------------------------------------------------------------
STEPS = ("rose+", "fern+", "rose-", "close", "cancel", "plan", "order", "receive", "share", "sell", "end")


def take(step: str, world: World, made: BuyingRound) -> None:
    """Take one step of a round's life; many are refused where they stand."""
    plan = PurchasePlan.objects.filter(round=made).first()
    match step:
        case "rose+":
            world.commit(made, "rose", 80)
        case "fern+":
            world.commit(made, "fern", 45)
        case "rose-":
            world.commit(made, "rose", 0)
        case "close":
            with clock.set_to(made.closes_at):
                rounds.close_due()
        case "cancel":
            rounds.cancel(number=made.number, actor_id=None)
        case "plan":
            plans.run_due()
        case "order" if plan:
            for each in plans.order(number=plan.number, actor_id=None):
                purchases.send(number=each.number, actor_id=None)
        case "receive" if plan:
            for each in plans.orders(plan):
                pieces = {line.pk: line.quantity * 2 // 3 for line in each.lines.all()}
                receiving.receive(number=each.number, pieces=pieces, key="k", difference="short", close=True, actor_id=None)  # fmt: skip
        case "share":
            sharing.run_due()
        case "sell":
            office.order(world.shops["rose"], [(world.mug, 25)])
        case "end":
            with clock.set_to(clock.now() + timedelta(days=90)):
                rounds.end_due()


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(STEPS), st.lists(st.sampled_from(STEPS), max_size=6))
def test_in_whatever_order_each_deposit_is_released_or_kept_once_and_whole(order, again):
    with transaction.atomic():
        world = World()
        made = world.open()
        for step in (*order, *again):
            with contextlib.suppress(Refused):
                take(step, world, made)
            assert clean(), step
        for step in ("close", "plan", "order", "receive", "share", "end"):
            with contextlib.suppress(Refused):
                take(step, world, made)
        rows = list(Commitment.objects.all())
        assert state(made) in ("missed", "cancelled", "ended")
        assert all(each.released_minor + each.kept_minor == each.deposit_minor for each in rows)
        assert [world.held(name) for name in SHOPS] == [0] * len(SHOPS)
        ends = Journal.objects.filter(key__startswith=f"round:{made.number}:", key__endswith=":end")
        assert ends.count() == sum(each.deposit_minor > 0 for each in rows)
        assert clean()
        transaction.set_rollback(True)
