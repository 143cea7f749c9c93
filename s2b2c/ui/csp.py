"""The content security policy, the same on every page: nothing inline, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


def policy() -> str:
    """Give the header's value; ``settings.CSP_FORM_ACTION`` lists where forms may lead besides here."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "frame-src 'self' " + _shops(),
            " ".join(["form-action 'self'", *settings.CSP_FORM_ACTION]),
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ]
    )


def _shops() -> str:
    """Give the source that lets an office preview its shop in a frame."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://*.{settings.PLATFORM_DOMAIN}{port}"


class ContentSecurityPolicyMiddleware:
    """Adds the policy to every response that does not carry one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.value = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.value)
        return response
