"""From the Host header to audience, urlconf and shop; the transaction of a page that only reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from s2b2c.tenancy import context, directory, hosts, pages, slugs
from s2b2c.tenancy.http import Request
from s2b2c.tenancy.models import Reseller

_GetResponse = Callable[[Request], HttpResponseBase]
_PROBES = frozenset({"/healthz", "/readyz"})  # asked by address, not by name
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def serves_closed_shops(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a storefront view run while its shop is suspended or closed (an order's status, the imprint).

    The view looks at ``request.reseller.status`` itself. For a class: ``serves_closed_shops(View.as_view())``.
    """
    view.serves_closed_shops = True  # type: ignore[attr-defined]
    return view


class HostMiddleware:
    """Decides by the Host header, before anything else: an unknown host ends here with a plain 404.

    Sets ``request.audience``, ``request.urlconf``, ``request.reseller`` (or None), ``request.session_scope``,
    and enters the shop for the rest of the request.
    """

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        context.database().set_schema_to_public()
        if not _settle_host(request):
            return pages.unknown_host()
        if request.audience == "office" and not _settle_office(request):
            return pages.unknown_shop()
        reseller: Reseller | None = request.reseller
        if reseller is None:
            return self.get_response(request)
        if not reseller.has_schema:
            return pages.not_open_yet() if request.audience == "office" else pages.unknown_host()
        context.database().set_tenant(reseller)
        try:
            return self.get_response(request)
        finally:
            context.database().set_schema_to_public()

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Show a polite page for a suspended or closed shop, unless the view serves those too."""
        reseller = request.reseller
        if request.audience == "office" and "shop" in kwargs and (not reseller or kwargs["shop"] != reseller.slug):
            return pages.unknown_shop()  # "/Rose/", "/www/": the URL pattern is wider than what a shop can be called
        if request.audience != "shop" or reseller is None or reseller.is_open:
            return None
        if getattr(view, "serves_closed_shops", False):
            return None
        return pages.closed(for_good=reseller.status == Reseller.Status.CLOSED)


class ReadTransactionMiddleware:
    """Opens a transaction around GET and HEAD in a shop. Comes right after authentication.

    For other methods it only reads who is asking, so that permission checks need no transaction of their own.
    """

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if request.reseller is None:
            return self.get_response(request)
        if request.method not in _SAFE:
            with context.reading():
                _load_user(request)
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def _load_user(request: Request) -> None:
    user = getattr(request, "user", None)
    if user is not None:
        _ = user.is_authenticated  # lazy: reads session and user now


def _settle_host(request: Request) -> bool:
    """Set what follows from the host name; False if it is nobody's."""
    host = hosts.normal(_raw_host(request))
    if request.path_info in _PROBES:
        host = settings.PLATFORM_DOMAIN
    request.reseller = None
    audience = _own_audience(host)
    if audience is None:
        request.reseller = _reseller_of(host)
        if request.reseller is None:
            return False
        audience = "shop"
    request.audience = audience
    request.urlconf = f"s2b2c.urls.{audience}"
    request.session_scope = f"shop:{request.reseller.schema_name}" if request.reseller else audience
    _vouch(request, host)
    return True


def _own_audience(host: str) -> str | None:
    if host == settings.PLATFORM_DOMAIN:
        return "platform"
    label, _, rest = host.partition(".")
    return label if rest == settings.PLATFORM_DOMAIN and label in ("supply", "office") else None


def _reseller_of(host: str) -> Reseller | None:
    if host.endswith(f".{settings.PLATFORM_DOMAIN}"):
        slug = hosts.slug_of(host)
        return directory.by_slug(slug) if slug else None
    return directory.by_domain(host) if "." in host and len(host) <= 253 else None


def _settle_office(request: Request) -> bool:
    """Set the shop of ``/<slug>/…``; False if there is none by that name."""
    segment = request.path_info.lstrip("/").partition("/")[0]
    if not slugs.is_free_to_take(segment):
        return True  # not a shop's page: the urlconf decides
    request.reseller = directory.by_slug(segment)
    return request.reseller is not None


def _vouch(request: Request, host: str) -> None:
    """Let ``get_host`` answer with the host found here: ALLOWED_HOSTS can't list resellers' own domains."""
    port = _port(_raw_host(request))
    name = f"{host}:{port}" if port else host
    request.get_host = lambda: name  # type: ignore[method-assign]


def _raw_host(request: Request) -> str:
    return request._get_raw_host()  # type: ignore[attr-defined]


def _port(raw_host: str) -> str:
    tail = raw_host.rpartition(":")[2] if ":" in raw_host else ""
    return tail if tail.isdigit() else ""
