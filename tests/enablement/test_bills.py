"""Vendors' bills: matched three ways, held and decided, booked, paid by somebody else, never twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, connection, transaction

from enablement.models import BillLine, VariantCost, VendorBill, VendorPayment
from enablement.selectors import audit_buying
from enablement.services import bills, charges, receiving, vendor_pay
from s2b2c.kernel.errors import Refused
from supplier.models import Account
from supplier.selectors import audit, ledger
from supplier.services.settlement import bank
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)
BANK = {"holder": "Kiln & Sons", "account": "DE89370400440532013000", "routing": "", "bank": "", "country": "DE"}


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    return buying.variant("MUG-1")


@pytest.fixture
def kiln(mug):
    made = buying.vendor()
    buying.offer(made, mug, ((1, 900),))
    return made


@pytest.fixture
def order(kiln, mug, world):
    made = buying.sent(kiln, (mug, 100), to=world)
    come(made, 60)
    return made


@pytest.fixture
def clerk():
    return factories.staff("finance")


@pytest.fixture
def payer():
    return factories.staff("finance")


def come(order, pieces, key="r"):
    receiving.receive(number=order.number, pieces={order.lines.get().pk: pieces}, key=key, actor_id=None)


def enter(order, pieces=60, unit=900, number="K-1", by=None, **more):
    facts = {"vendor_id": order.vendor_id, "billed_on": DAY, "due_on": DAY + timedelta(days=30), **more}
    return bills.enter(
        number=number, order_number=order.number, goods={order.lines.get().pk: (pieces, unit)},
        actor_id=by.pk if by else None, **facts,
    )  # fmt: skip


def decide(bill, decision, by=None):
    return bills.decide(bill_id=bill.pk, line_id=bill.lines.get().pk, decision=decision, reason="agreed by phone", actor_id=by.pk if by else None)  # fmt: skip


def reread(bill):
    return VendorBill.objects.get(pk=bill.pk)


def balance(kind, currency="USD"):
    """What was debited, less what was credited."""
    account = Account.objects.filter(kind=kind, currency=currency).first()
    debit, credit = ledger.sums().get(account.pk, (0, 0)) if account else (0, 0)
    return debit - credit


def clean():
    return not [*audit.books(), *audit_buying.books()]


def test_bill_that_fits_is_approved_and_owed(order):
    bill = enter(order)
    assert (bill.state, bill.payable_minor, bill.lines.get().decision) == ("approved", 54_000, "fits")
    assert (balance("vendor_payable"), balance("goods_unbilled"), balance("goods_bought")) == (-54_000, 0, 54_000)
    assert clean()


@pytest.mark.parametrize(
    ("pieces", "unit", "trouble"),
    [(61, 900, ["pieces"]), (60, 910, ["price"]), (61, 910, ["pieces", "price"]), (60, 909, []), (59, 800, [])],
)
def test_bill_is_matched_by_pieces_and_price_within_tolerance(order, pieces, unit, trouble):
    bill = enter(order, pieces, unit)
    assert (bill.lines.get().trouble, bill.state) == (trouble, "held" if trouble else "approved")


def test_tolerance_is_set_in_the_office(order):
    bills.set_rules(price_bps=0, pieces_bps=1_000, actor_id=None)
    assert enter(order, 66, 900).state == "approved"
    assert enter(order, 1, 901, "K-2").lines.get().trouble == ["pieces", "price"]


def test_bill_comes_once(order):
    enter(order, 10)
    for number in ("K-1", "k-1", " K-1 "):
        with buying.refuses("billed_twice"):
            enter(order, 10, number=number)
    assert VendorBill.objects.count() == 1


def test_partial_bills_sum_to_what_came_and_no_more(order):
    assert [enter(order, n, number=f"K-{n}").state for n in (25, 35)] == ["approved", "approved"]
    assert enter(order, 1, number="K-x").lines.get().trouble == ["pieces"]
    assert (balance("vendor_payable"), balance("goods_unbilled"), clean()) == (-54_000, 0, True)


def test_bill_before_the_goods_is_held_and_approved_when_they_come(order, clerk):
    bill = enter(order, 100, by=clerk)
    assert bill.state == "held"
    come(order, 40, "s")
    assert (reread(bill).state, balance("goods_unbilled"), balance("vendor_payable")) == ("approved", 0, -90_000)
    assert clean()


def test_dearer_bill_that_is_accepted_raises_the_cost_of_what_is_here(order, mug):
    bill = decide(enter(order, 60, 1_000), "accept")
    assert (bill.state, bill.payable_minor) == ("approved", 60_000)
    assert VariantCost.objects.get(variant=mug).average_minor == 1_000
    assert (balance("goods_bought"), balance("goods_unbilled"), balance("buying_variance"), clean()) == (60_000, 0, 0, True)  # fmt: skip


def test_dearer_bill_paid_short_pays_what_was_ordered(order, mug):
    bill = decide(enter(order, 70, 1_000), "short")
    line = bill.lines.get()
    assert (bill.payable_minor, line.paid_pieces, line.credit_minor) == (54_000, 60, 0)
    assert (VariantCost.objects.get(variant=mug).average_minor, balance("goods_unbilled"), clean()) == (900, 0, True)


def test_credit_note_is_asked_for_and_comes(order):
    bill = decide(enter(order, 60, 1_000), "credit")
    line = bill.lines.get()
    assert (bill.payable_minor, line.credit_minor) == (54_000, 6_000)
    assert bills.credit_came(bill_id=bill.pk, line_id=line.pk, number="CN-7", actor_id=None).credit_note == "CN-7"


def test_bill_of_which_nothing_fits_is_refused_when_paid_short(order):
    enter(order, 60)
    bill = decide(enter(order, 10, number="K-2"), "short")
    assert (reread(bill).state, balance("vendor_payable")) == ("refused", -54_000)


def test_refused_bill_leaves_its_pieces_to_the_next(order):
    bill = enter(order, 60, 1_000)
    bills.refuse(bill_id=bill.pk, reason="wrong price", actor_id=None)
    assert enter(order, 60, 900, "K-2").state == "approved"
    with buying.refuses("bill_state"):
        decide(reread(bill), "accept")


def test_decision_needs_a_reason_and_counts_once(order):
    bill = enter(order, 60, 1_000)
    with buying.refuses("required"):
        bills.decide(bill_id=bill.pk, line_id=bill.lines.get().pk, decision="accept", actor_id=None)
    decide(bill, "accept")
    decide(bill, "accept")
    with buying.refuses("bill_state"):
        decide(bill, "short")
    assert (balance("vendor_payable"), clean()) == (-60_000, True)


def test_bill_in_another_currency_is_owed_in_it(mug, world):
    yun = buying.vendor("云坊", currency="CNY", rate=Decimal("0.14"))
    buying.offer(yun, mug, ((1, 6_433),))
    made = buying.sent(yun, (mug, 7), to=world)
    come(made, 7)
    enter(made, 3, 6_433, "Y-1")
    enter(made, 4, 6_433, "Y-2", rate=Decimal("0.15"))
    assert (balance("vendor_payable", "CNY"), balance("exchange", "CNY")) == (-7 * 6_433, 7 * 6_433)
    assert (balance("goods_unbilled"), clean()) == (0, True)


def test_cost_is_billed_by_the_carrier_and_the_difference_lands(order, mug):
    charge = charges.add(number=order.number, kind="freight", basis="value", amount_minor=5_000, currency="USD", key="k", actor_id=None)  # fmt: skip
    carrier = buying.vendor("Blue Line")
    bill = bills.enter(vendor_id=carrier.pk, number="BL-9", order_number=order.number, billed_on=DAY, due_on=DAY, charges={charge.pk: 5_600}, actor_id=None)  # fmt: skip
    assert (bill.state, bill.lines.get().trouble) == ("held", ["price"])
    decide(bill, "accept")
    come(order, 40, "s")
    assert VariantCost.objects.get(variant=mug).average_minor == 956
    assert (balance("costs_unbilled"), balance("vendor_payable"), clean()) == (0, -5_600, True)


def test_goods_are_billed_by_whom_they_were_ordered_from(order):
    with buying.refuses("vendor"):
        enter(order, vendor_id=buying.vendor("Blue Line").pk)


# --- Paid ----------------------------------------------------------------------------------------------------
def test_bill_is_paid_by_file_by_somebody_else_than_who_approved_it(order, kiln, clerk, payer):
    bill = enter(order, by=clerk)
    vendor_pay.set_bank(vendor_id=kiln.pk, details=BANK, actor_id=payer.pk)
    with buying.refuses("two_people"):
        vendor_pay.make(currency="USD", actor=clerk)
    made = vendor_pay.make(currency="USD", actor=payer)
    with buying.refuses("nothing"):
        vendor_pay.make(currency="USD", actor=payer)
    rows = vendor_pay.transfers(made)
    assert f"K-1 {order.number},Kiln & Sons,DE89370400440532013000,,,DE,540.00,USD" in bank.as_csv(made, rows)
    found = ElementTree.fromstring(bank.as_pain(made, rows)).find(".//{*}CtrlSum")
    assert found is not None
    assert found.text == "540.00"
    assert (vendor_pay.paid(number=made.number, actor_id=payer.pk), vendor_pay.paid(number=made.number, actor_id=payer.pk)) == (1, 0)  # fmt: skip
    assert (reread(bill).state, balance("vendor_payable"), balance("bank"), clean()) == ("paid", 0, -54_000, True)


def test_transfer_that_came_back_is_paid_by_another_file(order, kiln, clerk, payer):
    bill = enter(order, by=clerk)
    vendor_pay.set_bank(vendor_id=kiln.pk, details=BANK, actor_id=None)
    made = vendor_pay.make(currency="USD", actor=payer)
    vendor_pay.came_back(number=made.number, bill_id=bill.pk, actor_id=payer.pk)
    again = vendor_pay.make(currency="USD", actor=payer)
    vendor_pay.paid(number=again.number, actor_id=payer.pk)
    assert (vendor_pay.paid(number=made.number, actor_id=None), reread(bill).payment, balance("bank")) == (0, again, -54_000)  # fmt: skip


def test_vendor_whose_bank_nobody_knows_waits(order, clerk, payer):
    enter(order, by=clerk)
    with buying.refuses("two_people"):
        vendor_pay.make(currency="USD", actor=payer)


# --- Pages ---------------------------------------------------------------------------------------------------
def test_bill_is_entered_decided_and_shown(order, mug):
    buyer, line = office.client("catalogue"), order.lines.get().pk
    page = f"/buying/orders/{order.number}/bill/"
    form = {"vendor": order.vendor_id, "number": "K-77", "billed_on": "2026-05-04", "due_on": "2026-06-03", f"pieces-{line}": "60", f"unit-{line}": "9.90"}  # fmt: skip
    assert buyer.post(page, {**form, "number": ""}).status_code == 422
    address = buyer.post(page, form).headers["Location"]
    assert "Dearer than ordered" in office.text(buyer.get(address))
    made = VendorBill.objects.get()
    told = {"decision": "credit", "reason": "agreed was 9.00"}
    assert office.client("warehouse").post(f"{address}lines/{made.lines.get().pk}/", told).status_code == 403
    assert buyer.post(f"{address}lines/{made.lines.get().pk}/", told).status_code == 302
    assert reread(made).payable_minor == 54_000
    for place in ("/buying/bills/", address, f"/buying/orders/{order.number}/"):
        assert "K-77" in office.text(buyer.get(place)), place


def test_finance_pays_vendors(order, kiln, clerk):
    enter(order, by=clerk)
    finance = office.confirmed(office.client("finance"))
    finance.post(f"/buying/vendors/{kiln.pk}/bank/", {**BANK, "routing": "COBADEFFXXX"})
    assert "K-1" in office.text(finance.get("/buying/pay/"))
    finance.post("/buying/pay/new/", {"currency": "USD"})
    made = VendorBill.objects.get().payment
    assert finance.get(f"/buying/pay/{made.number}/").content.startswith(b"<?xml")
    finance.post(f"/buying/pay/{made.number}/paid/")
    assert VendorBill.objects.get().state == "paid"
    assert office.client("catalogue").get("/buying/pay/").status_code == 403


# --- Under fire, and what the database refuses ------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_same_bill_entered_twice_at_once_is_there_once(order):
    begin = threading.Barrier(2)

    def work():
        begin.wait()
        try:
            enter(order)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = {each.result() for each in [pool.submit(work) for _ in range(2)]}
    assert (answers, VendorBill.objects.count(), balance("vendor_payable"), clean()) == ({"done", "billed_twice"}, 1, -54_000, True)  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enablement_vendorbill SET total_minor = 1, payable_minor = 1",
        "UPDATE enablement_vendorbill SET payable_minor = 1",
        "UPDATE enablement_vendorbill SET state = 'paid'",
        "UPDATE enablement_vendorbill SET state = 'held'",
        "DELETE FROM enablement_vendorbill",
        "UPDATE enablement_billline SET payable_minor = 1",
        "UPDATE enablement_billline SET pieces = 1",
        "DELETE FROM enablement_billline",
    ],
)
def test_what_was_approved_stays(order, sql):
    enter(order)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert BillLine.objects.count() == 1


def test_nobody_pays_what_they_approved_whoever_asks(order, kiln, clerk):
    bill = enter(order, by=clerk)
    vendor_pay.set_bank(vendor_id=kiln.pk, details=BANK, actor_id=None)
    now = bill.created_at
    made = VendorPayment.objects.create(number="P-X", currency="USD", total_minor=54_000, count=1, made_by=clerk, created_at=now)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        VendorBill.objects.filter(pk=bill.pk).update(state="filed", payment=made)
