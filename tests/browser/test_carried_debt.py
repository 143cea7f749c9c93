"""A shop paid by its bank owes more than it has: both offices say so, and the next run, made by two people, nets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from s2b2c.kernel import clock
from supplier.models import Payout, SalesOrder, Settlement
from supplier.services.settlement import bank
from tests import factories
from tests.browser.conftest import Open
from tests.browser.test_given_back import _at, _send, _sign_in
from tests.orders import buying, returning
from tests.orders.conftest import provider, shop
from tests.orders.test_who_pays import D, F, M, W, returned
from tests.orders.test_who_pays_after_payouts import settle
from tests.supplier import office, settling

__all__ = ["provider", "shop"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OWED = 2 * W + 2 * F + D + 2 * M  # what b bears of a faulty order that was its own fault, and what it had been paid


def _money(minor: int) -> str:
    return f"${minor / 100:,.2f}"


def _owner(shop: Any) -> Client:
    made = Client(HTTP_HOST="office.localhost")
    made.force_login(factories.member(shop, "owner"), "allauth.account.auth_backends.AuthenticationBackend")
    return made


def test_debt_is_carried_told_and_netted_by_the_next_run(
    live: str, shop: Any, provider: Any, opened: Open, settings: Any
) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    settling.agreed(payout_method="bank")
    settling.bank(shop)
    order = returning.sent(shop, provider)
    settle()
    bank.make(currency="USD", actor=factories.staff("finance"))
    assert Payout.objects.get().amount_minor == 2 * M
    returned(shop, order, "defect", "reseller")
    settling.released()
    assert Settlement.objects.latest("pk").closing_minor == -OWED

    b = opened(width=390)
    _sign_in(b, "office", _owner(shop))
    b.goto(_at(live, "office", f"/{shop.slug}/money/"))
    assert b.get_by_text("To be set off against what you earn next").count()
    assert b.get_by_text(_money(OWED)).count()
    assert b.get_by_text(f"−{_money(OWED)} carried on").is_visible()

    maker, reviewer = opened(), opened()
    for page in (maker, reviewer):
        _sign_in(page, "supply", office.confirmed(office.client("finance")))
    maker.goto(_at(live, "supply", "/settlement/payouts/"))
    assert maker.get_by_text(_money(OWED)).count()
    returning.sent(shop, provider, 8)
    SalesOrder.objects.filter(status="shipped").update(due_at=clock.now() - timedelta(days=1))
    maker.goto(_at(live, "supply", "/settlement/"))
    _send(maker, "Begin a run, USD")
    where = maker.url
    for page, name in ((maker, "It is right"), (reviewer, "It is right"), (maker, "Release 1 payout")):
        page.goto(where)
        _send(page, name)
    row = Settlement.objects.latest("pk")
    assert (row.opening_minor, row.payout_minor, row.closing_minor) == (-OWED, 8 * M - OWED, 0)
    maker.goto(where)
    assert maker.get_by_text(_money(8 * M - OWED)).count()

    b.goto(_at(live, "office", f"/{shop.slug}/money/statements/{row.pk}/"))
    assert b.get_by_text("Carried over").count()
    b.goto(_at(live, "office", f"/{shop.slug}/money/"))
    assert not b.get_by_text("To be set off against what you earn next").count()
    assert (b.complaints, maker.complaints, reviewer.complaints, buying.clean()) == ([], [], [], True)
