"""Follows the links of a host and takes a picture of one page of each kind."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.pictures.camera import Camera

LINKS = "() => [...document.querySelectorAll('a[href], [hx-get]')].map(one => one.href || one.getAttribute('hx-get'))"
PASSED_OVER = re.compile(
    r"/live/$|/logout/|/payouts/bank/|/pay/files/|why\.csv|/static/|/media/|/i18n/|\.(csv|pdf|json|svg|xml|zip|txt|png)($|\?)|/export"
)


def walk(camera: Camera, page: object, host: str, starts: Iterable[str], urlconf: str, *, most: int = 120) -> None:
    """Take a picture of the first page found of each view; ``starts``: where it begins."""
    waiting, seen = deque(starts), set[str]()
    while waiting and len(seen) < most:
        path = waiting.popleft()
        kind = kind_of(path, urlconf)
        if not kind or kind in seen or PASSED_OVER.search(path):
            continue
        seen.add(kind)
        camera.attempt(lambda path=path, kind=kind: waiting.extend(_look(camera, page, host, path, kind)))  # type: ignore[misc]


def deeper(camera: Camera, page: object, host: str, lists: Mapping[str, str]) -> None:
    """Take a picture of lists by their addresses, and of the page behind the first row of each."""
    for name, path in lists.items():
        camera.attempt(lambda name=name, path=path: _row(camera, page, host, path, name))  # type: ignore[misc]


def _row(camera: Camera, page: object, host: str, path: str, name: str) -> None:
    camera.go(page, host, path, f"{name}-list")
    link = page.locator("table.t tbody a.ink").first  # type: ignore[attr-defined]
    if link.count():
        camera.go(page, host, link.get_attribute("href"), name)


def kind_of(path: str, urlconf: str) -> str:
    """Give a page's kind: the name of its view, and which filter is set."""
    parts = urlsplit(path)
    try:
        found = resolve(parts.path, urlconf)
    except Resolver404:
        return ""
    return found.view_name.replace(":", "-")


def _look(camera: Camera, page: object, host: str, path: str, kind: str) -> list[str]:
    answer = page.goto(camera.site.address(host, path), wait_until="load")  # type: ignore[attr-defined]
    if answer is None or "html" not in answer.headers.get("content-type", ""):
        return []
    camera.take(page, kind)
    here = urlsplit(camera.site.address(host)).netloc
    links = [urlsplit(each) for each in page.evaluate(LINKS)]  # type: ignore[attr-defined]
    return [each._replace(scheme="", netloc="", fragment="").geturl() for each in links if each.netloc in ("", here)]
