"""People, and browsers at the three hosts for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from s2b2c.accounts.models import User
from s2b2c.tenancy.models import Reseller
from tests import factories

Visit = Callable[..., Client]


@pytest.fixture(autouse=True)
def _plain_sign_in(settings: Any, request: pytest.FixtureRequest) -> None:
    settings.SUPPLIER_MFA_REQUIRED = "second_factor" in request.fixturenames


@pytest.fixture
def second_factor() -> None:
    """Administrators of S need a second factor, as in production."""


@pytest.fixture
def visit() -> Visit:
    """``visit("supply", user)``: a client at that host, signed in where a user is given."""

    def at(place: str, user: User | None = None) -> Client:
        client = Client(HTTP_HOST="localhost" if place == "platform" else f"{place}.localhost")
        if user is not None:
            sign_in(client, user)
        return client

    return at


def sign_in(client: Client, user: User) -> None:
    """Through the page, as people do, so that the log-in counts as fresh."""
    response = client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    assert response.status_code == 302, response.content.decode()[:2000]


@pytest.fixture
def admin(db: None) -> User:
    return factories.staff("admin")


@pytest.fixture
def rose(db: None) -> Reseller:
    return factories.reseller("rose")


@pytest.fixture
def owner(rose: Reseller) -> User:
    return factories.member(rose, "owner")
