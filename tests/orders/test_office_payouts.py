"""The shop's money in its office: what is ready, where it goes, its statements and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from s2b2c.tenancy.models import Reseller
from supplier.gateways import stripe
from supplier.models import Invoice, PayoutAccount, Settlement
from supplier.services.settlement import accounts
from tests import factories
from tests.fakestripe import FakeStripe
from tests.orders.test_webhooks import receive
from tests.supplier import office, settling

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with FakeStripe.start() as running:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = running.api_key, running.url
        settings.STRIPE_WEBHOOK_SECRET = running.secret
        yield running


@pytest.fixture
def shop() -> Reseller:
    factories.company()
    factories.warehouse("PVD")
    settling.agreed(payout_method="bank", return_days=14)
    return factories.reseller("juniper-row", name="Juniper Row")


def person(shop: Reseller, role: str = "owner") -> Client:
    made = Client(HTTP_HOST="office.localhost")
    made.force_login(factories.member(shop, role), "allauth.account.auth_backends.AuthenticationBackend")
    return made


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_money_says_what_is_ready_and_what_waits(shop):
    settling.sold(shop, 1)
    settling.sold(shop, 2, due=False)
    shown = text(person(shop), "/juniper-row/money/")
    for word in ("9.40", "18.80", "28.20", "Say where your money shall go"):
        assert word in shown, word


def test_statement_of_a_payout_is_to_be_read_and_kept(shop):
    settling.bank(shop)
    settling.sold(shop, 1)
    settling.released()
    row = Settlement.objects.get()
    owner = person(shop)
    assert row.number in text(owner, "/juniper-row/money/")
    assert row.digest in text(owner, f"/juniper-row/money/statements/{row.pk}/")
    assert b",sale," in owner.get(f"/juniper-row/money/statements/{row.pk}/?csv=1").content
    assert "0.10" in text(owner, f"/juniper-row/money/invoices/{Invoice.objects.get().pk}/")


def test_papers_of_another_shop_are_not_there(shop):
    settling.bank(shop)
    settling.sold(shop, 1)
    settling.released()
    other = factories.reseller("blue-kettle")
    spy = person(other)
    assert spy.get(f"/blue-kettle/money/statements/{Settlement.objects.get().pk}/").status_code == 404
    assert spy.get(f"/blue-kettle/money/invoices/{Invoice.objects.get().pk}/").status_code == 404


def test_draft_is_not_shown_to_the_shop(shop):
    from supplier.services.settlement import runs

    settling.sold(shop, 1)
    runs.start(currency="USD", actor=factories.staff("finance"))
    assert person(shop).get(f"/juniper-row/money/statements/{Settlement.objects.get().pk}/").status_code == 404


def test_bank_account_is_changed_only_by_whom_confirmed_who_they_are(shop):
    owner = person(shop)
    url, typed = "/juniper-row/money/account/", {**settling.BANK, "country": "DE"}
    assert "/reauthenticate/" in owner.post(url, typed)["Location"]
    assert not PayoutAccount.objects.exists()
    office.confirmed(owner)
    assert owner.post(url, typed).status_code == 302
    shown = text(owner, url)
    assert "•••• 3000" in shown
    assert "DE89370400440532013000" not in shown
    assert owner.post(url, {**typed, "account": "DE00"}).status_code == 422


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("manager", 403), ("clerk", 403)])
def test_account_is_the_owners(shop, role, status):
    assert person(shop, role).get("/juniper-row/money/account/").status_code == status


def test_money_the_bank_sent_back_is_told_until_it_is_paid_out_again(fake, shop):
    settling.agreed(payout_method="stripe")
    owner = office.confirmed(person(shop))
    owner.post("/juniper-row/money/account/connect/")
    account = PayoutAccount.objects.get().stripe_id
    fake.onboard(account)
    fake.add_funds(5_000)
    stripe.transfer(account_id=account, amount_minor=2_500, currency="USD", group="g", idempotency_key="t")
    fake.deliver(receive)
    factories.drain()
    [payout] = fake.pay_out(account)
    fake.end_payout(payout, "account_closed")
    assert "sent back" not in text(owner, "/juniper-row/money/")
    fake.deliver(receive)
    factories.drain()
    for page in ("", "account/"):
        shown = text(owner, f"/juniper-row/money/{page}")
        assert "25.00" in shown, page
        assert "The account at the bank is closed." in shown, page
    assert "Carry on at Stripe" in shown
    fake.onboard(account)
    fake.end_payout(*fake.pay_out(account))
    fake.deliver(receive)
    factories.drain()
    assert "sent back" not in text(owner, "/juniper-row/money/")


def test_owner_connects_with_stripe_and_sees_what_is_missing(fake, shop):
    settling.agreed(payout_method="stripe")
    owner = office.confirmed(person(shop))
    assert "Connect with Stripe" in text(owner, "/juniper-row/money/account/")
    answer = owner.post("/juniper-row/money/account/connect/")
    assert answer["Location"].startswith(fake.url)
    assert "Still missing" in text(owner, "/juniper-row/money/account/")
    fake.onboard(PayoutAccount.objects.get().stripe_id)
    assert owner.get("/juniper-row/money/account/back/").status_code == 302
    factories.drain()
    assert accounts.of(shop.pk).ready
    assert "Ready: your payouts go there" in text(owner, "/juniper-row/money/account/")
