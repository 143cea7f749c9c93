"""Where cash goes back to: an account that is checked, kept private, used once and forgotten; and the bank's file."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from orders.models import OrderEvent, ReturnRequest
from orders.services import returns as shop_returns
from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel.errors import Refused
from supplier.models import BankRefund
from supplier.services import bank_accounts, bank_refunds
from supplier.services.settlement import bank
from tests import factories
from tests.orders import buying, returning
from tests.orders.test_bank_refunds import refunded, states
from tests.supplier import office

pytestmark = pytest.mark.django_db(transaction=True)
IBAN = {"holder": "Ann Example", "account": "DE89 3704 0044 0532 0130 00", "country": "DE", "routing": "", "bank": ""}


@pytest.mark.parametrize(
    ("country", "account", "routing", "bank_name", "field"),
    [
        ("DE", "DE89370400440532013000", "", "", None),
        ("DE", "DE89370400440532013001", "", "", "account"),
        ("CN", "6222 0212 3456 7894", "", "ICBC", None),
        ("CN", "6222021234567891", "", "ICBC", "account"),
        ("CN", "4111111111111111", "", "ICBC", None),
        ("CN", "4111111111111111", "", "", "bank"),
        ("US", "000482910067", "011000015", "", None),
        ("US", "000482910067", "011000016", "", "routing"),
        ("GB", "31926819", "601613", "", None),
        ("GB", "31926819", "", "", "routing"),
        ("DE", "'; DROP", "", "", "account"),
    ],
)
def test_account_is_checked_by_what_its_country_knows(country, account, routing, bank_name, field):
    details = {"holder": "A", "account": account, "routing": routing, "bank": bank_name, "country": country}
    if field is None:
        assert bank_accounts.read(details)["account"] == account.replace(" ", "")
    else:
        with pytest.raises(Refused) as refusal:
            bank_accounts.read(details)
        assert refusal.value.field == field


def page(shop, order_token: str) -> str:
    return Client(HTTP_HOST=f"{shop.slug}.localhost").get(f"/order/{order_token}/").content.decode()


def test_customer_gives_the_account_and_the_bank_file_pays_it(shop, provider):
    due = refunded(shop, provider)
    with factories.inside(shop):
        token = str(ReturnRequest.objects.get().order.token)
    c = Client(HTTP_HOST=f"{shop.slug}.localhost")
    assert "Give the account" in page(shop, token)
    wrong = c.post(f"/order/{token}/bank/", {**IBAN, "account": "DE00"})
    assert (wrong.status_code, "no valid account number" in wrong.content.decode()) == (422, True)
    assert c.post(f"/order/{token}/bank/", IBAN).status_code == 303
    seen = page(shop, token)
    assert ("•••• 3000" in seen, "0532" in seen) == (True, False)
    entry = AuditEntry.objects.get(action="bank_refund.account")
    assert entry.detail == {"account": "•••• 3000", "by": "customer"}
    file = bank_refunds.make_file(currency="USD", actor=factories.staff("finance"))
    assert (file.count, file.total_minor) == (1, 2_200)
    assert b"<IBAN>DE89370400440532013000</IBAN>" in bank.as_pain(file)
    assert f"{due.order.order_number}-{due.refund_id},Ann Example,DE89370400440532013000" in bank.as_csv(file)
    with returning.refused("nothing"):
        bank_refunds.make_file(currency="USD", actor=factories.staff("finance"))
    assert bank_refunds.mark_file_paid(file_id=file.pk, actor_id=None) == 1
    buying.drain()
    due.refresh_from_db()
    assert (due.state, due.reference, due.account) == ("paid", file.number, {"account": "•••• 3000"})
    assert (states(shop), buying.balance("bank"), buying.clean()) == (["done"], 2_200, True)


def test_transfer_that_came_back_is_due_again_and_the_customer_is_asked_anew(shop, provider, mailoutbox):
    due = refunded(shop, provider)
    bank_refunds.say_account(reseller_id=shop.pk, order_number=due.order.order_number, by="shop", **IBAN)
    bank_refunds.make_file(currency="USD", actor=factories.staff("finance"))
    with returning.refused("nothing_due"):
        bank_refunds.say_account(reseller_id=shop.pk, order_number=due.order.order_number, by="customer", **IBAN)
    mailoutbox.clear()
    bank_refunds.came_back(refund_id=due.pk, reason="Account closed", actor_id=None)
    buying.drain()
    due.refresh_from_db()
    assert (due.state, due.account, due.file, due.returned) == ("due", {}, None, "Account closed")
    assert ("could not credit" in mailoutbox[0].body, "/bank/" in mailoutbox[0].body) == (True, True)
    with factories.inside(shop):
        assert OrderEvent.objects.filter(kind="refund_returned").count() == 1
    assert buying.clean()


def test_account_is_forgotten_with_the_customer_and_not_before_the_money_is_there(shop, provider):
    due = refunded(shop, provider)
    number = due.order.order_number
    bank_refunds.say_account(reseller_id=shop.pk, order_number=number, by="customer", **IBAN)
    with returning.refused("refund_due"):
        bank_refunds.forget(reseller_id=shop.pk, order_numbers=[number])
    bank_refunds.mark_paid(refund_id=due.pk, reference="BT-1", actor_id=None)
    bank_refunds.forget(reseller_id=shop.pk, order_numbers=[number])
    due.refresh_from_db()
    assert due.account == {}


def test_refund_with_the_bank_stands_in_a_file(shop, provider):
    due = refunded(shop, provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        BankRefund.objects.filter(pk=due.pk).update(state="sent")


def test_shop_gives_the_account_and_finance_sees_that_it_can_pay(shop, provider):
    due = refunded(shop, provider)
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(shop, "owner"))
    assert owner.post(f"/{shop.slug}/orders/{due.order.order_number}/bank/", IBAN).status_code == 302
    finance = office.client("finance")
    seen = finance.get("/refunds/").content.decode()
    assert ("1 refund has an account" in seen, "•••• 3000" in seen, "370400" in seen) == (True, True, False)
    assert "DE89370400440532013000" in finance.get(f"/refunds/{due.pk}/").content.decode()


@pytest.mark.parametrize(("below", "state"), [(0, "requested"), (2_199, "requested"), (2_200, "approved")])
def test_small_return_is_approved_by_the_rule(shop, provider, below, state):
    order = returning.sent(shop, provider)
    with factories.inside(shop):
        type(order).objects.filter(pk=order.pk).update(terms={**order.terms, "return_auto_below_minor": below})
        line = order.lines.get().pk
    with factories.context.entered(shop):
        back = shop_returns.request(
            order_number=order.number, pieces={line: 1}, wish="refund", reason="mind", actor="customer"
        )
    assert back.state == state
    with factories.inside(shop):
        actors = set(OrderEvent.objects.filter(kind="return_approved").values_list("actor", flat=True))
    assert actors == ({"rule"} if state == "approved" else set())
