"""Lists are read page by page, by key, without gaps."""

import pytest
from rest_framework import generics, serializers

from s2b2c.accounts.models import User
from tests import factories


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["email"]


class Users(generics.ListAPIView):
    required_scopes = {"GET": "storefront"}
    queryset = User.objects.all()
    serializer_class = UserSerializer


class ByName(Users):
    ordering = ("name", "-email")


@pytest.fixture
def users(db):
    return [factories.user(f"u{i}@x.test", name=f"N{i % 3}") for i in range(7)]


def walk(call, view, rose, limit=3):
    query, seen = f"?limit={limit}", []
    while True:
        data = call(view, reseller=rose, query=query).data
        seen += [row["email"] for row in data["items"]]
        if data["next"] is None:
            return seen
        query = "?" + data["next"].partition("?")[2]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_give_every_row_once_in_order(call, rose, users, limit):
    assert walk(call, Users, rose, limit) == [f"u{i}@x.test" for i in (6, 5, 4, 3, 2, 1, 0)]


def test_order_by_several_fields_with_ties(call, rose, users):
    expected = ["u6", "u3", "u0", "u4", "u1", "u5", "u2"]
    assert walk(call, ByName, rose, 2) == [f"{name}@x.test" for name in expected]


def test_rows_that_come_in_meanwhile_shift_nothing(call, rose, users):
    first = call(Users, reseller=rose, query="?limit=3").data
    factories.user("new@x.test")
    second = call(Users, reseller=rose, query="?" + first["next"].partition("?")[2]).data
    assert [row["email"] for row in second["items"]] == ["u3@x.test", "u2@x.test", "u1@x.test"]


def test_page_is_one_query_without_a_count(call, rose, users, django_assert_num_queries):
    with django_assert_num_queries(1):
        call(Users, reseller=rose)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=" + "9" * 50, "limit=²"])
def test_odd_limit_is_refused(call, rose, query):
    response = call(Users, reseller=rose, query=f"?{query}")
    assert (response.status_code, response.data["error"]["field"]) == (422, "limit")


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "%F0", "'", "W10:1:x"])
def test_invented_cursor_is_refused(call, rose, cursor):
    response = call(Users, reseller=rose, query=f"?cursor={cursor}")
    assert (response.status_code, response.data["error"]["code"]) == (422, "cursor")


def test_cursor_of_another_list_is_refused(call, rose, users):
    link = call(Users, reseller=rose, query="?limit=3").data["next"]
    response = call(ByName, reseller=rose, query="?" + link.partition("?")[2])
    assert response.data["error"]["code"] == "cursor"
