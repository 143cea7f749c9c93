"""Where a request is, S's office or a shop's, and the addresses of pages that both have."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def url(request: Any, name: str, **kwargs: Any) -> str:
    """Give the address of a page both offices have, in the one the request is in."""
    if request.reseller is not None:
        kwargs["shop"] = request.reseller.slug
    return reverse(f"{request.audience}:{name}", kwargs=kwargs or None)


def frame(request: Any) -> str:
    """Give the template around a page that both offices have."""
    return f"base/{request.audience}.html"


def local(request: HttpRequest, address: str, otherwise: str) -> str:
    """Give an address a form brought along if it leads to this host, else another."""
    fine = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if fine else otherwise
