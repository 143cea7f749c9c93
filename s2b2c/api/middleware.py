"""What the API needs before any view: nothing that no database holds, and callers from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from s2b2c.api import errors
from s2b2c.tenancy.http import Request


class NoNulMiddleware:
    """Answers 400 to a NUL in path or query: PostgreSQL's texts can't hold one, so nothing can match."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", ""):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            message = _("The address holds a character that can't be.")
            return JsonResponse(errors.body("bad_address", message), status=400)
        return HttpResponseBadRequest("Bad Request", content_type="text/plain")


class OpenApiMiddleware:
    """Lets scripts of any origin call a shop's API: a storefront may live elsewhere.

    Safe, because the API knows no cookies: what a script may do from afar, anyone may do.
    """

    HEADERS = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Idempotency-Replayed, Retry-After",
    }
    PREFLIGHT = {
        "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
        "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, Idempotency-Key",
        "Access-Control-Max-Age": "7200",
    }

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if request.audience != "shop" or not request.path_info.startswith("/api/"):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return HttpResponse(status=204, headers={**self.HEADERS, **self.PREFLIGHT})
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.headers[name] = value
        return response
