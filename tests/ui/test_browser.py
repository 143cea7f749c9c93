"""The kit in a real browser: the policy is never touched, nothing overflows, axe finds nothing, keys and dialogs work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AXE = Path(settings.BASE_DIR) / "assets" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ["frame=supply", "frame=office", "frame=platform", "look=hearth", "look=trail", "look=kiln", "look=gallery", "look=pantry", "look=dusk"]  # fmt: skip
RUN_AXE = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def address(alone: Client) -> Iterator[str]:
    """Serve the kit on a free port."""
    with make_server(
        "127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=_Quiet, server_class=_Server
    ) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/_kit/"
        server.shutdown()


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int = 1280, dark: bool = False, bypass: bool = False
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page and collect what the browser complains of."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", bypass_csp=bypass
    )
    page, complaints = context.new_page(), []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page, complaints
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("query", PAGES)
def test_page_stays_within_policy_and_width(browser: Browser, address: str, query: str, width: int) -> None:
    with opened(browser, f"{address}?{query}", width=width) as (page, complaints):
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    ("query", "dark"), [("frame=supply", True), ("frame=office", True), *((page, False) for page in PAGES)]
)
def test_axe_finds_nothing_serious(browser: Browser, address: str, query: str, dark: bool) -> None:
    if not AXE.exists():
        pytest.skip("the packages of assets/ are not installed (make css)")
    with opened(browser, f"{address}?{query}", dark=dark, bypass=True) as (page, _complaints):
        page.add_script_tag(path=AXE)
        found = page.evaluate(RUN_AXE)
        grave = {
            each["id"]: each["nodes"][0]["html"]
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        }
        assert grave == {}


def test_dialog_takes_the_focus_and_gives_it_back(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}?frame=supply") as (page, complaints):
        page.click("[data-open=kit-dialog] >> nth=0")
        assert page.evaluate("document.activeElement.id") == "kit-word"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.dataset.open") == "kit-dialog"
        assert complaints == []


@pytest.mark.parametrize(
    ("frame", "around"), [("frame=supply", ".rail"), ("frame=office", ".rail"), ("look=hearth", ".sf-head")]
)
def test_paper_leaves_out_what_leads_elsewhere(browser: Browser, address: str, frame: str, around: str) -> None:
    with opened(browser, f"{address}?{frame}") as (page, _complaints):
        assert page.locator(around).first.is_visible()
        page.emulate_media(media="print")
        assert (page.locator(around).first.is_visible(), page.locator("main").is_visible()) == (False, True)


def test_rows_move_by_keys_and_boxes_are_counted(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}?frame=supply") as (page, _complaints):
        page.evaluate(
            "document.querySelectorAll('tr.cur').forEach(row => row.classList.remove('cur')); document.querySelector('.tbl').dataset.keys = ''"
        )
        page.evaluate("document.activeElement.blur()")  # the page shows a refused field too, which has the focus
        for key in "jjx":
            page.keyboard.press(key)
        first = page.locator(".tbl").first
        assert first.locator("tbody tr").nth(1).get_attribute("class") == "cur"
        assert first.locator("tbody input:checked").count() == 2


def test_without_a_choice_the_page_follows_the_device(browser: Browser, address: str) -> None:
    grounds = []
    for dark in (False, True):
        with opened(browser, f"{address}?frame=office", dark=dark) as (page, _complaints):
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(246, 245, 242)", "rgb(16, 19, 23)"]
