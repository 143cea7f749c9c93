"""Resellers as S leads them: applications, suspension, terms, opening a shop for somebody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from s2b2c.accounts.models import AuditEntry, Invitation, Membership
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import services as tenancy
from s2b2c.tenancy.models import Reseller
from supplier.models import Terms
from supplier.selectors import resellers as selectors
from supplier.selectors import terms
from supplier.services import resellers
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms(300)
    factories.warehouse("PVD")


@pytest.fixture
def shop():
    return factories.reseller("juniper-row", name="Juniper Row")


def applied(slug: str = "two-herons") -> Reseller:
    return tenancy.apply(slug=slug, name="Two Herons", currency="USD", country="US")


def actions() -> list[str]:
    return list(
        AuditEntry.objects.filter(action__startswith="reseller.").order_by("pk").values_list("action", flat=True)
    )


def test_list_shows_state_orders_and_turnover(shop):
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    office.order(shop, [(variant, 2)])
    applied()
    lines = (
        b"".join(office.client().get("/resellers/?csv=1&sort=name").streaming_content).decode("utf-8-sig").splitlines()
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["Juniper Row", "Two Herons"]
    assert lines[1].endswith(",1,45.00")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=juni", True),
        ("?q=Row", True),
        ("?status=open", True),
        ("?status=applied", False),
        ("?currency=EUR", False),
    ],
)
def test_list_is_narrowed(shop, query, found):
    assert ("juniper-row" in office.text(office.client().get(f"/resellers/{query}"))) is found


def test_list_takes_few_queries(shop):
    for number in range(12):
        applied(f"shop-no-{number}")
    reader = office.client()
    answer, count = office.selects(lambda: reader.get("/resellers/"))
    assert answer.status_code == 200
    assert count <= 12


def test_page_shows_balance_terms_members_and_orders(shop):
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    order = office.order(shop, [(variant, 2)])
    factories.member(shop, "owner", user=factories.user("hannah@example.com", name="Hannah Voss"))
    shown = office.text(office.client().get("/resellers/juniper-row/"))
    for word in (order.order_number, "$18.80", "Hannah Voss", "3 %", "everybody's terms"):
        assert word in shown, word
    assert [balance.minor for balance in selectors.balances(shop)] == [1_880]


def test_other_resellers_money_is_not_in_it(shop):
    other = factories.reseller("blue-kettle")
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    office.order(other, [(variant, 2)])
    assert selectors.balances(shop) == []
    assert selectors.find("juniper-row").turnover_30 == 0


def test_application_is_accepted(shop):
    waiting = applied()
    person = office.client("support")
    assert person.get("/resellers/two-herons/").status_code == 200
    assert person.post("/resellers/two-herons/approve/").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.has_schema, actions()) == ("open", True, ["reseller.approved"])
    assert person.post("/resellers/two-herons/approve/").status_code == 409


def test_application_is_turned_down_with_a_reason():
    applied()
    person = office.client("support")
    assert person.post("/resellers/two-herons/decline/", {"reason": " "}).status_code == 422
    assert person.post("/resellers/two-herons/decline/", {"reason": "Sells something else"}).status_code == 302
    assert Reseller.objects.get(slug="two-herons").status == "closed"


def test_open_shop_is_not_turned_down(shop):
    with pytest.raises(StateRefused):
        resellers.turn_down(reseller=shop, actor=factories.staff(), reason="x")
    shop.refresh_from_db()
    assert shop.status == "open"


def test_suspension_closes_the_doors_and_can_be_undone(shop):
    visitor, person = Client(HTTP_HOST="juniper-row.localhost"), office.client("support")
    before = visitor.get("/").status_code
    assert person.post("/resellers/juniper-row/suspend/", {"reason": ""}).status_code == 422
    assert person.post("/resellers/juniper-row/suspend/", {"reason": "Complaints"}).status_code == 302
    closed = visitor.get("/").status_code
    assert person.post("/resellers/juniper-row/reopen/").status_code == 302
    assert (before, closed, visitor.get("/").status_code) == (200, 503, 200)
    assert actions() == ["reseller.suspended", "reseller.reopened"]


def test_terms_of_one_leave_the_others_alone(shop):
    other = factories.reseller("blue-kettle")
    person = office.client("finance")
    assert person.post("/resellers/juniper-row/terms/", {"fee": "2.5"}).status_code == 302
    assert person.post("/resellers/juniper-row/terms/", {"fee": "2.5"}).status_code == 302
    assert (terms.of(shop.pk).fee_bps, terms.of(shop.pk).own, terms.of(other.pk).fee_bps) == (250, True, 300)
    assert list(Terms.objects.filter(reseller=shop).values_list("version", "fee_bps")) == [(1, 250)]


def test_terms_of_everybody_are_followed_by_the_next_version(shop):
    assert office.client("finance").post("/resellers/terms/", {"fee": "4"}).status_code == 302
    assert (terms.of(shop.pk).fee_bps, terms.of(shop.pk).version) == (400, 2)


@pytest.mark.parametrize("fee", ["", "-1", "50.01", "x", "NaN", "1e9", "2.555"])
def test_wrong_fee_is_told_on_the_form(shop, fee):
    assert office.client("finance").post("/resellers/juniper-row/terms/", {"fee": fee}).status_code == 422
    assert Terms.objects.filter(reseller=shop).count() == 0


SHOP = {
    "name": "Oak & Otter",
    "slug": "oak-otter",
    "email": "greta@example.com",
    "country": "US",
    "currency": "USD",
    "language": "en",
}


@pytest.mark.django_db(transaction=True)
def test_shop_is_opened_for_somebody_who_is_invited_to_own_it(mailoutbox):
    answer = office.client("support").post("/resellers/new/", SHOP)
    made = Reseller.objects.get(slug="oak-otter")
    assert (answer.url, made.status, made.has_schema) == ("/resellers/oak-otter/", "open", True)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.reseller, invitation.role) == ("greta@example.com", made, "owner")
    (mail,) = mailoutbox
    link = re.search(r"http://office\.localhost:\d+(/\S+)", mail.body)[1]
    assert Client(HTTP_HOST="office.localhost").get(link).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "juniper-row"},
        {"slug": "www"},
        {"slug": "a--b"},
        {"slug": "北窗"},
        {"email": "x"},
        {"name": ""},
        {"country": "USA"},
        {"currency": "XXX"},
    ],
)
def test_wrong_shop_is_told_on_the_form(shop, wrong):
    answer = office.client("support").post("/resellers/new/", {**SHOP, **wrong})
    assert answer.status_code == 422
    assert "aria-invalid" in office.text(answer)
    assert Reseller.objects.count() == 1


def test_fee_has_bounds(shop):
    with pytest.raises(Refused):
        resellers.set_terms(reseller=shop, actor=factories.staff(), fee_bps=5_001)


@pytest.mark.parametrize(
    ("role", "look", "suspend", "fee"),
    [("support", 200, 302, 403), ("finance", 200, 403, 302), ("warehouse", 403, 403, 403)],
)
def test_roles_at_the_door(shop, role, look, suspend, fee):
    person = office.client(role)
    assert person.get("/resellers/").status_code == look
    assert person.post("/resellers/juniper-row/terms/", {"fee": "1"}).status_code == fee
    assert person.post("/resellers/juniper-row/suspend/", {"reason": "x"}).status_code == suspend


def test_people_of_a_shop_are_no_staff_of_ours(shop):
    owner = factories.member(shop, "owner")
    outsider = Client(HTTP_HOST=office.HOST)
    outsider.force_login(owner, "allauth.account.auth_backends.AuthenticationBackend")
    assert outsider.get("/resellers/").status_code == 404
    assert Membership.objects.filter(reseller=None).count() == 0
