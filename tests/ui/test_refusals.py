"""What nobody caught: a page or JSON, and whether trying again makes sense."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from s2b2c.kernel.errors import StateRefused
from tests import factories
from tests.supplier import office

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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://supply.localhost/orders/", 'href="http://supply.localhost/orders/"'),
        ("https://evil.example/orders/", 'href="/"'),
    ],
)
def test_refused_page_leads_back_to_this_host_only(monkeypatch, came: str, back: str) -> None:
    def refuse() -> None:
        raise StateRefused

    monkeypatch.setattr("supplier.selectors.settlement.compared", refuse)
    page = office.client("finance").get("/settlement/provider/", headers={"Referer": came})
    shown = page.content.decode()
    assert (page.status_code, back in shown, "evil" in shown) == (409, True, False)
    assert "This changed meanwhile" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["supply.localhost", "localhost"])
def test_page_that_broke_or_is_not_there_bears_its_host_s_name(settings, broken, host: str) -> None:
    settings.PLATFORM_NAME = "Canary Platform"
    client = Client(HTTP_HOST=host, raise_request_exception=False)
    missing = client.get("/nothing/here/at-all/").content.decode()
    broken(OperationalError("gone"))
    assert ["Canary Platform" in page for page in (missing, client.get("/").content.decode())] == [True, True]


@pytest.mark.django_db
def test_shop_s_broken_page_names_the_shop_and_not_the_platform(settings, broken) -> None:
    settings.PLATFORM_NAME = "Canary Platform"
    factories.reseller("juniper-row", name="Juniper Row")
    broken(ValueError("a bug"))
    shown = Client(HTTP_HOST="juniper-row.localhost", raise_request_exception=False).get("/").content.decode()
    assert ("Juniper Row" in shown, "Canary Platform" in shown) == (True, False)
