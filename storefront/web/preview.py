"""The shop's style, and a look tried on before it is chosen.

A preview is asked for by ``?look=<signed>``: ``signing.dumps({"reseller": id, "look": code, "overrides": {…}},
salt="shop-look")``, good for an hour. Only the shop's own office can sign one.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from reseller.models import Shop
from s2b2c.tenancy import hosts
from s2b2c.ui import csp, theme
from storefront.memo import Memo

PARAM, SALT, SECONDS = "look", "shop-look", 3600
_urls: Memo[str] = Memo(size=4_000, seconds=3600)


def dress(request: HttpRequest, shop: Shop) -> None:
    """Put the asked look on the shop of this request; a bad or old signature leaves it as it is."""
    signed = request.GET.get(PARAM)
    if not signed:
        return
    wanted = _opened(signed)
    if wanted and wanted.get("reseller") == request.reseller.pk:  # type: ignore[attr-defined]
        shop.look, shop.look_overrides = str(wanted.get("look")), dict(wanted.get("overrides") or {})
        request.tried = signed  # type: ignore[attr-defined]


def _opened(signed: str) -> dict[str, Any] | None:
    try:
        data = signing.loads(signed, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return data if isinstance(data, dict) else None


def theme_url(shop: Shop, signed: str = "") -> str:
    """Give the address of the shop's style: it names what is in it, so it may be kept for ever."""
    key = (shop.look, str(sorted(shop.look_overrides.items())))
    address = _urls.get(key, lambda: f"/theme.{theme.digest(shop.look, shop.look_overrides)}.css")
    return f"{address}?{PARAM}={signed}" if signed else address


def let_office_frame(response: HttpResponse) -> None:
    """Let the resellers' office show this answer in a frame; nobody else may."""
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    office = hosts.office_url("")
    response.headers[csp.HEADER] = csp.policy().replace("frame-ancestors 'self'", f"frame-ancestors 'self' {office}")
