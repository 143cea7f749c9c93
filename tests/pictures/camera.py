"""A browser that takes pictures of pages, and notes what a picture would not show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.browser import looking

MOST_HIGH = 6_000  # px of one picture; what is below is cut
PICTURES = """() => Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode().catch(() => 0) }))"""
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}


@dataclass(frozen=True)
class Site:
    """The running platform: its port, its data folder, what the demo says of it."""

    port: int
    var: Path

    @property
    def folder(self) -> Path:
        return self.var / "pictures"

    def address(self, host: str = "", path: str = "/") -> str:
        """Give the address of a page: ``address("supply", "/orders/")``."""
        return f"http://{f'{host}.' if host else ''}localhost:{self.port}{path}"

    def login(self, host: str) -> dict[str, str]:
        """Give the demo's first login for a host."""
        logins = json.loads((self.var / "demo-logins.json").read_text(encoding="utf-8"))
        return next(each for each in logins if each["host"] == host and each.get("email"))

    def mails(self) -> list[Any]:
        """Give the mails sent so far, oldest first."""
        files = sorted((self.var / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns)
        return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]


@dataclass
class Camera:
    """One size and one language. ``found``: what was wrong with a page."""

    browser: Any
    site: Site
    folder: Path
    width: int
    language: str
    only: str = ""
    axe: bool = False
    dark: bool = False
    found: list[str] = field(default_factory=list)
    _contexts: list[Any] = field(default_factory=list)
    _taken: int = 0

    def page(self, **options: Any) -> Any:
        """Open a window of its own, with cookies of its own."""
        size = {"width": self.width, "height": 844 if self.width < 700 else 900}
        scheme = "dark" if self.dark else "light"
        options = {"locale": LOCALES[self.language], "reduced_motion": "reduce", "color_scheme": scheme} | options
        context = self.browser.new_context(viewport=size, has_touch=self.width < 700, **options)
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("console", lambda said: said.type == "error" and self._heard(page, said.text))
        return page

    def go(self, page: Any, host: str, path: str, name: str, *, status: int = 200) -> Any:
        """Open a page and take its picture."""
        if self.only and self.only not in name:
            return page
        answer = page.goto(self.site.address(host, path), wait_until="load")
        if answer and answer.status != status:
            self._note(page, f"answered {answer.status}, not {status}")
        self.take(page, name)
        return page

    def take(self, page: Any, name: str) -> None:
        """Take a picture of the whole page as it stands."""
        if self.only and self.only not in name:
            return
        self._taken += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("load")
        page.evaluate(PICTURES)
        for told in self._faults(page):
            self._note(page, f"{name}: {told}")
        high = min(page.evaluate("() => document.documentElement.scrollHeight"), MOST_HIGH)
        clip = {"x": 0, "y": 0, "width": self.width, "height": max(high, page.viewport_size["height"])}
        page.screenshot(path=str(self.folder / f"{name}.png"), full_page=True, clip=clip)

    def attempt(self, what: Callable[[], None]) -> None:
        """Do several steps; where one fails, say so and go on with the next thing."""
        from playwright.sync_api import Error

        try:
            what()
        except (Error, LookupError) as error:
            self.found.append(f"{what}: {str(error).splitlines()[0]}")
            print(f"! {self.found[-1]}", flush=True)

    def sign_in(self, page: Any, host: str) -> None:
        """Sign in as the demo's staff, as people do."""
        login = self.site.login(host)
        page.goto(self.site.address(host, "/accounts/login/"))
        page.locator("[name=login]").fill(login["email"])
        page.locator("[name=password]").fill(login["password"])
        page.locator("main form .btn-primary").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
        self.speak(page, host)

    def speak(self, page: Any, host: str) -> None:
        """Let the pages speak this camera's language, whatever the one signed in prefers."""
        cookie = {"name": "django_language", "value": self.language, "url": self.site.address(host)}
        page.context.add_cookies([cookie])

    def close(self) -> None:
        """Close all windows."""
        print(f"{self.folder.parent.name} {self.folder.name}: {self._taken} pictures", flush=True)
        for context in self._contexts:
            context.close()

    def _faults(self, page: Any) -> list[str]:
        faults = ["wider than the window"] if looking.sideways(page) else []
        return (
            faults
            + looking.untranslated(page, self.language)
            + (looking.serious(page) + looking.unsure(page) if self.axe else [])
        )

    def _heard(self, page: Any, told: str) -> None:
        """Note what the browser said, unless it only says what status a page was asked to have."""
        if not re.search(r"status of [45]\d\d", told):
            self._note(page, told)

    def _note(self, page: Any, told: str) -> None:
        self.found.append(f"{self.width} {self.language} {page.url}: {told}")
        print(f"! {self.found[-1]}", flush=True)
