"""Who is at the other end of the line."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Give the caller's IP address; forwarded headers count only as far as ``settings.TRUSTED_PROXIES`` reaches."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted: int = settings.TRUSTED_PROXIES
    if 0 < trusted <= len(hops) and _is_address(hops[-trusted]):
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR") or "127.0.0.1"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
