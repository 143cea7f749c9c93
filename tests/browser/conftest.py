"""A platform whose processes run, and pages that listen to what the browser complains of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from tests import servers
from tests.browser.running import Platform


@pytest.fixture(scope="session")
def processes(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The processes, on a database that is theirs; the tests of this worker share them."""
    name = servers.database_name(f"running_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}")
    servers.copy_database(name)
    made = Platform(tmp_path_factory.mktemp("platform"), name)
    made.start()
    yield made
    made.stop()
    servers.drop_database(name)


@pytest.fixture
def platform(processes: Platform, django_db_blocker: Any, settings: Any) -> Iterator[Platform]:
    """The running platform; this test reads and writes its database.

    It is never emptied: each test has shops of its own.
    """
    usual = connection.settings_dict["NAME"]
    settings.PUBLIC_PORT = str(processes.port)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = processes.database
        yield processes
        connection.close()
        connection.settings_dict["NAME"] = usual


Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """``opened(width=1280)``: a new browser window; what it complained of is in ``.complaints``."""
    contexts = []

    def make(*, width: int = 1280, language: str = "en-GB", **options: Any) -> Any:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.complaints.append(f"{said.text} at {page.url}"))
        return page

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Any, address: str, user: Any, password: str) -> None:
    """Sign in as staff, as people do."""
    page.goto(f"{address}accounts/login/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(password)
    page.locator("main form .btn-primary").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
