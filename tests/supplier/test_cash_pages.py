"""Cash on delivery in the supplier's office and over its API."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from supplier.models import SalesOrder
from supplier.services import shipping
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> list[SalesOrder]:
    factories.company()
    shop = factories.reseller("juniper-row")
    mug = factories.variant(factories.product("Mug", variants=0), stock=0, sku="MUG-1")
    factories.receive(mug, 50, at=factories.warehouse("OAK", priority=1))
    made = [office.order(shop, [(mug, 1)]) for _ in range(3)]
    for order in made:
        number = office.fulfilments(order)[0].number
        shipping.ship(number=number, carrier="P", tracking=f"T{order.pk}", request_key=number)
    return made


def states() -> list[str]:
    return list(SalesOrder.objects.order_by("id").values_list("cash", flat=True))


def test_chosen_orders_are_booked_together(sent: list[SalesOrder]) -> None:
    finance = office.client("finance")
    page = finance.get("/cash/?cash=due").content.decode()
    assert [order.order_number in page for order in sent] == [True] * 3
    answer = finance.post("/cash/settle/", {"row": [sent[0].pk, sent[1].pk], "action": "collected"})
    assert (answer.status_code, states()) == (302, ["collected", "collected", ""])
    finance.post("/cash/settle/", {"row": [sent[1].pk, sent[2].pk], "action": "refused"})
    assert states() == ["collected", "collected", "refused"]
    assert sent[2].order_number not in finance.get("/cash/?cash=due").content.decode()


def test_list_is_typed_or_uploaded_and_wrong_lines_are_told(sent: list[SalesOrder]) -> None:
    finance = office.client("warehouse")
    typed = finance.post("/cash/list/", {"lines": f"{sent[0].order_number}\nNOBODY\n"})
    assert (typed.status_code, "NOBODY" in typed.content.decode(), states()) == (422, True, ["collected", "", ""])
    assert typed.context["form"].initial["lines"] == "NOBODY"  # to be corrected, not typed again
    rows = f"number;outcome\nT{sent[1].pk};refused\nT{sent[2].pk};\n".encode()
    answer = finance.post("/cash/list/", {"file": SimpleUploadedFile("list.csv", rows)})
    assert (answer.status_code, states()) == (302, ["collected", "refused", "collected"])


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\x00"])
def test_file_that_says_nothing_is_told(sent: list[SalesOrder], data: bytes) -> None:
    answer = office.client("finance").post("/cash/list/", {"file": SimpleUploadedFile("list.csv", data)})
    assert (answer.status_code, states()) == (422, ["", "", ""])


def test_carrier_books_over_the_api_once_per_key(sent: list[SalesOrder]) -> None:
    api = ApiClient(office.HOST, make_key(None, "cash:write"))
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {
        "items": [{"reference": f"T{sent[0].pk}", "outcome": "collected"}, {"reference": "X", "outcome": "refused"}]
    }
    first = api.send("post", "/api/v1/cash-on-delivery/", body, **key)
    again = api.send("post", "/api/v1/cash-on-delivery/", body, **key)
    assert (first.status_code, again.json()) == (200, first.json())
    assert [item["booked"] for item in first.json()["items"]] == [True, False]
    assert states() == ["collected", "", ""]
    assert api.send("post", "/api/v1/cash-on-delivery/", body).status_code == 400
    other = ApiClient(office.HOST, make_key(None, "fulfilment:write"))
    assert other.send("post", "/api/v1/cash-on-delivery/", body, **key).status_code == 403
