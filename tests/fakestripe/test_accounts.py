"""Connected accounts: made, onboarded on the hosted page, asked for more."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import express
from tests.fakestripe.onboarding import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RETURN, REFRESH = "http://office.example/back", "http://office.example/again"


def link_of(client: stripe.StripeClient, account: str, **changes: Any) -> str:
    params = {"account": account, "type": "account_onboarding", "return_url": RETURN, "refresh_url": REFRESH}
    return client.v1.account_links.create({**params, **changes}).url  # type: ignore[typeddict-item]


def press(url: str, outcome: str) -> str:
    return requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=5).headers["Location"]


def test_new_account_can_do_nothing_and_says_what_is_due(client: stripe.StripeClient) -> None:
    account = express(client, metadata={"reseller": "lin"})
    assert (account.charges_enabled, account.payouts_enabled, account.details_submitted) == (False, False, False)
    assert account.capabilities is not None
    assert account.capabilities.transfers == "inactive"
    assert account.requirements is not None
    assert "external_account" in (account.requirements.currently_due or [])
    assert account.metadata is not None
    assert (account.default_currency, account.metadata.to_dict()) == ("usd", {"reseller": "lin"})


def test_details_handed_in_open_the_account(fake: FakeStripe, client: stripe.StripeClient) -> None:
    account = express(client)
    assert press(link_of(client, account.id), "submit") == RETURN
    account = client.v1.accounts.retrieve(account.id)
    assert (account.details_submitted, account.payouts_enabled, account.charges_enabled) == (True, True, False)
    assert account.capabilities is not None
    assert account.capabilities.transfers == "active"
    [event] = fake.all("event")
    assert (event["type"], event["account"], event["data"]["object"]["payouts_enabled"]) == (
        "account.updated",
        account.id,
        True,
    )


def test_stripe_may_ask_for_more(fake: FakeStripe, client: stripe.StripeClient) -> None:
    account = express(client)
    press(link_of(client, account.id), "more")
    asked = client.v1.accounts.retrieve(account.id)
    assert (asked.details_submitted, asked.payouts_enabled) == (True, False)
    assert asked.requirements is not None
    assert asked.requirements.currently_due == ["individual.verification.document"]
    assert asked.requirements.disabled_reason == "requirements.past_due"
    press(link_of(client, account.id), "submit")
    assert client.v1.accounts.retrieve(account.id).payouts_enabled


def test_leaving_changes_nothing(fake: FakeStripe, client: stripe.StripeClient) -> None:
    account = express(client)
    assert press(link_of(client, account.id), "leave") == RETURN
    assert not client.v1.accounts.retrieve(account.id).details_submitted
    assert fake.all("event") == []


def test_used_or_old_link_leads_to_the_refresh_address(fake: FakeStripe, client: stripe.StripeClient) -> None:
    used, old = (link_of(client, express(client).id) for _ in range(2))
    press(used, "submit")
    fake.world.clock = lambda: time.time() + 301
    for url in (used, old):
        answer = requests.get(url, allow_redirects=False, timeout=5)
        assert (answer.status_code, answer.headers["Location"]) == (303, REFRESH)


def test_page_says_what_is_missing_in_both_languages(client: stripe.StripeClient) -> None:
    url = link_of(client, express(client, business_profile={"name": "Lin <Tea>"}).id)
    text = requests.get(url, timeout=5).text
    for words in ("Test onboarding page", "Lin &lt;Tea&gt;", "tos_acceptance.date"):
        assert words in text
    assert "测试入驻页面" in requests.get(url, headers={"Accept-Language": "zh-CN"}, timeout=5).text
    assert TEXTS["en"].keys() == TEXTS["zh"].keys()


def test_unknown_link_is_404(fake: FakeStripe, client: stripe.StripeClient) -> None:
    url, other = link_of(client, express(client).id), express(client).id
    assert requests.get(f"{fake.url}/setup/e/{other}/{url.rpartition('/')[2]}", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"country": "CN"}, "country", "country_unsupported"),
        ({"type": "express"}, "type", None),
        ({"controller": {"stripe_dashboard": {"type": "express"}}}, "controller", "fake_not_served"),
        ({"controller": {"fees": {"payer": "buyer"}}}, "controller[fees][payer]", None),
        ({"capabilities": {"treasury": {"requested": True}}}, "capabilities[treasury]", "fake_not_served"),
        ({"colour": "red"}, "colour", "parameter_unknown"),
    ],
)
def test_impossible_account_is_refused(
    client: stripe.StripeClient, changes: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        express(client, **changes)
    assert (refusal.value.param, refusal.value.code) == (param, code)


def test_account_of_type_express_is_made_too(client: stripe.StripeClient) -> None:
    assert client.v1.accounts.create({"type": "express"}).type == "express"


@pytest.mark.parametrize("changes", [{"return_url": "javascript:1"}, {"type": "account_update"}])
def test_impossible_link_is_refused(client: stripe.StripeClient, changes: dict[str, str]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        link_of(client, express(client).id, **changes)


def test_unknown_account_is_forbidden_as_if_it_were_anothers(client: stripe.StripeClient) -> None:
    for call in (lambda: client.v1.accounts.retrieve("acct_none"), lambda: link_of(client, "acct_none")):
        with pytest.raises(stripe.PermissionError) as refusal:
            call()
        assert refusal.value.error is not None
        assert refusal.value.error.code == "account_invalid"


def test_account_is_changed_and_listed(client: stripe.StripeClient) -> None:
    account = express(client, metadata={"a": "1", "b": "2"})
    changed = client.v1.accounts.update(
        account.id, {"metadata": {"a": ""}, "settings": {"payouts": {"schedule": {"interval": "manual"}}}}
    )
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"b": "2"}
    assert changed.settings is not None
    assert changed.settings.payouts is not None
    assert changed.settings.payouts.schedule.interval == "manual"
    assert [item.id for item in client.v1.accounts.list().data] == [account.id]


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_page_works_in_a_browser_without_scripts(
    browser: Browser, fake: FakeStripe, client: stripe.StripeClient, width: int
) -> None:
    url = link_of(client, express(client).id, return_url=f"{fake.url}/_control?back=1")
    page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=False)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(url)
    assert page.locator("main").evaluate("e => e.ownerDocument.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Hand in all details").click()
    assert re.search(r"\?back=1", page.url)
    assert messages == []
    page.close()
