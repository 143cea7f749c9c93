"""Providers registered through the supplier's API."""

from __future__ import annotations

import pytest

from enablement.models import ServiceProvider
from enablement.services import service_tasks
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.enablement import serving
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


# --- A provider's tasks --------------------------------------------------------------------------------------
KEY = {"Idempotency-Key": "0123456789abcdef"}


@pytest.fixture
def desk() -> ApiClient:
    factories.company()
    return ApiClient(office.HOST, make_key(None, "tasks:read", "tasks:write"))


@pytest.fixture
def task(desk):
    serving.provider("Studio")
    return serving.offered(serving.task(contact="Maya, 555 0100", address="218 Dean Street"))


def tasks_of(provider) -> str:
    return f"{URL}{provider.pk}/tasks/"


def test_address_is_told_once_it_is_accepted(desk, task) -> None:
    url = tasks_of(task.provider)
    (before,) = desk.get(url).json()["items"]
    assert (before["state"], before["contact"], before["address"], before["price_minor"]) == ("offered", "", "", 9_000)
    for _ in range(2):
        answer = desk.send("post", f"{url}{task.number}/accept/", {}, **KEY)
        assert (answer.status_code, answer.json()) == (200, {"number": task.number, "state": "accepted"})
    (after,) = desk.get(url).json()["items"]
    assert (after["address"], after["contact"], after["until"]) == ("218 Dean Street", "Maya, 555 0100", None)


def test_declined_over_the_api_the_next_one_is_asked(desk, task) -> None:
    serving.provider("Second")
    answer = desk.send("post", f"{tasks_of(task.provider)}{task.number}/decline/", {"note": "Full"}, **KEY)
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert serving.offered(task).provider.name == "Second"
    assert task.offers.get(state="declined").note == "Full"


def test_proof_over_the_api_is_what_the_supplier_reads(desk) -> None:
    fitter = serving.provider("Fitwell", rates={"install": 7_000})
    row = serving.offered(serving.task(kind="install"))
    service_tasks.accept(number=row.number, provider_id=fitter.pk)
    path = f"{tasks_of(fitter)}{row.number}/"
    assert desk.send("post", f"{path}done/", {"proof": ""}, **KEY).status_code == 422
    assert desk.send("post", f"{path}done/", {"proof": "Hung and level."}, **KEY).json()["state"] == "done"
    assert serving.fresh(row).proof == "Hung and level."


def test_a_task_is_answered_by_its_own_provider_with_its_own_scope_only(desk, task) -> None:
    other = serving.provider("Other")
    refused = desk.send("post", f"{tasks_of(other)}{task.number}/accept/", {}, **KEY)
    assert (refused.status_code, desk.get(tasks_of(other)).json()) == (409, {"items": []})
    weak = ApiClient(office.HOST, make_key(None, "network:read", "network:write", "tasks:read"))
    assert weak.send("post", f"{tasks_of(task.provider)}{task.number}/accept/", {}, **KEY).status_code == 403
    assert ApiClient(office.HOST, make_key(None, "network:read")).get(tasks_of(task.provider)).status_code == 403
    assert serving.fresh(task).state == "offered"


def test_given_back_needs_a_reason(desk, task) -> None:
    service_tasks.accept(number=task.number, provider_id=task.provider_id)
    path = f"{tasks_of(task.provider)}{task.number}/hand-back/"
    assert desk.send("post", path, {}, **KEY).status_code == 422
    assert desk.send("post", path, {"note": "Camera broke"}, **KEY).json()["state"] == "open"
    assert task.offers.get().state == "given_back"
