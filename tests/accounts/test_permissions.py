"""The decorators that say who may open a view."""

import pytest
from allauth.mfa.models import Authenticator

from s2b2c.accounts.permissions import supplier_role
from s2b2c.accounts.selectors import memberships
from tests import factories

STAFF = "/settings/staff/"


@pytest.mark.django_db
def test_anonymous_is_sent_to_sign_in_and_back(visit):
    response = visit("supply").get(f"{STAFF}?x=1")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/settings/staff/%3Fx%3D1")


@pytest.mark.django_db
def test_anonymous_fragment_sends_the_whole_page_to_sign_in(visit):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://supply.localhost/settings/audit/?q=1"}
    response = visit("supply").get(STAFF, headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=/settings/audit/%3Fq%3D1"


@pytest.mark.django_db
def test_fragment_naming_another_host_leads_home(visit):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://evil.example//x"}
    assert visit("supply").get(STAFF, headers=headers)["HX-Redirect"] == "/accounts/login/?next=/"


@pytest.mark.parametrize(
    ("role", "status"),
    [("admin", 200), ("catalogue", 403), ("warehouse", 403), ("finance", 403), ("support", 403), ("quality", 403)],
)
def test_staff_of_the_supplier_by_role(visit, db, role, status):
    assert visit("supply", factories.staff(role)).get(STAFF).status_code == status


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("manager", 403), ("clerk", 403)])
def test_staff_of_a_shop_by_role(visit, rose, role, status):
    assert visit("office", factories.member(rose, role)).get(f"/rose{STAFF}").status_code == status


def test_owner_of_another_shop_is_told_nothing(visit, rose):
    stranger = factories.member(factories.reseller("tulip"), "owner")
    assert visit("office", stranger).get(f"/rose{STAFF}").status_code == 404


def test_stranger_can_neither_invite_nor_remove(visit, rose, owner):
    client = visit("office", factories.member(factories.reseller("tulip"), "owner"))
    target = memberships.of(owner, rose)
    response = client.post(f"/rose{STAFF}", {"action": "remove", "id": target.pk})
    assert (response.status_code, memberships.of(owner, rose)) == (404, target)


def test_owner_is_a_stranger_at_the_supplier(visit, owner):
    assert visit("supply", owner).get(STAFF).status_code == 404


def test_admin_of_the_supplier_is_a_stranger_in_a_shop(visit, admin, rose):
    assert visit("office", admin).get(f"/rose{STAFF}").status_code == 404


def test_membership_ends_at_the_next_click(visit, rose, owner):
    client = visit("office", owner)
    owner.memberships.all().delete()
    assert client.get(f"/rose{STAFF}").status_code == 404


def test_closed_account_is_signed_out(visit, admin):
    client = visit("supply", admin)
    admin.is_active = False
    admin.save()
    assert client.get(STAFF).status_code == 302


def test_decorator_refuses_a_role_of_the_other_side():
    with pytest.raises(ValueError, match="owner"):
        supplier_role("owner")


def test_membership_with_second_factor_is_one_query(admin, django_assert_num_queries):
    with django_assert_num_queries(1):
        membership = memberships.of(admin, None)
        assert membership.needs_second_factor


@pytest.mark.usefixtures("second_factor")
def test_admin_without_second_factor_is_led_to_set_it_up(visit, admin):
    response = visit("supply", admin).get(STAFF)
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/?next=%2Fsettings%2Fstaff%2F")


@pytest.mark.usefixtures("second_factor")
def test_admin_reads_why_a_second_factor_is_asked_for(visit, admin):
    page = visit("supply", admin).get("/accounts/2fa/").content.decode()
    assert "As an administrator of the supplier you need one" in page


@pytest.mark.usefixtures("second_factor")
def test_recovery_codes_alone_are_no_second_factor(visit, admin):
    client = visit("supply", admin)
    Authenticator.objects.create(user=admin, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert client.get(STAFF).status_code == 302


@pytest.mark.usefixtures("second_factor")
def test_admin_with_second_factor_enters(visit, admin):
    client = visit("supply", admin)
    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(STAFF).status_code == 200


@pytest.mark.usefixtures("second_factor")
def test_warehouse_is_not_asked_for_a_second_factor(visit, db):
    assert visit("supply", factories.staff("warehouse")).get(STAFF).status_code == 403


def test_sensitive_page_asks_again_when_the_log_in_is_old(visit, admin, settings):
    client = visit("supply", admin)
    assert client.get("/settings/api-keys/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    response = client.get("/settings/api-keys/")
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Fsettings%2Fapi-keys%2F"


def test_writing_asks_again_reading_does_not(visit, admin, settings):
    client = visit("supply", admin)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.get(STAFF).status_code == 200
    assert client.post(STAFF, {"action": "invite"}).status_code == 302
