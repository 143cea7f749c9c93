"""An open return or a hold keeps what its order earns out of the settlement, also where it came after the draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from s2b2c.accounts.models import AuditEntry, User
from s2b2c.kernel import clock
from supplier.models import Invoice, ReturnOrder, SalesOrder, Settlement, SettlementRun, StatementLine, Terms
from supplier.selectors import audit, returns, settlement, standing
from supplier.services import ledger, payout_holds
from supplier.services.settlement import runs
from tests import factories
from tests.supplier import settling

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "settled"), [("requested", 0), ("received", 0), ("closed", 1), ("refused", 1)])
def test_open_return_holds_back_what_its_order_earns(state, settled):
    factories.company()
    settling.agreed()
    shop = factories.reseller()
    order = settling.sold(shop)
    ReturnOrder.objects.create(
        reseller=shop, order=order, number="R0000000A", state=state, wish="refund", reason="mind",
        warehouse=factories.warehouse(), created_at=clock.now(),
    )  # fmt: skip
    runs.start(currency="USD", actor=factories.staff("finance"))
    assert StatementLine.objects.filter(kind="sale").count() == settled
    assert returns.open_of([order.pk]) == (set() if settled else {order.pk})
    assert (standing.of(shop.pk, "USD").in_window > 0) == (not settled)


def opened(order: SalesOrder, what: str) -> None:
    if what == "return":
        ReturnOrder.objects.create(
            reseller=order.reseller, order=order, number="R0000000B", state="requested", wish="refund", reason="mind",
            warehouse=order.fulfilments.get().warehouse, created_at=clock.now(),
        )  # fmt: skip
    else:
        with transaction.atomic():
            payout_holds.keep(order, cause="finance")


def reviewed() -> tuple[SettlementRun, User]:
    run = runs.start(currency="USD", actor=factories.staff("finance"))
    other = factories.staff("finance")
    return runs.review(run_id=run.pk, actor=other), other


@pytest.mark.parametrize("what", ["return", "hold"])
def test_order_held_back_after_the_draft_is_not_paid_and_the_others_are(what):
    factories.company()
    settling.agreed(payout_method="bank")
    shop = factories.reseller()
    settling.bank(shop)
    held, free = settling.sold(shop, 2, reserve_bps=1_000), settling.sold(shop, 1, reserve_bps=1_000)
    run, other = reviewed()
    opened(held, what)
    runs.release(run_id=run.pk, actor=other)
    row = Settlement.objects.get()
    assert (row.sales_minor, row.reserve_held_minor, row.payout_minor, row.orders) == (940, 94, 846, 1)
    assert row.document["held_back"] == [held.order_number]
    assert {line[2] for line in row.document["lines"] if line[1] == "sale"} == {free.order_number}
    assert AuditEntry.objects.get(action="settlement.held_back").detail == {"orders": [held.order_number]}
    assert [*audit.books()] == []


def test_statement_of_nothing_but_what_is_held_back_since_is_not_written():
    factories.company()
    settling.agreed(payout_method="bank")
    shops = [factories.reseller("one"), factories.reseller("two")]
    held = [settling.sold(shop, 1) for shop in shops]
    run, other = reviewed()
    for order in held:
        opened(order, "hold")
    run = runs.release(run_id=run.pk, actor=other)
    assert (run.state, run.done, Settlement.objects.count(), Invoice.objects.count()) == ("released", 2, 0, 0)
    for order in held:
        with transaction.atomic():
            payout_holds.release(order, cause="finance")
    settling.released()
    assert sorted(Settlement.objects.values_list("sales_minor", flat=True)) == [940, 940]
    assert [*audit.books()] == []


def test_order_that_owes_stays_on_its_statement_though_it_is_held_back_since():
    factories.company()
    settling.agreed(payout_method="bank")
    shop = factories.reseller()
    settling.bank(shop)
    settling.sold(shop, 2)
    owing = settling.sold(shop, 1)
    ledger.post(
        key="refund:x", kind="refund", currency="USD", at=clock.now() - timedelta(seconds=1), reseller_id=shop.pk,
        order_number=owing.order_number, legs=[ledger.Leg("reseller_payable", "clearing", 1_000)],
    )  # fmt: skip
    run, other = reviewed()
    opened(owing, "hold")
    runs.release(run_id=run.pk, actor=other)
    assert (Settlement.objects.get().payout_minor, Settlement.objects.get().sales_minor) == (1_820, 2_820)


# --- What earlier statements carried ---------------------------------------------------------------------
@pytest.fixture
def carried():
    """A shop whose first statement was below the smallest payout: one order of 940 is carried."""
    factories.company()
    settling.agreed(payout_method="bank", min_payout_minor=1_500)
    shop = factories.reseller()
    settling.bank(shop)
    order = settling.sold(shop, 1)
    settling.released()
    assert Settlement.objects.get().blocked == "below_minimum"
    return order


def run_again() -> Settlement:
    with clock.set_to(clock.now() + timedelta(days=1)):
        settling.released()
    return Settlement.objects.latest("id")


@pytest.mark.parametrize("what", ["return", "hold"])
def test_carried_earnings_of_an_order_held_back_are_not_paid_and_the_others_are(carried, what):
    opened(carried, what)
    settling.sold(carried.reseller, 2)
    row = run_again()
    assert (row.opening_minor, row.payout_minor, row.closing_minor, row.kept) == (940, 1_880, 940, [carried.pk])
    assert row.document["kept"] == {"minor": 940, "orders": [carried.order_number]}
    assert (settlement.paid_out(carried), [*audit.books()]) == (False, [])


def test_carried_earnings_are_paid_once_their_hold_ends(carried):
    opened(carried, "hold")
    settling.sold(carried.reseller, 2)
    run_again()
    with transaction.atomic():
        payout_holds.release(carried, cause="finance")
    settling.sold(carried.reseller, 1)
    with clock.set_to(clock.now() + timedelta(days=2)):
        settling.released()
    row = Settlement.objects.latest("id")
    assert (row.payout_minor, row.closing_minor, row.kept) == (1_880, 0, [])
    assert (settlement.paid_out(carried), [*audit.books()]) == (True, [])


def test_nothing_but_what_is_held_back_makes_no_statement(carried):
    opened(carried, "hold")
    Terms.objects.update(min_payout_minor=100)
    other = settling.sold(carried.reseller, 1)
    opened(other, "hold")
    settling.sold(factories.reseller("two"), 1)
    with clock.set_to(clock.now() + timedelta(days=1)):
        runs.start(currency="USD", actor=factories.staff("finance"))
    mine = Settlement.objects.filter(reseller=carried.reseller, released=False)
    assert not mine.exists()  # nothing new stands on it, so there is no statement


def test_hold_that_comes_between_draft_and_release_keeps_what_was_carried(carried):
    settling.sold(carried.reseller, 2)
    with clock.set_to(clock.now() + timedelta(days=1)):
        run, other = reviewed()
        assert Settlement.objects.latest("id").payout_minor == 2_820
        opened(carried, "hold")
        runs.release(run_id=run.pk, actor=other)
    row = Settlement.objects.latest("id")
    assert (row.payout_minor, row.closing_minor, row.document["held_back"]) == (1_880, 940, [carried.order_number])
    assert [*audit.books()] == []


def test_order_that_was_paid_out_holds_nothing_of_later_payouts(carried):
    settling.sold(carried.reseller, 1)
    assert run_again().payout_minor == 1_880
    opened(carried, "hold")
    settling.sold(carried.reseller, 2)
    with clock.set_to(clock.now() + timedelta(days=2)):
        settling.released()
    assert (Settlement.objects.latest("id").payout_minor, Settlement.objects.latest("id").kept) == (1_880, [])
