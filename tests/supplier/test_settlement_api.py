"""Settlement over both APIs: a shop reads its own money with its key, S everybody's."""

from __future__ import annotations

import pytest
from django.db import transaction

from supplier.models import Settlement
from supplier.services import payout_holds
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.supplier import settling

pytestmark = pytest.mark.django_db
STATEMENTS = "/api/v1/settlement/statements/"


@pytest.fixture
def shops(settings):
    settings.PLATFORM_DOMAIN = "localhost"
    factories.company()
    settling.agreed(payout_method="bank")
    made = [factories.reseller(slug) for slug in ("juniper", "rose")]
    for number, shop in enumerate(made, 1):
        settling.bank(shop)
        settling.sold(shop, number)
    settling.released()
    return made


def own(shop, *scopes: str) -> ApiClient:
    return ApiClient(f"{shop.slug}.localhost", make_key(shop, *(scopes or ("settlement:read",))))


def test_shop_reads_its_own_statements_lines_payouts_and_balance(shops):
    rose = own(shops[1])
    listed = rose.send("get", STATEMENTS).json()
    number = Settlement.objects.get(reseller=shops[1]).number
    assert ([each["number"] for each in listed["items"]], listed["next"]) == ([number], None)
    one = rose.send("get", f"{STATEMENTS}{number}/").json()
    assert (one["sums"]["sales"], one["sums"]["payout"], one["payout"]["amount_minor"]) == (1_880, 1_880, 1_880)
    assert (one["payout"]["state"], one["invoices"][0]["gross_minor"], one["held_back"]) == ("created", 120, [])
    lines = rose.send("get", f"{STATEMENTS}{number}/lines/").json()["items"]
    assert [(each["kind"], each["amount_minor"]) for each in lines] == [("sale", 1_880), ("payout", -1_880)]
    payouts = rose.send("get", "/api/v1/settlement/payouts/?state=created").json()["items"]
    assert [each["statement"] for each in payouts] == [number]
    balance = rose.send("get", "/api/v1/settlement/balance/").json()
    assert (balance["reseller"], balance["ready_minor"], balance["under_way_minor"]) == ("rose", 0, 1_880)


def test_shop_sees_nothing_of_another(shops):
    number = Settlement.objects.get(reseller=shops[1]).number
    juniper = own(shops[0])
    assert juniper.send("get", f"{STATEMENTS}{number}/").status_code == 404
    assert juniper.send("get", f"{STATEMENTS}{number}/lines/").status_code == 404
    for path in (STATEMENTS, "/api/v1/settlement/payouts/"):
        answer = juniper.send("get", f"{path}?reseller=rose").json()["items"]
        assert {each["reseller"] for each in answer} == {"juniper"}
    stranger = ApiClient("juniper.localhost", make_key(shops[1], "settlement:read"))
    assert stranger.send("get", STATEMENTS).status_code == 401


def test_key_without_the_scope_and_nobody_are_refused(shops):
    assert own(shops[0], "orders:read").send("get", STATEMENTS).status_code == 403
    assert ApiClient("juniper.localhost").send("get", STATEMENTS).status_code == 401
    supply = ApiClient("supply.localhost", make_key(None, "stock:read"))
    assert supply.send("get", STATEMENTS).status_code == 403


def test_supplier_reads_everybodys_page_by_page_or_one_shops(shops):
    supply = ApiClient("supply.localhost", make_key(None, "settlement:read"))
    first = supply.send("get", f"{STATEMENTS}?limit=1").json()
    second = supply.send("get", first["next"].partition("localhost")[2]).json()
    assert [page["items"][0]["reseller"] for page in (first, second)] == ["rose", "juniper"]
    assert second["next"] is None
    assert [each["reseller"] for each in supply.send("get", f"{STATEMENTS}?reseller=juniper").json()["items"]] == [
        "juniper"
    ]
    assert supply.send("get", "/api/v1/settlement/balances/rose/").json()["under_way_minor"] == 1_880
    assert supply.send("get", "/api/v1/settlement/balances/nobody/").status_code == 404


def test_what_is_held_and_not_released_is_no_statement(shops):
    order = settling.sold(shops[0], 1)
    with transaction.atomic():
        payout_holds.keep(order, cause="finance")
    juniper = own(shops[0])
    assert len(juniper.send("get", STATEMENTS).json()["items"]) == 1
    assert juniper.send("get", "/api/v1/settlement/balance/").json()["in_window_minor"] == 940
