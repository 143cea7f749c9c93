"""Disputes: told by the provider, in the books, at the desk, on the shop's order."""

from __future__ import annotations

import pytest
from django.test import Client

from s2b2c.accounts.models import AuditEntry
from supplier.models import Dispute, SalesOrder, Terms
from supplier.selectors import audit
from supplier.services import disputes
from tests import factories
from tests.orders.buying import balance, drain, paid_order
from tests.orders.conftest import provider, shop  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def receive(body: bytes, signature: str) -> int:
    asked = Client(HTTP_HOST="localhost").post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return asked.status_code


@pytest.fixture
def order(shop, provider):  # noqa: F811
    made = paid_order(shop, provider)
    drain()
    return made


def disputed(provider) -> str:  # noqa: F811
    made = provider.dispute(provider.all("charge")[0]["id"], "product_not_received")
    told(provider)
    return made


def told(provider) -> None:  # noqa: F811
    provider.faults.add("duplicate")
    provider.deliver(receive)
    drain()


def clean() -> list[object]:
    return [*audit.books(), *audit.stock()]


def test_dispute_takes_the_money_and_keeps_the_margin_back(order, provider):  # noqa: F811
    disputed(provider)
    made = Dispute.objects.get()
    assert (made.order_number, made.state, made.amount_minor) == (order.number, "needs_response", order.total_minor)
    assert (-balance("disputed"), -balance("provider_fee")) == (order.total_minor, 1_500)
    assert SalesOrder.objects.get().payout_held
    assert clean() == []


def test_won_dispute_brings_the_money_back(order, provider):  # noqa: F811
    made = disputed(provider)
    provider.decide(made, won=True)
    told(provider)
    assert (balance("disputed"), Dispute.objects.get().state) == (0, "won")
    assert not SalesOrder.objects.get().payout_held
    assert clean() == []


@pytest.mark.parametrize(("bearer", "account"), [("supplier", "return_cost"), ("shop", "reseller_payable")])
def test_lost_dispute_is_borne_by_whom_it_names(order, provider, bearer, account):  # noqa: F811
    made = disputed(provider)
    before = balance(account)
    disputes.set_bearer(dispute_pk=Dispute.objects.get().pk, bearer=bearer, reason="Agreed by phone", actor_id=None)
    provider.decide(made, won=False)
    told(provider)
    assert (balance("disputed"), before - balance(account)) == (0, order.total_minor)
    assert clean() == []


@pytest.mark.parametrize(
    ("reason", "bearer"),
    [
        ("product_not_received", "supplier"),
        ("credit_not_processed", "shop"),
        ("fraudulent", "shop"),
        ("general", "supplier"),
    ],
)
def test_terms_of_the_sale_name_the_bearer_by_reason(shop, provider, reason, bearer):  # noqa: F811
    Terms.objects.update(dispute_bearers={"fraud": "shop", "refund": "shop", "goods": "supplier"})
    paid_order(shop, provider)
    drain()
    Terms.objects.update(dispute_bearers={})  # what is agreed on later changes nothing
    provider.dispute(provider.all("charge")[0]["id"], reason)
    told(provider)
    assert (Dispute.objects.get().bearer, Dispute.objects.get().bearer_reason) == (bearer, "")


def test_finance_says_otherwise_with_a_reason(order, provider):  # noqa: F811
    disputed(provider)
    made, finance = Dispute.objects.get(), Client(HTTP_HOST="supply.localhost")
    finance.force_login(factories.staff("finance"))
    url = f"/disputes/{made.pk}/bearer/"
    finance.post(url, {"bearer": "shop", "reason": " "})
    made.refresh_from_db()
    assert (made.bearer, AuditEntry.objects.filter(action="dispute.bearer").count()) == ("supplier", 0)
    finance.post(url, {"bearer": "shop", "reason": "It sent the wrong size chart"})
    made.refresh_from_db()
    told_of = AuditEntry.objects.get(action="dispute.bearer")
    assert (made.bearer, made.bearer_reason) == ("shop", "It sent the wrong size chart")
    assert told_of.detail == {"before": "supplier", "after": "shop", "reason": made.bearer_reason}
    assert made.bearer_reason in finance.get(f"/disputes/{made.pk}/").content.decode()
    finance.post(url, {"bearer": "supplier", "reason": ""})  # as agreed: needs none
    made.refresh_from_db()
    assert (made.bearer, made.bearer_reason) == ("supplier", "")


def test_terms_of_disputes_are_agreed_on_in_the_office(shop):  # noqa: F811
    finance = Client(HTTP_HOST="supply.localhost")
    finance.force_login(factories.staff("finance"))
    typed = {"fee": "3", "dispute_fraud": "shop", "dispute_goods": "supplier"}
    assert finance.post("/resellers/terms/", {**typed, "dispute_goods": "nobody"}).status_code == 422
    assert finance.post("/resellers/terms/", typed).status_code == 302
    named = Terms.objects.latest("pk").dispute_bearers
    assert (named["fraud"], named["goods"], named["other"]) == ("shop", "supplier", "supplier")
    assert finance.post("/resellers/terms/", {"fee": "4"}).status_code == 302
    assert Terms.objects.latest("pk").dispute_bearers == named


def test_older_word_of_the_provider_takes_nothing_back(order, provider):  # noqa: F811
    made = disputed(provider)
    older = disputes.gateway.retrieve_dispute(made)
    provider.decide(made, won=True)
    told(provider)
    disputes.settle(older)
    assert Dispute.objects.get().state == "won"
    assert clean() == []


def test_desk_hands_evidence_in_once(order, provider):  # noqa: F811
    disputed(provider)
    finance = Client(HTTP_HOST="supply.localhost")
    finance.force_login(factories.staff("finance"))
    url = f"/disputes/{Dispute.objects.get().pk}/"
    assert order.number in finance.get("/disputes/").content.decode()
    assert "Maya Lindqvist" in finance.get(url).content.decode()
    form = {"customer_name": "Maya Lindqvist", "uncategorized_text": "Delivered.", "action": "keep"}
    assert finance.post(url, form).status_code == 302
    assert Dispute.objects.get().evidence["uncategorized_text"] == "Delivered."
    assert finance.post(url, form | {"action": "final"}).status_code == 302
    assert (Dispute.objects.get().state, Dispute.objects.get().answered_at is None) == ("under_review", False)
    assert finance.post(url, form | {"action": "final", "customer_name": "Else"}).status_code == 422


def test_desk_gives_in(order, provider):  # noqa: F811
    disputed(provider)
    finance = Client(HTTP_HOST="supply.localhost")
    finance.force_login(factories.staff("finance"))
    assert finance.post(f"/disputes/{Dispute.objects.get().pk}/accept/").status_code == 302
    assert (Dispute.objects.get().state, balance("disputed")) == ("lost", 0)
    assert clean() == []


def test_shop_sees_the_dispute_on_its_order(shop, order, provider):  # noqa: F811
    disputed(provider)
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(shop, "owner"))
    page = owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert "The customer&#x27;s bank disputes" in page or "bank disputes" in page
    with factories.inside(shop):
        assert order.events.filter(kind="dispute", public=False).count() == 1
