"""The small views that belong to no one app: plates, the theme switch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from s2b2c.ui import plates
from s2b2c.ui.context import CHOICES

FOR_EVER = "public, max-age=31536000, immutable"


def open_to_all(view: Any) -> Any:
    """Mark a view as public for the role matrix (the marks of ``s2b2c.accounts.permissions.public``)."""
    view.required_side, view.required_roles = "public", frozenset()
    return view


@open_to_all
@require_safe
def plate(request: HttpRequest, glyph: str, tint: str, ground: str) -> HttpResponse:
    """Draw a plate; its address carries the edition, so it may be kept for ever."""
    letters = request.GET.get("l", "")[:2]
    response = HttpResponse(plates.svg(glyph, tint, ground, letters=letters), content_type="image/svg+xml")
    response.headers["Cache-Control"] = FOR_EVER if request.GET.get("v") == plates.edition() else "public, max-age=600"
    return response


@open_to_all
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's theme in a cookie and return to the page they were on."""
    chosen = request.POST.get("theme", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in CHOICES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return response
