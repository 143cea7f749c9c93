"""Signing in with a real browser: passkeys, the second step, and the content policy on every page of accounts."""

from __future__ import annotations

import pytest

from s2b2c.accounts.services import staff
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/accounts/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/logout/",
    "/settings/staff/",
    "/settings/api-keys/",
    "/settings/audit/",
]


@pytest.fixture
def ada(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    user = staff.enrol(email="ada@example.com", password=factories.PASSWORD, name="Ada")
    staff.appoint(user=user, role="admin")
    return user


@pytest.fixture
def page(browser, live):
    context = browser.new_context(base_url=f"http://supply.localhost:{live}")
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("main .btn-primary").click()
    page.wait_for_url(lambda url: "login" not in url)


def give_a_device(page):
    """A fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_added_and_opens_the_office_alone(page, ada):
    give_a_device(page)
    sign_in(page, ada)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("main code").count() == 10
    page.goto("/accounts/2fa/webauthn/")
    assert page.get_by_text("My laptop").is_visible()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "login" not in url)
    page.goto("/settings/staff/")
    assert page.get_by_role("heading", name="Staff").is_visible()


def test_device_without_a_passkey_is_told_what_to_do(page, ada):
    page.goto("/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('none')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Sign in with your password.").wait_for()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_keep_to_the_content_policy(page, ada, language):
    page.set_extra_http_headers({"Accept-Language": language})
    sign_in(page, ada)
    page.complaints.clear()  # the office's first page is not ours
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("load")
    assert page.complaints == []


def test_sign_in_works_without_javascript(browser, live, ada):
    context = browser.new_context(base_url=f"http://supply.localhost:{live}", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, ada)
    page.goto("/settings/staff/")
    assert page.get_by_role("heading", name="Staff").is_visible()
    context.close()
