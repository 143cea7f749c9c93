"""Sessions belong to the place that made them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import RequestFactory

from s2b2c.tenancy import context
from s2b2c.tenancy.middleware import HostMiddleware
from s2b2c.tenancy.models import Reseller
from s2b2c.tenancy.sessions import ScopedSessionMiddleware, SessionStore


def _visit(host: str, cookie: str = "", path: str = "/", method: str = "get", **put: str) -> SimpleNamespace:
    """Visit with a cookie; give what the view read, and the cookie set."""
    seen = SimpleNamespace(data={})

    def view(request) -> HttpResponse:
        seen.data = {key: value for key, value in request.session.items() if not key.startswith("_")}
        request.session.update(put)
        return HttpResponse()

    factory = RequestFactory()
    if cookie:
        factory.cookies[settings.SESSION_COOKIE_NAME] = cookie
    request = getattr(factory, method)(path, HTTP_HOST=host)
    response = HostMiddleware(ScopedSessionMiddleware(view))(request)
    morsel = response.cookies.get(settings.SESSION_COOKIE_NAME)
    seen.cookie = morsel.value if morsel else None
    return seen


def test_a_session_goes_on_at_its_own_shop(rose: Reseller) -> None:
    cookie = _visit("rose.localhost", login="customer 1").cookie
    assert _visit("rose.localhost", cookie).data == {"login": "customer 1"}


@pytest.mark.parametrize("host", ["tulip.localhost", "office.localhost", "supply.localhost", "localhost"])
def test_a_session_replayed_elsewhere_is_anonymous(rose: Reseller, tulip: Reseller, host: str) -> None:
    cookie = _visit("rose.localhost", login="customer 1").cookie
    assert _visit(host, cookie).data == {}


def test_a_replayed_session_gets_a_key_of_its_own_and_leaves_the_other_alone(rose: Reseller, tulip: Reseller) -> None:
    cookie = _visit("rose.localhost", login="customer 1").cookie
    other = _visit("tulip.localhost", cookie, login="customer 2").cookie
    assert other != cookie
    assert _visit("rose.localhost", cookie).data == {"login": "customer 1"}
    assert _visit("tulip.localhost", other).data == {"login": "customer 2"}


def test_an_office_session_serves_every_shop_of_the_office(rose: Reseller, tulip: Reseller) -> None:
    cookie = _visit("office.localhost", path="/rose/", login="user 1").cookie
    assert _visit("office.localhost", cookie, "/tulip/").data == {"login": "user 1"}
    assert _visit("office.localhost", cookie, "/accounts/login/").data == {"login": "user 1"}


def test_a_session_works_in_autocommit_inside_a_shop(real_rose: Reseller) -> None:
    cookie = _visit("rose.localhost", method="post", login="customer 1").cookie
    assert _visit("rose.localhost", cookie, method="post").data == {"login": "customer 1"}
    with context.entered(real_rose):
        SessionStore(cookie, f"shop:{real_rose.schema_name}").flush()
    assert _visit("rose.localhost", cookie).data == {}


def test_a_session_made_outside_a_request_is_bound_by_its_first_use(rose: Reseller, tulip: Reseller) -> None:
    store = SessionStore()
    store["login"] = "customer 1"
    store.save()
    assert _visit("rose.localhost", store.session_key).data == {"login": "customer 1"}
    assert _visit("tulip.localhost", store.session_key).data == {}
    assert Session.objects.count() == 1
