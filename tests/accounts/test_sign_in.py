"""Signing in, with and without a second step, and staying out."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from s2b2c.accounts.models import AuditEntry, User
from s2b2c.accounts.services import staff
from tests import factories
from tests.accounts.conftest import sign_in


def post_login(client, email, password=factories.PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_session_id_changes_at_sign_in(visit, admin):
    client = visit("supply")
    client.get("/accounts/login/")
    client.session["before"] = 1
    session = client.session
    session["before"] = 1
    session.save()
    before = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    sign_in(client, admin)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != before


def test_session_of_the_office_is_anonymous_at_the_supplier(visit, admin):
    client = visit("office", admin)
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    elsewhere = visit("supply")
    elsewhere.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert elsewhere.get("/settings/staff/").status_code == 302


@pytest.mark.parametrize(
    "target", ["http://rose.localhost/", "//evil.example/", "https://evil.example", "javascript:1"]
)
def test_sign_in_leads_to_no_other_host(visit, admin, rose, target):
    assert post_login(visit("supply"), admin.email, next=target)["Location"] == "/"


def test_sign_in_leads_back_to_the_page_asked_for(visit, admin):
    assert post_login(visit("supply"), admin.email, next="/settings/audit/?q=1")["Location"] == "/settings/audit/?q=1"


def test_wrong_password_and_unknown_address_read_the_same(visit, admin):
    client = visit("supply")
    pages = [post_login(client, email, "wrong wrong wrong").content.decode() for email in (admin.email, "no@x.test")]
    errors = [re.search(r'role="alert".*?</div>', page, re.S).group() for page in pages]
    assert errors[0] == errors[1]


def test_guessing_is_slowed_down(visit, admin):
    client = visit("supply")
    for _ in range(5):
        post_login(client, admin.email, "wrong wrong wrong")
    page = post_login(client, admin.email).content.decode()
    assert "Too many attempts. Please wait a few minutes." in page


def test_second_step_is_asked_for_and_a_wrong_code_refused(visit, admin):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(admin, secret)
    client = visit("supply")
    assert post_login(client, admin.email)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/settings/staff/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert client.get("/settings/staff/").status_code == 200


def test_secret_of_the_app_is_stored_sealed(admin):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(admin, secret)
    stored = Authenticator.objects.get(user=admin).data["secret"]
    assert secret not in stored
    assert stored.startswith("gAAAA")


def test_app_is_set_up_with_recovery_codes_shown_once(visit, db):
    admin = staff.enrol(email="ada@example.com", password=factories.PASSWORD)
    staff.appoint(user=admin, role="admin")
    client = visit("supply", admin)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    response = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    assert response.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    assert len(re.findall(r"<li><code>\d+</code>", response.content.decode())) == 10
    assert "<li><code>" not in client.get("/accounts/2fa/recovery-codes/").content.decode()


def test_forgotten_password_is_set_anew_by_mail(visit, admin):
    client = visit("supply")
    client.post("/accounts/password/reset/", {"email": admin.email})
    assert mail.outbox[0].subject == "S2B2C: Set a new password"
    link = re.search(r"http://supply\.localhost(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link)["Location"]
    client.post(form, {"password1": "another long password", "password2": "another long password"})
    assert post_login(client, admin.email, "another long password")["Location"] == "/"


def test_unknown_address_gets_the_same_answer(visit, admin):
    client = visit("supply")
    answers = [client.post("/accounts/password/reset/", {"email": e})["Location"] for e in (admin.email, "no@x.test")]
    assert answers[0] == answers[1]


def test_sign_up_is_for_shop_owners_only(visit, db):
    fields = {"email": "new@example.com", "password1": factories.PASSWORD}
    assert visit("supply").post("/accounts/signup/", fields).status_code == 200
    assert not User.objects.exists()
    response = visit("office").post("/accounts/signup/", {**fields, "email": "New@Example.com"})
    assert response.status_code == 302
    assert User.objects.get().email == "new@example.com"


def test_weak_password_is_refused_with_what_was_typed_kept(visit, db):
    page = visit("office").post("/signup/", {"email": "new@example.com", "password1": "short"}).content.decode()
    assert 'value="new@example.com"' in page
    assert "at least 10 characters" in page


def test_new_address_counts_only_when_confirmed(visit, db):
    user = staff.enrol(email="old@example.com", password=factories.PASSWORD)
    client = visit("office", user)
    client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "old@example.com"
    link = re.search(r"http://office\.localhost(\S+)", mail.outbox[-1].body).group(1)
    client.post(link)
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.com", True)]


def test_sign_out_needs_a_post(visit, admin):
    client = visit("supply", admin)
    client.get("/accounts/logout/")
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302


def test_cookies_carry_no_domain(visit, admin):
    client = visit("supply", admin)
    assert {cookie["domain"] for cookie in client.cookies.values()} == {""}


def test_form_from_a_shop_does_not_reach_the_office(admin, rose):
    client = Client(HTTP_HOST="supply.localhost", enforce_csrf_checks=True)
    client.get("/accounts/login/")
    response = client.post(
        "/accounts/login/",
        {"login": admin.email, "password": factories.PASSWORD},
        headers={"Origin": "http://rose.localhost"},
    )
    assert response.status_code == 403


def test_change_of_password_is_written_down_and_told(visit, db):
    user = staff.enrol(email="ada@example.com", password=factories.PASSWORD)
    client = visit("office", user)
    new = "another long password"
    client.post("/accounts/password/change/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})
    assert AuditEntry.objects.values_list("action", "subject").get() == ("account.password_changed", user.email)
    assert mail.outbox[0].subject == "S2B2C: Your password was changed"


def test_mail_server_that_is_away_is_said_not_an_error(visit, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = visit("supply").post("/accounts/password/reset/", {"email": admin.email})
    assert (response.status_code, "could not be sent" in response.content.decode()) == (503, True)
    fields = {"email": "new@example.com", "password1": factories.PASSWORD}
    assert visit("office").post("/signup/", fields)["Location"] == "/open/"
