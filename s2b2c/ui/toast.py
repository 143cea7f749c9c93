"""Short notes at the edge of the page: through messages after a redirect, by header after htmx."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

LEVELS = {"ok": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}


def add(request: HttpRequest, text: str, *, tone: str = "ok", undo_url: str = "", show_url: str = "") -> None:
    """Show a toast on the next full page.

    ``undo_url`` takes a POST within the toast's ten seconds; ``show_url`` is a page that says more.
    """
    words = [f"undo:{undo_url}" if undo_url else "", f"show:{show_url}" if show_url else ""]
    messages.add_message(request, LEVELS[tone], text, extra_tags=" ".join(filter(None, words)))


def attach(response: HttpResponse, text: str, *, tone: str = "ok", undo_url: str = "") -> HttpResponse:
    """Show a toast when htmx receives this response."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "tone": tone, "undo": undo_url}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
