"""Servers, databases and a browser for the tests. Fixtures of an app live in that app's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import servers

servers.prepare()  # before anything reads the settings

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

# A test must not go on without its cache because the machine is busy: what the test before left would stay.
settings.CACHES["default"].setdefault("OPTIONS", {}).update(socket_timeout=30, socket_connect_timeout=30)

from tests import chromium, emptying, statics  # noqa: E402
from tests.resolver import resolver  # noqa: E402, F401 - a fixture

emptying.install()
statics.install()

if TYPE_CHECKING:
    from django.test.testcases import LiveServerThread
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give each worker a database of its own, copied from one that was migrated once."""
    with django_db_blocker.unblock():
        servers.make_database()
    yield
    with django_db_blocker.unblock():
        servers.drop_database(servers.database_name())


def pytest_configure(config: pytest.Config) -> None:
    """Let workers read the settings themselves: pytest-django would read them with this process' environment."""
    if not hasattr(config, "workerinput") and getattr(config.option, "numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the controlling process clear away what its workers shared."""
    if not hasattr(session.config, "workerinput"):
        servers.drop_database(servers.database_name("template"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Start each test with nothing remembered by the one before."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let no test speak the language of the page the one before asked for: a request leaves its language behind."""
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def live(live_server: LiveServerThread, settings: object) -> str:
    """Serve the platform for a browser; give the port. Links between the hosts lead back to it.

    ``http://localhost:{live}/`` is the platform, ``http://<shop>.localhost:{live}/`` a shop.
    """
    port = live_server.url.rpartition(":")[2]
    settings.PUBLIC_PORT = port
    return port


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium (Playwright); the test is skipped where there is none."""
    program = chromium.find()
    if program is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield instance
        instance.close()
