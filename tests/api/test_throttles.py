"""A burst at one place is that place's own."""

import pytest
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.api.conftest import make_key


class Page(APIView):
    required_scopes = {"GET": "storefront"}

    def get(self, request):
        return Response({})


@pytest.fixture(autouse=True)
def _rates(settings, monkeypatch):
    rates = {"shop": "6/min", "supply": "6/min", "client": "3/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    monkeypatch.setattr("s2b2c.api.throttles.time.time", lambda: 1_000_000_000.0)  # never over a window's edge


def ask(call, shop, address="192.0.2.1", times=1, **more):
    return [call(Page, reseller=shop, address=address, **more).status_code for _ in range(times)]


def test_one_client_is_held_back_and_told_when_to_return(call, rose):
    assert ask(call, rose, times=4) == [200, 200, 200, 429]
    response = call(Page, reseller=rose)
    assert (response.data["error"]["code"], response["Retry-After"]) == ("throttled", "21")


def test_another_client_of_the_shop_is_served(call, rose):
    ask(call, rose, times=5)
    assert ask(call, rose, address="192.0.2.2") == [200]


def test_burst_at_one_shop_leaves_the_other_alone(call, rose, tulip):
    for i in range(8):
        ask(call, rose, address=f"192.0.2.{i}")
    assert ask(call, rose, address="192.0.2.99") == [429]
    assert ask(call, tulip, address="192.0.2.99") == [200]


def test_key_counts_by_itself_not_by_address(call, rose):
    ask(call, rose, times=4)
    assert ask(call, rose, key=make_key(rose, "orders:read")) == [200]


def test_forged_forwarding_header_makes_no_new_client(call, rose):
    codes = [call(Page, reseller=rose, headers={"x-forwarded-for": f"198.51.100.{i}"}).status_code for i in range(4)]
    assert codes == [200, 200, 200, 429]


def test_client_behind_our_proxy_is_the_one_it_names(call, rose, settings):
    settings.TRUSTED_PROXIES = 1
    codes = [
        call(Page, reseller=rose, headers={"x-forwarded-for": f"203.0.113.{i}, 198.51.100.7"}).status_code
        for i in range(4)
    ]
    assert codes == [200, 200, 200, 429]


def test_without_redis_everybody_is_served(call, rose, monkeypatch):
    monkeypatch.setattr("s2b2c.tenancy.cache.TolerantRedisCache.silent_until", float("inf"))
    assert ask(call, rose, times=8) == [200] * 8


def test_redis_that_dies_under_us_serves_everybody(call, rose, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    assert ask(call, rose, times=8) == [200] * 8
