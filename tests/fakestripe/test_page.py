"""The hosted page: forms and links only, two languages, nothing that runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.fakestripe import FakeStripe
from tests.fakestripe.page import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def press(url: str, outcome: str) -> requests.Response:
    return requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=5)


def test_page_says_what_it_is_and_what_is_paid(open_session: Any) -> None:
    session = open_session(branding_settings={"display_name": "Lin & Söhne"}, customer_email="lin@shop.example")
    text = requests.get(session.url, timeout=5).text
    for words in ("Test payment page", "Pay Lin &amp; Söhne", "$25.00", "Tea pot &lt;b&gt; × 2", "lin@shop.example"):
        assert words in text
    assert "<script" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("locale", "accept", "words"),
    [
        (None, "zh-CN,zh;q=0.9", "测试付款页面"),
        ("zh", "en", "测试付款页面"),
        ("auto", "zh-TW", "测试付款页面"),
        ("en", "zh", "Test payment page"),
        (None, "de", "Test payment page"),
    ],
)
def test_page_speaks_the_language_of_the_session_or_browser(
    open_session: Any, locale: str | None, accept: str, words: str
) -> None:
    url = open_session(locale=locale).url
    assert words in requests.get(url, headers={"Accept-Language": accept}, timeout=5).text


def test_both_languages_have_every_text() -> None:
    assert TEXTS["en"].keys() == TEXTS["zh"].keys()


@pytest.mark.parametrize("method", ["card", "alipay"])
def test_payment_sends_the_browser_back_with_the_session(fake: FakeStripe, open_session: Any, method: str) -> None:
    session = open_session()
    answer = press(session.url, method)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://shop.example/done?session={session.id}")
    assert [charge["payment_method_details"]["type"] for charge in fake.all("charge")] == [method]


def test_decline_comes_back_to_the_page_with_the_reason(fake: FakeStripe, open_session: Any) -> None:
    session = open_session()
    answer = requests.post(session.url, data={"outcome": "decline"}, timeout=5)
    assert "Your card was declined" in answer.text
    assert [charge["status"] for charge in fake.all("charge")] == ["failed"]


def test_leaving_changes_nothing(fake: FakeStripe, open_session: Any) -> None:
    text = requests.get(open_session().url, timeout=5).text
    assert 'class="back" href="http://shop.example/cart"' in text
    assert fake.all("payment_intent") == []


def test_method_that_is_not_offered_cannot_be_pressed(fake: FakeStripe, open_session: Any) -> None:
    session = open_session(allowed_payment_method_types=["card"])
    assert press(session.url, "alipay").headers["Location"] == f"/c/pay/{session.id}"
    assert fake.all("charge") == []


def test_expired_page_is_gone_and_leads_back(client: Any, open_session: Any) -> None:
    session = open_session()
    client.v1.checkout.sessions.expire(session.id)
    answer = requests.get(session.url, timeout=5)
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert "<form" not in answer.text


def test_paid_page_leads_on(fake: FakeStripe, open_session: Any) -> None:
    session = open_session()
    fake.pay(session.id)
    text = requests.get(session.url, timeout=5).text
    assert f"http://shop.example/done?session={session.id}" in text
    assert "<form" not in text


@pytest.mark.parametrize("path", ["/c/pay/cs_test_none", "/", "/c/pay/", "/receipts/ch_none", "/favicon.ico"])
def test_other_pages_are_404(fake: FakeStripe, path: str) -> None:
    assert requests.get(f"{fake.url}{path}", timeout=5).status_code == 404


def test_receipt_shows_the_amount(fake: FakeStripe, paid: Any) -> None:
    [charge] = fake.all("charge")
    assert "$25.00" in requests.get(charge["receipt_url"], timeout=5).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_page_works_in_a_browser_without_scripts(
    browser: Browser, fake: FakeStripe, open_session: Any, width: int
) -> None:
    session = open_session(success_url=f"{fake.url}/_control?ok={{CHECKOUT_SESSION_ID}}")
    page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=False)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(session.url)
    assert page.locator("main").evaluate("e => e.ownerDocument.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Pay with Alipay").click()
    assert re.search(r"\?ok=cs_test_", page.url)
    assert messages == []
    page.close()
