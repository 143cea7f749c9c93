"""How often one may ask: counted per shop and per client, so that a burst at one shop is its own."""

from __future__ import annotations

import time
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache as any_cache
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

from s2b2c.accounts import clients
from s2b2c.api.models import ApiKey
from s2b2c.tenancy.cache import GLOBAL, TolerantRedisCache

_PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class PerShopThrottle(BaseThrottle):
    """Fixed windows in Redis: one for the whole place (shop or S), one for each client in it.

    Without Redis everything is allowed: a limit protects, it must not close the shop.
    """

    def __init__(self) -> None:
        self.wait_seconds: float | None = None

    def allow_request(self, request: Any, view: Any) -> bool:
        place = f"r{request.reseller.pk}" if request.reseller else "supply"
        rates: dict[str, str] = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]  # type: ignore[assignment]
        limits = {
            f"{place}": _parse(rates["shop" if request.reseller else "supply"]),
            f"{place}:{_client(request)}": _parse(rates["client"]),
        }
        now = time.time()
        used = _count({f"{name}:{int(now // period)}": period for name, (_limit, period) in limits.items()})
        for (limit, period), count in zip(limits.values(), used, strict=True):
            if count > limit:
                self.wait_seconds = period - now % period
                return False
        return True

    def wait(self) -> float | None:
        return self.wait_seconds


def _client(request: Any) -> str:
    key = request.auth
    return f"k{key.pk}" if isinstance(key, ApiKey) else clients.address(request)


def _parse(rate: str) -> tuple[int, int]:
    """Read ``1200/min``."""
    count, _slash, period = rate.partition("/")
    return int(count), _PERIODS[period[0]]


def _count(windows: dict[str, int]) -> list[int]:
    """Add one to each window, in one round trip, and give the sums; zeros while Redis is away."""
    cache = cast("TolerantRedisCache", any_cache)
    if time.monotonic() < cache.silent_until:
        return [0] * len(windows)
    try:
        pipe = cache._cache.get_client(write=True).pipeline(transaction=False)
        for name, period in windows.items():
            key = cache.make_and_validate_key(f"{GLOBAL}throttle:{name}")
            pipe.incr(key)
            pipe.expire(key, period)
        return [int(count) for count in pipe.execute()[::2]]
    except (RedisError, OSError):
        cache.pause()
        return [0] * len(windows)
