"""Settlement in the office: a run from its beginning to the money, by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s2b2c.kernel import clock
from supplier.models import Invoice, Payout, ProviderEntry, Settlement, SettlementRun
from supplier.selectors import terms
from tests import factories
from tests.supplier import office, settling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.warehouse("PVD")
    settling.agreed(payout_method="bank")


@pytest.fixture
def shop():
    made = factories.reseller("juniper-row", name="Juniper Row")
    settling.bank(made)
    return made


def test_run_goes_from_its_beginning_to_paid(shop):
    settling.sold(shop, 2)
    maker, other = office.client("finance"), office.confirmed(office.client("finance"))
    assert "Begin a run, USD" in office.text(maker.get("/settlement/"))
    maker.post("/settlement/begin/", {"currency": "USD"})
    run = SettlementRun.objects.get()
    page = f"/settlement/{run.pk}/"
    shown = office.text(maker.get(page))
    for word in ("To review", "Juniper Row", "18.80", "It is right"):
        assert word in shown, word
    maker.post(f"{page}review/")
    assert SettlementRun.objects.get().state == "draft"  # who began it can't
    other.post(f"{page}review/")
    assert "Release 1 payout" in office.text(other.get(page))
    other.post(f"{page}release/")
    assert SettlementRun.objects.get().state == "released"
    payout = Payout.objects.get()
    assert "For the bank" in office.text(other.get("/settlement/payouts/"))
    other.post("/settlement/payouts/bank/", {"currency": "USD"})
    file = other.get(f"/settlement/payouts/bank/{Payout.objects.get().file_id}/?csv=1")
    assert b"DE89370400440532013000" in file.content
    shown = office.text(other.get(f"/settlement/payouts/{payout.pk}/"))
    assert "•••• 3000" in shown
    assert "DE89370400440532013000" not in shown
    other.post(f"/settlement/payouts/{payout.pk}/paid/")
    assert Payout.objects.get().state == "paid"


def test_release_asks_who_one_is_again(shop):
    settling.sold(shop)
    maker = office.client("finance")
    maker.post("/settlement/begin/", {"currency": "USD"})
    run = SettlementRun.objects.get()
    maker.post(f"/settlement/{run.pk}/review/")
    answer = maker.post(f"/settlement/{run.pk}/release/")
    assert "/reauthenticate/" in answer["Location"]
    assert SettlementRun.objects.get().state == "reviewed"


def test_failed_bank_payout_needs_a_reason(shop):
    settling.sold(shop)
    settling.released()
    person = office.confirmed(office.client("finance"))
    person.post("/settlement/payouts/bank/", {"currency": "USD"})
    url = f"/settlement/payouts/{Payout.objects.get().pk}/failed/"
    assert person.post(url, {"reason": ""}).status_code == 422
    assert person.post(url, {"reason": "Account closed"}).status_code == 302
    assert "Owed again" in office.text(person.get("/settlement/payouts/"))


def test_statement_is_the_same_paper_whatever_happens_to_the_shop(shop):
    settling.sold(shop)
    settling.released()
    url = f"/settlement/statements/{Settlement.objects.get().pk}/"
    person = office.client("finance")
    before = person.get(f"{url}?csv=1").content
    shop.name = "Another name"
    shop.save()
    assert person.get(f"{url}?csv=1").content == before
    shown = office.text(person.get(url))
    assert "Juniper Row" in shown
    assert b",sale," in before
    assert Settlement.objects.get().digest in shown


def test_invoice_shows_the_fee_and_its_tax(shop):
    settling.sold(shop, 1)
    settling.released()
    shown = office.text(office.client("finance").get(f"/settlement/invoices/{Invoice.objects.get().pk}/"))
    for word in ("0.50", "0.10", "0.60", "nothing is to be paid"):
        assert word in shown, word


def test_line_that_fits_nothing_is_an_alarm_until_explained(shop):
    row = ProviderEntry.objects.create(
        provider_id="txn_1", kind="charge", currency="USD", amount_minor=500, fee_minor=0, net_minor=500,
        booked_at=clock.now() - timedelta(days=1), available_at=clock.now(),
    )  # fmt: skip
    person = office.client("finance")
    assert "that fit nothing" in office.text(person.get("/"))
    assert "1 line fits nothing of ours" in office.text(person.get("/settlement/provider/"))
    url = f"/settlement/provider/{row.pk}/"
    assert person.post(url, {"note": " "}).status_code == 422
    assert person.post(url, {"note": "Paid by hand"}).status_code == 302
    assert "that fit nothing" not in office.text(person.get("/"))
    assert "Paid by hand" in office.text(person.get(url))


@pytest.mark.parametrize("path", ["", "payouts/", "provider/"])
@pytest.mark.parametrize(("role", "status"), [("finance", 200), ("admin", 200), ("warehouse", 403), ("support", 403)])
def test_settlement_is_for_finance(path, role, status):
    assert office.client(role).get(f"/settlement/{path}").status_code == status


def test_pages_take_few_queries_however_many_rows(shop):
    for _ in range(3):
        made = factories.reseller()
        settling.bank(made)
        settling.sold(made)
    run = settling.released()
    person = office.client("finance")
    for url in (f"/settlement/{run.pk}/", "/settlement/payouts/", "/settlement/"):
        answer, count = office.selects(lambda url=url: person.get(url))
        assert answer.status_code == 200
        assert count <= 16, url


def test_terms_of_payouts_are_agreed_by_version_and_kept_when_the_fee_changes(shop):
    person = office.client("finance")
    typed = {"fee": "3", "fee_tax": "19", "return_days": "30", "payout_schedule": "monthly", "payout_method": "stripe",
             "min_payout": "25.00", "reserve": "5", "reserve_days": "60"}  # fmt: skip
    assert person.post("/resellers/juniper-row/terms/", typed).status_code == 302
    row = terms.row_of(shop.pk)
    assert (row.return_days, row.payout_schedule, row.min_payout_minor, row.reserve_bps) == (30, "monthly", 2_500, 500)
    person.post("/resellers/juniper-row/terms/", {"fee": "4"})
    again = terms.row_of(shop.pk)
    assert (again.version, again.fee_bps, again.return_days, again.fee_tax_bps) == (2, 400, 30, 1_900)
    assert terms.of(shop.pk).reserve_bps == 500
