"""Which language a shop speaks to this visitor: the address, else the cookie, else the browser, else the shop's own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

PARAM = "lang"
CODES = dict(settings.LANGUAGES)


def asked(request: HttpRequest) -> str:
    """Give the language named in the address, or ""."""
    code = request.GET.get(PARAM, "")
    return code if code in CODES else ""


def of(request: HttpRequest) -> str:
    """Give the language of the answer."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return asked(request) or (cookie if cookie in CODES else "") or _browsers(request) or _own(request)


def _browsers(request: HttpRequest) -> str:
    for code, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:500]):
        if code == "*":
            return ""
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


def _own(request: HttpRequest) -> str:
    own = request.reseller.language if request.reseller else ""  # type: ignore[attr-defined]
    return own if own in CODES else settings.LANGUAGE_CODE
