"""Which of a shop's answers count as a page somebody opened. Nothing is kept of whoever did.

Not counted: parts of pages, pages fetched ahead, programs that say what they are (or nothing), and whoever asks not to be
(``DNT``, ``Sec-GPC``). A visit is a page opened from elsewhere: without a referrer, or with another host's. Pages of a
shop name the shop to itself (``Referrer-Policy: same-origin``), so no cookie is needed to tell.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from enablement.models import Visits
from enablement.services import visits

_PAGES = re.compile(r"^/(?:$|c/|search/$|pages/|(?P<kind>p|stories)/(?P<slug>[-\w]{1,120})/$)")
_KINDS = {"p": Visits.Kind.PRODUCT.value, "stories": Visits.Kind.STORY.value}
_PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|archive|facebookexternalhit|whatsapp|embedly|python|curl"
    r"|wget|httpx|go-http|java/|libwww|okhttp|axios|node-fetch|scrapy|feed",
    re.IGNORECASE,
)


def note(request: HttpRequest, response: HttpResponseBase) -> None:
    """Count an answer if it is a page somebody opened. Costs no statement, and never fails."""
    found = _PAGES.match(request.path_info)
    if found is None or response.status_code not in (200, 304) or not _is_person(request):
        return
    kind = _KINDS.get(found["kind"] or "", "")
    visits.note(
        reseller_id=request.reseller.pk,  # type: ignore[attr-defined]
        kind=kind,
        slug=found["slug"] or "",
        arrived=_comes_from_elsewhere(request),
    )


def _is_person(request: HttpRequest) -> bool:
    headers = request.headers
    if request.method != "GET" or "HX-Request" in headers or "look" in request.GET:
        return False
    if headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1":
        return False
    if "prefetch" in headers.get("Sec-Purpose", "") or "prefetch" in headers.get("Purpose", ""):
        return False
    agent = headers.get("User-Agent", "")
    return bool(agent) and not _PROGRAMS.search(agent)


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    try:
        return urlsplit(request.headers.get("Referer", "")).netloc.lower() != request.get_host().lower()
    except ValueError:  # an address nobody can read is not ours
        return True
