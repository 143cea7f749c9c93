"""Cache keys that carry the shop, and a Redis whose death costs speed only."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import connection
from redis.exceptions import RedisError

from s2b2c.tenancy import memory

GLOBAL = "global|"
_PAUSE_SECONDS = 2.0
_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}  # a silent Redis is as good as none
_log = logging.getLogger(__name__)


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Put the entered schema in front of a key; keys beginning with ``GLOBAL`` are the platform's own."""
    schema = "" if key.startswith(GLOBAL) else connection.schema_name  # type: ignore[attr-defined]
    return f"{schema}:{key_prefix}:{version}:{key}"


def _tolerant(name: str, fallback: Callable[..., Any]) -> Callable[..., Any]:
    method = getattr(RedisCache, name)

    @wraps(method)
    def call(self: TolerantRedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.silent_until:
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError):
                self.pause()
        return fallback(*args, **kwargs)

    return call


def _no_counter(key: str, *args: Any, **kwargs: Any) -> int:
    raise ValueError(f"Key '{key}' not found.")  # what Django's caches do for a key that isn't there


class _Client(RedisCacheClient):
    """Django's, with one Redis object per pool instead of a new one for each command: making it costs the most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        if index not in self._made:
            pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
            self._made[index] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._made[index]


class TolerantRedisCache(RedisCache):
    """Django's Redis cache that answers "not there" while Redis is away, and asks again after two seconds."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self._options: dict[str, Any] = {**_TIMEOUTS, **params.get("OPTIONS", {})}

    silent_until = 0.0  # of the whole process: an instance lives in one thread only

    @classmethod
    def pause(cls) -> None:
        cls.silent_until = time.monotonic() + _PAUSE_SECONDS
        _log.warning("Redis doesn't answer: working without a cache for %s s", _PAUSE_SECONDS, exc_info=True)

    @classmethod
    def is_silent(cls) -> bool:
        """Tell whether Redis did not answer within the last seconds."""
        return time.monotonic() < cls.silent_until

    add = _tolerant("add", lambda *args, **kwargs: True)
    get = _tolerant("get", lambda key, default=None, version=None: default)
    set = _tolerant("set", lambda *args, **kwargs: None)
    touch = _tolerant("touch", lambda *args, **kwargs: False)
    delete = _tolerant("delete", lambda *args, **kwargs: False)
    get_many = _tolerant("get_many", lambda *args, **kwargs: {})
    incr = _tolerant("incr", _no_counter)
    has_key = _tolerant("has_key", lambda *args, **kwargs: False)
    set_many = _tolerant("set_many", lambda data, *args, **kwargs: list(data))
    delete_many = _tolerant("delete_many", lambda *args, **kwargs: None)
    _clear_redis = _tolerant("clear", lambda *args, **kwargs: False)

    def ask(self, what: Callable[[Any], Any], fallback: Any = None) -> Any:
        """Ask Redis itself for what a cache has no words for; ``fallback`` while it is away. Keys are then as written."""
        if time.monotonic() >= self.silent_until:
            try:
                return what(self._cache.get_client(write=True))  # type: ignore[attr-defined]
            except (RedisError, OSError):
                self.pause()
        return fallback

    def clear(self) -> bool:  # type: ignore[override]
        """Empty Redis' database and this process' own memories."""
        memory.clear_all()
        return self._clear_redis()
