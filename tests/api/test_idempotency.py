"""A write sent twice with the same key happens once."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.accounts.models import User
from s2b2c.api import idempotency
from s2b2c.api.models import IdempotentAnswer
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from tests.api.conftest import make_key

inside, go_on = threading.Event(), threading.Event()


class Users(APIView):
    required_scopes = {"POST": "storefront"}

    @idempotency.idempotent
    def post(self, request, fail=""):
        user = User.objects.create_user(request.data["email"])
        if request.data.get("refuse"):
            raise Refused("no", "No.")
        if request.data.get("answer_badly"):
            return Response({}, status=409)
        if request.data.get("wait"):
            inside.set()
            assert go_on.wait(10)
        return Response({"id": user.pk}, status=201)


def post(call, shop, key, email="a@x.test", *, data=None, secret=""):
    body = {"email": email, **(data or {})}
    return call(Users, "post", body, reseller=shop, key=secret, headers={"idempotency-key": key} if key else {})


@pytest.fixture
def key():
    return str(uuid4())


def test_repeated_write_is_answered_not_repeated(call, rose, key):
    first, second = post(call, rose, key), post(call, rose, key)
    assert (second.status_code, second.data) == (first.status_code, first.data) == (201, {"id": User.objects.get().pk})
    assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (None, "true")


def test_same_key_with_another_body_is_refused(call, rose, key):
    post(call, rose, key)
    response = post(call, rose, key, email="b@x.test")
    assert (response.status_code, response.data["error"]["code"]) == (409, "idempotency_mismatch")
    assert User.objects.count() == 1


def test_refusal_is_not_kept(call, rose, key):
    assert post(call, rose, key, data={"refuse": True}).status_code == 422
    assert not User.objects.exists()
    assert post(call, rose, key).status_code == 201


def test_bad_answer_leaves_nothing_behind(call, rose, key):
    assert post(call, rose, key, data={"answer_badly": True}).status_code == 409
    assert (User.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)


def test_shops_and_callers_do_not_share_keys(call, rose, tulip, key):
    machine = make_key(rose, "orders:write")
    posts = [post(call, rose, key, email="a@x.test"), post(call, tulip, key, email="b@x.test")]
    posts.append(post(call, rose, key, email="c@x.test", secret=machine))
    assert [each.status_code for each in posts] == [201, 201, 201]


def test_without_a_key_each_request_counts(call, rose):
    codes = [post(call, rose, "", email=f"{i}@x.test").status_code for i in range(2)]
    assert (codes, IdempotentAnswer.objects.count()) == ([201, 201], 0)


@pytest.mark.parametrize("odd", ["short", "x" * 256, "ä" * 20, "x" * 20 + "\t"])
def test_odd_key_is_refused(call, rose, odd):
    assert post(call, rose, odd).data["error"]["code"] == "idempotency_key"


def test_old_answers_are_forgotten(call, rose, key):
    post(call, rose, key)
    IdempotentAnswer.objects.update(created_at=clock.now() - timedelta(days=3))
    assert (idempotency.forget_old(), IdempotentAnswer.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_second_request_while_the_first_runs_is_told_to_wait(call, key):
    class Open(Users):
        permission_classes = []

    def send(data):
        return call(Open, "post", {"email": "a@x.test", "wait": True}, headers={"idempotency-key": key})

    answers = []

    def first():
        answers.append(send(None))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    second = send(None)
    go_on.set()
    thread.join()
    assert (second.status_code, second.data["error"]["code"]) == (409, "idempotency_in_progress")
    assert (answers[0].status_code, send(None).data, User.objects.count()) == (201, answers[0].data, 1)
