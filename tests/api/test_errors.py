"""Errors of the API have one shape, whatever went wrong."""

import pytest
from django.db import connection
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.accounts.models import User
from s2b2c.kernel.errors import OutOfStock, PriceOutOfBand, Refused
from tests.api.conftest import ApiClient


class Line(serializers.Serializer):
    variant = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    quantity = serializers.IntegerField(min_value=1, max_value=99)


class Order(serializers.Serializer):
    email = serializers.EmailField()
    note = serializers.CharField(required=False)
    lines = Line(many=True, allow_empty=False)


class Orders(APIView):
    required_scopes = {"POST": "storefront", "GET": "storefront"}
    raises: Exception | None = None

    def get(self, request, number=""):
        if self.raises:
            raise self.raises
        return Response({"found": User.objects.filter(pk=request.query_params["id"]).exists()})

    def post(self, request):
        form = Order(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(form.validated_data, status=201)


def raising(error):
    return type("Raising", (Orders,), {"raises": error})


def test_refusal_carries_code_message_field_and_params(call, rose):
    error = Refused("too_many", "Only %(most)s at once.", field="quantity", most=5)
    response = call(raising(error), reseller=rose)
    assert response.status_code == 422
    assert response.data == {
        "error": {"code": "too_many", "message": "Only 5 at once.", "field": "quantity", "params": {"most": 5}}
    }


def test_shortage_names_its_lines(call, rose):
    response = call(raising(OutOfStock([(7, 3, 1)])), reseller=rose)
    assert response.status_code == 409
    assert response.data["error"]["params"] == {"lines": [{"variant": 7, "wanted": 3, "available": 1}]}


def test_price_outside_the_band_names_the_nearest(call, rose):
    response = call(raising(PriceOutOfBand("No.", nearest_minor=500, field="price")), reseller=rose)
    assert response.data["error"]["params"] == {"nearest_minor": 500}


def test_missing_thing_is_not_found(call, rose):
    response = call(raising(Http404()), reseller=rose)
    assert (response.status_code, response.data["error"]["code"]) == (404, "not_found")


def test_bug_is_not_hidden(call, rose):
    with pytest.raises(ZeroDivisionError):
        call(raising(ZeroDivisionError()), reseller=rose)


def test_wrong_fields_are_named_by_pointer(call, rose):
    data = {"email": "x", "lines": [{"variant": 1, "quantity": 1}, {"variant": 0}]}
    response = call(Orders, "post", data, reseller=rose)
    assert response.status_code == 422
    assert response.data["error"]["code"] == "invalid"
    assert [each["field"] for each in response.data["error"]["params"]["fields"]] == [
        "/email",
        "/lines/1/variant",
        "/lines/1/quantity",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b"",
        b'"\\ud800"',
        b'{"note": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"note": "\\udfff"}',
        b"[" * 100_000,
        b"[" * 30 + b"]" * 30,
        b'{"x": NaN}',
        b'{"x": ' + b"9" * 5000 + b"}",
        b"[1]",
        b"null",
        b"1",
    ],
)
def test_malformed_json_is_told_so(call, rose, raw):
    response = call(Orders, "post", raw=raw, reseller=rose)
    assert response.status_code in (400, 422)
    assert set(response.data["error"]) == {"code", "message", "field", "params"}


def test_wrong_method_is_told_so(call, rose):
    class Patchless(Orders):
        required_scopes = {**Orders.required_scopes, "PATCH": "storefront"}

    response = call(Patchless, "patch", {}, reseller=rose)
    assert (response.status_code, response.data["error"]["code"]) == (405, "method_not_allowed")


def test_number_beyond_the_column_is_no_error_of_ours(call, rose):
    response = call(Orders, reseller=rose, query=f"?id={2**70}")
    assert (response.status_code, response.data) == (200, {"found": False})


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_is_told_and_rolled_back(call):
    class Huge(APIView):
        required_scopes = {"GET": "stock:read"}
        permission_classes = []

        def get(self, request):
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::int", [2**40])

    response = call(Huge)
    assert (response.status_code, response.data["error"]["code"]) == (422, "out_of_range")
    assert User.objects.count() == 0


@pytest.mark.parametrize("host", ["supply.localhost", "rose.localhost"])
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/", "/api/v9/"])
def test_unknown_address_answers_in_the_same_shape(rose, host, path):
    response = ApiClient(host).get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/x%00y/", "/api/v1/x/?q=%00"])
def test_nul_in_the_address_is_refused_early(rose, path):
    response = ApiClient("rose.localhost").get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_address")


def test_message_is_in_the_callers_language(rose):
    assert (
        ApiClient("rose.localhost").get("/api/v1/nothing/", headers={"accept-language": "zh-hans"}).status_code == 404
    )
