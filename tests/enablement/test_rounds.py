"""Buying rounds: committed with a deposit, closed once by date or volume, deposits ended whole, the books always right."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enablement.models import BuyingRound, Commitment, PlanShare, PurchaseOrder, PurchasePlan
from enablement.selectors import audit_buying
from enablement.selectors import rounds as selectors
from enablement.services import commitments, plans, purchases, receiving, rounds, sharing
from s2b2c.kernel import clock
from supplier.models import Account, Journal
from supplier.selectors import audit, ledger
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    made = buying.variant("MUG-1", stock=500)
    buying.offer(buying.vendor(order_fee_minor=1_000), made, ((1, 900), (100, 800), (300, 700)))
    return made


@pytest.fixture
def rose(mug):
    return earning("rose", mug)


@pytest.fixture
def fern(mug):
    return earning("fern", mug)


def earning(name, mug, pieces=20):
    """A shop that sold something, so that S owes it money."""
    shop = factories.reseller(name)
    office.order(shop, [(mug, pieces)])
    return shop


def opened(world, mug, **more):
    facts = {"name_en": "Autumn mugs", "warehouse_id": world.pk, "variant_ids": [mug.pk], "closes_at": clock.now() + timedelta(days=7),
             "least": 100, "deposit_bps": 1_000, "shared_bps": 10_000, "sell_days": 30, "actor_id": None, **more}  # fmt: skip
    return rounds.open_(**facts)


def commit(made, mug, shop, pieces):
    return commitments.commit(number=made.number, variant_id=mug.pk, pieces=pieces, reseller_id=shop.pk)


def held(shop):
    account = Account.objects.filter(kind="reseller_deposit", reseller=shop).first()
    return ledger.balances([account])[account.pk] if account else 0


def owed(shop):
    return commitments.owed(shop.pk, "USD")


def later(**span):
    return clock.set_to(clock.now() + timedelta(**span))


def state(made):
    return BuyingRound.objects.values_list("state", flat=True).get(pk=made.pk)


def clean():
    return not [*audit.books(), *audit_buying.books()]


def bought(made, share=1.0):
    """Work the plan out, order and receive it, and share the saving."""
    plans.run_due()
    plan = PurchasePlan.objects.get(round=made)
    for each in plans.order(number=plan.number, actor_id=None):
        order = purchases.send(number=each.number, actor_id=None)
        pieces = {line.pk: int(line.quantity * share) for line in order.lines.all()}
        receiving.receive(number=order.number, pieces=pieces, key="k", difference="short", close=True, actor_id=None)
    sharing.run_due()
    plan.refresh_from_db()
    return plan


def test_deposit_is_taken_from_what_is_owed_follows_the_pieces_and_comes_back(world, mug, rose):
    made, before = opened(world, mug), owed(rose)
    wholesale = mug.wholesale_minor
    seen = []
    for pieces in (50, 80, 30, 30, 0):
        commit(made, mug, rose, pieces)
        seen.append((held(rose), before - owed(rose)))
    assert seen == [(n * wholesale // 10,) * 2 for n in (50, 80, 30, 30, 0)]
    assert Journal.objects.filter(kind__startswith="round_").count() == 4
    assert clean()


def test_deposit_above_what_the_shop_has_is_refused_and_nothing_changes(world, mug, rose):
    made = opened(world, mug, deposit_bps=10_000)
    with buying.refuses("deposit"):
        commit(made, mug, rose, 5_000)
    assert (held(rose), selectors.pieces(made), clean()) == (0, 0, True)


def test_round_that_is_missed_gives_every_deposit_back_once(world, mug, rose, fern):
    made, before = opened(world, mug), owed(rose)
    commit(made, mug, rose, 40)
    commit(made, mug, fern, 30)
    assert rounds.close_due() == 0
    with later(days=8):
        assert (rounds.close_due(), rounds.close_due()) == (1, 0)
    assert (state(made), held(rose), held(fern), owed(rose)) == ("missed", 0, 0, before)
    assert clean()


def test_round_that_is_reached_becomes_a_plan_of_what_was_committed(world, mug, rose, fern):
    made = opened(world, mug)
    commit(made, mug, rose, 80)
    commit(made, mug, fern, 40)
    with later(days=8):
        rounds.close_due()
        assert rounds.close(number=made.number) is None
    plan = PurchasePlan.objects.get()
    assert (state(made), dict(plan.parts.values_list("reseller__slug", "wanted"))) == (
        "reached",
        {"rose": 80, "fern": 40},
    )
    assert held(rose) == 80 * mug.wholesale_minor // 10


def test_round_closes_early_when_it_is_full(world, mug, rose):
    made = opened(world, mug, volume=120)
    commit(made, mug, rose, 119)
    assert rounds.close_due() == 0
    commit(made, mug, rose, 120)
    assert (rounds.close_due(), state(made)) == (1, "reached")


def test_closed_round_takes_no_commitment_nor_a_withdrawal(world, mug, rose):
    made = opened(world, mug)
    commit(made, mug, rose, 120)
    with later(days=8):
        with buying.refuses("round_closed"):  # over, though nobody has closed it yet
            commit(made, mug, rose, 0)
        rounds.close_due()
        with buying.refuses("round_closed"):
            commit(made, mug, rose, 0)


def test_saving_is_credited_and_deposits_go_back_for_what_was_sold(world, mug, rose, fern):
    made = opened(world, mug)
    commit(made, mug, rose, 80)
    commit(made, mug, fern, 40)
    with later(days=8):
        rounds.close_due()
        plan = bought(made)
        shares = dict(PlanShare.objects.values_list("reseller__slug", "credited_minor"))
        assert sum(shares.values()) == plan.shared_minor > 0
        office.order(rose, [(mug, 90)])
        office.order(fern, [(mug, 10)])
        assert rounds.end_due() == 0
    with later(days=40):
        assert (rounds.end_due(), rounds.end_due()) == (1, 0)
    kept = dict(Commitment.objects.values_list("reseller__slug", "kept_minor"))
    assert kept == {"rose": 0, "fern": 40 * mug.wholesale_minor // 10 * 30 // 40}
    assert (state(made), held(rose), held(fern), clean()) == ("ended", 0, 0, True)


def test_deposit_goes_back_for_what_never_came(world, mug, rose):
    made = opened(world, mug)
    commit(made, mug, rose, 120)
    with later(days=8):
        rounds.close_due()
        plans.run_due()
        plan = PurchasePlan.objects.get(round=made)
        for each in plans.order(number=plan.number, actor_id=None):
            purchases.cancel(number=each.number, actor_id=None)
        sharing.run_due()
    with later(days=60):
        rounds.end_due()
    assert (Commitment.objects.get().kept_minor, held(rose), clean()) == (0, 0, True)


def test_round_is_cancelled_as_long_as_nothing_is_ordered(world, mug, rose):
    made, before = opened(world, mug), owed(rose)
    commit(made, mug, rose, 120)
    with later(days=8):
        rounds.close_due()
        plans.run_due()
        rounds.cancel(number=made.number, actor_id=None)
        with buying.refuses("round_cancelled"):
            plans.order(number=PurchasePlan.objects.get().number, actor_id=None)
    assert (state(made), owed(rose), PurchaseOrder.objects.count(), clean()) == ("cancelled", before, 0, True)


def test_round_whose_plan_is_ordered_is_not_cancelled(world, mug, rose):
    made = opened(world, mug)
    commit(made, mug, rose, 120)
    with later(days=8):
        rounds.close_due()
        plans.run_due()
        plans.order(number=PurchasePlan.objects.get().number, actor_id=None)
        with buying.refuses("round_state"):
            rounds.cancel(number=made.number, actor_id=None)


def test_price_falls_with_what_is_committed_and_says_how_many_more(world, mug, rose, fern):
    made = opened(world, mug, least=1)
    seen = selectors.offered(made, rose.pk)[0]
    whole = mug.wholesale_minor
    assert (seen.price_minor, seen.more, seen.next_minor) == (whole, 100, whole - 100)
    assert [(rung.start, rung.price_minor, rung.reached) for rung in seen.rungs] == [(1, whole, False), (100, whole - 100, False), (300, whole - 200, False)]  # fmt: skip
    commit(made, mug, fern, 120)
    seen = selectors.offered(made, rose.pk)[0]
    assert (seen.together, seen.price_minor, seen.more, seen.next_minor) == (120, whole - 100, 180, whole - 200)


def test_part_of_the_saving_is_the_part_the_price_falls_by(world, mug, fern):
    made = opened(world, mug, shared_bps=5_000)
    commit(made, mug, fern, 10)
    seen = selectors.offered(made, fern.pk)[0]
    assert seen.next_minor == mug.wholesale_minor - 50


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("closes_at", {"closes_at": clock.now() - timedelta(days=1)}),
        ("shared", {"shared_bps": 10_001}),
        ("volume", {"volume": 99}),
        ("items", {"variant_ids": []}),
        ("required", {"name_en": " "}),
    ],
)
def test_round_that_makes_no_sense_is_not_opened(world, mug, code, more):
    with buying.refuses(code):
        opened(world, mug, **more)


def test_round_of_what_nobody_sells_is_not_opened(world, mug):
    with buying.refuses("no_vendor"):
        opened(world, mug, variant_ids=[mug.pk, buying.variant("POT-1").pk])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(["rose", "fern"]), st.integers(0, 130)), max_size=8),
    st.integers(0, 40),
    st.booleans(),
)
def test_whatever_shops_commit_the_books_hold_and_deposits_end_whole(world, mug, rose, fern, moves, sold, short):
    with transaction.atomic():
        shops, made = {"rose": rose, "fern": fern}, opened(world, mug)
        for name, pieces in moves:
            with contextlib.suppress(commitments.Refused):
                commit(made, mug, shops[name], pieces)
            assert clean()
        with later(days=8):
            rounds.close_due()
            if state(made) == "reached":
                bought(made, share=0.5 if short else 1)
                if sold:
                    office.order(rose, [(mug, sold)])
        with later(days=90):
            rounds.end_due()
        assert (state(made) in ("missed", "ended"), held(rose), held(fern), clean()) == (True, 0, 0, True)
        transaction.set_rollback(True)


# --- What the database refuses ---------------------------------------------------------------------------
def attack(sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM enablement_commitment",
        "UPDATE enablement_commitment SET pieces = pieces + 1",
        "UPDATE enablement_commitment SET deposit_minor = pieces * unit_minor + 1, revision = revision + 1",
        "UPDATE enablement_commitment SET released_minor = 0, kept_minor = deposit_minor",
        "UPDATE enablement_commitment SET released_minor = deposit_minor - 1, kept_minor = 0",
        "UPDATE enablement_buyinground SET state = 'missed'",
        "UPDATE enablement_buyinground SET state = 'ended'",
        "UPDATE enablement_buyinground SET state = 'reached'",
        "UPDATE enablement_buyinground SET deposit_bps = 0",
        "UPDATE enablement_buyinground SET closes_at = closes_at + interval '1 day'",
        "DELETE FROM enablement_buyinground",
    ],
)
def test_what_was_committed_stays(world, mug, rose, sql):
    commit(opened(world, mug), mug, rose, 50)
    attack(sql)


def test_deposit_ends_once(world, mug, rose):
    made = opened(world, mug)
    commit(made, mug, rose, 50)
    rounds.cancel(number=made.number, actor_id=None)
    attack("UPDATE enablement_commitment SET released_minor = 0, kept_minor = deposit_minor")
    attack("UPDATE enablement_commitment SET pieces = 1, revision = revision + 1")
