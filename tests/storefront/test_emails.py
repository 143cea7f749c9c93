"""Messages to c: in the shop's name, in c's language, whole in text and HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as outbox

from orders.services import mail
from s2b2c.kernel import events
from s2b2c.tenancy.models import Reseller
from supplier.models import Company
from tests import factories
from tests.storefront.conftest import variant

pytestmark = pytest.mark.django_db
DATA: dict[str, dict[str, Any]] = {
    "placed": {},
    "paid": {},
    "shipped": {
        "carrier": "UPS",
        "tracking": "1Z84E",
        "tracking_url": "https://ups.example/1Z84E",
        "complete": True,
        "lines": [],
    },
    "delivered": {"on": "2026-11-24"},
    "cancelled": {},
    "refunded": {"amount_minor": 1_234},
    "changed": {"step": "address"},
    "return": {"return": "R0000ABCD", "step": "requested", "answer": ""},
    "case": {"case": "H0000ABCD", "text": "We send another one."},
    "answer": {"asked": "It leaks.", "answer": "We send another one."},
    "recall": {
        "things": ["Alder Mug"],
        "reason": "The glaze cracks.",
        "advice": "Don’t drink from it.",
        "remedy": "refund",
        "supplier": "Harbour & Loom",
    },
    **{
        f"service:{what}": {
            "what": what, "who": "Fitwell", "title": "Installation", "goods": "Alder Mug", "on": "2026-12-03", "part": 1,
        }
        for what in ("accepted", "moved", "given_back", "done")
    },
}  # fmt: skip
_LINKS = re.compile(r"https?://([^/\s\"<>]+)")


def send(shop: Reseller, kind: str, language: str = "en", **fields: Any) -> Any:
    order = factories.order(
        shop, [(variant(shop, "MUG-PINE-8"), 2, 2_000)], language=language, name="<b>June</b>", **fields
    )
    with factories.inside(shop):
        mail.send(
            events.MailRequested(
                reseller_id=shop.id,
                order_number=order.number,
                kind=kind.partition(":")[0],
                language=language,
                data=DATA[kind],
            )
        )
    return outbox.outbox[-1], order


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(DATA))
def test_message_is_whole(shop: Reseller, kind: str, language: str) -> None:
    message, order = send(shop, kind, language)
    html = message.alternatives[0].content
    link = f"http://juniper.localhost:8000/order/{order.token}/"
    assert message.from_email == '"Juniper Row" <no-reply@localhost>'
    assert (order.number in message.subject + message.body, "\n" in message.subject) == (True, False)
    assert (link in message.body, link in html) == (True, True)
    assert ("{%" in message.body + html, "{{" in message.body + html, "<" in message.body) == (False, False, False)
    assert [word for word in ("1317", "13.17", "26.34", "wholesale") if word in message.body + html] == []


def test_shipped_names_the_tracking(shop: Reseller) -> None:
    message, _order = send(shop, "shipped")
    assert "UPS: 1Z84E" in message.body
    assert 'href="https://ups.example/1Z84E"' in message.alternatives[0].content


def test_cancelling_what_was_never_paid_promises_no_money(shop: Reseller) -> None:
    message, _order = send(shop, "cancelled", method="cod", refunded_minor=1_000)
    html = message.alternatives[0].content
    assert ("Nothing was charged." in message.body, "Nothing was charged." in html) == (True, True)


def test_refund_names_the_amount(shop: Reseller) -> None:
    message, _order = send(shop, "refunded")
    assert "$12.34" in message.body


def test_placed_lists_what_was_bought(shop: Reseller) -> None:
    message, _order = send(shop, "placed", method="cod", paid="due")
    assert "2 × Alder Mug (Pine, 8 oz)  $40.00" in message.body
    assert "You pay when the parcel comes." in message.body


def test_text_is_not_escaped_and_html_is(shop: Reseller) -> None:
    from reseller.models import Shop

    with factories.inside(shop):
        Shop.objects.update(name="Fox & <Hare>")
    message, _order = send(shop, "placed")
    assert "Fox & <Hare>" in message.body
    assert "Fox &amp; &lt;Hare&gt;" in message.alternatives[0].content


def test_every_message_to_a_customer_is_known_here() -> None:
    kinds = {path.stem for path in Path(settings.BASE_DIR, "templates/emails").glob("[a-z]*.html")}
    assert kinds - {"login"} == {kind.partition(":")[0] for kind in DATA}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(DATA))
def test_message_speaks_for_the_shop_and_leads_to_it_alone(shop: Reseller, kind: str, language: str) -> None:
    message, _order = send(shop, kind, language)
    html = message.alternatives[0].content
    supplier = Company.objects.get().name
    assert message.from_email.startswith('"Juniper Row" <')
    assert [supplier in text for text in (message.subject, message.from_email, *message.reply_to)].count(True) == 0
    assert set(_LINKS.findall(message.body + html)) <= {"juniper.localhost:8000", "ups.example"}


def test_supplier_has_no_way_to_write_to_a_customer() -> None:
    """Only the shop's side sends mail to c; elsewhere it goes to staff, to vendors and providers, or to who watches the platform."""
    senders = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("s2b2c", "supplier", "enablement", "reseller", "orders", "storefront")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if re.search(r"from django.core.mail import|django.core import mail", path.read_text())
    }
    to_staff = {"s2b2c/outbox/alarm.py", "s2b2c/accounts/services/staff.py"}
    to_partners = {"enablement/services/service_mail.py", "enablement/services/quote_mail.py"}
    assert senders - to_staff - to_partners == {"orders/services/mail.py", "storefront/services/signing_in.py"}
