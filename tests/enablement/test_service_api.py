"""Providers registered through the supplier's API."""

from __future__ import annotations

import pytest

from enablement.models import ServiceProvider
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.supplier import office

pytestmark = pytest.mark.django_db
URL = "/api/v1/service-providers/"
TOLD = {
    "name": "Studio North", "email": "hello@studio-north.example", "country": "US", "base": "31008", "areas": ["310"],
    "hours": [3, 4], "capacity": 3, "currency": "USD", "rates": [{"kind": "photos", "price_minor": 9_000}],
}  # fmt: skip


@pytest.fixture
def api() -> ApiClient:
    factories.company()
    return ApiClient(office.HOST, make_key(None, "network:read", "network:write"))


def test_provider_is_registered_once_and_waits_to_be_checked(api) -> None:
    headers = {"Idempotency-Key": "0123456789abcdef"}
    first, again = (api.send("post", URL, TOLD, **headers) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    made = ServiceProvider.objects.get()
    assert api.get(f"{URL}{made.pk}/").json() == {
        "id": made.pk, "name": "Studio North", "state": "applied", "areas": ["310"], "capacity": 3, "currency": "USD",
        "rates": [{"kind": "photos", "price_minor": 9_000}], "score": 80,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"hours": [21]}, {"country": "ZZ"}, {"rates": []}, {"currency": "XXX"}, {"email": "no"}]
)
def test_what_is_no_provider_is_refused(api, change) -> None:
    answer = api.send("post", URL, {**TOLD, **change}, **{"Idempotency-Key": "0123456789abcdef"})
    assert (answer.status_code, ServiceProvider.objects.count()) == (422, 0)


def test_key_without_the_scope_registers_nobody(api) -> None:
    other = ApiClient(office.HOST, make_key(None, "network:read"))
    assert other.send("post", URL, TOLD, **{"Idempotency-Key": "0123456789abcdef"}).status_code == 403
    assert ServiceProvider.objects.count() == 0
