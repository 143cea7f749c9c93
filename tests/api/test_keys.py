"""API keys: made, used, revoked, unknown elsewhere."""

from datetime import timedelta

import pytest
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api.models import ApiKey
from s2b2c.api.services import keys
from s2b2c.kernel import clock
from tests import factories
from tests.api.conftest import make_key


class Stock(APIView):
    required_scopes = {"GET": "stock:read", "POST": "stock:write"}

    def get(self, request):
        return Response({"as": str(request.user)})

    def post(self, request):
        return Response({})

    def delete(self, request):  # names no scope: closed to all
        return Response({})


class Shelf(APIView):
    required_scopes = {"GET": "storefront", "POST": "orders:write"}

    def get(self, request):
        return Response({})

    def post(self, request):
        return Response({})


def test_key_opens_what_its_scopes_say(call):
    key = make_key(None, "stock:read")
    methods = ("get", "head", "post", "delete")
    assert [call(Stock, method, key=key).status_code for method in methods] == [200, 200, 403, 403]


def test_supplier_api_is_closed_without_a_key(call):
    response = call(Stock)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert response.data["error"]["code"] == "not_authenticated"


def test_anyone_reads_a_shop_and_only_that(call, rose):
    assert call(Shelf, reseller=rose).status_code == 200
    assert call(Shelf, "post", reseller=rose).status_code == 401


def test_key_is_good_at_its_own_place_only(call, rose, tulip):
    key = make_key(rose, "orders:write")
    places = [call(Shelf, "post", reseller=shop, key=key).status_code for shop in (rose, tulip)]
    assert [*places, call(Stock, key=key).status_code] == [200, 401, 401]


def test_key_of_the_supplier_opens_no_shop(call, rose):
    assert call(Shelf, reseller=rose, key=make_key(None, "stock:read")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer sk_short", "Basic abc", "Bearer " + "ä" * 40, "Bearer " + "x" * 9000, "sk_" + "x" * 40],
)
def test_malformed_key_is_refused_kindly(call, rose, header):
    response = call(Shelf, reseller=rose, headers={"authorization": header})
    assert (response.status_code, response.data["error"]["code"]) == (401, "authentication_failed")


def test_revoked_key_opens_nothing(call):
    key = make_key(None, "stock:read")
    row = ApiKey.objects.get()
    keys.revoke(actor=factories.staff(), key_id=row.pk)
    assert call(Stock, key=key).status_code == 401


def test_use_is_noted_once_a_day(call, django_assert_num_queries):
    key = make_key(None, "stock:read")
    call(Stock, key=key)
    assert ApiKey.objects.get().last_used_on == clock.now().date()
    with django_assert_num_queries(1):
        call(Stock, key=key)
    ApiKey.objects.update(last_used_on=clock.now().date() - timedelta(days=3))
    call(Stock, key=key)
    assert ApiKey.objects.get().last_used_on == clock.now().date()


def test_secret_is_in_no_column():
    assert "secret" not in {field.name for field in ApiKey._meta.get_fields()}
