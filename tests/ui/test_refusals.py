"""What nobody caught: a page or JSON, and whether trying again makes sense."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

HOSTS = ("localhost", "supply.localhost", "office.localhost")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch):
    """Let the next page die of an error."""

    def breaks(error: Exception) -> None:
        def die(request: object) -> None:
            raise error

        monkeypatch.setattr(
            "django.middleware.common.CommonMiddleware.process_request", lambda self, request: die(request)
        )

    return breaks


@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (ValueError("a bug"), 500)])
def test_database_that_is_away_is_told_from_a_bug(broken, host: str, error: Exception, status: int) -> None:
    broken(error)
    client = Client(HTTP_HOST=host, raise_request_exception=False)
    page, program = client.get("/"), client.get("/api/v1/stock/")
    assert (page.status_code, page.get("Retry-After")) == (status, "2" if status == 503 else None)
    assert "Something broke" in page.content.decode()
    assert program.status_code == status
    assert program.json()["error"]["code"] == ("unavailable" if status == 503 else "error")
