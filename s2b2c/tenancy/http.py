"""The request as views see it, after HostMiddleware: for annotations."""

from __future__ import annotations

from django.http import HttpRequest

from s2b2c.tenancy.models import Reseller


class Request(HttpRequest):
    """``audience`` is platform, supply, office or shop; ``reseller`` the shop's owner, or None outside a shop."""

    audience: str
    reseller: Reseller | None
    session_scope: str
    urlconf: str  # type: ignore[assignment]
