"""Each host opens its own door in a real browser."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser):
    context = browser.new_context()
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.problems.append(said.text))
    yield page
    context.close()


def test_the_platform_opens_without_complaints(live, page) -> None:
    response = page.goto(f"http://localhost:{live}/")

    assert response.status == 200
    assert page.problems == []


def test_the_supplier_office_asks_who_is_there(live, page) -> None:
    page.goto(f"http://supply.localhost:{live}/")

    assert page.url.startswith(f"http://supply.localhost:{live}/accounts/login/")


def test_an_unknown_shop_is_not_found(live, page) -> None:
    assert page.goto(f"http://nobody-here.localhost:{live}/").status == 404
