"""Each API view says which scope a method needs: ``required_scopes = {"GET": "stock:read"}``."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from s2b2c.api import scopes
from s2b2c.api.models import ApiKey


class HasScope(BasePermission):
    """Lets a method through whose scope the caller holds; a method without one is closed to all."""

    def has_permission(self, request: Any, view: Any) -> bool:
        wanted = getattr(view, "required_scopes", {}).get(_method(request, view))
        return wanted is not None and wanted in held(request)


def held(request: Any) -> frozenset[str]:
    """Give the caller's scopes: those of the key, and on a shop's host what anyone may do."""
    anyone = {scopes.STOREFRONT} if request.audience == "shop" else set()
    own = set(request.auth.scopes) if isinstance(request.auth, ApiKey) else set()
    return frozenset(anyone | own)


def _method(request: Any, view: Any) -> str:
    """Give the method whose scope counts: HEAD is a GET; OPTIONS is open to whoever may do anything here."""
    if request.method == "HEAD":
        return "GET"
    if request.method == "OPTIONS":
        return next(iter(getattr(view, "required_scopes", {})), "GET")
    return str(request.method)
