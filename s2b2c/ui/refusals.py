"""Turns a refusal nobody caught into a page that says what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from s2b2c.kernel.errors import Refused, Unavailable
from s2b2c.ui import toast


class RefusalMiddleware:
    """Answers ``Refused`` with its status: JSON for the API, a toast for htmx, else a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a bug and rises."""
        return answer(request, exception) if isinstance(exception, Refused) else None


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Give the response for a refusal, in the form the caller can read."""
    if request.path.startswith("/api/"):
        error = {"code": refusal.code, "message": str(refusal), "field": refusal.field, "params": refusal.params}
        return JsonResponse({"error": error}, status=refusal.status)
    if request.headers.get("HX-Request"):
        return toast.attach(HttpResponse(status=refusal.status), str(refusal), tone="bad")
    context = {"heading": _heading(refusal), "text": str(refusal), "back": _back(request)}
    if refusal.status == 404:
        context["error_frame"] = ""  # the frame repeats the address, and what isn't there is never repeated
    return render(request, "refused.html", context, status=refusal.status)


def _heading(refusal: Refused) -> str:
    if refusal.status == 404:
        return _("There is nothing at this address")
    return _("This changed meanwhile") if refusal.status == 409 else _("That didn't work")


def _back(request: HttpRequest) -> str:
    """Give the page a person came from, if it is one of this host; a page elsewhere is nowhere to send anybody."""
    came = request.headers.get("Referer", "")
    return came if url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure()) else "/"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody caught: 500, or 503 while the database is away, so that programs try again."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith("/api/"):
        text = Unavailable.message if away else _("Something broke on our side")
        error = {"code": "unavailable" if away else "error", "message": str(text), "field": None, "params": {}}
        response: HttpResponse = JsonResponse({"error": error})
    else:
        # Without context processors: they may ask the database that is away.
        shown = {"request": request, "PLATFORM_NAME": settings.PLATFORM_NAME}
        response = HttpResponse(get_template("500.html").render(shown))
    response.status_code = 503 if away else 500
    if away:
        response.headers["Retry-After"] = "2"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say plainly that the form has grown old; the page still holds what was typed."""
    text = _("This page was open for too long. Go back, reload it and send the form again.")
    context = {"heading": _("Please send that again"), "text": text, "back": _back(request)}
    return render(request, "refused.html", context, status=403)
