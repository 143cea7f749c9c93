"""Every route says who may open it, and keeps to it: role × URL, made from the resolver."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from rest_framework.views import APIView

from s2b2c.accounts.models import Membership
from s2b2c.accounts.permissions import CHIEFS, SIDES
from s2b2c.api import scopes
from tests import factories

# Which kinds of views each host may have.
HOSTS = {
    "platform": {"public", "signed_in"},
    "supply": {"public", "signed_in", "supply"},
    "office": {"public", "signed_in", "office"},
    "shop": {"public"},
}
# allauth guards its own: anyone may open these, what they show depends on who it is.
THIRD_PARTY = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_reset_password_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_login_webauthn",
}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}


@dataclass(frozen=True)
class Route:
    host: str
    pattern: str
    name: str
    view: Callable[..., Any]

    @property
    def side(self) -> str:
        return getattr(self.view, "required_side", "")

    @property
    def path(self) -> str:
        """An address that leads here, with made-up arguments."""
        filled = self.pattern.replace("<slug:shop>", "rose")
        filled = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES.get(found.group(1), "x"), filled)
        return "/" + re.sub(r"<\w+>", "x", filled)


@cache
def routes(host: str) -> list[Route]:
    return list(_walk(host, import_module(f"s2b2c.urls.{host}").urlpatterns, ""))


def _walk(host: str, patterns: list[Any], prefix: str) -> Iterator[Route]:
    for each in patterns:
        where = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(host, each.url_patterns, where)
        elif isinstance(each, URLPattern):
            yield Route(host, where, each.name or "", each.callback)


@pytest.mark.parametrize("host", HOSTS)
def test_every_route_says_who_may_open_it(host: str) -> None:
    silent = [
        f"{route.pattern} ({route.name})"
        for route in routes(host)
        if not route.side and route.name not in THIRD_PARTY and not _is_api(route)
    ]
    assert silent == [], "put a decorator of s2b2c.accounts.permissions on these"


@pytest.mark.parametrize("host", HOSTS)
def test_no_view_stands_on_the_wrong_host(host: str) -> None:
    assert [r.pattern for r in routes(host) if r.side and r.side not in HOSTS[host]] == []


@pytest.mark.parametrize("host", HOSTS)
def test_every_method_of_the_api_names_a_known_scope(host: str) -> None:
    known = {"supply": set(scopes.SUPPLY), "shop": {*scopes.SHOP, scopes.STOREFRONT}}.get(host, set())
    wrong = [
        f"{method} {route.pattern}"
        for route in routes(host)
        if _is_api(route)
        for method in _methods(route.view)
        if getattr(route.view.cls, "required_scopes", {}).get(method) not in known
    ]
    assert wrong == [], "give the view required_scopes with a scope of s2b2c.api.scopes"


def _is_api(route: Route) -> bool:
    return not route.side and issubclass(getattr(route.view, "cls", object), APIView)


def _methods(view: Any) -> list[str]:
    """Give what a view answers to, of itself or as a view set."""
    names = getattr(view, "actions", None) or {n: n for n in view.cls.http_method_names if hasattr(view.cls, n)}
    return [name.upper() for name in names if name not in ("options", "head")]


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["supply", "office"])
def test_each_role_opens_what_it_may_and_nothing_else(host: str, settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    rose, tulip = factories.reseller("rose"), factories.reseller("tulip")
    place = None if host == "supply" else rose
    people = {role: _client(host, factories.member(place, role)) for role in SIDES[host]}
    people["stranger"] = _client(host, factories.member(tulip, "owner"))
    people["anonymous"] = _client(host, None)
    wrong = [
        f"{route.path} ({route.name}) as {who}: {answer}, not {wanted}"
        for route in routes(host)
        if route.side in (host, "signed_in")
        for who, client in people.items()
        if (answer := _answer(client, route.path)) not in (wanted := _wanted(route, who))
    ]
    assert wrong == []


def _client(host: str, user: Any) -> Client:
    client = Client(HTTP_HOST=f"{host}.localhost", raise_request_exception=False)
    if user is not None:
        client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    return client


def _answer(client: Client, path: str) -> str:
    response = client.get(path)
    if response.status_code == 405:
        response = client.post(path)
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return {403: "forbidden", 404: "not found"}.get(
        response.status_code, "error" if response.status_code >= 500 else "open"
    )


def _wanted(route: Route, who: str) -> tuple[str, ...]:
    """Give the answers that are right; whoever may come in can still find nothing at a made-up address."""
    if who == "anonymous":
        return ("sign in",)
    if route.side == "signed_in":
        return ("open", "not found")
    if who == "stranger":
        return ("not found",)
    return ("open", "not found") if who in route.view.required_roles else ("forbidden",)  # type: ignore[attr-defined]


def test_chiefs_may_open_everything_of_their_side() -> None:
    closed = [
        route.pattern
        for host, chief in CHIEFS.items()
        for route in routes(host)
        if route.side == host and chief not in route.view.required_roles  # type: ignore[attr-defined]
    ]
    assert closed == []


def test_roles_of_the_two_sides_are_all_there_are() -> None:
    assert {*SIDES["supply"], *SIDES["office"]} == set(Membership.Role.values)
