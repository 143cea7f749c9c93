"""A list in a real browser: views, all that match, progress, undo, keys and ranges; with script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from s2b2c.accounts.models import SavedView
from s2b2c.jobs import runner, services
from s2b2c.jobs.models import Job
from s2b2c.jobs.registry import kinds
from supplier.models import Product
from tests.supplier import catalogue_world as world
from tests.supplier import office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def _catalogue(settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    for number in range(55):
        world.product(f"P{number}", skus=(f"P{number}-1",), on_sale=True)


@pytest.fixture
def opened(browser: Browser, live: str, settings: Any) -> Iterator[Open]:
    contexts = []

    def make(**options: Any) -> Page:
        client = office.client("catalogue")
        context = browser.new_context(base_url=f"http://supply.localhost:{live}", reduced_motion="reduce", **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "domain": "supply.localhost", "path": "/"}])
        contexts.append(context)
        page = context.new_page()
        page.broken = []
        page.on("console", lambda said: said.type == "error" and page.broken.append(said.text))
        return page

    yield make
    for context in contexts:
        context.close()


def on_sale() -> int:
    return Product.objects.filter(status="active").count()


def choose_all(page: Page) -> None:
    page.locator("tbody .ck input").first.check()
    page.locator(".bulk input[name=all]").check()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_all_that_match_are_withdrawn_and_undone(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script, viewport={"width": 1280, "height": 900})
    page.goto("/catalogue/?status=active")
    choose_all(page)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("55 products withdrawn").wait_for()
    assert on_sale() == 0
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("55 rows as before").wait_for()
    assert (on_sale(), page.broken) == (55, [])


def test_a_large_job_shows_its_progress_until_it_is_over(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SMALL", 10)
    monkeypatch.setattr(services, "wake", lambda: None)
    page = opened(viewport={"width": 1280, "height": 900})
    page.goto("/catalogue/?status=active")
    choose_all(page)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Waiting for a worker").wait_for()
    runner.run_due(kinds())
    page.get_by_text("55 of 55 rows").wait_for()
    page.get_by_role("button", name="Undo").wait_for()
    assert (on_sale(), Job.objects.get().state, page.broken) == (0, "done", [])


def test_a_job_stopped_without_script_does_nothing_more(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SMALL", 10)
    monkeypatch.setattr(services, "wake", lambda: None)
    page = opened(java_script_enabled=False)
    page.goto("/catalogue/?status=active")
    choose_all(page)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Stop").click()
    runner.run_due(kinds())
    assert (on_sale(), Job.objects.get().state) == (55, "cancelled")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_view_is_saved_found_again_and_taken_as_the_first(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script, viewport={"width": 1280, "height": 900})
    page.goto("/catalogue/?status=active&sort=name_en")
    page.get_by_role("link", name="Save view").click()
    page.locator("input[name=name]").locator("visible=true").fill("By name")
    page.get_by_label("Open the list with it").locator("visible=true").check()
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("link", name="By name").wait_for()
    view = SavedView.objects.get()
    page.goto("/catalogue/")
    assert page.url.endswith(f"/catalogue/?status=active&sort=name_en&v={view.pk}")
    assert page.locator(".views [aria-current]").inner_text() == "By name"
    page.get_by_role("link", name="All", exact=True).click()
    page.wait_for_url("**/catalogue/?v=0")
    assert page.broken == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_columns_chosen_stay(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script, viewport={"width": 1280, "height": 900})
    page.goto("/catalogue/")
    page.get_by_text("Columns", exact=True).click()
    page.locator(".tbl-cols input[value=brand]").check()
    page.get_by_role("button", name="Show these").click()
    page.locator("thead").get_by_text("Brand").wait_for()
    page.goto("/catalogue/?status=active")
    page.locator("thead").get_by_text("Brand").wait_for()
    page.get_by_role("button", name="Close rows").click()
    page.locator("table.compact").wait_for()
    assert page.broken == []


def test_keys_and_ranges(opened: Open) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    page.goto("/catalogue/")
    boxes = page.locator("tbody .ck input")
    assert page.get_by_role("link", name="Filters").count() == 0
    for key in "jjx":
        page.keyboard.press(key)
    boxes.nth(5).click(modifiers=["Shift"])
    assert page.locator("tbody .ck input:checked").count() == 5
    page.locator("body").press("Escape")
    assert page.locator("tbody .ck input:checked").count() == 0
    page.keyboard.press("?")
    page.get_by_text("Next and previous row").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalogue/*/")
    assert page.broken == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_enter_on_a_box_sets_nothing_off(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script)
    page.goto("/catalogue/?status=active")
    page.locator("tbody .ck input").first.check()
    page.locator("tbody .ck input").first.press("Enter")
    page.wait_for_timeout(200)
    assert (page.url.endswith("/catalogue/?status=active"), Job.objects.count()) == (True, 0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_filters_on_a_phone_stand_in_a_sheet(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script, viewport={"width": 390, "height": 844})
    page.goto("/catalogue/")
    page.get_by_role("link", name="Filters").click()
    page.locator(".tbl-filters summary").first.click()
    page.locator(".tbl-filters input[value=draft]").check()
    page.get_by_role("button", name="Show rows").click()
    page.wait_for_url("**status=draft*")
    page.get_by_text("Nothing matches these filters").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if script else True
    assert page.broken == []
