"""Signing in by a code; the customer's own orders and data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client

from orders.models import Order
from reseller.models import Customer
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy.models import Reseller
from storefront.services import signing_in
from tests import factories
from tests.storefront.conftest import place

pytestmark = pytest.mark.django_db
EMAIL = "june@example.com"


def code_sent() -> str:
    factories.drain()
    return re.findall(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def codes() -> int:
    return sum("code" in message.subject.lower() for message in mail.outbox)


def _away(*_: Any) -> int:
    raise OSError("the mail server is away")


def sign_in(client: Client, email: str = EMAIL) -> Any:
    client.post("/account/ask/", {"email": email})
    return client.post("/account/code/", {"code": code_sent()})


@pytest.fixture
def buyer(filled: Client) -> Client:
    """A visitor who ordered once as a guest."""
    place(filled)
    return filled


def test_code_lets_in_once(buyer: Client, shop: Reseller) -> None:
    assert sign_in(buyer).headers["Location"] == "/account/"
    page = buyer.get("/account/").content.decode()
    assert (EMAIL in page, "$27.50" in page) == (True, True)
    assert mail.outbox[-1].from_email == '"Juniper Row" <no-reply@localhost>'
    used = code_sent()
    assert used in mail.outbox[-1].alternatives[0].content
    buyer.post("/account/leave/")
    buyer.post("/account/ask/", {"email": "nobody@example.com"})
    assert buyer.post("/account/code/", {"code": used}).status_code == 422


def test_session_gets_a_new_key_when_signing_in(buyer: Client) -> None:
    buyer.post("/account/ask/", {"email": EMAIL})
    before = buyer.cookies["session"].value
    buyer.post("/account/code/", {"code": code_sent()})
    assert buyer.cookies["session"].value != before


def test_answer_is_the_same_for_who_has_no_account(buyer: Client) -> None:
    known = buyer.post("/account/ask/", {"email": EMAIL})
    unknown = buyer.post("/account/ask/", {"email": "nobody@example.com"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    factories.drain()
    assert codes() == 1


def test_code_is_good_for_a_few_tries_only(buyer: Client) -> None:
    buyer.post("/account/ask/", {"email": EMAIL})
    right = code_sent()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(signing_in.TRIES):
        assert buyer.post("/account/code/", {"code": wrong}).status_code == 422
    assert buyer.post("/account/code/", {"code": right}).status_code == 422


def test_old_code_is_refused(buyer: Client, shop: Reseller, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer.post("/account/ask/", {"email": EMAIL})
    code = code_sent()
    later = clock.now() + timedelta(minutes=signing_in.MINUTES + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert buyer.post("/account/code/", {"code": code}).status_code == 422


def test_only_a_few_codes_an_hour_are_sent(buyer: Client) -> None:
    for _ in range(signing_in.CODES_AN_HOUR + 2):
        buyer.post("/account/ask/", {"email": EMAIL})
    factories.drain()
    assert codes() == signing_in.CODES_AN_HOUR


def test_one_address_asks_only_so_often(buyer: Client) -> None:
    answers = [
        buyer.post("/account/ask/", {"email": f"n{n}@example.com"}).status_code
        for n in range(signing_in.ASKED_AN_HOUR + 1)
    ]
    assert (answers[0], answers[-1]) == (303, 429)


def test_code_is_not_kept_in_the_open(buyer: Client, shop: Reseller) -> None:
    buyer.post("/account/ask/", {"email": EMAIL})
    code = code_sent()
    with factories.inside(shop):
        assert code not in str(Customer.objects.get().login)
    assert code not in str(list(OutboxEvent.objects.values_list("payload", flat=True)))


def test_slow_mail_server_keeps_no_visitor_waiting(buyer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", _away)
    assert buyer.post("/account/ask/", {"email": EMAIL}).status_code == 303
    OutboxEvent.objects.update(next_at=clock.now() - timedelta(days=1))
    assert dispatcher.drain(wiring.HANDLERS) > 0
    monkeypatch.undo()
    assert codes() == 0
    assert buyer.post("/account/code/", {"code": code_sent()}).headers["Location"] == "/account/"


def test_code_nobody_waits_for_any_more_is_not_sent(buyer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer.post("/account/ask/", {"email": EMAIL})
    later = clock.now() + timedelta(minutes=signing_in.MINUTES + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    factories.drain()
    assert codes() == 0


@pytest.mark.parametrize("email", ["", "x", "a@b", "é" * 300, "\x00@example.com"])
def test_odd_addresses_are_told(client: Client, email: str) -> None:
    assert client.post("/account/ask/", {"email": email}).status_code == 422


def test_session_of_one_shop_is_nobody_in_another(
    buyer: Client, shop: Reseller, visitor: Callable[..., Client]
) -> None:
    sign_in(buyer)
    other = visitor(factories.reseller("shanye"))
    other.cookies["session"] = buyer.cookies["session"].value
    assert EMAIL not in other.get("/account/").content.decode()


def test_own_data_are_handed_out(buyer: Client) -> None:
    sign_in(buyer)
    data = buyer.get("/account/export/").json()
    assert (data["email"], data["orders"][0]["total"], data["orders"][0]["address"]["city"]) == (
        EMAIL,
        "27.50 USD",
        "Beacon",
    )
    assert "wholesale" not in str(data)


def test_strangers_get_no_data(client: Client) -> None:
    assert client.get("/account/export/").headers["Location"] == "/account/"
    assert client.post("/account/erase/", {"email": EMAIL}).headers["Location"] == "/account/"


def test_data_of_an_order_under_way_stay(buyer: Client, shop: Reseller) -> None:
    sign_in(buyer)
    assert buyer.post("/account/erase/", {"email": EMAIL}).status_code == 409
    with factories.inside(shop):
        assert Customer.objects.get().email == EMAIL


def test_erased_is_erased_everywhere(buyer: Client, shop: Reseller) -> None:
    sign_in(buyer)
    with factories.inside(shop):
        Order.objects.update(status="shipped")
    wrong = buyer.post("/account/erase/", {"email": "other@example.com"})
    page = wrong.content.decode()
    assert (wrong.status_code, "exactly as shown" in page, 'value="other@example.com"' in page) == (422, True, True)
    assert buyer.post("/account/erase/", {"email": EMAIL}).headers["Location"] == "/account/?erased=1"
    with factories.inside(shop):
        customer, order = Customer.objects.get(), Order.objects.get()
        assert (customer.name, customer.phone, customer.address, EMAIL in customer.email) == ("", "", {}, False)
        assert (order.name, order.email, order.address, order.total_minor) == ("", "", {}, 2_750)
        assert (order.name, order.email, order.address, order.total_minor) == ("", "", {}, 2_750)
    said = [str(each) for each in OutboxEvent.objects.values_list("payload", flat=True)]
    assert said
    assert not [each for each in said if EMAIL in each or "Churchill" in each]
