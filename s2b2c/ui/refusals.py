"""Turns a refusal nobody caught into a page that says what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from s2b2c.kernel.errors import Refused
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
    context = {"heading": _("That didn't work"), "text": str(refusal), "back": request.headers.get("Referer", "/")}
    if refusal.status == 404:
        context["error_frame"] = ""  # the frame repeats the address, and what isn't there is never repeated
    return render(request, "refused.html", context, status=refusal.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say plainly that the form has grown old; the page still holds what was typed."""
    text = _("This page was open for too long. Go back, reload it and send the form again.")
    context = {"heading": _("Please send that again"), "text": text, "back": request.headers.get("Referer", "/")}
    return render(request, "refused.html", context, status=403)
