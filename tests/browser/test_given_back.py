"""Two cups of a set come back after the shop was paid: who has it says so, and both offices show what is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from orders.models import Order, ReturnRequest
from supplier.models import Clawback, Payout, ReturnOrder, Shipment
from tests import factories
from tests.browser.conftest import Open
from tests.orders import buying, returning
from tests.orders.conftest import provider, shop
from tests.orders.test_returned_parts import tea
from tests.orders.test_who_pays_after_payouts import paid_by_stripe, settle
from tests.supplier import office

__all__ = ["paid_by_stripe", "provider", "shop", "tea"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _at(live: str, host: str, path: str = "/") -> str:
    return f"http://{host}.localhost:{live}{path}"


def _sign_in(page: Any, host: str, person: Client) -> None:
    """Give the browser the session of somebody who is signed in."""
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": person.cookies[name].value, "domain": f"{host}.localhost", "path": "/"}
    page.context.add_cookies([cookie])


def _send(page: Any, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).click()
    page.wait_for_load_state("load")
    buying.drain()


def test_part_of_a_set_comes_back_after_the_payout(
    live: str, tea: Any, paid_by_stripe: Any, provider: Any, opened: Open, settings: Any
) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    order: Order = returning.sent(tea, provider, 1)
    settle()
    assert Payout.objects.get().state == "paid"

    c = opened(width=390)
    c.goto(_at(live, tea.slug, f"/order/{order.token}/"))
    _send(c, "I have it")
    assert Shipment.objects.get().said_by == "customer"
    c.reload()
    c.get_by_role("link", name="Return something").click()
    c.get_by_text("Only some parts of it").click()
    c.get_by_label("Cup").fill("2")
    c.locator("select[name=reason]").select_option("defect")
    _send(c, "Ask for the return")
    with factories.inside(tea):
        back = ReturnRequest.objects.get()
    assert [row["quantity"] for row in back.lines] == [2]

    b = opened(width=390)
    member = factories.member(tea, "owner")
    person = Client(HTTP_HOST="office.localhost")
    person.force_login(member, "allauth.account.auth_backends.AuthenticationBackend")
    _sign_in(b, "office", person)
    b.goto(_at(live, "office", f"/{tea.slug}/orders/{order.number}/return/{back.number}/"))
    _send(b, "Approve")
    c.goto(_at(live, tea.slug, f"/order/{order.token}/return/{back.number}/"))

    s = opened()
    _sign_in(s, "supply", office.client("admin"))
    s.goto(_at(live, "supply", f"/returns/{back.number}/"))
    _send(s, "The parcel is here")
    s.goto(_at(live, "supply", f"/returns/{back.number}/"))
    s.locator("select[name=fault]").select_option("reseller")
    _send(s, "That is what I found")
    assert ReturnOrder.objects.get().state == "closed"
    taken = Clawback.objects.get()
    assert (taken.state, taken.cause) == ("done", back.number)
    s.goto(_at(live, "supply", f"/returns/{back.number}/"))
    assert s.get_by_text("Taken back").count()
    s.goto(_at(live, "supply", f"/settlement/payouts/{taken.payout_id}/"))
    b.goto(_at(live, "office", f"/{tea.slug}/money/"))
    assert (b.complaints, c.complaints, s.complaints, buying.clean()) == ([], [], [], True)
