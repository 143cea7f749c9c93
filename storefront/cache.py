"""Pages that are the same for everybody, kept whole and right at once.

A kept page is a function of: shop, version of the shop, version of the catalogue, language, address, number of
things in the bag (a cookie's number, shown in the head), htmx or not. Both versions are read from the database in
each request, in one statement, *before* what is kept under them, so a change by S or b shows with the next request.
Stock moves without a version until it is touched, so nothing is kept longer than ``SECONDS``. Kept in Redis for all
processes, and in each process for itself; without Redis a process still has its own.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from s2b2c.tenancy import memory
from storefront import counting, language
from storefront.selectors import versions

SECONDS = 5
_LONGEST = 300  # of an address
_PLACES = ("/c/", "/p/", "/search/", "/pages/", "/stories/")
_DROPPED = frozenset({"content-length", "connection", "date", "server"})
BAG_COUNT_COOKIE = f"{settings.CART_COOKIE_NAME}-count"

_GetResponse = Callable[[HttpRequest], HttpResponseBase]


def kept(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view's answers as the same for everybody."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.kept = True  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return marked


def bag_count(request: HttpRequest) -> int:
    """Give the number the bag's cookie names, 0 to 999."""
    text = request.COOKIES.get(BAG_COUNT_COOKIE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


class ShopMiddleware:
    """In a shop: settles the language, and answers from what is kept. Comes before the sessions."""

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.audience != "shop":  # type: ignore[attr-defined]
            return self.get_response(request)
        code = language.of(request)
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = code  # what LocaleMiddleware goes by
        response = self._answer(request, code)
        counting.note(request, response)
        if language.asked(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
            )
        return response

    def _answer(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if not _may_be_kept(request):
            return self.get_response(request)
        now = request.versions = versions.read()  # type: ignore[attr-defined]
        key = _key(request, code)
        found = _found(key, now)
        if found is not None:
            return _revived(request, found[2], found[3])
        response = self.get_response(request)
        if getattr(response, "kept", False) and response.status_code == 200 and not response.cookies:
            assert isinstance(response, HttpResponse)
            headers = [(name, value) for name, value in response.items() if name.lower() not in _DROPPED]
            etag = f'"{hashlib.sha1(response.content, usedforsecurity=False).hexdigest()[:20]}"'
            response.headers["ETag"] = etag
            page = (now, time.time() + SECONDS, response.content, [*headers, ("ETag", etag)])
            _near.put(_named(key), page)
            cache.set(key, page, SECONDS)
        return response


# versions, when it ends, body, headers
_Page = tuple[tuple[int, int], float, bytes, list[tuple[str, str]]]
_near = memory.Memory(400, SECONDS)


def _named(key: str) -> str:
    return f"{connection.schema_name}:{key}"  # type: ignore[attr-defined]


def _found(key: str, now: tuple[int, int]) -> _Page | None:
    """Give what is kept of these very versions: in this process, else in Redis."""
    page: _Page | None = _near.get(_named(key))
    if page is None or page[0] != now:
        page = cache.get(key)
        if page is not None:
            _near.put(_named(key), page)
    return page if page is not None and page[0] == now and page[1] > time.time() else None


def _may_be_kept(request: HttpRequest) -> bool:
    path = request.path_info
    return (
        request.method in ("GET", "HEAD")
        and request.reseller.is_open  # type: ignore[attr-defined]
        and (path == "/" or path.startswith(_PLACES))
        and len(request.get_full_path()) <= _LONGEST
        and "look" not in request.GET
    )


def _key(request: HttpRequest, code: str) -> str:
    parts = (
        request.get_host(), request.scheme or "", code, str(bag_count(request)), request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""), request.get_full_path(),
    )  # fmt: skip
    return f"page:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def _revived(request: HttpRequest, body: bytes, headers: list[tuple[str, str]]) -> HttpResponse:
    response = HttpResponse(body)
    for name, value in headers:
        response.headers[name] = value
    if request.headers.get("If-None-Match") == response.headers["ETag"]:
        response.status_code, response.content = 304, b""
    else:
        response.headers["Content-Length"] = str(len(body))
    response.headers["X-Kept"] = "1"
    return response
