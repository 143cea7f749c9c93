"""Runs and their statements: what is due and nothing else, once, reviewed by somebody else, frozen when released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.models import F

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Account, Invoice, Payout, SalesOrder, Settlement, SettlementRun, StatementLine, Transfer
from supplier.selectors import audit, ledger
from supplier.services import ledger as posting
from supplier.services import payout_holds
from supplier.services.settlement import building, due, papers, payouts, releasing, runs
from tests import factories
from tests.supplier import settling

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    factories.company()
    factories.warehouse("PVD")
    settling.agreed(payout_method="bank")
    made = factories.reseller("juniper-row", name="Juniper Row")
    settling.bank(made)
    return made


def take_back(order: SalesOrder, amount: int, key: str = "r") -> None:
    posting.post(
        key=f"refund:{key}", kind="refund", currency="USD", at=clock.now() - timedelta(seconds=1),
        reseller_id=order.reseller_id, order_number=order.order_number,
        legs=[posting.Leg("reseller_payable", "clearing", amount)],
    )  # fmt: skip
    SalesOrder.objects.filter(pk=order.pk).update(refunded_minor=F("refunded_minor") + amount)


def balance(kind: str, reseller=None) -> int:
    account = Account.objects.filter(kind=kind, reseller=reseller, currency="USD").first()
    return ledger.balances([account])[account.pk] if account else 0


def draft(shop, actor=None) -> Settlement:
    run = runs.start(currency="USD", actor=actor or factories.staff("finance"))
    assert run.state == "draft"
    return Settlement.objects.get(run=run, reseller=shop)


def test_what_is_due_is_settled_and_the_rest_waits(shop):
    settling.sold(shop, 2)
    settling.sold(shop, 1, due=False)
    row = draft(shop)
    assert (row.sales_minor, row.orders, row.payout_minor, row.closing_minor) == (1_880, 1, 1_880, 0)


def test_order_is_due_after_the_window_of_its_frozen_terms(shop):
    order = settling.sold(shop, 1, due=False, status="shipped", return_days=7)
    fulfilment = order.fulfilments.get()
    sent = clock.now() - timedelta(days=2)
    fulfilment.shipments.create(number="P1", carrier="UPS", request_key="k", shipped_at=sent)
    OutboxEvent.objects.all().delete()
    assert due.mark() == 1
    order.refresh_from_db()
    assert order.due_at == sent + timedelta(days=7)


def test_cash_on_delivery_is_due_only_once_it_is_collected(shop):
    order = settling.sold(shop, 1, due=False, status="shipped", method="cod")
    OutboxEvent.objects.all().delete()
    assert due.mark() == 0
    SalesOrder.objects.filter(pk=order.pk).update(cash="collected", cash_at=clock.now())
    assert due.mark() == 1


def test_order_on_its_way_between_shop_and_supplier_is_not_due_yet(shop):
    settling.sold(shop, 1, due=False, status="cancelled")
    assert OutboxEvent.objects.filter(state="pending").exists()
    assert due.mark() == 0


def test_order_held_back_waits(shop):
    order = settling.sold(shop, 1)
    with transaction.atomic():
        payout_holds.keep(order, cause="finance")
    runs.start(currency="USD", actor=factories.staff("finance"))
    assert not Settlement.objects.exists()


def test_statement_nets_refunds_and_carries_what_is_owed(shop):
    take_back(settling.sold(shop, 1), 500)
    settling.released()
    first = Settlement.objects.get()
    assert (first.sales_minor, first.refunds_minor, first.payout_minor) == (940, -500, 440)
    take_back(SalesOrder.objects.order_by("pk")[0], 440, "again")
    settling.released()
    second = Settlement.objects.order_by("-pk")[0]
    assert (second.refunds_minor, second.payout_minor, second.closing_minor, second.blocked) == (
        -440,
        0,
        -440,
        "negative",
    )
    settling.sold(shop, 1)
    settling.released()
    third = Settlement.objects.order_by("-pk")[0]
    assert (third.opening_minor, third.sales_minor, third.payout_minor, third.closing_minor) == (-440, 940, 500, 0)
    assert [*audit.books()] == []


def test_weekly_terms_are_settled_once_a_week(shop):
    settling.agreed(payout_schedule="weekly", payout_method="bank")
    settling.sold(shop, 1)
    settling.released()
    settling.sold(shop, 1)
    runs.start(currency="USD", actor=factories.staff("finance"))
    assert Settlement.objects.count() == 1


def test_less_than_the_minimum_is_carried(shop):
    settling.agreed(payout_method="bank", min_payout_minor=1_000)
    settling.sold(shop, 1)
    settling.released()
    assert (Settlement.objects.get().blocked, Settlement.objects.get().closing_minor) == ("below_minimum", 940)
    settling.sold(shop, 1)
    settling.released()
    assert Payout.objects.get().amount_minor == 1_880


def test_nothing_is_paid_without_an_account(shop):
    settling.agreed(payout_method="stripe")
    settling.sold(shop, 1)
    row = draft(shop)
    assert (row.blocked, row.payout_minor, row.closing_minor) == ("account_not_ready", 0, 940)


def test_reserve_is_kept_and_covers_what_is_owed(shop):
    order = settling.sold(shop, 1, reserve_bps=1_000)
    settling.released()
    first = Settlement.objects.get()
    assert (first.reserve_held_minor, first.payout_minor, balance("reseller_reserve", shop)) == (94, 846, 94)
    take_back(order, 50)
    settling.released()
    second = Settlement.objects.order_by("-pk")[0]
    assert (second.refunds_minor, second.reserve_released_minor, second.closing_minor) == (-50, 50, 0)
    assert balance("reseller_reserve", shop) == 44
    assert [*audit.books()] == []


def test_reserve_comes_back_when_its_time_is_over(shop):
    settling.agreed(payout_method="bank", reserve_days=0)
    settling.sold(shop, 1, reserve_bps=1_000)
    settling.released()
    settling.released()
    row = Settlement.objects.order_by("-pk")[0]
    assert (row.reserve_released_minor, row.payout_minor, balance("reseller_reserve", shop)) == (94, 94, 0)
    settling.released()
    assert Settlement.objects.count() == 2
    assert [*audit.books()] == []


def test_run_is_reviewed_by_somebody_else_where_there_is_somebody(shop):
    settling.sold(shop, 1)
    maker = factories.staff("finance")
    run = runs.start(currency="USD", actor=maker)
    other = factories.staff("finance")
    with pytest.raises(Refused) as refusal:
        runs.review(run_id=run.pk, actor=maker)
    assert refusal.value.code == "four_eyes"
    assert runs.review(run_id=run.pk, actor=other).state == "reviewed"


def test_only_person_of_finance_reviews_alone(shop):
    settling.sold(shop, 1)
    maker = factories.staff("finance")
    run = runs.start(currency="USD", actor=maker)
    assert runs.review(run_id=run.pk, actor=maker).state == "reviewed"


def test_run_is_released_only_after_review_and_cancelled_only_before(shop):
    settling.sold(shop, 1)
    actor = factories.staff("finance")
    run = runs.start(currency="USD", actor=actor)
    with pytest.raises(StateRefused):
        runs.release(run_id=run.pk, actor=actor)
    with pytest.raises(StateRefused):
        runs.start(currency="USD", actor=actor)
    assert runs.cancel(run_id=run.pk, actor=actor).state == "cancelled"
    assert settling.released(actor).state == "released"
    assert Payout.objects.get().amount_minor == 940
    with pytest.raises(StateRefused):
        runs.cancel(run_id=SettlementRun.objects.latest("pk").pk, actor=actor)


def test_release_books_the_payout_and_writes_papers(shop):
    settling.sold(shop, 2)
    settling.released()
    row = Settlement.objects.get()
    assert row.released
    assert row.number == f"S-{clock.now():%Y}-00001"
    assert row.digest == papers.digest(row.document)
    assert (balance("reseller_payable", shop), balance("payout_transit", shop)) == (0, 1_880)
    assert [line[1] for line in row.document["lines"]] == ["sale", "payout"]
    invoice = Invoice.objects.get()
    assert (invoice.gross_minor, invoice.tax_minor, invoice.net_minor) == (120, 20, 100)
    assert [*audit.books()] == []


def test_money_given_back_between_review_and_release_is_not_paid(shop):
    order = settling.sold(shop, 1)
    maker, other = factories.staff("finance"), factories.staff("finance")
    run = runs.start(currency="USD", actor=maker)
    runs.review(run_id=run.pk, actor=other)
    take_back(order, 940)
    runs.release(run_id=run.pk, actor=other)
    row = Settlement.objects.get()
    assert (row.blocked, row.payout_minor, row.closing_minor) == ("refunded_meanwhile", 0, 940)
    assert not Payout.objects.exists()


def test_many_resellers_are_built_and_released_in_chunks(shop, monkeypatch):
    monkeypatch.setattr(building, "CHUNK", 2)
    monkeypatch.setattr(releasing, "CHUNK", 2)
    monkeypatch.setattr(runs, "INLINE", 1)
    for number in range(6):
        posting.post(key=f"sale:{number}", kind="sale", currency="USD", at=clock.now() - timedelta(days=1),
                     reseller_id=factories.reseller().pk, legs=[posting.Leg("clearing", "reseller_payable", 100)])  # fmt: skip
    actor = factories.staff("finance")
    run = runs.start(currency="USD", actor=actor)
    assert (run.state, run.done, run.total) == ("building", 2, 6)
    assert runs.run_due() == 1
    assert SettlementRun.objects.get().state == "draft"
    runs.review(run_id=run.pk, actor=actor)
    assert runs.release(run_id=run.pk, actor=actor).state == "releasing"
    runs.run_due()
    assert SettlementRun.objects.get().state == "released"
    assert Settlement.objects.filter(released=True).count() == 6
    numbers = sorted(Settlement.objects.values_list("number", flat=True))
    assert [number[-5:] for number in numbers] == [f"{n:05d}" for n in range(1, 7)]


def test_statements_of_a_run_take_the_same_number_of_queries_for_any_number_of_resellers(
    shop, django_assert_max_num_queries
):
    for number in range(12):
        posting.post(key=f"sale:{number}", kind="sale", currency="USD", at=clock.now() - timedelta(days=1),
                     reseller_id=factories.reseller().pk, legs=[posting.Leg("clearing", "reseller_payable", 100)])  # fmt: skip
    actor = factories.staff("finance")
    with django_assert_max_num_queries(32):
        runs.start(currency="USD", actor=actor)


# --- What the database itself refuses ----------------------------------------------------------------
def refuses(attack) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        attack()


@pytest.fixture
def paid(shop):
    settling.sold(shop, 1)
    settling.released()
    return Settlement.objects.get()


def test_transfer_is_never_settled_twice(paid):
    settling.sold(paid.reseller, 1)
    other = draft(paid.reseller)
    refuses(lambda: StatementLine.objects.create(
        settlement=other, transfer=paid.lines.first().transfer, amount_minor=940, kind="sale"))  # fmt: skip


@pytest.mark.parametrize(
    "attack",
    [
        lambda row: Settlement.objects.update(closing_minor=1),
        lambda row: Settlement.objects.update(document={}),
        lambda row: Settlement.objects.all()._raw_delete("default"),
        lambda row: StatementLine.objects.update(amount_minor=1),
        lambda row: StatementLine.objects.all()._raw_delete("default"),
        lambda row: Invoice.objects.update(gross_minor=0),
        lambda row: Payout.objects.update(amount_minor=1),
        lambda row: Payout.objects.update(key="other"),
        lambda row: Payout.objects.all()._raw_delete("default"),
    ],
)
def test_released_statements_and_papers_never_change(paid, attack):
    refuses(lambda: attack(paid))


def test_nothing_is_added_to_a_released_statement(paid):
    order = settling.sold(paid.reseller, 1)
    transfer = Transfer.objects.get(
        journal__order_number=order.order_number, credit__kind="reseller_payable", journal__kind="sale"
    )
    refuses(lambda: StatementLine.objects.create(settlement=paid, transfer=transfer, amount_minor=940, kind="sale"))


def test_no_payout_is_above_what_is_available(shop):
    settling.sold(shop, 1)
    row = draft(shop)
    StatementLine.objects.all()._raw_delete("default")  # nothing is left on the statement that says 940
    refuses(lambda: Payout.objects.create(
        settlement=row, reseller=shop, currency="USD", amount_minor=940, method="bank", key="x", created_at=clock.now()))  # fmt: skip


def test_statement_has_to_add_up(shop):
    settling.sold(shop, 1)
    row = draft(shop)
    refuses(lambda: Settlement.objects.filter(pk=row.pk).update(payout_minor=941))
    refuses(lambda: Settlement.objects.filter(pk=row.pk).update(payout_minor=941, closing_minor=-1))


def test_end_of_a_payout_stays(paid):
    from supplier.services.settlement import bank

    actor = factories.staff("finance")
    bank.make(currency="USD", actor=actor)
    payouts.tell(payout_id=Payout.objects.get().pk, actor=actor, paid=True)
    assert balance("bank") == -940
    refuses(lambda: Payout.objects.update(state="created"))
    with pytest.raises(StateRefused):
        payouts.tell(payout_id=Payout.objects.get().pk, actor=actor, paid=False, reason="x")
