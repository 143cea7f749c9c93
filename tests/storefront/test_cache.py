"""Kept pages: quick, the same for everybody, and right with the very next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache as redis
from django.test import Client
from redis.exceptions import ConnectionError as Gone

from reseller.models import Offer
from reseller.services import listing as listings
from s2b2c.tenancy.cache import TolerantRedisCache
from s2b2c.tenancy.models import Reseller
from supplier.models import Product
from supplier.services import published
from tests import factories
from tests.storefront.conftest import variant

pytestmark = pytest.mark.django_db
MUG = "/p/alder-mug/"


def kept(response: Any) -> bool:
    return "X-Kept" in response.headers


@pytest.mark.parametrize(
    "path", ["/", "/c/", "/c/kitchen/?o.colour=pine", MUG, "/search/?q=mug", "/search/suggest/?q=mug"]
)
def test_second_time_is_kept_and_equal(client: Client, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert (kept(first), kept(second)) == (False, True)
    assert first.content == second.content
    for header in (
        "Content-Type",
        "Content-Security-Policy",
        "X-Frame-Options",
        "Content-Language",
        "Cache-Control",
        "ETag",
    ):
        assert first.headers[header] == second.headers[header], header


@pytest.mark.parametrize("path", ["/bag/", "/account/", "/robots.txt", "/nowhere/"])
def test_pages_of_one_visitor_are_never_kept(client: Client, path: str) -> None:
    client.get(path)
    assert not kept(client.get(path))


def test_shops_change_shows_at_once(client: Client, shop: Reseller) -> None:
    assert "$20.00" in client.get(MUG).content.decode()
    with factories.inside(shop):
        Offer.objects.filter(variant=variant(shop, "MUG-PINE-8")).update(price_minor=2_222)
        listings.touch()
    assert "$22.22" in client.get(MUG).content.decode()
    assert "$20.00" not in client.get("/c/").content.decode().split("Alder Mug")[1].split("</article>")[0].replace(
        "from", ""
    )


def test_suppliers_change_shows_at_once(
    client: Client, shop: Reseller, django_capture_on_commit_callbacks: Any
) -> None:
    client.get(MUG), client.get("/c/")
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.filter(id=shop.mug.id).update(status=Product.Status.WITHDRAWN)
        published.touch()
    assert client.get(MUG).status_code == 404
    assert "Alder Mug" not in client.get("/c/").content.decode()


def test_number_in_the_bag_has_pages_of_its_own(
    client: Client, shop: Reseller, visitor: Callable[..., Client]
) -> None:
    client.get(MUG)
    client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id, "quantity": 3})
    assert 'id="bag-count">3<' in client.get(MUG).content.decode()
    assert 'id="bag-count"' not in visitor(shop).get(MUG).content.decode()


def test_languages_and_shops_have_pages_of_their_own(
    client: Client, shop: Reseller, visitor: Callable[..., Client]
) -> None:
    other = factories.reseller("shanye", name="Shanye")
    factories.listing(other, shop.mug, price=2_950)
    client.get(MUG)
    chinese = client.get(MUG, headers={"accept-language": "zh-CN"})
    assert (kept(chinese), "桤木杯" in chinese.content.decode()) == (False, True)
    assert "$29.50" in visitor(other).get(MUG).content.decode()


def test_language_goes_by_the_shop_where_the_browser_has_none(shop: Reseller) -> None:
    Reseller.objects.filter(id=shop.id).update(language="zh-hans")
    assert 'lang="zh-Hans"' in Client(HTTP_HOST="juniper.localhost").get("/").content.decode()
    assert (
        'lang="zh-Hans"'
        in Client(HTTP_HOST="juniper.localhost").get("/", headers={"accept-language": "de"}).content.decode()
    )


def test_part_for_htmx_is_no_page_for_others(client: Client) -> None:
    part = client.get(MUG, headers={"hx-request": "true", "hx-target": "product"})
    page = client.get(MUG)
    assert (kept(page), page.content == part.content) == (False, False)


def test_kept_page_sets_no_cookie(client: Client) -> None:
    for _ in range(2):
        assert client.get(MUG).cookies == {}


def test_unchanged_page_is_not_sent_again(client: Client) -> None:
    etag = client.get(MUG).headers["ETag"]
    again = client.get(MUG, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_forged_host_is_not_kept(client: Client) -> None:
    client.get(MUG)
    assert client.get(MUG, HTTP_HOST="evil.example").status_code == 404
    assert b"evil" not in client.get(MUG, headers={"x-forwarded-host": "evil.example"}).content


def test_pages_open_without_redis(client: Client, monkeypatch: pytest.MonkeyPatch, shop: Reseller) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise Gone("no Redis here")

    monkeypatch.setattr("redis.connection.Connection.connect", gone)
    monkeypatch.setattr("redis.connection.ConnectionPool.get_connection", gone)
    for path in ("/", "/c/", MUG, "/search/?q=mug"):
        response = client.get(path)
        assert (response.status_code, kept(response)) == (200, False)
    assert client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id}).status_code == 303
    monkeypatch.undo()
    TolerantRedisCache.silent_until = 0.0


def test_suspended_shop_shows_no_kept_page(client: Client, shop: Reseller) -> None:
    from s2b2c.tenancy import services

    client.get(MUG)
    services.suspend(reseller=shop, reason="checks")
    assert client.get(MUG).status_code == 503


# --- A look tried on ----------------------------------------------------------------------------------
def tried(shop: Reseller, **changes: Any) -> str:
    return signing.dumps({"reseller": shop.id, "look": "trail", "overrides": {}, **changes}, salt="shop-look")


def test_signed_look_is_tried_on_and_not_kept(client: Client, shop: Reseller) -> None:
    client.get("/")
    response = client.get("/", {"look": tried(shop)})
    page = response.content.decode()
    assert 'data-look="trail"' in page
    assert "frame-ancestors 'self' http://office.localhost:8000" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    sheet = page.split('rel="stylesheet" href="/theme.')[1].split('"')[0]
    assert "immutable" in client.get(f"/theme.{sheet}").headers["Cache-Control"]
    assert 'data-look="hearth"' in client.get("/").content.decode()


@pytest.mark.parametrize("look", ["x", "", "eyJ9:1:2"])
def test_unsigned_look_changes_nothing(client: Client, look: str) -> None:
    response = client.get("/", {"look": look})
    assert 'data-look="hearth"' in response.content.decode()
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_look_signed_for_another_shop_changes_nothing(client: Client, shop: Reseller) -> None:
    assert 'data-look="hearth"' in client.get("/", {"look": tried(shop, reseller=shop.id + 1)}).content.decode()


def test_redis_keys_carry_the_shop(client: Client, shop: Reseller) -> None:
    client.get(MUG)
    keys = [key.decode() for key in redis._cache.get_client(None).keys("*page:*")]
    assert keys
    assert all(key.startswith(f"{shop.schema_name}:") for key in keys)
