"""Requests no database can be asked about end early."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from s2b2c.api import errors


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
