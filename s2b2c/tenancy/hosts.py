"""Host names of the platform, and links from one host to another."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.conf import settings
from django.http.request import split_domain_port

from s2b2c.tenancy import directory, slugs
from s2b2c.tenancy.models import Reseller

_PLAIN = re.compile(r"[A-Za-z0-9_.\-/?&=#%:@+,;~!$()*]*")  # nothing in it needs quoting


def platform_url(path: str = "/") -> str:
    """Give an absolute URL on the platform's own host."""
    return _url(settings.PLATFORM_DOMAIN, path)


def supply_url(path: str = "/") -> str:
    """Give an absolute URL in the supplier's office."""
    return _url(f"supply.{settings.PLATFORM_DOMAIN}", path)


def office_url(path: str = "/") -> str:
    """Give an absolute URL in the resellers' office; ``path`` includes the shop: ``/<slug>/…``."""
    return _url(f"office.{settings.PLATFORM_DOMAIN}", path)


def shop_url(reseller: Reseller, path: str = "/") -> str:
    """Give an absolute URL in a shop, on its main address (its own domain where that is proved)."""
    return _url(directory.primary_host(reseller) or shop_host(reseller), path)


def shop_host(reseller: Reseller) -> str:
    """Give a shop's host name below the platform's."""
    return f"{reseller.slug}.{settings.PLATFORM_DOMAIN}"


def slug_of(host: str) -> str | None:
    """Give the slug of a host below the platform's, or None; nothing is looked up."""
    label, dot, rest = host.partition(".")
    is_below = dot == "." and rest == settings.PLATFORM_DOMAIN
    return label if is_below and slugs.is_free_to_take(label) else None


def normal(raw_host: str) -> str:
    """Give a Host header's name in lower case, without port and trailing dot; "" if it is malformed."""
    if any(character in raw_host for character in ("/", "@", "\\", " ", "\t", "\r", "\n", "\x00")):
        return ""
    return split_domain_port(raw_host)[0]


def quoted(path: str) -> str:
    """Give a path with query as it stands in an address."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/?&=#%:@+,;~!$()*")


def _url(host: str, path: str) -> str:
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{quoted(path)}"
