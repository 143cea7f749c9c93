"""The doors of a shop's pages: open to anyone, closed to forms that stand on another site.

A page kept for everybody can hold no token, so forms are checked by where they come from: browsers say so in
``Sec-Fetch-Site`` and ``Origin``, which a page can't change. Another shop of the platform is another site too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from s2b2c.accounts.permissions import public
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy.middleware import serves_closed_shops
from storefront import cache

View = Callable[..., HttpResponseBase]


def kept(view: View) -> View:
    """A page that is the same for everybody: read only, kept until S or b changes something."""
    return public(require_http_methods(["GET", "HEAD"])(cache.kept(view)))


def reads(view: View) -> View:
    """A page of one visitor: read only, never kept."""
    return public(require_http_methods(["GET", "HEAD"])(never_cache(view)))


def files(view: View) -> View:
    """What machines read: says itself how long it may be kept."""
    return public(require_http_methods(["GET", "HEAD"])(view))


def writes(view: View) -> View:
    """A form's target."""
    return _own_forms(require_http_methods(["POST"])(never_cache(view)))


def form(view: View) -> View:
    """A form and its target in one."""
    return _own_forms(require_http_methods(["GET", "HEAD", "POST"])(never_cache(view)))


def also_closed(view: View) -> View:
    """Stays open when the shop is suspended or closed: orders placed still come."""
    return serves_closed_shops(view)


def is_own(request: HttpRequest) -> bool:
    """Tell whether a request comes from this very shop's pages, or from no page at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return not origin or (urlsplit(origin).netloc.lower() == request.get_host().lower())


def _own_forms(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not is_own(request):
            raise Refused("foreign_form", _("This form was sent from another site."), status=403)
        return view(request, *args, **kwargs)

    return public(csrf_exempt(guarded))


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send the whole page elsewhere, also when htmx asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})
