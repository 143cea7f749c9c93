"""The platform as it is served, with a reference beside it: ``granian bench.site:application``.

The reference is a Django view with one primary-key query and no middleware at all, in the same process, on the same
connection settings. It exists here only. Two headers let a figure leave out what is kept:

- ``X-Bench-Fresh: pages``: no page is taken from what is kept, nor kept;
- ``X-Bench-Fresh: all``: nor is anything remembered in the process between two requests of a shop.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from s2b2c.wsgi import application as platform  # noqa: E402
from storefront import cache, memo  # noqa: E402
from supplier.models import Product  # noqa: E402

PATH = "/bench/reference/"


# --- The reference ---------------------------------------------------------------------------------
def reference(request: HttpRequest, number: int) -> HttpResponse:
    """One row by its primary key."""
    return HttpResponse(Product.objects.get(pk=number).name_en)


urlpatterns = [path(f"{PATH[1:]}<int:number>/", reference)]


class _Request(WSGIRequest):
    urlconf = __name__


class _Handler(WSGIHandler):
    request_class = _Request


with override_settings(MIDDLEWARE=[]):
    _reference = _Handler()


# --- Leaving out what is kept ----------------------------------------------------------------------
_asked = threading.local()
_may_be_kept = cache._may_be_kept
_get, _many = memo.Memo.get, memo.Memo.many


def _never_when_fresh(request: HttpRequest) -> bool:
    return not _asked.fresh and _may_be_kept(request)


def _own(key: Hashable) -> Hashable:
    """Give a key no other request has, where nothing may be remembered between requests."""
    return (_asked.own, key) if _asked.own else key


def _get_own(self: memo.Memo[Any], key: Hashable, make: Callable[[], Any]) -> Any:
    return _get(self, _own(key), make)


def _many_own(self: memo.Memo[Any], keys: Sequence[Hashable], make: Callable[..., Any]) -> Any:
    if not _asked.own:
        return _many(self, keys, make)

    def made(missing: Sequence[Any]) -> dict[Hashable, Any]:
        return {_own(key): value for key, value in make([plain for _, plain in missing]).items()}

    return _many(self, [_own(key) for key in keys], made)


cache._may_be_kept = _never_when_fresh
memo.Memo.get, memo.Memo.many = _get_own, _many_own  # type: ignore[assignment, method-assign]


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer for the platform, or the reference."""
    if environ["PATH_INFO"].startswith(PATH):
        return _reference(environ, start_response)
    _asked.fresh = environ.get("HTTP_X_BENCH_FRESH", "")
    _asked.own = object() if _asked.fresh == "all" else None
    return platform(environ, start_response)
