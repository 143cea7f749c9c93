"""From the Host header to the right place, or to a plain 404 before any view."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from s2b2c.tenancy import context, directory, hosts, services, slugs
from s2b2c.tenancy.middleware import HostMiddleware, ReadTransactionMiddleware, serves_closed_shops
from s2b2c.tenancy.models import Reseller
from s2b2c.tenancy.services import domains


def _send(host: str, path: str = "/", method: str = "get", **extra: str) -> tuple[HttpResponse, SimpleNamespace]:
    """Send a request through HostMiddleware alone; give the response and what a view would have seen."""
    seen = SimpleNamespace(called=False)

    def view(request: WSGIRequest) -> HttpResponse:
        seen.__dict__.update(called=True, request=request, shop=context.current(), host=request.get_host())
        return HttpResponse("view")

    request = getattr(RequestFactory(), method)(path, HTTP_HOST=host, **extra)
    return HostMiddleware(view)(request), seen


@pytest.mark.parametrize(
    ("host", "audience"),
    [
        ("localhost", "platform"),
        ("localhost:8000", "platform"),
        ("LOCALHOST", "platform"),
        ("localhost.", "platform"),
        ("supply.localhost", "supply"),
        ("Office.Localhost:8000", "office"),
    ],
)
def test_our_own_hosts_are_found_by_name(db: None, host: str, audience: str) -> None:
    _, seen = _send(host)
    assert (seen.request.audience, seen.request.urlconf) == (audience, f"s2b2c.urls.{audience}")
    assert (seen.request.reseller, seen.shop, seen.request.session_scope) == (None, None, audience)


@pytest.mark.parametrize("host", ["rose.localhost", "rose.localhost:8000", "ROSE.localhost", "rose.localhost."])
def test_a_shop_is_found_by_its_sub_domain(rose: Reseller, host: str) -> None:
    _, seen = _send(host)
    assert (seen.request.audience, seen.request.reseller, seen.shop) == ("shop", rose, rose)
    assert seen.request.session_scope == f"shop:{rose.schema_name}"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "tulip.localhost",
        "rose.localhost.evil.example",
        "rose.evil.localhost",
        "evil.localhost@rose.localhost",
        "rose.localhost/evil",
        "rose.localhost evil",
        "www.localhost",
        "admin.localhost",
        "127.0.0.1",
        "[::1]",
        "[::1]:8000",
        "",
        ".localhost",
        "rose..localhost",
        "-rose.localhost",
        "rose.localhost:evil",
        "röse.localhost",
        "x" * 300 + ".example",
        "localhost\tx",
    ],
)
def test_an_unknown_or_forged_host_ends_before_any_view(rose: Reseller, host: str) -> None:
    response, seen = _send(host)
    assert (response.status_code, seen.called) == (404, False)
    assert "There is no shop" in response.content.decode()
    assert "没有店铺" in response.content.decode()


def test_forged_forwarded_host_is_ignored(rose: Reseller) -> None:
    _, seen = _send("localhost", HTTP_X_FORWARDED_HOST="rose.localhost")
    assert seen.request.audience == "platform"


def test_a_proved_own_domain_leads_to_the_shop_and_an_unproved_does_not(rose: Reseller) -> None:
    claimed = domains.claim(reseller=rose, name="Shop.Rose.Example.")
    before, _ = _send("shop.rose.example")
    domains.prove(domain=claimed, look_up=lambda name: [domains.txt_value(claimed)])
    after, seen = _send("shop.rose.example:8443")
    assert (before.status_code, after.status_code) == (404, 200)
    assert (seen.request.reseller, seen.host) == (rose, "shop.rose.example:8443")
    assert seen.request.build_absolute_uri("/x") == "http://shop.rose.example:8443/x"


def test_a_domain_given_up_leads_nowhere(rose: Reseller) -> None:
    claimed = domains.claim(reseller=rose, name="rose.example")
    proved = domains.prove(domain=claimed, look_up=lambda name: [domains.txt_value(claimed)])
    assert _send("rose.example")[0].status_code == 200
    domains.give_up(domain=proved)
    assert _send("rose.example")[0].status_code == 404


def test_the_office_enters_the_shop_named_in_the_path(rose: Reseller) -> None:
    _, seen = _send("office.localhost", "/rose/orders/")
    assert (seen.request.audience, seen.request.reseller, seen.shop) == ("office", rose, rose)
    assert seen.request.session_scope == "office"


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/static/x.css", "/favicon.ico", "/i18n/language/"])
def test_the_office_s_own_pages_are_in_no_shop(rose: Reseller, path: str) -> None:
    _, seen = _send("office.localhost", path)
    assert (seen.called, seen.shop) == (True, None)


def test_the_office_of_an_unknown_shop_is_404(rose: Reseller) -> None:
    response, seen = _send("office.localhost", "/tulip/orders/")
    assert (response.status_code, seen.called) == (404, False)


@pytest.mark.parametrize("named", ["Rose", "www", "tulip", "ro--se"])
def test_the_office_s_url_pattern_lets_in_nothing_that_is_no_shop(rose: Reseller, named: str) -> None:
    request = RequestFactory().get(f"/{named}/", HTTP_HOST="office.localhost")
    request.audience, request.reseller = "office", rose if named == "tulip" else None
    answer = HostMiddleware(HttpResponse).process_view(request, None, (), {"shop": named})
    assert answer.status_code == 404


def test_an_application_has_no_shop_yet(db: None) -> None:
    services.apply(slug="lilac", name="Lilac", currency="EUR", country="DE")
    assert [_send(*where)[0].status_code for where in [("lilac.localhost",), ("office.localhost", "/lilac/")]] == [
        404,
        404,
    ]


def test_the_shop_is_left_after_the_response_and_after_an_error(rose: Reseller) -> None:
    def view(request: WSGIRequest) -> HttpResponse:
        raise RuntimeError("bug")

    _send("rose.localhost")
    after_response = context.current()
    with pytest.raises(RuntimeError, match="bug"):
        HostMiddleware(view)(RequestFactory().get("/", HTTP_HOST="rose.localhost"))
    assert (after_response, context.current(), connection.schema_name) == (None, None, "public")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered_by_address(db: None, path: str) -> None:
    _, seen = _send("10.1.2.3:8000", path)
    assert seen.request.audience == "platform"


def test_every_first_segment_of_the_office_is_reserved(db: None) -> None:
    from django.urls import get_resolver

    segments = {
        str(pattern.pattern).partition("/")[0]
        for outer in get_resolver("s2b2c.urls.office").url_patterns
        for pattern in ([outer] if str(outer.pattern) else outer.url_patterns)
    }
    literal = {segment for segment in segments if segment and "<" not in segment}
    assert {segment for segment in literal if slugs.is_free_to_take(segment)} == set()


# --- Suspended and closed shops -------------------------------------------------------------------
def _view_answer(reseller: Reseller, view) -> HttpResponse | None:
    request = RequestFactory().get("/", HTTP_HOST="rose.localhost")
    request.reseller, request.audience = reseller, "shop"
    return HostMiddleware(view).process_view(request, view, (), {})


def test_a_suspended_shop_is_politely_closed_and_its_orders_stay_visible(rose: Reseller) -> None:
    suspended = services.suspend(reseller=rose, reason="unpaid")
    answer = _view_answer(suspended, lambda request: HttpResponse())
    status_page = _view_answer(suspended, serves_closed_shops(lambda request: HttpResponse()))
    assert (answer.status_code, answer["Retry-After"], status_page) == (503, "3600", None)
    assert "unpaid" not in answer.content.decode()


def test_a_closed_shop_is_gone(rose: Reseller) -> None:
    assert _view_answer(services.close(reseller=rose), lambda request: HttpResponse()).status_code == 410


def test_an_open_shop_is_served(rose: Reseller) -> None:
    assert _view_answer(rose, lambda request: HttpResponse()) is None


def test_the_office_of_a_suspended_shop_stays_open(rose: Reseller) -> None:
    services.suspend(reseller=rose, reason="unpaid")
    response, seen = _send("office.localhost", "/rose/")
    assert (response.status_code, seen.request.reseller.status) == (200, "suspended")


# --- Through the whole stack ------------------------------------------------------------------------
def test_unknown_host_is_404_through_the_whole_stack(db: None) -> None:
    response = Client().get("/", HTTP_HOST="evil.example")
    assert (response.status_code, "There is no shop" in response.content.decode()) == (404, True)


def test_https_redirect_works_on_an_own_domain(rose: Reseller, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    claimed = domains.claim(reseller=rose, name="rose.example")
    domains.prove(domain=claimed, look_up=lambda name: [domains.txt_value(claimed)])
    response = Client().get("/x", HTTP_HOST="rose.example")
    assert (response.status_code, response["Location"]) == (301, "https://rose.example/x")


# --- URLs ------------------------------------------------------------------------------------------
def test_urls_carry_scheme_and_port(rose: Reseller, settings) -> None:
    assert hosts.platform_url() == "http://localhost:8000/"
    assert hosts.supply_url("/orders/?q=1") == "http://supply.localhost:8000/orders/?q=1"
    assert hosts.office_url("/rose/") == "http://office.localhost:8000/rose/"
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT, settings.PLATFORM_DOMAIN = "https", "", "shops.example"
    assert hosts.shop_url(rose, "/p/1") == "https://rose.shops.example/p/1"


def test_shop_url_uses_the_main_domain(rose: Reseller) -> None:
    claimed = domains.claim(reseller=rose, name="rose.example")
    proved = domains.prove(domain=claimed, look_up=lambda name: [domains.txt_value(claimed)])
    assert hosts.shop_url(rose) == "http://rose.localhost:8000/"
    domains.make_primary(domain=proved)
    assert hosts.shop_url(rose) == "http://rose.example:8000/"
    domains.give_up(domain=proved)
    assert hosts.shop_url(rose) == "http://rose.localhost:8000/"


# --- The transaction of a page that reads -------------------------------------------------------------
def _in_atomic(method: str, reseller: Reseller | None) -> bool:
    seen = []
    middleware = ReadTransactionMiddleware(lambda request: seen.append(connection.in_atomic_block) or HttpResponse())
    request = getattr(RequestFactory(), method)("/")
    request.reseller = reseller
    middleware(request)
    return seen[0]


def test_a_page_that_reads_gets_a_transaction_and_others_do_not(real_rose: Reseller) -> None:
    assert [_in_atomic("get", real_rose), _in_atomic("post", real_rose), _in_atomic("get", None)] == [
        True,
        False,
        False,
    ]


def test_a_page_that_fails_leaves_nothing(real_rose: Reseller) -> None:
    def view(request: WSGIRequest) -> HttpResponse:
        Reseller.objects.update(name="changed")
        return HttpResponse(status=500)

    request = RequestFactory().get("/")
    request.reseller = real_rose
    ReadTransactionMiddleware(view)(request)
    assert Reseller.objects.get().name == "Rose"


def test_directory_ignores_what_no_shop_can_be_called(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        for host in ["www.localhost", "a.localhost", "a--b.localhost", "x" * 60 + ".localhost", "a.b.localhost"]:
            assert _send(host)[0].status_code == 404
    assert len(directory.unknown) == 0
