"""The pages of accounts, in both languages, for who may see them."""

import re

import pytest
from django.core import mail

from s2b2c.accounts.models import AuditEntry, Invitation, Membership, User
from s2b2c.accounts.selectors import memberships
from s2b2c.accounts.services import staff
from s2b2c.api.models import ApiKey
from tests import factories


def link_in_mail():
    return re.search(r"http://(\S+?)\.localhost(?::\d+)?(/accounts/invitation/\S+)", mail.outbox[-1].body).groups()


def test_new_colleague_comes_by_mail(visit, admin):
    visit("supply", admin).post(
        "/settings/staff/", {"action": "invite", "email": "wei@example.com", "role": "finance"}
    )
    host, path = link_in_mail()
    guest = visit(host)
    assert "invites wei@example.com as: Finance" in guest.get(path).content.decode()
    assert guest.post(path, {"name": "Wei", "password": factories.PASSWORD})["Location"] == "/"
    assert memberships.of(User.objects.get(email="wei@example.com"), None).role == "finance"
    assert guest.get("/accounts/").status_code == 200


def test_colleague_with_an_account_signs_in_first(visit, rose, owner):
    known = factories.user("wei@example.com")
    visit("office", owner).post("/rose/settings/staff/", {"action": "invite", "email": known.email, "role": "clerk"})
    host, path = link_in_mail()
    assert f"/accounts/login/?next={path}" in visit(host).get(path).content.decode()
    assert visit(host, known).post(path)["Location"] == "/rose/"
    assert memberships.of(known, rose).role == "clerk"


def test_somebody_else_cannot_use_the_invitation(visit, admin):
    _invitation, token = staff.invite(actor=admin, email="wei@example.com", role="admin")
    mallory = visit("supply", factories.user("mallory@example.com"))
    page = mallory.post(f"/accounts/invitation/{token}/", {"name": "M", "password": factories.PASSWORD})
    assert "You are signed in as mallory@example.com" in page.content.decode()
    assert Membership.objects.count() == 1


def test_invitation_of_the_other_side_is_not_shown(visit, admin, rose, owner):
    _invitation, token = staff.invite(actor=admin, email="wei@example.com", role="admin")
    assert visit("office").get(f"/accounts/invitation/{token}/").status_code == 404
    _invitation, token = staff.invite(actor=owner, email="wei@example.com", role="clerk", reseller=rose)
    assert visit("supply").get(f"/accounts/invitation/{token}/").status_code == 404


def test_weak_password_keeps_the_invitation_open(visit, admin):
    _invitation, token = staff.invite(actor=admin, email="wei@example.com", role="admin")
    response = visit("supply").post(f"/accounts/invitation/{token}/", {"name": "Wei", "password": "password12"})
    assert (response.status_code, User.objects.filter(email="wei@example.com").exists()) == (422, False)


def test_mail_that_does_not_go_out_is_said(visit, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client = visit("supply", admin)
    fields = {"action": "invite", "email": "wei@example.com", "role": "finance"}
    page = client.post("/settings/staff/", fields, follow=True).content.decode()
    assert "its e-mail did not go out" in page
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"action": "remove"},
        {"action": "remove", "id": "9" * 30},
        {"action": "remove", "id": "²"},
        {"action": "role", "id": "1", "role": "owner\x00"},
        {"action": "withdraw", "id": "-1"},
        {"action": "invite", "email": "x" * 300, "role": "king"},
        {"action": "invite", "email": "a\x00@b.de", "role": "finance"},
    ],
)
def test_nonsense_changes_nothing(visit, admin, fields):
    response = visit("supply", admin).post("/settings/staff/", fields)
    assert response.status_code in (302, 422)
    assert (Membership.objects.count(), Invitation.objects.count()) == (1, 0)


def test_new_key_is_shown_once_and_kept_as_a_hash(visit, admin):
    client = visit("supply", admin)
    fields = {"name": "ERP", "scopes": ["stock:read", "stock:write"]}
    response = client.post("/settings/api-keys/", fields)
    secret = re.search(r"sk_\w{30,}", response.content.decode()).group()
    assert "no-store" in response["Cache-Control"]
    assert secret not in client.get("/settings/api-keys/").content.decode()
    assert secret not in str(ApiKey.objects.values().get()) + str(list(AuditEntry.objects.values()))


def test_key_needs_a_scope_of_its_side(visit, rose, owner):
    client = visit("office", owner)
    for scopes in ([], ["stock:write"]):
        assert client.post("/rose/settings/api-keys/", {"name": "x", "scopes": scopes}).status_code == 422
    assert ApiKey.objects.count() == 0


def test_owner_cannot_revoke_a_key_of_another_shop(visit, rose, owner):
    key = ApiKey.objects.create(name="x", reseller=factories.reseller("tulip"), key_hash="h")
    visit("office", owner).post("/rose/settings/api-keys/", {"action": "revoke", "id": key.pk})
    key.refresh_from_db()
    assert key.revoked_at is None


def test_pages_of_one_shop_show_nobody_of_another(visit, rose, owner):
    tulip = factories.reseller("tulip")
    factories.member(tulip, "clerk", user=factories.user("canary@example.com"))
    ApiKey.objects.create(name="canary key", reseller=tulip, key_hash="h")
    ApiKey.objects.create(name="canary of S", key_hash="h2")
    client = visit("office", owner)
    pages = [client.get(f"/rose/settings/{page}/").content.decode() for page in ("staff", "api-keys")]
    assert not any("canary" in page for page in pages)


def test_office_leads_to_the_only_shop_and_lists_several(visit, rose, owner):
    client = visit("office", owner)
    assert client.get("/")["Location"] == "/rose/"
    factories.member(factories.reseller("tulip"), "clerk", user=owner)
    page = client.get("/").content.decode()
    assert ('href="/rose/"' in page, 'href="/tulip/"' in page) == (True, True)


def test_platform_says_when_it_is_a_demo(visit, rose, settings):
    assert "This is a demo" not in visit("platform").get("/").content.decode()
    settings.DEMO = True
    page = visit("platform").get("/").content.decode()
    assert ("This is a demo" in page, "http://rose.localhost:8000/" in page) == (True, True)


def test_navigation_shows_what_the_role_may_open(visit, admin):
    page = visit("supply", admin).get("/settings/staff/").content.decode()
    assert 'href="/settings/audit/"' in page


def test_staff_page_asks_few_questions(visit, admin, django_assert_max_num_queries):
    for _ in range(5):
        factories.staff("warehouse")
    client = visit("supply", admin)
    client.get("/settings/staff/")
    with django_assert_max_num_queries(8):
        client.get("/settings/staff/")
