"""A supplier that owes its resellers something, as the tests of settlement take it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from s2b2c.accounts.models import User
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import PayoutAccount, SalesOrder, SettlementRun, Terms
from supplier.services.settlement import runs
from tests import factories
from tests.supplier import office

BANK = {
    "holder": "Juniper Row LLC",
    "account": "DE89370400440532013000",
    "routing": "COBADEFFXXX",
    "bank": "",
    "country": "DE",
}


def sold(reseller: Reseller, n: int = 1, *, due: bool = True, **more: Any) -> SalesOrder:
    """Sell pieces whose margin is 940 each, by card; ``due``: they were served, and the window is over."""
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    order = office.order(reseller, [(variant, n)], method="card", fee_tax=10 * n)
    wanted = {"status": SalesOrder.Status.SHIPPED, "due_at": clock.now() - timedelta(days=1)} if due else {}
    SalesOrder.objects.filter(pk=order.pk).update(**wanted, **more)
    order.refresh_from_db()
    return order


def agreed(**fields: Any) -> Terms:
    """Agree on terms with everybody: daily settlement unless said otherwise."""
    row = factories.terms(300)
    Terms.objects.filter(pk=row.pk).update(**{"payout_schedule": "daily", **fields})
    return row


def bank(reseller: Reseller) -> PayoutAccount:
    """Let a reseller have bank details."""
    return PayoutAccount.objects.update_or_create(reseller=reseller, defaults={"bank": BANK})[0]


def connected(reseller: Reseller, account: str = "acct_1") -> PayoutAccount:
    """Let a reseller have an account at Stripe that can be paid."""
    return PayoutAccount.objects.update_or_create(reseller=reseller, defaults={"stripe_id": account, "ready": True})[0]


def released(actor: User | None = None, currency: str = "USD") -> SettlementRun:
    """Begin, review and release a run."""
    maker, other = actor or factories.staff("finance"), factories.staff("finance")
    run = runs.start(currency=currency, actor=maker)
    runs.review(run_id=run.pk, actor=other)
    return runs.release(run_id=run.pk, actor=other)
