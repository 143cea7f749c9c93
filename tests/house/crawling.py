"""A visitor who follows every link of a host, and keeps what the pages said."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

from s2b2c.tenancy import pages
from s2b2c.ui import csp

LINK = re.compile(r'\b(?:href|hx-get|src|action)="([^"]+)"')
INLINE = re.compile(
    r'\sstyle="|<style\b|\son[a-z]+="|javascript:|<script(?![^>]*(?:\bsrc=|application/(?:ld\+)?json))[^>]*>',
    re.IGNORECASE,
)
# What every answer carries, whatever it is.
HEADERS = {
    csp.HEADER: (csp.policy(),),
    "X-Content-Type-Options": ("nosniff",),
    "X-Frame-Options": ("SAMEORIGIN", "DENY", ""),
    "Referrer-Policy": ("same-origin", "strict-origin-when-cross-origin", "no-referrer"),
}
PASSED_OVER = ("/static/", "/i18n/", "/accounts/logout/", "/media/")


@dataclass
class Visit:
    """What was seen: page by address, and what was wrong with some."""

    pages: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def saying(self, *words: str) -> list[str]:
        """Give where one of the words stands, whatever its case."""
        return [
            f"{word!r} at {path}"
            for path, text in self.pages.items()
            for word in words
            if word.lower() in text.lower()
        ]


def crawl(client: Client, *starts: str, pages: int = 200, of_a_kind: int = 3) -> Visit:
    """Follow links from the starting pages; at most ``of_a_kind`` queries of one path.

    Wrong is: an error of ours, an answer without the headers that protect it, anything inline.
    """
    visit, queries, waiting = Visit(), Counter[str](), deque(starts)
    while waiting and len(visit.pages) < pages:
        path = waiting.popleft()
        if path in visit.pages or path.startswith(PASSED_OVER):
            continue
        queries[urlsplit(path).path] += 1
        if queries[urlsplit(path).path] > of_a_kind:
            continue
        text = visit.pages[path] = _read(client, path, visit)
        waiting.extend(_links(text, path, client.defaults["HTTP_HOST"]))
    return visit


def _read(client: Client, path: str, visit: Visit) -> str:
    response = client.get(path)
    kind = response.headers.get("Content-Type", "")
    if response.status_code >= 500 and response.status_code != 503:
        visit.wrong.append(f"{path}: {response.status_code}")
    bare = response.headers.get(csp.HEADER) == pages.POLICY  # the plain page before any view: nothing to guard
    missing = [name for name, value in HEADERS.items() if not bare and response.headers.get(name, "") not in value]
    visit.wrong += [f"{path}: {name} is {response.headers.get(name)!r}" for name in missing]
    text = b"".join(response).decode(errors="replace")
    if kind.startswith("text/html") and not bare:
        visit.wrong += [f"{path}: {found.group()}" for found in INLINE.finditer(text)]
    # what a redirect says is part of the answer
    return (
        text
        + f"\n{kind} {response.headers.get('Location', '')}"
        + "".join(
            f'\nhref="{response.headers[name]}"' for name in ("Location", "HX-Redirect") if name in response.headers
        )
    )


def _links(text: str, base: str, host: str) -> list[str]:
    found = []
    for link in LINK.findall(text):
        whole = urlsplit(urljoin(f"http://{host}{base}", unescape(link)))
        if whole.scheme in ("http", "https") and whole.netloc.split(":")[0] == host:
            found.append(whole._replace(scheme="", netloc="", fragment="").geturl())
    return found
