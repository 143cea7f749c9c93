"""Payouts against the fake Stripe with its faults, by bank file, taken back; and the provider's books beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayUnavailable, Refused, StateRefused
from supplier.models import Account, Payout, PayoutAccount, ProviderEntry, Settlement
from supplier.selectors import audit, ledger
from supplier.services import ledger as posting
from supplier.services.settlement import accounts, bank, clawback, payouts, reconciling
from tests import factories
from tests.fakestripe import FakeStripe
from tests.supplier import settling

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
        yield running


@pytest.fixture
def shop():
    factories.company()
    factories.warehouse("PVD")
    settling.agreed()
    return factories.reseller("juniper-row", name="Juniper Row")


@pytest.fixture
def ready(fake, shop):
    """The shop has an account at Stripe that can be paid, and S has 1,000.00 USD there."""
    made = accounts.connect(reseller=shop, email="j@example.com", url="https://j.example.com", actor=factories.user())
    fake.onboard(made.stripe_id)
    fake.add_funds(100_000)
    assert accounts.refresh(reseller=shop).ready
    return shop


@pytest.fixture
def payout(ready) -> Payout:
    settling.sold(ready, 2)
    settling.released()
    return Payout.objects.get()


def balance(kind: str, reseller=None) -> int:
    account = Account.objects.filter(kind=kind, reseller=reseller, currency="USD").first()
    return ledger.balances([account])[account.pk] if account else 0


def again(payout: Payout) -> Payout:
    payout.refresh_from_db()
    return payout


def test_released_payout_is_sent_by_the_outbox(fake, payout):
    factories.drain()
    assert again(payout).state == "paid"
    assert [(row["amount"], row["id"]) for row in fake.all("transfer")] == [(1_880, payout.provider_id)]
    assert (balance("payout_transit", payout.reseller), balance("clearing")) == (0, 4_500 - 1_880)
    assert [*audit.books()] == []


def test_timeout_after_success_never_pays_twice(fake, payout):
    fake.faults.add("timeout", only="POST /v1/transfers", times=3)
    with pytest.raises(GatewayUnavailable):
        payouts.send(payout.pk)
    assert (again(payout).state, payout.reason) == ("unresolved", "no_answer")
    assert balance("payout_transit", payout.reseller) == 1_880  # it keeps its entries
    assert [*audit.books()] == []
    payouts.send(payout.pk)
    payouts.send(payout.pk)
    assert again(payout).state == "paid"
    assert len(fake.all("transfer")) == 1
    assert [*audit.books()] == []


def test_lost_payout_is_asked_for_and_sent_as_another_attempt(fake, payout):
    fake.faults.add("broken", only="POST /v1/transfers")
    with pytest.raises(GatewayUnavailable):
        payouts.send(payout.pk)
    with pytest.raises(GatewayUnavailable):  # Stripe remembers its error under this key
        payouts.send(payout.pk)
    Payout.objects.filter(pk=payout.pk).update(sent_at=clock.now() - timedelta(hours=1))
    payouts.send(payout.pk)
    assert (again(payout).state, payout.attempt) == ("paid", 2)
    assert len(fake.all("transfer")) == 1


def test_payout_waits_for_money_in_our_balance(fake, shop):
    made = accounts.connect(reseller=shop, email="j@example.com", url="https://j.example.com", actor=factories.user())
    fake.onboard(made.stripe_id)
    accounts.refresh(reseller=shop)
    settling.sold(shop, 1)
    settling.released()
    payout = Payout.objects.get()
    payouts.send(payout.pk)
    assert (again(payout).state, payout.reason, payout.attempt) == ("created", "balance_insufficient", 2)
    fake.add_funds(10_000)
    payouts.ask_again(payout_id=payout.pk, actor=factories.staff("finance"))
    factories.drain()
    assert again(payout).state == "paid"


def test_refusal_told_late_does_not_send_a_payout_twice(fake, shop, monkeypatch):
    made = accounts.connect(reseller=shop, email="j@example.com", url="https://j.example.com", actor=factories.user())
    fake.onboard(made.stripe_id)
    accounts.refresh(reseller=shop)
    settling.sold(shop, 1)
    settling.released()
    payout, refused = Payout.objects.get(), payouts._refused

    def late(row: Payout, code: str) -> None:
        """This worker stands still before it writes, another one hears the same and tries again with success."""
        monkeypatch.setattr(payouts, "_refused", refused)
        payouts.send(row.pk)
        fake.add_funds(10_000)
        payouts.send(row.pk)
        refused(row, code)

    monkeypatch.setattr(payouts, "_refused", late)
    payouts.send(payout.pk)
    assert again(payout).state == "paid"
    payouts.send(payout.pk)
    assert len(fake.all("transfer")) == 1
    assert [*audit.books()] == []


def test_payout_to_an_account_that_is_not_ready_fails_and_is_owed_again(fake, shop):
    made = accounts.connect(reseller=shop, email="j@example.com", url="https://j.example.com", actor=factories.user())
    fake.add_funds(10_000)
    PayoutAccount.objects.filter(pk=made.pk).update(ready=True)  # it was, when the run was built
    settling.sold(shop, 1)
    settling.released()
    payouts.send(Payout.objects.get().pk)
    payout = Payout.objects.get()
    assert (payout.state, payout.reason) == ("failed", "account_not_ready")
    assert (balance("reseller_payable", shop), balance("payout_transit", shop)) == (940, 0)
    assert [*audit.books()] == []
    fake.onboard(made.stripe_id)
    settling.released()
    row = Settlement.objects.order_by("-pk")[0]
    assert (row.adjustments_minor, row.payout_minor) == (940, 940)


# --- Claw-back -----------------------------------------------------------------------------------------
def owe(reseller, amount: int) -> None:
    posting.post(key="claim:1", kind="claim", currency="USD", at=clock.now(), reseller_id=reseller.pk,
                 legs=[posting.Leg("reseller_payable", "return_cost", amount)])  # fmt: skip


def test_what_is_owed_is_taken_back_while_the_account_has_it(fake, payout):
    factories.drain()
    owe(payout.reseller, 700)
    actor = factories.staff("finance")
    clawback.ask(reseller=payout.reseller, currency="USD", actor=actor)
    with pytest.raises(Refused):  # it is under way
        clawback.ask(reseller=payout.reseller, currency="USD", actor=actor)
    factories.drain()
    assert payout.clawbacks.get().state == "done"
    assert [row["amount"] for row in fake.all("transfer_reversal")] == [700]
    assert balance("reseller_payable", payout.reseller) == 0
    assert [*audit.books()] == []


def test_refused_reversal_leaves_the_debt_to_be_carried(fake, payout):
    factories.drain()
    owe(payout.reseller, 700)
    fake.faults.add("refuse", only="POST /v1/transfers/*/reversals")
    clawback.ask(reseller=payout.reseller, currency="USD", actor=factories.staff("finance"))
    factories.drain()
    row = payout.clawbacks.get()
    assert (row.state, row.reason) == ("failed", "balance_insufficient")
    assert balance("reseller_payable", payout.reseller) == -700
    settling.released()
    assert Settlement.objects.order_by("-pk")[0].closing_minor == -700


def test_reversal_whose_answer_was_lost_happens_once(fake, payout):
    factories.drain()
    owe(payout.reseller, 700)
    fake.faults.add("timeout", only="POST /v1/transfers/*/reversals", times=3)
    (row,) = clawback.ask(reseller=payout.reseller, currency="USD", actor=factories.staff("finance"))
    with pytest.raises(GatewayUnavailable):
        clawback.send(row.pk)
    clawback.send(row.pk)
    clawback.send(row.pk)
    row.refresh_from_db()
    assert row.state == "done"
    assert len(fake.all("transfer_reversal")) == 1
    assert balance("reseller_payable", payout.reseller) == 0


# --- Through the bank ----------------------------------------------------------------------------------
@pytest.fixture
def waiting(shop):
    settling.agreed(payout_method="bank")
    settling.bank(shop)
    settling.sold(shop, 1)
    settling.released()
    return Payout.objects.get()


def test_bank_file_names_each_payout_once(waiting):
    actor = factories.staff("finance")
    file = bank.make(currency="USD", actor=actor)
    assert (file.count, file.total_minor) == (1, 940)
    lines = bank.as_csv(file).splitlines()
    assert lines[1] == f"{waiting.settlement.number},Juniper Row LLC,DE89370400440532013000,COBADEFFXXX,,DE,9.40,USD"
    with pytest.raises(Refused):
        bank.make(currency="USD", actor=actor)


def test_bank_file_is_iso_20022(waiting):
    root = ElementTree.fromstring(bank.as_pain(bank.make(currency="USD", actor=factories.staff("finance"))))
    where = {"p": bank.NAMESPACE}
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=where) == "9.40"
    assert root.findtext(".//p:CdtrAcct/p:Id/p:IBAN", namespaces=where) == "DE89370400440532013000"
    assert root.find(".//p:InstdAmt", where).attrib == {"Ccy": "USD"}


def test_bank_payout_that_came_back_is_owed_again(waiting):
    actor = factories.staff("finance")
    with pytest.raises(StateRefused):  # it was not handed over yet
        payouts.tell(payout_id=waiting.pk, actor=actor, paid=True)
    bank.make(currency="USD", actor=actor)
    with pytest.raises(Refused):
        payouts.tell(payout_id=waiting.pk, actor=actor, paid=False)
    payouts.tell(payout_id=waiting.pk, actor=actor, paid=False, reason="Account closed")
    assert (balance("reseller_payable", waiting.reseller), balance("bank")) == (940, 0)
    assert [*audit.books()] == []


@pytest.mark.parametrize(
    ("account", "fits"),
    [("DE89 3704 0044 0532 0130 00", True), ("DE88370400440532013000", False), ("000123456789", True), ("12", False)],
)
def test_account_numbers_are_checked(shop, account, fits):
    details = {**settling.BANK, "account": account}
    if fits:
        assert accounts.set_bank(reseller=shop, actor=factories.user(), **details).bank["account"].isalnum()
    else:
        with pytest.raises(Refused) as refusal:
            accounts.set_bank(reseller=shop, actor=factories.user(), **details)
        assert refusal.value.field == "account"


# --- The account at Stripe -----------------------------------------------------------------------------
def test_account_is_opened_once_though_the_answer_is_lost(fake, shop):
    fake.faults.add("timeout", only="POST /v1/accounts", times=3)
    ask = {"reseller": shop, "email": "j@example.com", "url": "https://j.example.com", "actor": factories.user()}
    with pytest.raises(GatewayUnavailable):
        accounts.connect(**ask)
    made = accounts.connect(**ask)
    assert accounts.connect(**ask).stripe_id == made.stripe_id
    assert len(fake.all("account")) == 1


# --- The provider's books ------------------------------------------------------------------------------
def test_provider_books_are_matched_with_ours_and_its_fees_booked(fake, payout):
    factories.drain()
    fake.take_fee(250)
    assert reconciling.run() >= 2
    rows = {row.kind: row.state for row in ProviderEntry.objects.all()}
    assert (rows["transfer"], rows["fee"]) == ("matched", "matched")
    assert balance("provider_fee") == 250
    count = ProviderEntry.objects.count()
    reconciling.run()
    assert (ProviderEntry.objects.count(), balance("provider_fee")) == (count, 250)


def test_transfer_we_know_nothing_of_stays_open_until_somebody_explains_it(fake, ready):
    from supplier.gateways import stripe

    account = PayoutAccount.objects.get().stripe_id
    stripe.transfer(account_id=account, amount_minor=500, currency="USD", group="g", idempotency_key="by-hand")
    reconciling.run()
    row = ProviderEntry.objects.get(kind="transfer")
    assert row.state == "open"
    actor = factories.staff("finance")
    with pytest.raises(Refused):
        reconciling.explain(entry_id=row.pk, actor=actor, note=" ")
    assert reconciling.explain(entry_id=row.pk, actor=actor, note="Sent by hand").state == "explained"


def entry(number: str, amount: int, name: str, kind: str = "charge") -> None:
    ProviderEntry.objects.create(
        provider_id=name, kind=kind, order_number=number, currency="USD", amount_minor=amount, fee_minor=0,
        net_minor=amount, booked_at=clock.now(), available_at=clock.now(),
    )  # fmt: skip


def test_orders_are_matched_by_what_all_their_lines_sum_to(shop):
    order, other = settling.sold(shop, 1), settling.sold(shop, 1)
    entry(order.order_number, 2_500, "txn_1")
    entry(other.order_number, 2_500, "txn_2")
    entry(other.order_number, -100, "txn_3", "refund")  # given back at the provider, and not in our books
    reconciling.match()
    states = dict(ProviderEntry.objects.values_list("provider_id", "state"))
    assert states == {"txn_1": "matched", "txn_2": "open", "txn_3": "open"}
